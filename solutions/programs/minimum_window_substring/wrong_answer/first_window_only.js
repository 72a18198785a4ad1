// judge: expect=WA case=minimum_window_substring/improving_windows@n=1000
// Shrinks the first window that holds the target, and stops there.
const [text, target] = require("fs").readFileSync(0, "utf8").split("\n");
const lacking = {};
for (const letter of target) lacking[letter] = (lacking[letter] ?? 0) + 1;
let total = target.length;
let start = 0;
let window = "";
for (let last = 0; last < text.length && window === ""; last++) {
  const entering = text[last];
  if (entering in lacking && lacking[entering]-- > 0) total--;
  if (total > 0) continue;
  while (!(text[start] in lacking) || lacking[text[start]] < 0) {
    if (text[start] in lacking) lacking[text[start]]++;
    start++;
  }
  window = text.slice(start, last + 1);
}
console.log(window);
