#!/usr/bin/env bash
# Package:     unhwp 0.23.1 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a footnote in mid-paragraph does not end the paragraph: the words after it are kept.
# Behaviour:   extract_text() drops the rest of the paragraph after the footnote, without an error.
# Output seen: '찬성 300표집계 기준' : the closing ' 반대 20표' is missing
# Source:      https://github.com/iyulab/unhwp (README: document extraction to text and Markdown)
# For Hanpyo:  half a sentence vanishes from a case with footnotes: compare with the letters of hp:t.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install unhwp==0.23.1 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
par = doc.add_paragraph("찬성 300표")
doc.add_footnote("집계 기준", paragraph=par)
par.add_run(" 반대 20표")
doc.add_paragraph("다음 문단")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import unhwp
from hwpx import HwpxDocument
assert "찬성 300표 반대 20표" in HwpxDocument.open("a.hwpx").export_text()
text = unhwp.extract_text("a.hwpx")
assert "다음 문단" in text and "찬성 300표" in text, text
assert "반대" not in text, ("changed", text)
print("unhwp 0.23.1: text after a footnote is lost:", repr(text.strip()))
PY
