"use strict";
// Sorting, filtering and hover values. Without it the page says the same.

/** A cell as something to sort by: a number with its unit, or a text. */
const UNITS = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
function keyOf(row, column) {
  const text = row.cells[column].textContent.trim();
  const match = /^(-?\d[\d_]*(?:\.\d+)?)(?:\s*([A-Za-zµ]+)?(?:\s.*)?)?$/.exec(text);
  if (!match || (match[2] && !(match[2] in UNITS) && !text.includes(" "))) return text;
  return Number(match[1].replaceAll("_", "")) * (UNITS[match[2]] ?? 1);
}

function compare(a, b) {
  const [first, second] = [typeof a === "number", typeof b === "number"];
  if (first !== second) return first ? -1 : 1;
  return first ? a - b : a.localeCompare(b, "en", { numeric: true });
}

/** Sorts by a column; empty cells stay last in either direction. */
function sort(table, header) {
  const column = header.cellIndex;
  const descending = header.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, (row) => [keyOf(row, column), row]);
  keyed.sort(([a], [b]) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return descending ? compare(b, a) : compare(a, b);
  });
  body.append(...keyed.map(([, row]) => row));
}

for (const table of document.querySelectorAll("table.sortable")) {
  for (const header of table.tHead.rows[0].cells) {
    if (header.classList.contains("plain")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => sort(table, header));
  }
}

/** Words that all must stand in a row for it to be shown. */
function filter(place, tables, label) {
  const box = document.createElement("p");
  box.className = "filter";
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "words that a row must have";
  field.setAttribute("aria-label", label);
  const said = document.createElement("span");
  said.className = "soft";
  said.setAttribute("role", "status");
  box.append(field, said);
  place.before(box);
  const apply = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let all = 0, shown = 0;
    for (const table of tables) {
      let here = 0;
      for (const row of table.tBodies[0].rows) {
        const text = words.length ? row.textContent.toLowerCase() : "";
        const fits = words.every((word) => text.includes(word));
        row.hidden = !fits;
        here += fits;
      }
      all += table.tBodies[0].rows.length;
      shown += here;
      const details = table.closest("#rows details");
      if (details) details.hidden = here === 0;
      if (details && words.length) details.open = here > 0;
    }
    said.textContent = words.length ? `${shown} of ${all} rows` : "";
  };
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  return { field, apply };
}

const rows = Array.from(document.querySelectorAll("table.rows"));
const rowFilter = rows.length ? filter(document.querySelector("#rows details"), rows, "Filter the rows") : null;
for (const table of document.querySelectorAll("table.filtered")) {
  filter(table.parentElement, [table], `Filter: ${table.parentElement.getAttribute("aria-label")}`);
}

/** Opens what the address leads to, and takes away a filter that hides it. */
function reveal() {
  const found = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!found) return;
  if (found.hidden && rowFilter) {
    rowFilter.field.value = "";
    rowFilter.apply();
  }
  for (let at = found; at; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
  }
  found.scrollIntoView({ block: found.tagName === "TR" ? "center" : "start" });
}
addEventListener("hashchange", reveal);
reveal();

/** The value of a point, at once instead of after the browser's wait. */
const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);
function show(point) {
  const title = point.querySelector("title");
  if (title) {
    point.setAttribute("aria-label", title.textContent);
    title.remove();
  }
  const at = point.getBoundingClientRect();
  tip.textContent = point.getAttribute("aria-label");
  tip.hidden = false;
  const half = tip.offsetWidth / 2 + 4;
  const middle = Math.min(Math.max(at.left + at.width / 2, half), document.documentElement.clientWidth - half);
  tip.style.left = `${middle + scrollX}px`;
  tip.style.top = `${at.top + scrollY}px`;
}

/** Dims the other curves of a chart and of its family's kin. */
function light(group, place) {
  for (const part of group.querySelectorAll("svg [data-s]")) {
    part.classList.toggle("dim", place !== null && part.dataset.s !== place);
  }
}

for (const group of document.querySelectorAll(".group")) {
  group.addEventListener("pointerover", (event) => {
    const point = event.target.closest(".chart a");
    if (point) show(point);
    else tip.hidden = true;
    const part = event.target.closest("tr[data-s], .chart g[data-s]");
    light(group, part ? part.dataset.s : null);
  });
  group.addEventListener("pointerleave", () => {
    tip.hidden = true;
    light(group, null);
  });
}

/** A chart is one stop of the tab key; the arrows lead from point to point. */
for (const chart of document.querySelectorAll("svg.chart")) {
  const points = Array.from(chart.querySelectorAll("a"));
  if (!points.length) continue;
  points[0].setAttribute("tabindex", "0");
  chart.addEventListener("focusin", (event) => show(event.target.closest("a")));
  chart.addEventListener("focusout", () => { tip.hidden = true; });
  chart.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const place = points.indexOf(document.activeElement);
    const next = points[place + step];
    if (!step || !next) return;
    event.preventDefault();
    points[place].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}

// Browsers that cannot print what is folded away.
let folded = [];
addEventListener("beforeprint", () => {
  folded = Array.from(document.querySelectorAll("main > :not(#rows) details:not([open])"));
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});
