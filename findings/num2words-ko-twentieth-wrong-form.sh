#!/usr/bin/env bash
# Package: num2words 0.5.14 (PyPI), lang "ko", to "ordinal".
# Expectation: the numeral before a counter has its own form also for twenty, as it has for 1 to 4 and
#   21: 첫/두/스물한 번째, and so 스무 번째.
# Behaviour: twenty stays in the form that stands alone: 스물 번째; so do 120 and 220.
# Output seen: 두 번째 스물 번째 스물한 번째 백 스물 번째
# Source: Standard Korean Language Dictionary (https://stdict.korean.go.kr), 스무: the determiner form
#   of 스물
# For Hanpyo: "스물 번째 사례" in a spoken result is wrong Korean, and the numbers around it are right;
#   take figures with 번째, or a table of one's own.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install num2words==0.5.14 docopt==0.6.2
v/bin/python -W ignore - <<'P'
from num2words import num2words
got = [num2words(n, lang="ko", to="ordinal") for n in (2, 20, 21, 120)]
assert got == ["두 번째", "스물 번째", "스물한 번째", "백 스물 번째"], ("changed", got)
print("num2words 0.5.14:", ", ".join(got))
P
