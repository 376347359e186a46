#!/bin/bash
# Package: typst 0.15.2 (PyPI), function numbering() with the symbol "가".
# Expectation: the list 가 나 다 ... 하 goes on as Korean official papers do, with the next
#   vowel: 거 너 더 ..., so the fifteenth item is 거.
# Behaviour: after the fourteenth letter the letters are doubled like columns of a
#   spreadsheet: 가가, 가나, ...
# Output seen: 하. 가가. 가나.
# Source: enforcement rule on the management of administrative work, the table of item
#   marks (가., 나., 다. ... 하., then 거., 너., 더.):
#   https://www.law.go.kr/법령/행정업무의운영및혁신에관한규정시행규칙 ;
#   https://typst.app/docs/reference/model/numbering/
# For Hanpyo: a round with more than fourteen conditions or attachments is numbered in a
#   form that a Korean office does not use, so references to "거목" do not resolve.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q typst==0.15.2
"$dir/v/bin/python" - <<'P'
import json, typst
def mark(n):
    src = '#metadata(numbering("가.", %d)) <n>' % n
    return json.loads(typst.query(src.encode(), "<n>", field="value", one=True))
got = [mark(n) for n in (1, 14, 15, 16)]
print(*got)
assert got == ["가.", "하.", "가가.", "가나."], "behaviour changed"
P
