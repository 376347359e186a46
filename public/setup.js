// Saves a step of a new edition while it is typed, and shows what is wrong beside the fields. Without scripts the
// buttons do the same.
const form = document.querySelector("form.setup-form");
const status = document.getElementById("setup-status");
let timer = 0;
let saving = false;
let unsaved = false;
let failed = false;
// Somebody else has saved the step meanwhile.
let byHand = false;

const names = (of) => [...of.querySelectorAll("[name]")].map((field) => field.name).join();

/** Takes the faults of the answer into the page, unless rows have moved meanwhile. */
function showFaults(answer) {
  const other = answer.querySelector("form.setup-form");
  form.elements.shown.value = other.elements.shown.value;
  document.querySelector(".chips").replaceWith(answer.querySelector(".chips"));
  if (names(other) !== names(form)) return;
  if (answer.querySelector(".error-summary") === null) document.querySelector(".error-summary")?.remove();
  const twins = other.querySelectorAll(".field");
  form.querySelectorAll(".field").forEach((field, at) => {
    const [control, twin] = [field.querySelector("[name]"), twins[at].querySelector("[name]")];
    const error = twins[at].querySelector(".field-error");
    field.querySelector(".field-error")?.remove();
    for (const attribute of ["aria-invalid", "aria-describedby"]) {
      const value = twin.getAttribute(attribute);
      if (value === null) control.removeAttribute(attribute);
      else control.setAttribute(attribute, value);
    }
    if (error === null) field.removeAttribute("data-error");
    else field.setAttribute("data-error", "yes");
    if (error === null) return;
    (control.closest(".check") ?? control).before(error);
    const fold = field.closest("details");
    if (fold !== null) fold.open = true;
  });
}

function typed() {
  const body = new URLSearchParams(new FormData(form));
  body.set("act", "save");
  // What is typed twice is saved twice: the key is for buttons that are pressed twice.
  body.delete("form_key");
  return body;
}

async function save() {
  if (byHand) return;
  if (saving) return schedule(1000);
  saving = true;
  unsaved = false;
  try {
    const signal = AbortSignal.timeout(15_000);
    const response = await fetch(location.pathname, { method: "POST", body: typed(), signal });
    // Somebody else has saved the step: the page that says so is shown when a button is pressed.
    if (!response.ok) throw new Error(response.statusText, { cause: response.status });
    showFaults(new DOMParser().parseFromString(await response.text(), "text/html"));
    failed = false;
    status.textContent = form.dataset.saved;
  } catch ({ cause }) {
    unsaved = true;
    failed = true;
    // A person decides whose values stay; saving them again would be refused again.
    if (cause === 422) {
      byHand = true;
      status.textContent = form.dataset.clash;
    } else {
      status.textContent = cause === 401 ? form.dataset.signedOut : form.dataset.failed;
      schedule(5000);
    }
  }
  saving = false;
}

function schedule(after) {
  clearTimeout(timer);
  timer = setTimeout(save, after);
}

// After somebody else has saved the step, a person decides whose values stay.
if (form.dataset.byHand === undefined) {
  // Typed before this script was loaded, or put back by the browser.
  if ([...form.elements].some((field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue)) {
    unsaved = true;
    schedule(1000);
  }
  form.addEventListener("input", () => {
    unsaved = true;
    schedule(1000);
  });
  window.addEventListener("online", () => unsaved && schedule(0));
  // Who leaves within a second loses nothing. Some browsers tell it before they leave, some only afterwards.
  const sendAlong = () => {
    if (unsaved && !byHand) unsaved = !navigator.sendBeacon(location.pathname, typed());
  };
  window.addEventListener("beforeunload", (event) => {
    // What did not arrive before will hardly arrive now.
    if (unsaved && failed) event.preventDefault();
    else sendAlong();
  });
  window.addEventListener("pagehide", sendAlong);
  // A link waits until what was typed has arrived, because the page behind it may show it.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || link?.target;
    const here = link?.pathname === location.pathname && link?.hash !== "";
    if (!link || elsewhere || here || byHand || !(unsaved || saving)) return;
    event.preventDefault();
    clearTimeout(timer);
    while (saving) await new Promise((go) => setTimeout(go, 50));
    if (unsaved) await save();
    clearTimeout(timer);
    location.assign(link.href);
  });
}
// A button waits until what is being saved has arrived: two saves at once would be taken for two people.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  unsaved = false;
  failed = false;
  if (!saving) return;
  event.preventDefault();
  const button = event.submitter;
  const wait = setInterval(() => {
    if (saving) return;
    clearInterval(wait);
    form.requestSubmit(button);
  }, 50);
});
