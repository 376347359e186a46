#!/usr/bin/env bash
# Package:     pyhwp2md 0.1.3 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a table in a table's cell (usual in Korean forms) is written once, or not at all.
# Behaviour:   each inner cell is written three times: as text of the outer cell, as a further row of the
#              outer table, and as a table of its own.
# Output seen: '심사 81점' three times for one cell
# Source:      https://github.com/pitzcarraldo/pyhwp2md (README: tables supported)
# For Hanpyo:  sums and word limits counted from this Markdown are three times too high for such forms.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install pyhwp2md==0.1.3 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
outer = doc.add_table(1, 1)
cell = outer.cell(0, 0)
inner = cell.add_table(1, 2)
inner.set_cell_text(0, 0, "심사 81점")
inner.set_cell_text(0, 1, "시민 64점")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import zipfile
import pyhwp2md
xml = zipfile.ZipFile("a.hwpx").read("Contents/section0.xml").decode()
assert xml.count("심사 81점") == 1
md = pyhwp2md.convert("a.hwpx")
assert md.count("심사 81점") == 3, ("changed", md)
print("pyhwp2md 0.1.3: one inner cell written", md.count("심사 81점"), "times")
PY
