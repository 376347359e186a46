// Builds the site into target/site, which the server embeds: the browser half of `app` as
// WebAssembly, the styles, the font and public/. File names carry a hash of their content, so that a
// browser may cache them for ever and never mixes two builds. manifest.json lists the current names.
//
//   node tools/site.mjs            builds everything
//   node tools/site.mjs browser    only compiles the browser half (cargo, wasm-bindgen, wasm-opt)
//   node tools/site.mjs publish    only the styles, font, public files and the compiled browser half
//
// Each part caches its results under var/site by a hash of its inputs, so nothing is built twice.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync }
  from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompress, constants, gzip } from "node:zlib";
import { promisify } from "node:util";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SITE = join(ROOT, "target/site");
const KEPT = join(ROOT, "var/site");
const require = createRequire(import.meta.url);

// The features that rustc 1.95 enables for wasm32-unknown-unknown. Not --all-features, because then
// wasm-opt may write code that browsers of 2023 cannot run.
const WASM_OPT = [
  "-Oz", "--strip-debug", "--strip-producers",
  "--enable-bulk-memory", "--enable-bulk-memory-opt", "--enable-call-indirect-overlong",
  "--enable-multivalue", "--enable-mutable-globals", "--enable-nontrapping-float-to-int",
  "--enable-reference-types", "--enable-sign-ext",
];
// Chrome 111, Firefox 113 and Safari 16.2 were the first with color-mix() and oklch() (2023).
const BROWSERS = { chrome: 111 << 16, edge: 111 << 16, firefox: 113 << 16, safari: (16 << 16) | (2 << 8) };
const COMPRESSIBLE = new Set([".css", ".js", ".json", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"]);
const WEIGHTS = { min: 400, max: 820 };
const FONT_LICENCE =
  "/*! Pretendard, (c) 2021 Kil Hyung-jin, SIL Open Font License 1.1, https://openfontlicense.org */\n";

const TUS_LICENCE = "/*! tus-js-client, (c) tus.io and contributors, MIT, https://github.com/tus/tus-js-client */\n";

/** Ends the build with one sentence instead of a stack trace. */
class Refusal extends Error {}

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};
const hashed = (name, hash) => {
  const end = extname(name);
  return `${name.slice(0, -end.length)}.${hash.slice(0, 8)}${end}`;
};
const started = Date.now();
const say = (text) => console.log(`site: ${text} (${((Date.now() - started) / 1000).toFixed(1)} s)`);

/** Writes a file in one step, and only if it differs, because cargo compares file times. */
function put(path, bytes) {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(bytes))) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
  return true;
}

/** Returns all files below a folder, as paths relative to it, without hidden files. */
function files(folder, below = "") {
  if (!existsSync(join(folder, below))) return [];
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap((entry) => (entry.isDirectory() ? files(folder, join(below, entry.name)) : [join(below, entry.name)]))
    .sort();
}

function run(program, args, what) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) throw new Refusal(`${what} failed${error ? `: ${error.message}` : ""}.`);
}

/** Returns the folder of an npm package of tools/package.json. */
function npmFolder(name) {
  const folder = join(ROOT, "tools/node_modules", name);
  if (!existsSync(folder)) throw new Refusal(`the npm package ${name} is missing: run \`npm ci\` in tools/.`);
  return folder;
}
const npmVersion = (name) => JSON.parse(readFileSync(join(npmFolder(name), "package.json"), "utf8")).version;

// The browser half has three bundles: the countdown for everybody, all islands for judges and
// organisations, and a small program without islands for voters.
const BUNDLES = [
  { name: "hanpyo", crate: "app", features: "hydrate" },
  { name: "desk", crate: "app", features: "hydrate,desk" },
  { name: "voter", crate: "voter", features: "browser" },
];
const made = (bundle) => join(KEPT, "browser", bundle);

/** Returns a bundle as it was last compiled: js and wasm with one stem. */
function browser({ name }) {
  const folder = made(name);
  if (!existsSync(join(folder, "key"))) {
    say(`without the bundle ${name}: none is compiled yet`);
    return [];
  }
  const [js, wasm] = [`${name}.js`, `${name}.wasm`].map((file) => readFileSync(join(folder, file)));
  // Both have one stem, because Leptos requests <stem>.js and <stem>.wasm.
  const hash = sha256(js, wasm);
  const snippets = files(join(folder, "snippets")).map((path) => join("snippets", path));
  return [
    { name: `${name}.js`, path: hashed(`${name}.js`, hash), bytes: js },
    { name: `${name}.wasm`, path: hashed(`${name}.wasm`, hash), bytes: wasm },
    ...snippets.map((path) => ({ name: path, path, bytes: readFileSync(join(folder, path)) })),
  ];
}

/** Compiles a bundle by cargo, and by wasm-bindgen and wasm-opt if cargo's output is new. */
async function compileBrowser({ name, crate, features }) {
  const folder = made(name);
  say(`compiling the browser half: ${name}`);
  const cargo = ["build", "-p", crate, "--lib", "--target", "wasm32-unknown-unknown"];
  run("cargo", [...cargo, "--profile", "wasm-release", "--features", features], "compiling the browser half");

  const bindgen = process.env.WASM_BINDGEN ?? join(ROOT, "var/tools/bin/wasm-bindgen");
  const raw = join(ROOT, `target/wasm32-unknown-unknown/wasm-release/${crate}.wasm`);
  const version = spawnSync(bindgen, ["--version"], { encoding: "utf8" }).stdout ?? "";
  const key = sha256(readFileSync(raw), version, npmVersion("binaryen"), WASM_OPT.join(" "));
  if (existsSync(join(folder, "key")) && readFileSync(join(folder, "key"), "utf8") === key) return;

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  say("writing its JavaScript side (wasm-bindgen)");
  run(bindgen, ["--target", "web", "--no-typescript", "--out-name", name, "--out-dir", folder, raw], "wasm-bindgen");
  const from = join(folder, `${name}_bg.wasm`);
  const to = join(folder, `${name}.wasm`);
  say(`making it small (wasm-opt, from ${kilobytes(statSync(from).size)})`);
  run(process.execPath, [join(npmFolder("binaryen"), "bin/wasm-opt"), ...WASM_OPT, from, "-o", to], "wasm-opt");
  await WebAssembly.compile(readFileSync(to)).catch((error) => {
    throw new Refusal(`what wasm-opt wrote is not valid WebAssembly: ${error.message}`);
  });
  rmSync(from);
  writeFileSync(join(folder, "key"), key);
}

/** Bundles style/main.css with its imports, lowers nesting and light-dark(), and minifies. */
function styles() {
  const entry = join(ROOT, "style/main.css");
  if (!existsSync(entry)) throw new Refusal("style/main.css is missing.");
  npmFolder("lightningcss");
  const { bundle, Features } = require("lightningcss");
  try {
    const { code, warnings } = bundle({ filename: entry, minify: true, targets: BROWSERS, include: Features.Nesting });
    for (const { message, loc } of warnings) say(`warning in ${loc.filename}:${loc.line}: ${message}`);
    return [{ name: "hanpyo.css", path: hashed("hanpyo.css", sha256(code)), bytes: code }];
  } catch (error) {
    const at = error.loc ? `${relative(ROOT, error.fileName ?? entry)}:${error.loc.line}:${error.loc.column}: ` : "";
    throw new Refusal(`the styles do not build: ${at}${error.message}`);
  }
}

/** Returns every letter of our own texts, and of a keyboard. */
function letters() {
  const folder = join(ROOT, "phrases/text");
  const texts = readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  const all = texts.flatMap((text) => Object.values(text).flatMap(({ ko, en }) => [...ko, ...en]));
  const keyboard = Array.from({ length: 95 }, (_, at) => String.fromCodePoint(32 + at));
  return [...new Set([...all, ...keyboard])].filter((letter) => letter >= " ").sort();
}

/** Returns one file with the letters of our own texts, and its rule. It comes last, so browsers prefer it. */
async function ownLetters(folder) {
  const subsetFont = require("subset-font");
  const whole = readFileSync(join(folder, "woff2/PretendardVariable.woff2"));
  const used = letters();
  // The weights that the styles use (style/tokens.css).
  const bytes = await subsetFont(whole, used.join(""), { targetFormat: "woff2", variationAxes: { wght: WEIGHTS } });
  const path = `fonts/${hashed("pretendard-own.woff2", sha256(bytes))}`;
  const range = used.map((letter) => `U+${letter.codePointAt(0).toString(16)}`).join(",");
  // The weights are those of the parts' rules: a browser compares ranges of letters only among faces whose other
  // descriptors are the same, and would take the parts otherwise.
  const rule = `@font-face{font-family:"Pretendard Variable";font-style:normal;font-display:swap;font-weight:45 920;src:url(${path}) format("woff2-variations");unicode-range:${range}}`;
  return { path, bytes, rule };
}

/**
 * Returns Pretendard: one file with the letters of our own texts, and 92 parts for the texts of others. A browser
 * loads only the parts whose letters a page uses.
 */
async function fonts() {
  const folder = join(npmFolder("pretendard"), "dist/web/variable");
  const { transform } = require("lightningcss");
  const parts = [];
  const css = readFileSync(join(folder, "pretendardvariable-dynamic-subset.css"), "utf8");
  const rewritten = css.replace(/url\((\.\/[^)]+\.woff2)\)/g, (_, url) => {
    const bytes = readFileSync(join(folder, url));
    const number = /subset\.(\d+)\.woff2$/.exec(basename(url))[1];
    const path = `fonts/${hashed(`pretendard-${number}.woff2`, sha256(bytes))}`;
    parts.push({ path, bytes });
    return `url(${path})`;
  });
  const own = await ownLetters(folder);
  parts.push({ path: own.path, bytes: own.bytes });
  const { code } = transform({ filename: "fonts.css", code: Buffer.from(rewritten + own.rule), minify: true });
  const bytes = Buffer.concat([Buffer.from(FONT_LICENCE), code]);
  return [{ name: "fonts.css", path: hashed("fonts.css", sha256(bytes)), bytes }, ...parts];
}

/** Returns the two font weights of printed sheets. Only the server reads them. */
function pressFonts() {
  const folder = join(npmFolder("pretendard"), "dist/public/static");
  return ["Regular", "Bold"].map((weight) => ({
    path: `press/pretendard-${weight.toLowerCase()}.otf`,
    bytes: readFileSync(join(folder, `Pretendard-${weight}.otf`)),
  }));
}

/** Returns the files of public/ without hashes, because browsers request robots.txt by its name. */
/** Returns the client that sends documents in pieces, without the address of its map. */
const tusClient = () => readFileSync(join(npmFolder("tus-js-client"), "dist/tus.min.js"), "utf8")
  .replace(/\n\/\/# sourceMappingURL=.*/, "");

const publicFiles = () => files(join(ROOT, "public"))
  .map((path) => ({ name: path, path, bytes: readFileSync(join(ROOT, "public", path)) }))
  .concat({ name: "tus.js", path: "tus.js", bytes: TUS_LICENCE + tusClient() });

const kilobytes = (size) => `${Math.round(size / 1024)} KB`;
const ENCODINGS = [
  { end: ".br", pack: promisify(brotliCompress), options: (size) => ({ params: {
    [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: size } }) },
  { end: ".gz", pack: promisify(gzip), options: () => ({ level: 9 }) },
];

/** Returns the .br and .gz versions of a file that are smaller than it, cached by content hash. */
async function twins({ path, bytes }) {
  if (!COMPRESSIBLE.has(extname(path))) return [];
  const found = [];
  for (const { end, pack, options } of ENCODINGS) {
    const kept = join(KEPT, "packed", `${sha256(bytes)}${end}`);
    if (!existsSync(kept)) put(kept, await pack(bytes, options(bytes.length)));
    const packed = readFileSync(kept);
    if (packed.length < bytes.length) found.push({ path: `${path}${end}`, bytes: packed, kept });
    else found.push({ kept });
  }
  return found;
}

async function compress(all) {
  const queue = all.filter(({ path }) => COMPRESSIBLE.has(extname(path)));
  const total = queue.length;
  const packed = [];
  // zlib compresses in its own threads, so several files at a time use all processors.
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      packed.push(...await twins(file));
      if (total > 20 && (total - queue.length) % 20 === 0) say(`compressing, ${total - queue.length} of ${total}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const keep = new Set(packed.map(({ kept }) => basename(kept)));
  for (const old of files(join(KEPT, "packed"))) if (!keep.has(old)) rmSync(join(KEPT, "packed", old));
  return packed.filter(({ path }) => path);
}

/** Writes all files, and the manifest last, because cargo rebuilds the server when it changes. */
function publish(all, manifest) {
  let changed = 0;
  for (const { path, bytes } of all) changed += put(join(SITE, path), bytes);
  const wanted = new Set([...all.map(({ path }) => path), "manifest.json"]);
  for (const path of files(SITE).filter((path) => !wanted.has(path))) {
    rmSync(join(SITE, path));
    changed += 1;
  }
  // Write the manifest anew after any change, even with equal text, because cargo compares its time.
  if (changed > 0) rmSync(join(SITE, "manifest.json"), { force: true });
  put(join(SITE, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return changed;
}

async function main(part = "all") {
  if (part !== "publish") for (const bundle of BUNDLES) await compileBrowser(bundle);
  if (part === "browser") return;
  const named = [...BUNDLES.flatMap(browser), ...styles(), ...(await fonts()), ...pressFonts(), ...publicFiles()];
  const twice = named.find(({ path }, at) => named.findIndex((other) => other.path === path) !== at);
  if (twice) throw new Refusal(`two files of the site are called ${twice.path}: rename the one in public/.`);
  const packed = await compress(named);
  const manifest = Object.fromEntries(named.filter(({ name }) => name).map(({ name, path }) => [name, path]));
  const changed = publish([...named, ...packed], manifest);
  const weight = (name) => packed.find(({ path }) => path === `${manifest[name]}.br`)?.bytes.length ?? 0;
  const weights = ["hanpyo.wasm", "hanpyo.js", "desk.wasm", "desk.js", "voter.wasm", "voter.js", "hanpyo.css"].map((name) => `${name} ${kilobytes(weight(name))}`);
  say(`${named.length} files, ${changed} changed; over the wire: ${weights.join(", ")}`);
}

main(process.argv[2]).catch((error) => {
  console.error(error instanceof Refusal ? `site: ${error.message}` : error);
  process.exitCode = 1;
});
