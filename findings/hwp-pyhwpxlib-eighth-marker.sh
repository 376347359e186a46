#!/usr/bin/env bash
# Package:     pyhwpxlib 0.18.3 (PyPI), module gongmun (official documents)
# Expectation: the eighth level of items is ㉮, ㉯, ㉰ ... as in the rules on official documents and in the
#              package's own README (1. 가. 1) 가) (1) (가) ① ㉮).
# Behaviour:   item_marker(8, n) counts from U+327F, so the first is the Korean standard mark ㉿ and the
#              next are the circled Chinese numbers; ㉮ is U+326E.
# Output seen: ㉿ ㊀ ㊁
# Source:      https://github.com/ratiertm/hwpx-skill (8-level item markers); 행정 효율과 협업 촉진에 관한 규정
#              시행규칙 제2조
# For Hanpyo:  notices built with it fail an official style check at level 8; own markers are safer.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install pyhwpxlib==0.18.3
v/bin/python -W ignore - <<'PY'
from pyhwpxlib.gongmun import item_marker
firsts = [item_marker(n, 0) for n in range(1, 8)]
assert firsts == ["1.", "가.", "1)", "가)", "(1)", "(가)", "①"], firsts
eighth = [item_marker(8, n) for n in range(3)]
assert eighth == ["\u327f", "\u3280", "\u3281"], ("changed", eighth)   # right: U+326E..
print("pyhwpxlib 0.18.3: level 8 markers", *eighth, "in place of \u326e \u326f \u3270")
PY
