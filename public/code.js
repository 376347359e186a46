// The code of a printed slip comes behind the # of its QR, a part of the address that browsers send to
// nobody. It goes into the field, and out of the address bar. Without scripts people type it.
const code = new URLSearchParams(location.hash.slice(1)).get("code");
const field = document.getElementById("field-code");
if (code && field) {
  field.value = code.replace(/(.{4})(?=.)/g, "$1 ");
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("scanned").hidden = false;
}
