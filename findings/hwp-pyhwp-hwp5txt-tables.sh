#!/usr/bin/env bash
# Package:     pyhwp 0.1b15 (PyPI), command hwp5txt; the HWP 5 file is made by hwp-converter-ai 0.2.0
# Expectation: its conversion to plain text includes the words in tables, where Korean
#              administration forms keep nearly all their content.
# Behaviour:   each table becomes the mark '<표>'; none of its cells is written. Exit code 0.
# Output seen: '앞 문단', '<표>', '뒤 문단'
# Source:      https://pythonhosted.org/pyhwp/intro.html (conversion to plain text), hwp5txt
# For Hanpyo:  a form consisting of one table gives an "empty" text: use another reader for HWP 5 forms.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install pyhwp==0.1b15 six==1.17.0 hwp-converter-ai==0.2.0 olefile==0.47
v/bin/python - <<'PY'
from pathlib import Path
from hwp_converter_ai import HwpWriter
HwpWriter().from_markdown("앞 문단\n\n| 항목 | 점수 |\n|---|---|\n| 사례 가 | 81 |\n\n뒤 문단\n", Path("a.hwp"))
PY
v/bin/hwp5proc xml a.hwp > a.xml                # the cells are in the file
grep -q '사례 가' a.xml
v/bin/hwp5txt a.hwp > a.txt
grep -q '뒤 문단' a.txt
grep -q '<표>' a.txt
if grep -q '사례 가' a.txt; then echo "changed: cells are written"; exit 1; fi
echo "pyhwp 0.1b15: hwp5txt writes <표> and no cell"
