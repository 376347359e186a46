#!/usr/bin/env bash
# Package:     python-hwpx 6.9.0 (PyPI)
# Expectation: after add_tracked_replace("300", "400") the exported text says either 300 (not accepted yet) or
#              400 (final view), or marks the two.
# Behaviour:   export_text() writes the deleted and the inserted words side by side as plain text.
# Output seen: '찬성 300400표'
# Source:      https://airmang.github.io/python-hwpx/ (tracked changes; text export)
# For Hanpyo:  a case sent in with open tracked changes shows numbers that nobody wrote: refuse or
#              resolve hp:deleteBegin/hp:insertBegin before reading.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
par = doc.add_paragraph("찬성 300표")
doc.add_tracked_replace(par, "300", "400", author="검토자")
text = doc.export_text().strip()
assert text == "찬성 300400표", ("changed", text)
print("python-hwpx 6.9.0: deleted and inserted text glued:", text)
PY
