#!/usr/bin/env bash
# Packages: reportlab 5.1.0 (writes), pypdf 7.1.1 (reads), both PyPI.
# Expectation: a text set in the Korean font HYGothic-Medium (UnicodeCIDFont, not embedded) has a font
#   descriptor of that name.
# Behaviour: the font is HYGothic-Medium, its descriptor says HYSMyeongJo-Medium and the measures of
#   that serif font; a viewer that looks for a substitute by the descriptor draws a serif.
# Output seen: BaseFont /HYGothic-Medium, FontName /HYSMyeongJo-Medium
# Source: ISO 32000-1, 9.8.1, table 122: FontName is required and shall be the value of BaseFont of the
#   font that refers to the descriptor
# For Hanpyo: a certificate set in Gothic is Myeongjo on another machine, and a check of PDF rules
#   fails; embed a font of one's own.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install reportlab==5.1.0 pypdf==7.1.1
v/bin/python -W ignore - <<'P'
import pypdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
def names(font):
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    c = canvas.Canvas(font + ".pdf"); c.setFont(font, 12); c.drawString(50, 700, "상장"); c.save()
    for f in pypdf.PdfReader(font + ".pdf").pages[0]["/Resources"]["/Font"].values():
        if "/DescendantFonts" in f.get_object():
            cid = f.get_object()["/DescendantFonts"][0].get_object()
            return cid["/BaseFont"], cid["/FontDescriptor"]["/FontName"]
assert names("HYSMyeongJo-Medium") == ("/HYSMyeongJo-Medium",) * 2
got = names("HYGothic-Medium")
assert got == ("/HYGothic-Medium", "/HYSMyeongJo-Medium"), ("changed", got)
print("reportlab 5.1.0: BaseFont", got[0], "FontName", got[1])
P
