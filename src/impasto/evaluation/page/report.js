
"use strict";

// Tables: a click on a column's head sorts by it, another one the other way round.
function valueOf(row, column) {
  const text = row.cells[column].dataset.v;
  if (text === "") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
function sort(table, head, down) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const sign = down ? -1 : 1;
  rows.sort((one, other) => {
    const a = valueOf(one, head.cellIndex), b = valueOf(other, head.cellIndex);
    if (a === null || b === null) return (a === null) - (b === null); // what is not known comes last
    return sign * compare(a, b);
  });
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.append(...rows);
}
for (const table of document.querySelectorAll("table.sortable")) {
  for (const head of table.tHead.rows[0].cells) {
    head.querySelector("button").addEventListener("click", () => {
      sort(table, head, head.getAttribute("aria-sort") === "ascending");
    });
  }
}

// All pairs: only rows that have every word that was typed.
const filter = document.getElementById("filter");
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  for (const row of document.querySelectorAll("#pairs tbody tr")) {
    const text = [...row.querySelectorAll(".text")].map((cell) => cell.textContent).join(" ").toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
});

// Pictures: whole, with the arrow keys going to the neighbours in the grid.
const viewer = document.getElementById("viewer");
const picture = viewer.querySelector("img");
const caption = viewer.querySelector("figcaption");
let shown = null;
function show(link) {
  shown = link;
  picture.src = link.href;
  picture.alt = caption.textContent = link.dataset.words;
  if (!viewer.open) viewer.showModal();
}
function neighbour(down, right) {
  const links = [...shown.closest(".style").querySelectorAll(".zoom")];
  const row = Number(shown.dataset.row) + down, column = Number(shown.dataset.column) + right;
  return links.find((link) => Number(link.dataset.row) === row && Number(link.dataset.column) === column);
}
for (const link of document.querySelectorAll(".zoom")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });
}
const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
viewer.addEventListener("keydown", (event) => {
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const link = neighbour(...step);
  if (link) show(link);
});
picture.addEventListener("click", () => viewer.close());
viewer.addEventListener("close", () => shown && shown.focus());

// On paper everything is unfolded, but for the long table of pairs.
addEventListener("beforeprint", () => {
  for (const block of document.querySelectorAll("details.style")) block.open = true;
});
