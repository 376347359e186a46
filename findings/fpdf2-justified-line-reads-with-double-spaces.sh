#!/bin/bash
# Packages: fpdf2 2.8.9 (writes), pypdf 7.1.1 and pdfminer.six 20260107 (read), font
#   NanumGothic out of koreanize-matplotlib 0.1.1; all PyPI.
# Expectation: a line that multi_cell justifies (its default) with an embedded TrueType
#   font reads back as written: the space is in the text, the gap is only a shift.
# Behaviour: the shift is written before the space inside one TJ array; both readers
#   take it for a space of its own and give two. The last, unjustified line has one.
# Output seen: pypdf 위  사람은  한표 ... | pdfminer 위  사람은  한표 ... | last line single
# Source: ISO 32000-1, 9.4.3 (TJ moves the text position, it adds no character);
#   https://py-pdf.github.io/fpdf2/Text.html
# For Hanpyo: an outsider who compares a certificate's sentence with the record finds no
#   match, in justified lines only; spaces must be squeezed on both sides.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q fpdf2==2.8.9 pypdf==7.1.1 pdfminer.six==20260107
"$dir/v/bin/pip" install -q --no-deps koreanize-matplotlib==0.1.1
cd "$dir"
"$dir/v/bin/python" - 2>/dev/null <<'P'
import pathlib
from fpdf import FPDF
from pdfminer.high_level import extract_text
from pypdf import PdfReader
font = next(pathlib.Path("v").rglob("NanumGothic.ttf"))
text = "위 사람은 한표 시상에서 대상을 받았으므로 이 증서를 드립니다."
pdf = FPDF()
pdf.add_page()
pdf.add_font("N", "", font)
pdf.set_font("N", size=14)
pdf.multi_cell(60, 8, text)
pdf.output("a.pdf")
lines = {
    "pypdf": PdfReader("a.pdf").pages[0].extract_text().splitlines(),
    "pdfminer": [l for l in extract_text("a.pdf").splitlines() if l.strip()],
}
for name, got in lines.items():
    print(name, got)
    assert " ".join(" ".join(got).split()) == text, "the text itself changed"
    assert all("  " in l for l in got[:-1]) and "  " not in got[-1], "behaviour changed"
    assert len(got) > 1
P
