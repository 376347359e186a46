// The QR of a printed slip carries its code after the #, a part of the address that browsers never send.
// Moves the code from the address bar into the field. Without scripts people type it.
const code = new URLSearchParams(location.hash.slice(1)).get("code");
const field = document.getElementById("field-code");
if (code && field) {
  field.value = code.replace(/(.{4})(?=.)/g, "$1 ");
  history.replaceState(null, "", location.pathname + location.search);
  const scanned = document.getElementById("scanned");
  scanned.hidden = false;
  // On a browser that has voted, the notice is in the folded part for the next voter.
  const folded = scanned.closest("details");
  if (folded) folded.open = true;
}
