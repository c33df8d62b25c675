// <div data-names="/city/contacts/people/" [data-names-many]>…<input>…</div>: while a name or its
// initials are typed, the members it may be; a tap writes the name. Without this file the name is
// typed whole, and the server says what it did not find.

const WAIT = 200;
const PARTED = /[、，,;；\n]/;

function build(box) {
  const input = box.querySelector("input");
  const list = document.createElement("ul");
  const many = "namesMany" in box.dataset;
  let timer = 0;
  let asked = 0;
  list.className = "picker-list";
  list.hidden = true;
  input.after(list);

  const parts = () => (many ? input.value.split(PARTED) : [input.value]);
  async function look() {
    const wanted = parts().pop().trim();
    const mine = ++asked;
    if (!wanted) { list.hidden = true; return; }
    try {
      const answer = await fetch(`${box.dataset.names}?q=${encodeURIComponent(wanted)}`, { redirect: "error" });
      if (!answer.ok || mine !== asked) return;
      // The rows are this portal's own template, escaped there.
      list.innerHTML = await answer.text();
      list.hidden = !list.children.length;
    } catch { list.hidden = true; }
  }
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
    if (event.key === "Enter" && !list.hidden) { event.preventDefault(); list.querySelector("button")?.click(); }
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("button[data-name]");
    if (!row) return;
    const before = parts().slice(0, -1).map((it) => it.trim()).filter(Boolean);
    input.value = [...before, row.dataset.name].join("、") + (many ? "、" : "");
    list.hidden = true;
    asked += 1;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  document.addEventListener("click", (event) => {
    if (!event.composedPath().includes(box)) list.hidden = true;
  });
}

export function dress(scope) {
  for (const box of scope.querySelectorAll("[data-names]")) {
    if (!box.dataset.ready) { box.dataset.ready = "1"; build(box); }
  }
}
