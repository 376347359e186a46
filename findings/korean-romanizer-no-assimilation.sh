#!/bin/bash
# Package: korean-romanizer 0.28.0 (PyPI).
# Expectation: a romaniser by the Revised Romanization gives the rule's own examples of
#   sounds that change between syllables: Jongno, Silla, Baengma, Wangsimni, Haedoji.
# Behaviour: letters are mapped one by one at these borders; none of the five is right.
# Output seen: jongro sinra baekma wangsipri haedodi
# Source: Revised Romanization, section 3 article 1
#   (https://www.korean.go.kr/front_eng/roman/roman_01.do);
#   https://pypi.org/project/korean-romanizer/
# For Hanpyo: Jongno-gu becomes "Jongro-gu" in English result files, which outsiders then
#   cannot join with official English place names.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q korean-romanizer==0.28.0
"$dir/v/bin/python" - <<'P'
from korean_romanizer.romanizer import Romanizer
got = " ".join(Romanizer(w).romanize() for w in ("종로", "신라", "백마", "왕십리", "해돋이"))
print(got)
assert got == "jongro sinra baekma wangsipri haedodi", "behaviour changed"
P
