#!/usr/bin/env bash
# Package:     @ssabrojs/hwpxjs 0.2.0 (npm); the file is made by python-hwpx 6.9.0
# Expectation: a space at the edge of a run (a bold word in a sentence makes three runs) is text and is kept.
# Behaviour:   every hp:t is trimmed, so the words around the run are joined.
# Output seen: '총점은81점이다' for '총점은 ' + '81점' + ' 이다'
# Source:      https://github.com/ssabro/hwpxjs ; XML 1.0, 2.10: a processor passes on all
#              white space in element content (https://www.w3.org/TR/xml/#sec-white-space)
# For Hanpyo:  search, word counts and quotes differ from the printed case wherever a word is set in bold.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install python-hwpx==6.9.0
npm --prefix . --silent --no-audit --no-fund --ignore-scripts install @ssabrojs/hwpxjs@0.2.0 >/dev/null
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
par = doc.add_paragraph("총점은 ")
par.add_run("81점")
par.add_run(" 이다")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
cat > r.mjs <<'JS'
import fs from "node:fs";
import { HwpxReader } from "@ssabrojs/hwpxjs";
const r = new HwpxReader();
await r.loadFromArrayBuffer(new Uint8Array(fs.readFileSync("a.hwpx")).buffer);
const text = (await r.extractText()).trim();
if (text !== "총점은81점이다") { console.log("changed", text); process.exit(1); }
console.log("hwpxjs 0.2.0: spaces between runs lost:", text);
JS
node r.mjs
