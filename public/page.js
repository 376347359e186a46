// On every page: the font, the header's menu, buttons at work, counted letters, large files and lists of faults.

// Loads the font after the first paint, so that it never delays it: a frame is drawn before the timer runs. Without scripts a
// <noscript> link does the same a little earlier.
const letters = document.createElement("link");
letters.rel = "stylesheet";
const { href, sending, offline } = document.currentScript.dataset;
letters.href = href;
requestAnimationFrame(() => setTimeout(() => document.head.append(letters)));

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

// A button that was pressed says so, and its form is sent once. The server, too, takes the same form once. After a
// while, or on a page that is shown again, the button can be pressed again: an answer may be lost, or be a file.
const PATIENCE = 15_000;
const atWork = new Map();
function rest(form) {
  const { button, words, timer } = atWork.get(form) ?? {};
  if (!atWork.delete(form)) return;
  clearTimeout(timer);
  button?.replaceChildren(...words);
  button?.removeAttribute("aria-busy");
}
function work(form, button) {
  // A file arrives beside the page, which is not told. The server takes the same form once all the same.
  const timer = setTimeout(rest, "file" in form.dataset ? 2_000 : PATIENCE, form);
  atWork.set(form, { button, words: [...(button?.childNodes ?? [])], timer });
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  button.textContent = sending;
}
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (atWork.has(form)) return event.preventDefault();
  const button = event.submitter ?? form.querySelector("button");
  // Later, because a script of the page may still keep the form back.
  setTimeout(() => event.defaultPrevented || work(form, button));
});
// Without a network a form stays as it is, and its button says why: the browser's own page of an error would hide
// what was typed. Forms that go on by themselves without a network have data-offline.
function holdWhileOffline(event) {
  const form = event.target;
  form.querySelector(".form-offline")?.remove();
  if (navigator.onLine || form.method !== "post" || "offline" in form.dataset) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const words = Object.assign(document.createElement("p"), { className: "form-offline", textContent: offline });
  words.setAttribute("role", "alert");
  const button = event.submitter ?? form.querySelector("button");
  (button?.closest(".actions") ?? button ?? form.lastElementChild).after(words);
}
addEventListener("submit", holdWhileOffline, true);
addEventListener("online", () => document.querySelectorAll(".form-offline").forEach((words) => words.remove()));
addEventListener("pageshow", () => [...atWork.keys()].forEach(rest));

// Counts what people take for a letter. Nothing is cut: a text that is too long says by how much.
const clusters = "Segmenter" in Intl ? new Intl.Segmenter() : null;
const countLetters = (text) => [...(clusters?.segment(text) ?? text)].length;
addEventListener("input", ({ target }) => {
  const counter = target.closest?.(".field")?.querySelector(".field-counter");
  if (!counter) return;
  const used = countLetters(target.value.trim().normalize());
  for (const part of counter.children) {
    const shown = part.localName === "strong" ? used - counter.dataset.max : used;
    part.textContent = shown > 0 || part.localName === "span" ? part.dataset.words.replace("{n}", shown) : "";
  }
});

// A file that is too large is told before it is sent: the server would only say so after minutes.
addEventListener("change", ({ target }) => {
  const most = Number(target.dataset?.maxBytes);
  if (!most) return;
  const field = target.closest(".field");
  field.querySelector(".field-error[data-size]")?.remove();
  if (!target.files?.[0] || target.files[0].size <= most) return;
  const error = Object.assign(document.createElement("p"), { className: "field-error", textContent: target.dataset.tooLarge });
  error.dataset.size = "";
  error.setAttribute("role", "alert");
  target.before(error);
  target.value = "";
});

// A list of faults names the fields. Without scripts its links lead to them.
for (const link of document.querySelectorAll('.error-list a[href^="#field-"]')) {
  const label = document.querySelector(`label[for="${CSS.escape(link.hash.slice(1))}"]`)?.firstChild?.textContent.trim() ?? "";
  if (label !== "" && label.length <= 40 && !link.textContent.includes(label)) link.prepend(`${label}: `);
}
