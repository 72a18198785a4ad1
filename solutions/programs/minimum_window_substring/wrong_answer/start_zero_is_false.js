// judge: expect=WA case=minimum_window_substring/answer_at_start@n=1000
// Asks whether a start was found by its truth, and 0 is false: the window that begins the text is lost.
const [text, target] = require("fs").readFileSync(0, "utf8").split("\n");
const lacking = new Int32Array(128);
for (let i = 0; i < target.length; i++) lacking[target.charCodeAt(i)]++;
let total = target.length;
let start = 0;
let bestStart;
let bestLength = Infinity;
for (let last = 0; last < text.length; last++) {
  if (lacking[text.charCodeAt(last)]-- > 0) total--;
  while (total === 0) {
    if (last - start + 1 < bestLength) {
      bestLength = last - start + 1;
      bestStart = start;
    }
    if (++lacking[text.charCodeAt(start)] > 0) total++;
    start++;
  }
}
console.log(bestStart ? text.slice(bestStart, bestStart + bestLength) : "");
