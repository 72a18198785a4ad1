// judge: expect=AC growth=n*log(n)
// A typed array sorts by value (a plain one would sort by its texts).
const tokens = require('fs').readFileSync(0, 'latin1').split(/\s+/);
const n = Number(tokens[0]);
const k = Number(tokens[1]);
const numbers = new Int32Array(n);
for (let i = 0; i < n; i++) numbers[i] = Number(tokens[i + 2]);
numbers.sort();
console.log(numbers[n - k]);
