// judge: expect=WA case=kth_largest/k_one@n=1000
// Array.prototype.sort without a comparator sorts by text: "99" comes after "1000".
const [n, k, ...numbers] = require('fs').readFileSync(0, 'latin1').trim().split(/\s+/).map(Number);
numbers.sort();
console.log(numbers[n - k]);
