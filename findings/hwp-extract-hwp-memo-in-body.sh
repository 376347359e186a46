#!/usr/bin/env bash
# Package:     extract-hwp 0.2.1 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a memo (margin balloon, off the page and off the print) is no body text; where it is
#              given at all it is marked as a memo.
# Behaviour:   the memo's text comes as an ordinary line of the body, before the word it is hung on, and once more after it.
# Output seen: lines 심사위원 비공개 의견 / 평가 대상 / 심사위원 비공개 의견, all alike
# Source:      https://github.com/thlee/extract-hwp (README: accuracy of the body text)
# For Hanpyo:  reviewers' memos left in a file would be shown to citizens as the case's own words:
#              remove MEMO fields before extraction.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install extract-hwp==0.2.1 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
par = doc.add_paragraph("평가 대상")
doc.add_memo_with_anchor("심사위원 비공개 의견", paragraph=par)
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
from extract_hwp import extract_text_from_hwp
text, error = extract_text_from_hwp("a.hwpx")
lines = [l for l in text.splitlines() if l.strip()]
assert error is None and "심사위원 비공개 의견" in lines, ("changed", lines)
print("extract-hwp 0.2.1: memo given as a body line:", lines)
PY
