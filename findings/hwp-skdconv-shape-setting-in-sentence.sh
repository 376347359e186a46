#!/usr/bin/env bash
# Package:     skdconv 1.0.5 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a paragraph with a drop cap is the letter and the words; numbers that only set up the
#              drawn frame (hp:parameterset) are no text.
# Behaviour:   the value of such a setting is glued to the front of the sentence.
# Output seen: '2026년 81점' becomes '22026년 81점'
# Source:      OWPML (KS X 6101): the text of a paragraph is in hp:t only; hp:parameterset holds
#              named settings of an object
# For Hanpyo:  a year or a score at the start of a paragraph becomes another number; compare digits
#              with those of all hp:t.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install skdconv==1.0.5 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
par = doc.add_paragraph("2026년 81점")
par.add_drop_cap("시", width=3000, height=3000)
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import re, zipfile, skdconv
section = zipfile.ZipFile("a.hwpx").read("Contents/section0.xml").decode()
texts = re.findall(r"<hp:t>([^<]*)</hp:t>", section)
assert "2026년 81점" in texts and not any("22026" in x for x in texts), texts
md = skdconv.parse(open("a.hwpx", "rb").read()).markdown
assert "22026년 81점" in md, ("changed", md)
print("skdconv 1.0.5: a setting of the frame in the sentence:", repr(md))
PY
