// A small proof of work in place of a captcha: a number so that SHA-256 of "<nonce>:<number>" begins
// with so many zero bits (workrooms/proof_of_work.py checks it). It runs in short turns while the
// form is filled in, and needs no secure context, unlike crypto.subtle. Without this file, or when it
// fails, the form asks a question in words instead.

const K = [];
const START = [];
for (let n = 2, found = 0; found < 64; n += 1) {
  let isPrime = true;
  for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { isPrime = false; break; }
  if (!isPrime) continue;
  if (found < 8) START.push((n ** 0.5 * 2 ** 32) | 0);
  K.push((n ** (1 / 3) * 2 ** 32) | 0);
  found += 1;
}
const W = new Int32Array(64);

/** The first 32 bits of SHA-256 of an ASCII text of at most 55 signs. */
function head(text) {
  W.fill(0, 0, 16);
  for (let i = 0; i < text.length; i += 1) W[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  W[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  W[15] = text.length * 8;
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  return (a + START[0]) | 0;
}

function find(nonce, bits, done) {
  let number = 0;
  const turn = () => {
    const until = performance.now() + 25; // milliseconds; then the page has its turn
    while (performance.now() < until) {
      for (let i = 0; i < 200; i += 1, number += 1) {
        if (head(`${nonce}:${number}`) >>> (32 - bits) === 0) return done(String(number));
      }
    }
    return setTimeout(turn, 5);
  };
  turn();
}

const form = document.querySelector("form[data-proof]");
if (form) {
  const status = form.querySelector("[data-proof-status]");
  let isWaiting = false;
  let pressed = null;
  form.addEventListener("submit", (event) => {
    if (form.elements.proof.value) return;
    event.preventDefault(); // sent as soon as the number is found, a second later at most
    isWaiting = true;
    pressed = event.submitter || null;
    status.textContent = status.dataset.waiting;
  });
  find(form.dataset.proof, Number(form.dataset.bits), (number) => {
    form.elements.proof.value = number;
    if (!isWaiting) return;
    if (form.requestSubmit) form.requestSubmit(pressed);
    else form.submit();
  });
}
