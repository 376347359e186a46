#!/usr/bin/env bash
# Packages: hanja 0.15.1 (PyPI) with PyYAML 6.0.3.
# Expectation: 率 in the words for turnout, share of the votes and success rate becomes 율 or 률: the
#   library applies the initial sound rule to whole words (規律 becomes 규율).
# Behaviour: each character has one reading in its table; for 率 it is 솔 (to lead), a reading that
#   none of these words has, so the result is no Korean word.
# Output seen: 투표솔 득표솔 성공솔 | 규율
# Source: Hangul orthography, article 11 and its note 1 (율 after a vowel or ㄴ, else 률), National
#   Institute of Korean Language, https://korean.go.kr/kornorms ; https://pypi.org/project/hanja
# For Hanpyo: column names in an old record such as 投票率 must not be turned into Hangul by
#   character; they are taken over as they are, or by a list of whole words.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps hanja==0.15.1 PyYAML==6.0.3
cat > "$d/t.py" <<'P'
import hanja
to = lambda w: hanja.translate(w, "substitution")
got = " ".join(map(to, ("投票率", "得票率", "成功率"))) + " | " + to("規律")
assert got == "투표솔 득표솔 성공솔 | 규율", ("changed", got)
print("hanja 0.15.1:", got)
P
"$d/v/bin/python" -W ignore "$d/t.py"
