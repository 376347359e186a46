// On every page: the font, and the header's menu.

// Loads the font after the page, so that it never delays the first paint. Without scripts a <noscript>
// link does the same a little earlier.
const letters = document.createElement("link");
letters.rel = "stylesheet";
letters.href = document.currentScript.dataset.href;
document.head.append(letters);

// Esc closes the menu and returns to its button. A press beside it, or the focus on what it covers, closes it too.
// Without scripts its button does.
const menu = document.querySelector("details.menu");
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
for (const kind of ["pointerdown", "focusin"]) {
  addEventListener(kind, (event) => {
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });
}
