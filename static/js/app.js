// Small comforts on top of pages that work without them. Plain modules, Chromium 90.
// Long forms load autosave.js, name lists picker.js, only where the page has one.

const root = document.documentElement;
root.classList.add("js");

function within(scope, selector) {
  const found = [...scope.querySelectorAll(selector)];
  if (scope.matches && scope.matches(selector)) found.unshift(scope);
  return found;
}

/** Characters as a reader counts them: every sign one, spaces and line ends none. */
export function signs(text) {
  return [...text.replace(/\s/g, "")].length;
}

function counters(scope) {
  for (const line of within(scope, "[data-counter-of]")) {
    const control = document.getElementById(line.dataset.counterOf);
    if (!control || line.dataset.ready) continue;
    line.dataset.ready = "1";
    const limit = Number(line.dataset.limit);
    const show = () => {
      const count = signs(control.value);
      line.textContent = `${count} / ${limit}`;
      line.dataset.tone = count > limit ? "due" : "sub";
    };
    control.addEventListener("input", show);
    show();
  }
}

/** The form inside <details data-dialog> opens as a native dialog instead of in place. */
function dialogs(scope) {
  if (!window.HTMLDialogElement) return;
  for (const details of within(scope, "details[data-dialog]")) {
    if (details.dataset.ready) continue;
    details.dataset.ready = "1";
    const form = details.querySelector("form");
    const dialog = document.createElement("dialog");
    form.classList.remove("card", "mt-2");
    dialog.append(form);
    details.append(dialog);
    dialog.setAttribute("aria-label", form.querySelector("h2")?.textContent || "");
    details.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      document.body.append(dialog);
      dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-dialog-close]")) dialog.close();
    });
  }
}

async function copyText(area) {
  try {
    await navigator.clipboard.writeText(area.value);
    return true;
  } catch {
    // No permission or plain http on the office's network: mark the text and use the old command.
    const details = area.closest("details");
    if (details) details.open = true;
    area.focus();
    area.select();
    return document.execCommand("copy");
  }
}

function copies(scope) {
  for (const box of within(scope, "[data-copy]")) {
    const button = box.querySelector("[data-copy-button]");
    const area = box.querySelector("textarea");
    if (!button || !area || box.dataset.ready) continue;
    box.dataset.ready = "1";
    const words = button.querySelector("span") || button;
    const before = words.textContent;
    button.addEventListener("click", async () => {
      if (!(await copyText(area))) return;
      words.textContent = button.dataset.done;
      setTimeout(() => { words.textContent = before; }, 4000);
    });
  }
}

/** The office's wide screens keep the filters open; phones fold them away. */
function filters(scope) {
  if (!window.matchMedia("(min-width: 992px)").matches) return;
  for (const details of within(scope, "details[data-open-wide]")) details.open = true;
}

/** A box that ticks every box of the same name in its form. */
function tickAll(scope) {
  for (const all of within(scope, "[data-tick-all]")) {
    all.addEventListener("change", () => {
      const form = all.form || document;
      for (const box of form.querySelectorAll(`input[name="${all.dataset.tickAll}"]`)) box.checked = all.checked;
    });
  }
}

/** A form sent twice by an impatient thumb goes out once. */
function once(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.hasAttribute("data-download")) return; // the page stays, and may be asked again
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  if (form.hasAttribute("data-forget-drafts")) forgetDrafts();
}

/** Copies of long forms in the browser (autosave.js): all of them, or the ones of one draft key. */
function forgetDrafts(key = "") {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("draft:") && (!key || name.endsWith(`:${key}`))) localStorage.removeItem(name);
  }
}

function dress(scope) {
  counters(scope);
  dialogs(scope);
  copies(scope);
  filters(scope);
  tickAll(scope);
  if (within(scope, "[data-autosave]").length) import("./autosave.js").then((it) => it.dress(scope));
  if (within(scope, "[data-picker]").length) import("./picker.js").then((it) => it.dress(scope));
  if (within(scope, "[data-names]").length) import("./names.js").then((it) => it.dress(scope));
}

document.addEventListener("submit", once);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("htmx:load", (event) => dress(event.target));
for (const told of document.querySelectorAll("[data-tags*='draft-done:']")) {
  forgetDrafts(told.dataset.tags.match(/draft-done:(\S+)/)[1]);
}
dress(document);
// On a phone the tabs scroll: the one that is open is in sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const bar = tab.parentElement, end = tab.offsetLeft - bar.offsetLeft + tab.offsetWidth;
  if (end > bar.clientWidth) bar.scrollLeft = end - bar.clientWidth;
}
document.querySelector("[data-focus]")?.focus();
