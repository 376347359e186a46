#!/usr/bin/env bash
# Package:     openhanji 0.1.0 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a numbered list that begins at 4 in the document begins at 4 in Markdown, which has a way
#              to say so (the first item's number).
# Behaviour:   each item is written '1.', so the list is drawn from 1.
# Output seen: '1. 가람', '1. 나래' for 4. and 5.
# Source:      OWPML (KS X 6101), header: hh:paraHead start="4" of the numbering; CommonMark 0.31, lists
#              (https://spec.commonmark.org/0.31.2/#start-number)
# For Hanpyo:  cases that go on from an earlier list get numbers that belong to others; numbers that
#              matter have to be typed.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install openhanji==0.1.0 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
for text in ("머리", "가람", "나래"):
    doc.add_paragraph(text)
n = len(doc.paragraphs)
doc.set_list_format(paragraph_indexes=[n - 2, n - 1], kind="number", start=4)
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import re, zipfile, openhanji
header = zipfile.ZipFile("a.hwpx").read("Contents/header.xml").decode()
assert re.search(r'<hh:paraHead [^>]*start="4"[^>]*level="1"', header), "no start number in the file"
lines = [l for l in openhanji.open("a.hwpx").to_markdown().splitlines() if l]
assert lines == ["머리", "1. 가람", "1. 나래"], ("changed", lines)
print("openhanji 0.1.0: list from 4 drawn from 1:", lines)
PY
