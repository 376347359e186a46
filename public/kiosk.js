// A shared machine that nobody touches goes back to its start, where everything is erased; before it goes it asks
// whether somebody is still there. Without scripts a <noscript> line leads back, by the age of the page.
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
// While the question stands its own button answers it: a touch that closed it at once would press what is below.
const touched = () => {
  if (!question?.open) wait();
};
for (const kind of ["pointerdown", "pointermove", "keydown", "input", "scroll", "wheel"]) {
  addEventListener(kind, touched, { passive: true, capture: true });
}
// A click beside the question is somebody too.
question?.addEventListener("click", () => question.close());
question?.addEventListener("close", wait);
wait();
// A page out of the browser's memory is the last voter's.
addEventListener("pageshow", (event) => {
  if (event.persisted) home();
});
