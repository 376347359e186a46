#!/usr/bin/env bash
# Package:     python-hwpx 6.9.0 (PyPI)
# Expectation: fill_by_path("성명 > right") finds the label of a usual Korean form, where two-letter labels
#              are padded with spaces ('성  명') to the width of longer ones. It does pass over the colon
#              of '연락처:'.
# Behaviour:   the padded label is "not found" and the cell stays empty; the colon one is filled. No error is
#              raised: only the returned list tells.
# Output seen: applied_count 1, failed_count 1 (label not found)
# Source:      https://airmang.github.io/python-hwpx/ (filling forms by labels)
# For Hanpyo:  check failed_count after each fill, and try labels without inner spaces.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
table = doc.add_table(2, 2)
table.set_cell_text(0, 0, "성  명")
table.set_cell_text(1, 0, "연락처:")
res = doc.fill_by_path({"성명 > right": "홍길순", "연락처 > right": "02-000-0000"})
assert [a["path"] for a in res["applied"]] == ["연락처 > right"], ("changed", res)
assert [f["path"] for f in res["failed"]] == ["성명 > right"], ("changed", res)
assert table.cell(0, 1).text == ""
print("python-hwpx 6.9.0: padded label:", res["failed"])
PY
