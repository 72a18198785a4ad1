// judge: expect=WA case=combination_sum/output_heavy@n=10,combinations=20
// Starts the loop at the first candidate on every level: 2 + 3 and 3 + 2 both come out.
const [[, target], candidates] = require("fs")
  .readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(" ").map(Number));
candidates.sort((a, b) => a - b);
const found = [];

function descend(left, path) {
  if (left === 0) {
    found.push([...path]);
    return;
  }
  for (const value of candidates) {
    if (value > left) break;
    path.push(value);
    descend(left - value, path);
    path.pop();
  }
}

descend(target, []);
console.log(found.length);
for (const combination of found) {
  console.log(`${combination.length} ${combination.join(" ")}`);
}
