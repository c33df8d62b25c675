// How long a report has become, over all its parts; it warns and never blocks.
import { signs } from "./app.js";

for (const line of document.querySelectorAll("[data-total-of]")) {
  const form = line.closest("form");
  const parts = line.dataset.totalOf.split(" ").map((name) => form.elements[name]);
  const limit = Number(line.dataset.limit);
  const show = () => {
    const count = parts.reduce((sum, part) => sum + signs(part.value), 0);
    line.textContent = line.dataset.words.replace("{count}", count).replace("{limit}", limit);
    line.dataset.tone = count > limit ? "due" : "sub";
  };
  form.addEventListener("input", show);
  show();
}
