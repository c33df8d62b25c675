// The review desk on a wide screen: the report opens beside the list. On a phone, and without this
// file, a row leads to the report's own page. Keys: j k move, x tick, Enter open, b batch, ? help.

const wide = window.matchMedia("(min-width: 1200px)");
const pane = document.querySelector("[data-review-pane]");
const form = document.querySelector("[data-review-form]");
const help = document.querySelector("[data-keys]");
const rows = [...document.querySelectorAll("[data-review-row]")];

function open(row) {
  // Questions of the report shown before: app.js moved them out of the pane.
  for (const dialog of document.querySelectorAll("body > dialog:not([data-keys])")) dialog.remove();
  for (const other of rows) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  window.htmx.ajax("GET", `${row.getAttribute("href")}?pane=1`, { target: pane, swap: "innerHTML" });
  pane.scrollTop = 0;
}

for (const row of rows) {
  row.addEventListener("click", (event) => {
    if (!wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(row);
  });
}
if (pane && rows.length && wide.matches && window.htmx) open(rows[0]);

/** The row that has the focus, else the one shown in the pane; -1 before the first key. */
function place() {
  const focused = rows.findIndex((row) => row.parentElement.contains(document.activeElement));
  if (focused >= 0) return focused;
  return rows.findIndex((row) => row.getAttribute("aria-current") === "true");
}

function step(by) {
  const from = place();
  const to = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by));
  rows[to].focus();
  rows[to].scrollIntoView({ block: "nearest" });
  if (wide.matches && window.htmx) open(rows[to]);
}

function tick() {
  const row = rows[place()];
  const box = row && row.parentElement.querySelector("input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: tick,
  b: () => form && form.requestSubmit(),
  "?": () => help && help.showModal(),
};

function isTyping(target) {
  return Boolean(target.closest("input:not([type=checkbox]), textarea, select, dialog"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!rows.length || isTyping(event.target) || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});
const opener = document.querySelector("[data-keys-open]");
if (opener && help && help.showModal) opener.addEventListener("click", () => help.showModal());
