// Sends the chosen documents of a case at once, in pieces that go on after a broken line. Without scripts, and where the
// client of the protocol is missing, the button of the form sends them.
const box = document.getElementById("files");
const input = document.getElementById("field-files");
const uploads = document.getElementById("file-uploads");
const status = document.getElementById("file-status");

// A piece is kept by the server once it has arrived as a whole.
const PIECE = 256 * 1024;
const RETRY_AFTER = [1000, 3000, 5000, 10_000, 20_000, 30_000, 30_000, 60_000, 60_000, 60_000];

/** Says something in a document's line, and to those who listen to the page. */
function say({ said }, sentence) {
  said.textContent = sentence;
  status.textContent = sentence;
}

/** Adds the line of a document, with how far it has come and a button that ends it. */
function addLine(file) {
  const shown = {
    line: document.createElement("li"),
    name: document.createElement("strong"),
    bar: document.createElement("progress"),
    said: document.createElement("span"),
    cancel: document.createElement("button"),
    // Whether it was cancelled, and what ends its upload.
    over: false,
    end: () => {},
  };
  const { line, name, bar, said, cancel } = shown;
  line.className = "file-line";
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  said.className = "muted small";
  said.textContent = box.dataset.waiting;
  cancel.type = "button";
  cancel.className = "button";
  cancel.dataset.weight = "quiet";
  cancel.textContent = box.dataset.cancel;
  cancel.setAttribute("aria-label", `${box.dataset.cancel}: ${file.name}`);
  cancel.addEventListener("click", () => {
    shown.over = true;
    line.remove();
    input.focus();
    shown.end();
  });
  const track = document.createElement("div");
  track.className = "progress";
  track.append(bar);
  line.append(name, track, said, cancel);
  uploads.append(line);
  return shown;
}

function fail(shown, sentence) {
  shown.bar.parentElement.remove();
  shown.name.remove();
  shown.cancel.textContent = box.dataset.dismiss;
  shown.cancel.setAttribute("aria-label", box.dataset.dismiss);
  shown.line.dataset.error = "yes";
  shown.said.className = "field-error";
  say(shown, sentence);
}

/** Takes the list of documents as the server has it now into the page. What was typed stays. */
async function showList() {
  const page = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!page.ok) throw new Error(page.statusText);
  const list = document.getElementById("file-list");
  const other = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("file-list");
  const notices = list.querySelectorAll(".notice").length;
  if (other === null) return false;
  list.replaceWith(other);
  return other.querySelectorAll(".notice").length > notices;
}

/** Returns what the server says against a document. */
function tellWhy(answer, name) {
  if (answer?.getStatus() === 401) return `${name}: ${box.dataset.signedOut}`;
  const told = answer?.getHeader("content-type") === "application/problem+json";
  return told ? JSON.parse(answer.getBody()).detail : `${name}: ${box.dataset.failed}`;
}

/** Sends a document. Resolves when it has arrived, was refused or was cancelled. */
function send(file, shown) {
  if (shown.over) return Promise.resolve();
  return new Promise((done) => {
    const upload = new tus.Upload(file, {
      endpoint: box.dataset.uploads,
      chunkSize: PIECE,
      retryDelays: RETRY_AFTER,
      metadata: { filename: file.name },
      removeFingerprintOnSuccess: true,
      // What the server has refused stays refused; a lost line, a full server and a piece out of order do not.
      onShouldRetry: (error) => {
        const code = error.originalResponse?.getStatus() ?? 0;
        const again = code === 0 || code === 409 || code === 423 || code === 429 || code >= 500;
        if (again && !shown.over) say(shown, box.dataset.resting);
        return again && !shown.over;
      },
      onProgress: (sent, all) => {
        shown.bar.value = all > 0 ? sent / all : 0;
        shown.said.textContent = sent < all ? `${box.dataset.sending} ${Math.floor((100 * sent) / all)}%` : box.dataset.checking;
      },
      onError: (error) => {
        if (!shown.over) fail(shown, tellWhy(error.originalResponse, file.name));
        done();
      },
      onSuccess: async () => {
        const look = await showList().catch(() => location.reload());
        shown.line.remove();
        status.textContent = `${file.name}: ${look ? box.dataset.look : box.dataset.done}`;
        done();
      },
    });
    shown.end = () => {
      upload.abort(true).catch(() => {});
      done();
    };
    // An upload of this file that a closed page has left goes on where it was.
    upload.findPreviousUploads().then((earlier) => {
      if (shown.over) return;
      const same = earlier.find((one) => one.uploadUrl !== null);
      if (same !== undefined) upload.resumeFromPreviousUpload(same);
      upload.start();
    });
  });
}

if (box !== null && input !== null && globalThis.tus?.isSupported) {
  document.getElementById("file-send").hidden = true;
  // One after another: a slow line is not divided, and the server looks through one at a time.
  let last = Promise.resolve();
  input.addEventListener("change", () => {
    const chosen = [...input.files].map((file) => ({ file, shown: addLine(file) }));
    // They are on their way, so the form does not send them again.
    input.value = "";
    for (const { file, shown } of chosen) {
      if (file.size > Number(box.dataset.maxBytes)) fail(shown, `${file.name}: ${box.dataset.tooLarge}`);
      else last = last.then(() => send(file, shown));
    }
  });
  addEventListener("beforeunload", (event) => {
    if (uploads.querySelector("progress") !== null) event.preventDefault();
  });
}
