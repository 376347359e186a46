// The queue of the screening by keyboard: J and K move between the cases, X chooses one. Enter opens it as any link does.
// Without scripts the Tab key does the same.
const links = [...document.querySelectorAll("#queue tbody a")];
const note = document.querySelector(".keys-note");
if (note) note.hidden = false;

/** Whether a key is typed into a field, and means a letter there. */
function isTyping({ target }) {
  return target.matches("input:not([type=checkbox]), textarea, select");
}

/** Moves the focus by this many cases; from outside of the list to its first or last one. */
function move(by) {
  const row = document.activeElement?.closest("#queue tbody tr");
  const here = links.findIndex((link) => link.closest("tr") === row);
  const from = here === -1 && by < 0 ? links.length : here;
  links[Math.min(Math.max(from + by, 0), links.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event)) return;
  // By the place of the key: with a Korean keyboard the letters are others.
  if (event.code === "KeyJ") move(1);
  else if (event.code === "KeyK") move(-1);
  else if (event.code === "KeyX") {
    document.activeElement?.closest("#queue tbody tr")?.querySelector("input[type=checkbox]")?.click();
  } else return;
  event.preventDefault();
});
