// Sends the chosen documents of a case at once, in pieces that go on after a broken line. Without scripts, and where the
// client of the protocol is missing, the button of the form sends them.
const box = document.getElementById("files");
const input = document.getElementById("field-files");
const uploads = document.getElementById("file-uploads");
const status = document.getElementById("file-status");

// A piece is kept by the server once it has arrived as a whole.
const PIECE = 256 * 1024;
const RETRY_AFTER = [1000, 3000, 5000, 10_000, 20_000, 30_000, 30_000, 60_000, 60_000, 60_000];

/** Shows how far a document has come, with a button that ends it. */
function addLine(file, upload) {
  const line = document.createElement("li");
  line.className = "file-line";
  const name = document.createElement("strong");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", file.name);
  const said = document.createElement("span");
  said.className = "muted small";
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.className = "button";
  cancel.dataset.weight = "quiet";
  cancel.textContent = box.dataset.cancel;
  cancel.setAttribute("aria-label", `${box.dataset.cancel}: ${file.name}`);
  cancel.addEventListener("click", async () => {
    line.remove();
    await upload()?.abort(true).catch(() => {});
  });
  const track = document.createElement("div");
  track.className = "progress";
  track.append(bar);
  line.append(name, track, said, cancel);
  uploads.append(line);
  return { line, bar, said, cancel };
}

function fail({ line, bar, said, cancel }, sentence) {
  bar.parentElement.remove();
  cancel.textContent = "×";
  line.dataset.error = "yes";
  said.className = "field-error";
  said.textContent = sentence;
  status.textContent = sentence;
}

/** Takes the list of documents as the server has it now into the page. What was typed stays. */
async function showList() {
  const page = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!page.ok) throw new Error(page.statusText);
  const other = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("file-list");
  if (other !== null) document.getElementById("file-list").replaceWith(other);
}

function send(file) {
  let upload = null;
  const shown = addLine(file, () => upload);
  if (file.size > Number(box.dataset.maxBytes)) return fail(shown, `${file.name}: ${box.dataset.tooLarge}`);
  shown.said.textContent = box.dataset.sending;
  return new Promise((done) => {
    upload = new tus.Upload(file, {
      endpoint: box.dataset.uploads,
      chunkSize: PIECE,
      retryDelays: RETRY_AFTER,
      metadata: { filename: file.name },
      removeFingerprintOnSuccess: true,
      // What the server has refused stays refused; a lost line, a full server and a piece out of order do not.
      onShouldRetry: (error) => {
        const code = error.originalResponse?.getStatus() ?? 0;
        const again = code === 0 || code === 409 || code === 423 || code === 429 || code >= 500;
        if (again) shown.said.textContent = box.dataset.resting;
        return again;
      },
      onProgress: (sent, all) => {
        shown.bar.value = all > 0 ? sent / all : 0;
        shown.said.textContent = sent < all ? `${box.dataset.sending} ${Math.floor((100 * sent) / all)}%` : box.dataset.checking;
      },
      onError: (error) => {
        const answer = error.originalResponse;
        const told = answer?.getHeader("content-type") === "application/problem+json" ? JSON.parse(answer.getBody()).detail : "";
        fail(shown, told || `${file.name}: ${box.dataset.failed}`);
        done();
      },
      onSuccess: async () => {
        await showList().catch(() => location.reload());
        shown.line.remove();
        status.textContent = `${file.name}: ${box.dataset.done}`;
        done();
      },
    });
    // An upload of this file that a closed page has left goes on where it was.
    upload.findPreviousUploads().then((earlier) => {
      const same = earlier.find((one) => one.uploadUrl !== null);
      if (same !== undefined) upload.resumeFromPreviousUpload(same);
      upload.start();
    });
  });
}

if (box !== null && input !== null && globalThis.tus?.isSupported) {
  document.getElementById("file-send").hidden = true;
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    // They are on their way, so the form does not send them again.
    input.value = "";
    // One after another: a slow line is not divided, and the server looks through one at a time.
    for (const file of chosen) await send(file);
  });
  addEventListener("beforeunload", (event) => {
    if (uploads.querySelector("progress") !== null) event.preventDefault();
  });
}
