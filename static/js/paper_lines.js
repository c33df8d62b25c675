// The paper book grows by a line whenever the last one is begun, and on its button.

const form = document.querySelector("form[data-rows]");
const body = form?.querySelector("[data-lines]");
const blank = form?.querySelector("[data-blank-line]");
const count = form?.querySelector("[data-row-count]");

function add() {
  const number = Number(count.value);
  if (number >= Number(form.dataset.most)) return null;
  const row = blank.content.firstElementChild.cloneNode(true);
  for (const control of row.querySelectorAll("[name]")) {
    control.name = control.name.replace("__n__", String(number));
    control.id = control.id.replace("__n__", String(number));
  }
  row.querySelector("[data-number]").textContent = String(number + 1);
  body.append(row);
  count.value = String(number + 1);
  return row;
}

if (form && body && blank && count) {
  form.querySelector("[data-more]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const first = add();
    for (let n = 1; n < 5; n += 1) add();
    first?.querySelector("input, select")?.focus();
  });
  body.addEventListener("input", (event) => {
    if (event.target.closest("tr") === body.lastElementChild) add();
  });
}
