// How the functions of the program are named: how many names are one word, how long names are, and which
// names are used often. Prints both figures for each crate and for all, and fails beyond the aims of
// CONTRIBUTING.md. Tests, and methods that a trait names, do not count.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const CRATES = ["domain", "phrases", "press", "documents", "voter", "backend", "app", "server", "auditor", "simulator"];
const ONE_WORD_PERCENT = 30;
const MEAN_LETTERS = 12;
const MOST_USES = 8;

const DEFINITION = /^\s*(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?(?:extern "C" )?fn (\w+)/;

/** Every Rust file below a folder, without files of tests. */
function* rustFiles(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== "tests") yield* rustFiles(path);
    } else if (name.endsWith(".rs") && name !== "tests.rs") {
      yield path;
    }
  }
}

/** The names of a file's functions, without its unit tests, trait impls and Leptos components. */
function functionNames(text) {
  const names = [];
  let inTraitImpl = false;
  for (const line of text.split(/#\[cfg\(test\)\]\s*mod \w+ \{/)[0].split("\n")) {
    if (/^\s*impl\b.* for .*\{/.test(line)) inTraitImpl = true;
    else if (/^(}|impl|pub|fn|struct|enum|mod|trait)/.test(line)) inTraitImpl = false;
    const found = line.match(DEFINITION);
    if (found && !inTraitImpl && !/^[A-Z]/.test(found[1])) names.push(found[1]);
  }
  return names;
}

function figures(title, names) {
  const oneWord = names.filter((name) => !name.includes("_")).length;
  const letters = names.reduce((sum, name) => sum + name.length, 0);
  const percent = (100 * oneWord) / names.length;
  const mean = letters / names.length;
  const row = [title.padEnd(10), `${names.length}`.padStart(5), `${percent.toFixed(1)} %`.padStart(8), mean.toFixed(1).padStart(6)];
  console.log(row.join("  "));
  return { percent, mean };
}

console.log("crate       functions  one word  mean letters");
const all = [];
for (const crate of CRATES) {
  const names = [];
  for (const path of rustFiles(join(crate, "src"))) names.push(...functionNames(readFileSync(path, "utf8")));
  figures(crate, names);
  all.push(...names);
}
const { percent, mean } = figures("all", all);

const uses = new Map();
for (const name of all) uses.set(name, (uses.get(name) ?? 0) + 1);
const often = [...uses].filter(([, count]) => count > MOST_USES).sort((one, other) => other[1] - one[1]);
console.log(`names used more than ${MOST_USES} times: ${often.map(([name, count]) => `${name} ${count}`).join(", ") || "no name"}`);

if (percent > ONE_WORD_PERCENT || mean < MEAN_LETTERS || often.length > 0) {
  console.log(`aims: one word ≤ ${ONE_WORD_PERCENT} %, mean ≥ ${MEAN_LETTERS} letters, no name more than ${MOST_USES} times`);
  process.exitCode = 1;
}
