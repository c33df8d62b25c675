// <select multiple data-picker data-placeholder="…">: search by name or pinyin initials, pick with
// a tap. Options may carry data-initials="wm" (several readings parted by a space). The select stays
// the form's control and is what the page shows without JavaScript. Options with data-recent stand
// above the search, one tap away.

const SHOWN = 30;

function matches(option, wanted) {
  if (option.text.includes(wanted)) return true;
  const initials = (option.dataset.initials || "").toLowerCase().split(" ");
  return initials.some((it) => it && it.startsWith(wanted.toLowerCase()));
}

function button(text, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

function build(select) {
  const box = document.createElement("div");
  const chosen = document.createElement("div");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const recent = document.createElement("div");
  recent.className = "picker-recent";
  box.className = "picker";
  chosen.className = "picker-chosen";
  list.className = "picker-list";
  list.hidden = true;
  input.type = "search";
  input.className = "form-control";
  input.autocomplete = "off";
  input.placeholder = select.dataset.placeholder || "";
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label) { input.id = `${select.id}-search`; label.htmlFor = input.id; }
  box.append(chosen, recent, input, list);
  select.after(box);
  select.classList.add("is-picked");

  const changed = () => { select.dispatchEvent(new Event("change", { bubbles: true })); show(); };
  function show() {
    const wanted = input.value.trim();
    const options = [...select.options].filter((it) => it.value);
    chosen.replaceChildren(...options.filter((it) => it.selected).map((it) => {
      const off = button(`${it.text} ×`, () => { it.selected = false; changed(); });
      off.setAttribute("aria-label", `${select.dataset.remove || "移除"} ${it.text}`);
      return off;
    }));
    recent.replaceChildren(...options.filter((it) => !it.selected && "recent" in it.dataset).map((it) =>
      button(it.text, () => { it.selected = true; changed(); })));
    const found = options.filter((it) => !it.selected && (!wanted || matches(it, wanted))).slice(0, SHOWN);
    list.replaceChildren(...found.map((it) => {
      const row = document.createElement("li");
      row.append(button(it.text, () => {
        if (!select.multiple) for (const other of select.options) other.selected = false;
        it.selected = true;
        input.value = "";
        changed();
        input.focus();
      }));
      return row;
    }));
    list.hidden = !found.length || !(wanted || document.activeElement === input);
  }
  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      list.querySelector("button")?.click();
    } else if (event.key === "Escape") {
      list.hidden = true;
    }
  });
  document.addEventListener("click", (event) => {
    // a tap on a row redraws the list, so ask the path and not the tree
    if (!event.composedPath().includes(box)) list.hidden = true;
  });
  show();
}

export function dress(scope) {
  for (const select of scope.querySelectorAll("select[data-picker]")) {
    if (!select.classList.contains("is-picked")) build(select);
  }
}
