#!/bin/bash
# Package: reportlab 5.1.0 (PyPI), Paragraph with wordWrap="CJK".
# Expectation: the East Asian wrap keeps both halves of the rule: no closing mark at a
#   line's start and no opening bracket at its end. The module lists both sets
#   (ALL_CANNOT_START and ALL_CANNOT_END in reportlab/lib/textsplit.py).
# Behaviour: only the first half is applied; a line may end in an opening bracket whose
#   content starts the next line, although one more short line would avoid it.
# Output seen: 수여일까지( / 금오만원)드 / 립니다
# Source: Unicode Standard Annex 14, class OP (no break after an opening mark), and
#   Requirements for Hangul Text Layout (https://www.w3.org/TR/klreq/), line start and end.
# For Hanpyo: amounts and Hanja in brackets are all over Korean award texts; the default
#   wrap breaks at spaces only, so neither of the two suits a narrow certificate column.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q reportlab==5.1.0
"$dir/v/bin/python" - <<'P'
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.textsplit import ALL_CANNOT_END, ALL_CANNOT_START
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph
assert "（" in ALL_CANNOT_END and "）" in ALL_CANNOT_START
pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
def lines(text):
    s = ParagraphStyle("s", fontName="HYSMyeongJo-Medium", fontSize=10, leading=14, wordWrap="CJK")
    p = Paragraph(text, s)
    p.wrap(61, 1000)  # six full-width characters
    return ["".join(l[1]) for l in p.blPara.lines]
opening = lines("수여일까지（금오만원）드립니다")
closing = lines("수여일（오만）드립니다만")
print(" / ".join(opening), "|", " / ".join(closing))
assert opening[0].endswith("（"), "behaviour changed"
assert not any(l.startswith("）") for l in opening + closing), "the other half changed"
P
