// Returns an unused kiosk to its start page, where the last voter's data is erased. Before that it asks whether
// somebody is still there. Without scripts a refresh in <noscript> does the same, by the age of the page.
const { seconds, warning } = document.currentScript.dataset;
const question = document.getElementById("kiosk-warning");
const home = () => location.replace("/kiosk");
let timers = [];
const wait = () => {
  for (const timer of timers) clearTimeout(timer);
  timers = [
    setTimeout(home, Number(seconds) * 1000),
    setTimeout(() => question?.showModal?.(), (Number(seconds) - Number(warning)) * 1000),
  ];
};
// While the question is open, only its own button answers it. A touch that closed it at once could also press an
// element below it.
const touched = () => {
  if (!question?.open) wait();
};
for (const kind of ["pointerdown", "pointermove", "keydown", "input", "scroll", "wheel"]) {
  addEventListener(kind, touched, { passive: true, capture: true });
}
// A click beside the question also shows that somebody is there.
question?.addEventListener("click", () => question.close());
question?.addEventListener("close", wait);
wait();
// A page restored from the browser's memory belongs to the last voter.
addEventListener("pageshow", (event) => {
  if (event.persisted) home();
});
