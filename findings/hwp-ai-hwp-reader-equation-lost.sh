#!/usr/bin/env bash
# Package:     ai-hwp-reader 0.5.2 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: its README says that the original script of an equation is kept, for HWP and HWPX, in a
#              block of kind "equation".
# Behaviour:   for HWPX (hp:equation with hp:script) there is no such block and no word of the script;
#              the words around it are joined.
# Output seen: '시민 비율 로 한다', no equation block
# Source:      https://github.com/renovys/ai-hwp-reader (README: table of features, list of blocks)
# For Hanpyo:  the rule of a formula for scores disappears from a case without a mark; count hp:equation
#              against the reader's blocks.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install ai-hwp-reader==0.5.2 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
par = doc.add_paragraph("시민 비율 ")
par.add_equation("81 over 100")
par.add_run("로 한다")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import hwp_reader
blocks = hwp_reader.read("a.hwpx")
text = hwp_reader.render(blocks).strip()
assert text == "시민 비율 로 한다", ("changed", text)
assert "over" not in repr(blocks) and "equation" not in repr(blocks).lower(), ("changed", blocks)
print("ai-hwp-reader 0.5.2: equation lost:", repr(text))
PY
