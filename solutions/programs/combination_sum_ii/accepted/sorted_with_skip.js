// judge: expect=AC growth=combinations*log(combinations)
// Sorted candidates; on a level, one that equals the one before is skipped.
const [[, target], candidates] = require("fs")
  .readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(" ").map(Number));
candidates.sort((a, b) => a - b);
const lines = [];
const path = [];

function descend(from, left) {
  if (left === 0) {
    lines.push(`${path.length} ${path.join(" ")}`);
    return;
  }
  for (let i = from; i < candidates.length && candidates[i] <= left; i++) {
    if (i > from && candidates[i] === candidates[i - 1]) continue;
    path.push(candidates[i]);
    descend(i + 1, left - candidates[i]);
    path.pop();
  }
}

descend(0, target);
lines.unshift(String(lines.length));
process.stdout.write(lines.join("\n") + "\n");
