#!/usr/bin/env bash
# Package:     unhwp 0.23.1 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: its README lists preserve_line_breaks = True as the default: a line break inside a
#              paragraph becomes a hard break in Markdown.
# Behaviour:   for HWPX, hp:lineBreak leaves nothing behind, not even a space; two lines run together.
# Output seen: '가점 35점 만점' for '가점 3' / '5점 만점'
# Source:      https://github.com/iyulab/unhwp (README, render options)
# For Hanpyo:  numbers at the end and start of two lines become another number.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install unhwp==0.23.1 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("가점 3@@5점 만점")
doc.save_to_path("a.hwpx")
parts = [(i, zipfile.ZipFile("a.hwpx").read(i)) for i in zipfile.ZipFile("a.hwpx").infolist()]
with zipfile.ZipFile("a.hwpx", "w") as z:
    for i, data in parts:
        if i.filename == "Contents/section0.xml":
            data = data.decode().replace("@@", "<hp:lineBreak/>").encode()
        z.writestr(i, data)
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import unhwp
from hwpx import HwpxDocument
assert "가점 3\n5점 만점" in HwpxDocument.open("a.hwpx").export_text()
md = unhwp.to_markdown("a.hwpx").strip()
assert md == "가점 35점 만점", ("changed", md)
print("unhwp 0.23.1: line break lost:", repr(md))
PY
