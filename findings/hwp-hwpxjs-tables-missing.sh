#!/usr/bin/env bash
# Package:     @ssabrojs/hwpxjs 0.2.0 (npm); the file is made by python-hwpx 6.9.0
# Expectation: extractText() gives the document's whole text and extractHtml() with renderTables draws
#              tables, as the README says.
# Behaviour:   a table that stands where OWPML puts it (hp:tbl in hp:run) is in neither: no cell, no <table>.
# Output seen: text '앞 문단' / '뒤 문단' without '사례 가' and '81'
# Source:      https://github.com/ssabro/hwpxjs (README: table rendering, all text)
# For Hanpyo:  a form is previewed empty in the browser though the file is full.
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
doc.add_paragraph("앞 문단")
table = doc.add_table(1, 2)
table.set_cell_text(0, 0, "사례 가")
table.set_cell_text(0, 1, "81")
doc.add_paragraph("뒤 문단")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
cat > r.mjs <<'JS'
import fs from "node:fs";
import { HwpxReader } from "@ssabrojs/hwpxjs";
const r = new HwpxReader();
await r.loadFromArrayBuffer(new Uint8Array(fs.readFileSync("a.hwpx")).buffer);
const text = await r.extractText();
const html = await r.extractHtml({ renderTables: true });
const seen = [text, html].map((s) => s.includes("사례") || s.includes("<table"));
if (!text.includes("앞") || !text.includes("뒤") || seen[0] || seen[1]) { console.log("changed", text, html); process.exit(1); }
console.log("hwpxjs 0.2.0: table missing in text and HTML:", JSON.stringify(text.trim()));
JS
node r.mjs
