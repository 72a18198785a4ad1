// judge: expect=AC growth=n
// For every end, the latest start that leaves enough of each letter of the target, from lists of the letters' places.
// O(n d + m) for d different letters.
const [text, target] = require("fs").readFileSync(0, "latin1").split("\n").map((line) => line.trim());
const needed = new Int32Array(128);
for (let i = 0; i < target.length; i++) needed[target.charCodeAt(i)]++;
const letters = [...needed.keys()].filter((letter) => needed[letter] > 0);
const places = letters.map(() => []);
const slot = new Int32Array(128).fill(-1);
letters.forEach((letter, index) => (slot[letter] = index));

const latest = new Int32Array(letters.length).fill(-1);
let start = -1;
let best = null;
for (let last = 0; last < text.length; last++) {
  const index = slot[text.charCodeAt(last)];
  if (index < 0) continue;
  const list = places[index];
  list.push(last);
  if (list.length < needed[letters[index]]) continue;
  const before = latest[index];
  latest[index] = list[list.length - needed[letters[index]]];
  // Another letter may still hold the least.
  if (before === start) start = latest.reduce((least, place) => Math.min(least, place));
  if (start >= 0 && (best === null || last - start < best.last - best.start)) best = { start, last };
}
console.log(best === null ? "" : text.slice(best.start, best.last + 1));
