// Arriving by the receipt's QR: `/r/#1234…`. What stands behind the # never reached the server; it is
// sent by POST now and taken out of the address.

const form = document.querySelector("form[data-receipt]");
const digits = location.hash.replace(/\D/g, "");
if (form && digits.length === 16 && !form.elements.number.value) {
  history.replaceState(null, "", location.pathname);
  form.elements.number.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  if (form.requestSubmit) form.requestSubmit();
  else form.submit();
}
