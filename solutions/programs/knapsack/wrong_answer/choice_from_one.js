// judge: expect=WA case=knapsack/everything_fits@n=5
// The total is right, but the items of the choice are counted from 1.
const lines = require("fs").readFileSync(0, "utf8").trim().split("\n");
const [[n, capacity], volumes, values] = lines.map((line) => line.split(" ").map(Number));
let best = new Float64Array(capacity + 1);
const rows = [best];
for (let i = 0; i < n; i++) {
  const next = best.slice();
  for (let total = volumes[i]; total <= capacity; total++) {
    next[total] = Math.max(best[total], best[total - volumes[i]] + values[i]);
  }
  rows.push(next);
  best = next;
}
const chosen = [];
let left = capacity;
for (let i = n; i > 0; i--) {
  if (rows[i][left] !== rows[i - 1][left]) {
    chosen.push(i);
    left -= volumes[i - 1];
  }
}
console.log(best[capacity]);
console.log([chosen.length, ...chosen].join(" "));
