#!/usr/bin/env bash
# Package:     jakal-hwpx 1.0 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: the document's text keeps neighbouring table cells apart (tab, space or line).
# Behaviour:   get_document_text() writes the cells with nothing between them: two scores become one number.
# Output seen: '사례 가8112' for the cells '사례 가', '81', '12'
# Source:      https://github.com/Ahnd6474/jakal-hwpx (README: reader/editor for HWPX)
# For Hanpyo:  a score sheet read this way shows 8112 for 81 and 12: read tables cell by cell only.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install jakal-hwpx==1.0 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
table = doc.add_table(1, 3)
for col, text in enumerate(["사례 가", "81", "12"]):
    table.set_cell_text(0, col, text)
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
from jakal_hwpx import HwpxDocument
text = HwpxDocument.open("a.hwpx").get_document_text()
assert "사례 가8112" in text, ("changed", text)
print("jakal-hwpx 1.0: cells run together:", repr(text.strip()))
PY
