// How long a report has become, each part and all of them; it warns and never blocks.
import { signs } from "./app.js";

for (const line of document.querySelectorAll("[data-total-of]")) {
  const form = line.closest("form");
  const parts = line.dataset.totalOf.split(" ").map((name) => form.elements[name]);
  const limit = Number(line.dataset.limit);
  const show = () => {
    let count = 0;
    let words = line.dataset.words;
    for (const part of parts) {
      const own = signs(part.value);
      count += own;
      words = words.replace(`{${part.name}}`, own);
    }
    line.textContent = words.replace("{count}", count).replace("{limit}", limit);
    line.dataset.tone = count > limit ? "due" : "sub";
  };
  form.addEventListener("input", show);
  show();
}
