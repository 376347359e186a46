#!/bin/bash
# Package: pdfminer.six 20260107 (PyPI); the PDF is written by reportlab 5.1.0.
# Expectation: text set with the standard Korean CMap UniKS-UCS2-H (no embedded font) is
#   read in full; the middle dot U+00B7 and the won sign U+20A9 are in that CMap.
# Behaviour: Hangul is read, but both signs vanish without a trace (no "(cid:n)", no
#   warning), so a list of words becomes one word. pypdf reads the same file in full.
# Output seen: pdfminer 읍면동 금 5,000원 | pypdf 읍·면·동 금 ₩5,000원
# Source: ISO 32000-1, 9.7.5.2 (predefined CMaps) and Adobe's CMap resources
#   (https://github.com/adobe-type-tools/cmap-resources, Adobe-Korea1-2/CMap).
# For Hanpyo: "·" joins nouns in nearly every Korean official paper; a case read from PDF
#   with pdfminer or pdfplumber loses it, and prizes lose their currency sign.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q pdfminer.six==20260107 reportlab==5.1.0 pypdf==7.1.1
cd "$dir"
"$dir/v/bin/python" - <<'P'
from pdfminer.high_level import extract_text
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
font = UnicodeCIDFont("HYSMyeongJo-Medium")
assert font.encoding.name == "UniKS-UCS2-H"
pdfmetrics.registerFont(font)
c = canvas.Canvas("a.pdf")
c.setFont("HYSMyeongJo-Medium", 14)
c.drawString(72, 700, "읍·면·동 금 ₩5,000원")
c.save()
miner = extract_text("a.pdf").strip()
other = PdfReader("a.pdf").pages[0].extract_text().strip()
print("pdfminer", miner, "| pypdf", other)
assert other == "읍·면·동 금 ₩5,000원", "the file itself changed"
assert miner == "읍면동 금 5,000원", "behaviour changed"
P
