// Measures how much memory a server takes while documents arrive: 50 uploads of 20 MB at once by default.
//
//   node tools/bench-uploads.mjs PROGRAM [UPLOADS [MEGABYTES]]
//
// It makes its own server with a fresh demonstration, and starts it a second time, because loading a demonstration takes
// memory that no server of a city takes. A refusal for lack of place (503) is sent again after two seconds, as browsers do.

import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const [program, uploads = "50", megabytes = "20"] = process.argv.slice(2);
const SIZE = Number(megabytes) * 1024 * 1024 - 4096;
const PIECE = 256 * 1024;
const CASES = Math.ceil(Number(uploads) / 2);
const PORT = 20_000 + Math.floor(Math.random() * 3000);
const SITE = `http://127.0.0.1:${PORT}`;
const folder = mkdtempSync(join(tmpdir(), "hanpyo-uploads."));
chmodSync(folder, 0o755);

async function start() {
  const flags = ["serve", "--demo", "--listen", `127.0.0.1:${PORT}`, "--data-dir", folder];
  const server = spawn(program, flags, { stdio: ["ignore", "pipe", "pipe"] });
  await new Promise((done, failed) => {
    const read = (bytes) => String(bytes).includes("listening on") && done();
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.on("exit", (code) => failed(new Error(`the server ended with ${code}`)));
  });
  server.removeAllListeners("exit");
  return server;
}

const stop = (server) => new Promise((done) => {
  server.on("exit", done);
  server.kill("SIGTERM");
});

/** Memory that the server itself has now, in MiB, without its database and the processes that read documents. */
const memory = ({ pid }) => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);

const post = (path, fields, headers = {}) => fetch(SITE + path, {
  method: "POST",
  redirect: "manual",
  headers: { "sec-fetch-site": "same-origin", ...headers },
  body: new URLSearchParams(fields),
});

/** A PDF with one page of text and, behind it, as many bytes as are wanted, which differ for each number. */
function makeDocument(number) {
  const text = "BT /F1 12 Tf 72 720 Td (Hanpyo) Tj ET";
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${text.length}>>stream\n${text}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    `<</Length ${SIZE - 1500}>>stream\n${String(number).padEnd(SIZE - 1500, "x")}\nendstream`,
  ];
  let file = "%PDF-1.4\n";
  const starts = objects.map((object, at) => {
    const start = file.length;
    file += `${at + 1} 0 obj${object}endobj\n`;
    return start;
  });
  const rows = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const table = `xref\n0 7\n0000000000 65535 f \n${rows}trailer<</Size 7/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF`;
  return Buffer.from(file + table, "latin1");
}

let again = 0;
let failed = 0;

async function send(path, number, headers) {
  const file = makeDocument(number);
  const about = { "upload-length": String(file.length), "upload-metadata": `filename ${btoa(`${number}.pdf`)}` };
  let place = null;
  for (let from = 0; from < file.length;) {
    const answer = place === null
      ? await fetch(`${SITE}${path}/uploads`, { method: "POST", headers: { ...headers, ...about } })
      : await fetch(SITE + place, {
        method: "PATCH",
        headers: { ...headers, "content-type": "application/offset+octet-stream", "upload-offset": String(from) },
        body: file.subarray(from, from + PIECE),
      });
    if (answer.status === 201) place = answer.headers.get("location");
    else if (answer.status === 204) from = Number(answer.headers.get("upload-offset"));
    else if (answer.status >= 500) {
      again += 1;
      await pause(2000);
    } else {
      failed += 1;
      console.log(`${answer.status}: ${await answer.text()}`);
      return;
    }
  }
}

await stop(await start());
const server = await start();
try {
  const signed = await post("/sign-in", { email: "member@hanpyo.example", password: "hanpyo-demo-2024", next: "" });
  const cookie = signed.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  const form = "/organisation/cases/new?edition=daejeon-2024-call";
  const page = await (await fetch(SITE + form, { headers: { cookie } })).text();
  const track = /<option value="([0-9a-f-]{36})"/.exec(page)[1];
  const cases = [];
  for (let at = 0; at < CASES; at += 1) {
    cases.push((await post(form, { title: `Case ${at}`, track }, { cookie })).headers.get("location"));
  }
  const headers = { cookie, "sec-fetch-site": "same-origin", "tus-resumable": "1.0.0" };
  const before = memory(server);
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, memory(server))), 50);
  const began = Date.now();
  await Promise.all(Array.from({ length: Number(uploads) }, (_, at) => send(cases[at % CASES], at, headers)));
  clearInterval(timer);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`${uploads} uploads of ${megabytes} MB at once: ${seconds} s, ${again} sent again, ${failed} refused`);
  console.log(`memory of the server: ${before} MiB before, at most ${peak} MiB meanwhile (aim 200)`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await stop(server);
  rmSync(folder, { recursive: true, force: true });
}
