#!/usr/bin/env bash
# Package:     unhwpy 0.2.0 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: text without any line comes out as plain words; in the file its style says underline
#              type="NONE" and strikeout shape="NONE".
# Behaviour:   convert_to_markdown() underlines and strikes out every word of every document.
# Output seen: '<u>~~총점 81점~~</u>'
# Source:      OWPML (KS X 6101), header: the type or shape NONE of these two elements means no line;
#              the package calls its output structured Markdown
# For Hanpyo:  a case text would be shown as withdrawn; a reader that takes the element's presence for
#              its value is caught by one file without any formatting.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install unhwpy==0.2.0 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("총점 81점")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import re, zipfile, unhwpy
header = zipfile.ZipFile("a.hwpx").read("Contents/header.xml").decode()
assert set(re.findall(r'<hh:underline type="(\w+)"', header)) == {"NONE"}
assert set(re.findall(r'<hh:strikeout shape="(\w+)"', header)) == {"NONE"}
md = unhwpy.convert_to_markdown(open("a.hwpx", "rb").read()).strip()
assert md == "<u>~~총점 81점~~</u>", ("changed", md)
print("unhwpy 0.2.0: plain text struck out:", md)
PY
