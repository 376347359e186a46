#!/usr/bin/env bash
# Package: kr-number 0.1.1 (PyPI), module knum.
# Expectation: the reading of 100,000,000 won is 일억원, as that of 1,000,000 is 백만원.
# Behaviour: a group of four zeros keeps its unit: 일억만원. The same for 200 million and for a
#   trillion, which is read 일조억만원.
# Output seen: 백만원 일억만원 이억만원 일조억만원 | 일억천만원
# Source: a unit word counts the group of figures before it, and an empty group has none to count; groups
#   of 만 as in Korean orthography, article 44 (https://korean.go.kr/kornorms); the package's README at
#   https://github.com/r2adkr/kr-number
# For Hanpyo: a round budget in words beside the figures is nonsense on a public page; amounts in words
#   must be read back and compared with the figure.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install kr-number==0.1.1
v/bin/python - <<'P'
import knum
got = [knum.convert(n, "원") for n in (10**6, 10**8, 2 * 10**8, 10**12, 110_000_000)]
assert got == ["백만원", "일억만원", "이억만원", "일조억만원", "일억천만원"], ("changed", got)
print("kr-number 0.1.1:", " ".join(got))
P
