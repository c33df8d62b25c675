// <form data-plain-paste>: what is pasted from a word processor keeps its paragraphs and nothing
// else. The server does the same with what was typed (opinions/texts.py, plain); bullets go here
// only, where they came out of a list and nobody typed them.

const LINE_ENDS = /\r\n|[\r\u000b\u000c\u0085\u2028\u2029]/g;
const BLANKS = /[\t\u00a0\u2000-\u200a\u202f\u205f]/g;
const UNSEEN = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
// Word's bullets: signs of its symbol font, and the usual dots before a tab or blanks.
const BULLETS = /^[ \u3000\t]*(?:[\uf000-\uf0ff]|[•·●○■□▪▫◆◇➢✓][ \t\u00a0]|[o§Ø][\t\u00a0])[ \t\u00a0]*/gm;

export function plain(text) {
  return text
    .replace(LINE_ENDS, "\n")
    .replace(BULLETS, "")
    .replace(BLANKS, " ")
    .replace(UNSEEN, "")
    .replace(/[ \u3000]+$/gm, "")
    .replace(/\n{4,}/g, "\n\n\n");
}

function insert(control, words) {
  control.focus();
  // The old command keeps the browser's undo; where it is gone, the words still go in.
  if (document.execCommand && document.execCommand("insertText", false, words)) return;
  control.setRangeText(words, control.selectionStart, control.selectionEnd, "end");
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const form of document.querySelectorAll("form[data-plain-paste]")) {
  form.addEventListener("paste", (event) => {
    const control = event.target;
    const isText = control instanceof HTMLTextAreaElement || (control instanceof HTMLInputElement && control.type === "text");
    const given = event.clipboardData?.getData("text/plain");
    if (!isText || !given) return; // pictures and the like: the browser's own way
    event.preventDefault();
    const words = plain(given);
    insert(control, control instanceof HTMLInputElement ? words.replace(/\s+/g, " ").trim() : words);
  });
}
