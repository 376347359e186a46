#!/usr/bin/env bash
# Package:     hwp2markdown 0.1.0 (PyPI), read with markdown-it-py 4.3.0; file by python-hwpx 6.9.0
# Expectation: two ordinary paragraphs whose typed text begins '2. ' and '5. ' are shown with these
#              numbers; its README takes list numbers from the paragraph numbering, and there is none here.
# Behaviour:   the typed numbers are not escaped, so Markdown makes one list of them and counts on:
#              candidate 5 is shown as 3.
# Output seen: Markdown '2. 가람 …5. 나래', drawn as an ordered list from 2: 가람 2, 나래 3
# Source:      CommonMark 0.31, list items and backslash escapes (https://spec.commonmark.org/0.31.2/#lists:
#              the start number is that of the first item, the others' numbers are disregarded)
# For Hanpyo:  the symbol numbers of cases change on the page though the text is complete; escape the
#              first number of a line.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install hwp2markdown==0.1.0 markdown-it-py==4.3.0 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("2. 가람")
doc.add_paragraph("5. 나래")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import re, hwp2md
from markdown_it import MarkdownIt
md = hwp2md.convert_bytes(open("a.hwpx", "rb").read()).markdown
html = re.sub(r"\s", "", MarkdownIt("commonmark").render(md))
assert md.split() == ["2.", "가람", "5.", "나래"], ("changed", md)
assert html == '<olstart="2"><li><p>가람</p></li><li><p>나래</p></li></ol>', ("changed", html)
print("hwp2markdown 0.1.0:", repr(md), "is drawn as", html)
PY
