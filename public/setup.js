// Saves a step of a new edition while it is typed, and shows what is wrong beside the fields. Without scripts the
// buttons do the same.
const form = document.querySelector("form.setup-form");
const status = document.getElementById("setup-status");
let timer = 0;
let saving = false;

const names = (of) => [...of.querySelectorAll("[name]")].map((field) => field.name).join();

/** Takes the faults of the answer into the page, unless rows have moved meanwhile. */
function showFaults(answer) {
  const other = answer.querySelector("form.setup-form");
  form.elements.revision.value = other.elements.revision.value;
  document.querySelector(".chips").replaceWith(answer.querySelector(".chips"));
  if (names(other) !== names(form)) return;
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
    if (error !== null) (control.closest(".check") ?? control).before(error);
  });
}

async function save() {
  if (saving) return schedule();
  saving = true;
  const body = new URLSearchParams(new FormData(form));
  body.set("act", "save");
  try {
    const response = await fetch(location.pathname, { method: "POST", body });
    if (!response.ok) throw new Error(response.statusText);
    showFaults(new DOMParser().parseFromString(await response.text(), "text/html"));
    status.textContent = form.dataset.saved;
  } catch {
    status.textContent = form.dataset.failed;
  }
  saving = false;
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(save, 1000);
}

form.addEventListener("input", schedule);
// A button waits until what is being saved has arrived: two saves at once would be taken for two people.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!saving) return;
  event.preventDefault();
  const button = event.submitter;
  const wait = setInterval(() => {
    if (saving) return;
    clearInterval(wait);
    form.requestSubmit(button);
  }, 50);
});
