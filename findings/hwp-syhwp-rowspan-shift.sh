#!/usr/bin/env bash
# Package:     syhwp 0.0.8 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: its README says that Markdown leaves the cells covered by a merged cell blank, so a cell
#              right of a merged label stays in its own column (OWPML gives each cell's colAddr).
# Behaviour:   below a cell merged downwards the row moves one column left; the blank is put at its end.
# Output seen: header '| 구분 | 심사 | 시민 |', next row '| 81 | 64 |  |' where 81 belongs under 심사
# Source:      https://github.com/sysphere/syhwp (README, on merged table cells)
# For Hanpyo:  scores read from a form land under the wrong heading: place cells by colAddr/rowAddr.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install syhwp==0.0.8 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
table = doc.add_table(2, 3)
for row, col, text in [(0, 0, "구분"), (0, 1, "심사"), (0, 2, "시민"), (1, 1, "81"), (1, 2, "64")]:
    table.set_cell_text(row, col, text)
table.merge_cells(0, 0, 1, 0)
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import syhwp
lines = syhwp.extract_markdown("a.hwpx").strip().splitlines()
cells = [[c.strip() for c in l.strip("|").split("|")] for l in lines]
assert cells[0] == ["구분", "심사", "시민"], cells
assert cells[2] == ["81", "64", ""], ("changed", cells)      # right: ["", "81", "64"]
print("syhwp 0.0.8: row under a merged cell moved left:", cells[2])
PY
