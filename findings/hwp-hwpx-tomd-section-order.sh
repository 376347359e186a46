#!/usr/bin/env bash
# Package:     hwpx-tomd 0.2.2 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: sections come in document order: that of the spine in content.hpf, which is also the
#              order of their numbers (section0 ... section10).
# Behaviour:   the parts are sorted by name as text, so section10 comes after section1 and before section2.
# Output seen: 구역0 구역1 구역10 구역2 구역3 ...
# Source:      https://github.com/Engccer/hwpx-tomd (README: HWPX to Markdown, for reading);
#              https://tech.hancom.com/?p=2709 (content.hpf: spine is the reading order)
# For Hanpyo:  a long annex of eleven sections is judged in the wrong order; read the spine oneself.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install hwpx-tomd==0.2.2 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("구역0")
for n in range(1, 11):
    doc.add_section().add_paragraph(f"구역{n}")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import re, zipfile
import hwpx_tomd
spine = re.findall(r'itemref[^>]* idref="section(\d+)"', zipfile.ZipFile("a.hwpx").read("Contents/content.hpf").decode())
assert spine == [str(n) for n in range(11)], spine
order = re.findall(r"구역(\d+)", hwpx_tomd.to_markdown("a.hwpx"))
assert order == ["0", "1", "10"] + [str(n) for n in range(2, 10)], ("changed", order)
print("hwpx-tomd 0.2.2: order of sections:", *order)
PY
