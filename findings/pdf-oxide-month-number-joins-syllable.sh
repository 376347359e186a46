#!/usr/bin/env bash
# Package: pdf_oxide 0.3.78 (PyPI).
# Expectation: text with the Korean encoding KSCms-UHC-H is read by its code ranges: one byte for a
#   digit or a blank, two bytes for a syllable
# Behaviour: every code is taken as two bytes: an odd number of digits or blanks before a syllable
#   joins with its first byte, up to the next even place, into other syllables; nothing tells
# Output seen: 3월 접수 -> 뾁 접수, 제3회 시민투표 -> 제뾊 시민투표; 12월 is right
# Source: ISO 32000-2, 9.7.5.2 (predefined CMaps) and 9.10.2 (their codes to Unicode);
#   https://github.com/yfedoseev/pdf_oxide/issues/1517 (same cause, widths; says the text survives)
# For Hanpyo: months and rounds of one figure get lost in old Korean PDF forms; a text taken from a
#   PDF is shown beside the page, never counted with unseen
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps pdf_oxide==0.3.78
cat > "$d/t.py" <<'PY'
import sys, pdf_oxide
def read(text, cmap, codec):                                # one page, one font that is not embedded
    show = b"BT /F 20 Tf 50 100 Td <" + text.encode(codec).hex().encode() + b"> Tj ET"
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(show) + show + b"\nendstream",
        b"<</Type/Font/Subtype/Type0/BaseFont/HYSMyeongJo-Medium-%s/Encoding/%s/DescendantFonts[6 0 R]>>" % (cmap, cmap),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/HYSMyeongJo-Medium/DW 1000/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 2>>>>",
        b"<</Type/FontDescriptor/FontName/HYSMyeongJo-Medium/Flags 6/FontBBox[0 -148 1001 880]"
        b"/ItalicAngle 0/Ascent 880/Descent -148/CapHeight 880/StemV 93>>"]
    pdf, at = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        at.append(len(pdf)); pdf += b"%d 0 obj\n" % n + part + b"\nendobj\n"
    start = len(pdf)
    pdf += b"xref\n0 8\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % a for a in at)
    pdf += b"trailer<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    with open(sys.argv[1] + "/a.pdf", "wb") as f: f.write(pdf)
    return pdf_oxide.PdfDocument(sys.argv[1] + "/a.pdf").extract_text(0)
words = "3월 접수", "제3회 시민투표", "12월"
assert [read(w, b"UniKS-UTF16-H", "utf-16-be") for w in words] == list(words)   # same page, other encoding
got = [read(w, b"KSCms-UHC-H", "cp949") for w in words]
assert got == ["뾁 접수", "제뾊 시민투표", "12월"], ("changed", got)
print("pdf_oxide 0.3.78:", dict(zip(words, got)))
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
