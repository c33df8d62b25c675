// Fields that belong to some choices only: data-shown-with="how:community unit" on the control.
// Without script all of them are shown, and the form says what is needed.

for (const form of document.querySelectorAll("[data-shown-with-form]")) {
  const controls = [...form.querySelectorAll("[data-shown-with]")];
  const show = () => {
    for (const control of controls) {
      const [name, values] = control.dataset.shownWith.split(":");
      const chosen = form.querySelector(`[name="${name}"]:checked`);
      const field = control.closest(".field");
      if (field) field.hidden = !(chosen && values.split(" ").includes(chosen.value));
    }
  };
  form.addEventListener("change", show);
  show();
}
