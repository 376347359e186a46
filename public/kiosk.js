// A shared machine that nobody touches goes back to its start, where everything is erased.
// Without scripts a <noscript> line does the same, by the age of the page.
const seconds = Number(document.currentScript.dataset.seconds);
const home = () => location.replace("/kiosk");
let timer = setTimeout(home, seconds * 1000);
const touched = () => {
  clearTimeout(timer);
  timer = setTimeout(home, seconds * 1000);
};
for (const kind of ["pointerdown", "pointermove", "keydown", "input", "scroll", "wheel"]) {
  addEventListener(kind, touched, { passive: true, capture: true });
}
// A page out of the browser's memory is the last voter's.
addEventListener("pageshow", (event) => {
  if (event.persisted) home();
});
