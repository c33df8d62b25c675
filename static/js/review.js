// The review desk on a wide screen: the report opens beside the list. On a phone, and without this
// file, a row leads to the report's own page.

const wide = window.matchMedia("(min-width: 1200px)");
const pane = document.querySelector("[data-review-pane]");
const rows = [...document.querySelectorAll("[data-review-row]")];

function open(row) {
  // Questions of the report shown before: app.js moved them out of the pane.
  for (const dialog of document.querySelectorAll("body > dialog")) dialog.remove();
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
