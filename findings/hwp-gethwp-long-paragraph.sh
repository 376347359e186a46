#!/usr/bin/env bash
# Package:     gethwp 1.1.1 (PyPI); the HWP 5 file is made by hwp-converter-ai 0.2.0, checked by pyhwp 0.1b15
# Expectation: a paragraph of 3,000 letters is read like a short one. HWP 5.0: a record of 4,095 bytes or
#              more has 0xFFF in its size field and the true size in the next four bytes.
# Behaviour:   read_hwp() takes 0xFFF itself as the size; the reading goes astray and an error of the text
#              decoder comes out. Short paragraphs are read well.
# Output seen: UnicodeDecodeError for a file which hwp5txt reads to the end
# Source:      Hancom, HWP document file format 5.0, data record structure
#              (text at https://ohah.github.io/hwpjs/spec/hwp-5.0.html, 4.1) ; https://github.com/0ssw1/gethwp
# For Hanpyo:  long, careful cases fail where short test files pass: test readers with long paragraphs.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install gethwp==1.1.1 hwp-converter-ai==0.2.0 pyhwp==0.1b15 six==1.17.0
v/bin/python - <<'PY'
from pathlib import Path
from hwp_converter_ai import HwpWriter
HwpWriter().from_markdown("가나다라마바 " * 430 + "끝말", Path("a.hwp"))
PY
v/bin/hwp5txt a.hwp > a.txt
grep -q '끝말' a.txt
v/bin/python -W ignore - <<'PY'
import gethwp
try:
    text = gethwp.read_hwp("a.hwp")
except UnicodeDecodeError as e:
    print("gethwp 1.1.1: long paragraph:", type(e).__name__)
else:
    raise SystemExit("changed: read %d letters" % len(text))
PY
