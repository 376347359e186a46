#!/bin/bash
# Package: typst 0.15.2 (PyPI), font NanumGothic out of koreanize-matplotlib 0.1.1.
# Expectation: with lang "ko" and region "KR" a paragraph breaks at the spaces, as
#   Korean official papers do, or there is a setting for it.
# Behaviour: lines break between any two syllables, also before a particle, and the PDF
#   then gives a line end inside a word that a reader cannot tell from a space.
# Output seen: 위 사람은 주민참여예산 한표 시 / 상에서 대상을 받았으므로 이 증 / 서를 드립니다.
# Source: https://github.com/typst/typst/issues/1164 ; Requirements for Hangul Text Layout
#   (https://www.w3.org/TR/klreq/) knows both styles, by word and by syllable.
# For Hanpyo: names and "수상자" on a certificate are cut in two, and a text check against
#   the record fails; each word has to be put into a box by the template itself.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q typst==0.15.2 pypdf==7.1.1
"$dir/v/bin/pip" install -q --no-deps koreanize-matplotlib==0.1.1
cd "$dir"
"$dir/v/bin/python" - <<'P'
import pathlib, typst
from pypdf import PdfReader
font = next(pathlib.Path("v").rglob("NanumGothic.ttf"))
text = "위 사람은 주민참여예산 한표 시상에서 대상을 받았으므로 이 증서를 드립니다."
pathlib.Path("a.typ").write_text(
    '#set page(width: 260pt, height: 200pt, margin: 31pt)\n'
    '#set text(font: "NanumGothic", lang: "ko", region: "KR", size: 14pt)\n' + text, encoding="utf-8")
typst.compile("a.typ", output="a.pdf", font_paths=[str(font.parent)], ignore_system_fonts=True)
got = [l.strip() for l in PdfReader("a.pdf").pages[0].extract_text().splitlines() if l.strip()]
print(" / ".join(got))
words = set(text.split())
assert "".join(got).replace(" ", "") == text.replace(" ", ""), "the text itself changed"
cut = [l.split()[-1] for l in got[:-1] if l.split()[-1] not in words]
assert len(got) > 1 and cut, "behaviour changed"
P
