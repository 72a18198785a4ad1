// judge: expect=WA case=sliding_window_maximum/random@n=1000
// Begins to write when a place has left the window: the first window, which none has left, is lost.
const [n, k, ...numbers] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
const places = [];
let front = 0;
const maxima = [];
for (let i = 0; i < n; i++) {
  while (places.length > front && numbers[places[places.length - 1]] <= numbers[i]) places.pop();
  places.push(i);
  if (i >= k) {
    if (places[front] === i - k) front++;
    maxima.push(numbers[places[front]]);
  }
}
console.log(maxima.join(" "));
