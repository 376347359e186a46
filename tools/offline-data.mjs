// Compares the offline data of sqlx in the repository with data made from a fresh database:
//   node tools/offline-data.mjs COMMITTED FRESH
// Names every query that is missing, stale or unused, and fails if there is one.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [committed, fresh] = process.argv.slice(2);

/** Maps the file name of every query in a folder to its text. */
function queries(folder) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^query-.*\.json$/.test(name)) : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Returns the start of the SQL on one line. */
const sql = (text) => JSON.parse(text).query.replace(/\s+/g, " ").trim().slice(0, 90);

const have = queries(committed);
const want = queries(fresh);
const problems = [];
for (const [name, text] of want) {
  if (!have.has(name)) problems.push(`missing  ${name}  ${sql(text)}`);
  else if (have.get(name) !== text) problems.push(`stale    ${name}  ${sql(text)}`);
}
for (const [name, text] of have) if (!want.has(name)) problems.push(`unused   ${name}  ${sql(text)}`);

for (const problem of problems.sort()) console.log(problem);
if (problems.length > 0) {
  console.log(`${problems.length} of ${want.size} queries differ from .sqlx: run \`./dev prepare\` and commit .sqlx.`);
  process.exitCode = 1;
} else {
  console.log(`${want.size} queries, all as in .sqlx.`);
}
