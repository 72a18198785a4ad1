// judge: expect=WA case=combination_sum_ii/shuffled@n=30
// Skips a candidate that equals its neighbour, but forgot to sort: equal ones that stand apart make twins.
const [[, target], candidates] = require("fs")
  .readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(" ").map(Number));
const lines = [];
const path = [];

function descend(from, left) {
  if (left === 0) {
    lines.push(`${path.length} ${path.join(" ")}`);
    return;
  }
  for (let i = from; i < candidates.length; i++) {
    if (candidates[i] > left) continue;
    if (i > from && candidates[i] === candidates[i - 1]) continue;
    path.push(candidates[i]);
    descend(i + 1, left - candidates[i]);
    path.pop();
  }
}

descend(0, target);
lines.unshift(String(lines.length));
process.stdout.write(lines.join("\n") + "\n");
