#!/usr/bin/env bash
# Package:     hangulang 0.1.1 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a word with a small annotation above it (덧말, hp:dutmal) is text of the sentence; the
#              annotation may be added or dropped.
# Behaviour:   convert_to_markdown() drops the word and keeps the annotation, as a paragraph of its own.
# Output seen: '심사 결과 으로 선정' and 'grand prize', without 대상
# Source:      OWPML (KS X 6101): hp:dutmal has mainText, the word in the line, and subText beside it;
#              https://github.com/myeolinmalchi/hangulang-python (Markdown from HWPX)
# For Hanpyo:  names written with Hanja above them vanish from the text: look for hp:mainText before
#              such a text is used.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install hangulang==0.1.1 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
from hwpx import HwpxDocument
doc = HwpxDocument.new()
par = doc.add_paragraph("심사 결과 ")
par.add_dutmal("대상", "grand prize")
par.add_run("으로 선정")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import hangulang
md = hangulang.convert_to_markdown(open("a.hwpx", "rb").read())
lines = [l for l in md.splitlines() if l]
assert lines == ["심사 결과 으로 선정", "grand prize"], ("changed", lines)
print("hangulang 0.1.1: the annotated word is lost:", lines)
PY
