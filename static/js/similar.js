// One tap takes the suggested category: <button data-take="category" data-value="12">.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  const field = button && button.closest("form")?.elements[button.dataset.take];
  if (!field) return;
  field.value = button.dataset.value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  button.closest(".suggested").hidden = true;
  field.focus();
});
