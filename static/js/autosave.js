// Keeps what was typed: in the browser at once, at the server a moment later.
//
//   <form data-autosave="/city/drafts/" data-draft-key="opinions.write:12" data-draft-at="…ISO…">
//     {% include "components/autosave_status.html" %}
//
// POSTs {form: key, content: {name: text or [texts]}} as JSON; an answer below 300 means saved.
// Until then the copy stays in localStorage and is sent again when the network or the session is
// back. Files, passwords and hidden fields are left out. A copy in the browser that the server has
// not and that is newer than data-draft-at comes back. app.js drops the copy once the form itself
// was taken (message tag draft-done:<key>) and at sign-out (form[data-forget-drafts]).

const WAIT = 2500;
const RETRY = 15000;
const STORE = "draft:";

function values(form) {
  const data = {};
  for (const control of form.elements) {
    if (!control.name || control.disabled || ["hidden", "file", "password", "submit", "button"].includes(control.type)) continue;
    if ((control.type === "checkbox" || control.type === "radio") && !control.checked) continue;
    const repeats = control.multiple || (control.type === "checkbox" && form.elements[control.name].length > 1);
    if (!repeats) data[control.name] = control.value;
    else if (control.multiple) data[control.name] = [...control.selectedOptions].map((it) => it.value);
    else data[control.name] = (data[control.name] || []).concat(control.value);
  }
  return data;
}

function fill(form, data) {
  for (const control of form.elements) {
    if (!control.name || ["hidden", "file", "password", "submit", "button"].includes(control.type)) continue;
    const texts = [].concat(data[control.name] ?? []);
    if (control.type === "checkbox" || control.type === "radio") control.checked = texts.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = texts.includes(option.value);
    else if (texts.length) control.value = texts[0];
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The cookie's token is the present one even after signing in again in another window. */
function csrf(form) {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.name = STORE + form.dataset.autosave + ":" + form.dataset.draftKey;
    this.status = form.querySelector("[data-autosave-status]");
    this.timer = 0;
    this.bringBack();
    form.addEventListener("input", () => this.touched());
    form.addEventListener("change", () => this.touched());
    form.addEventListener("submit", () => { clearTimeout(this.timer); this.leaving = true; });
    window.addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.waiting) this.send();
    });
  }

  say(word, tone = "sub") {
    if (!this.status) return;
    this.status.textContent = word;
    this.status.dataset.tone = tone;
  }

  stored() {
    try { return JSON.parse(localStorage.getItem(this.name)); } catch { return null; }
  }

  bringBack() {
    // A form that came back with an error holds what was typed last.
    if (this.form.querySelector("[role=alert]")) { this.touched(); return; }
    const copy = this.stored();
    if (!copy || copy.sent) return;
    const known = Date.parse(this.form.dataset.draftAt || "") || 0;
    if (copy.at <= known) return;
    fill(this.form, copy.data);
    this.say(this.status?.dataset.restored || "", "info");
    this.touched();
  }

  touched() {
    if (this.leaving) return;
    this.waiting = true;
    this.keep(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), WAIT);
  }

  keep(sent) {
    try {
      localStorage.setItem(this.name, JSON.stringify({ at: Date.now(), sent, data: values(this.form) }));
    } catch { /* a full or closed store: the server's copy is the one that counts */ }
  }

  async send() {
    if (!this.waiting || this.sending || this.leaving) return;
    clearTimeout(this.timer);
    this.sending = true;
    this.waiting = false;
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        redirect: "error", // an ended session answers with a redirect to sign-in: not saved
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(this.form) },
        body: JSON.stringify({ form: this.form.dataset.draftKey, content: values(this.form) }),
      });
      if (answer.status === 400) {
        this.say(this.status?.dataset.refused || "", "late");
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      if (!this.waiting) this.keep(true);
      const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
      this.say(`${this.status?.dataset.saved || ""} ${time}`);
    } catch {
      this.waiting = true;
      this.say(this.status?.dataset.kept || "", "due");
      this.timer = setTimeout(() => this.send(), RETRY);
    } finally {
      this.sending = false;
    }
  }
}

export function dress(scope) {
  for (const form of scope.querySelectorAll("form[data-autosave]")) {
    if (!form.dataset.keeping) { form.dataset.keeping = "1"; new Keeper(form); }
  }
}
