#!/usr/bin/env bash
set -eu -o pipefail
# Packages: whalrus==0.4.6 numpy==2.4.6 toolz==1.2.0 pyparsing==3.3.3
# Expectation: the ballot '가람 > 나래' ranks two candidates, as 'a > b' does (names of letters, no
#   spaces, no signs)
# Behaviour: the parser of ballot texts knows only ASCII letters, digits and _; any other text is
#   taken, without an error, for the name of one single candidate
# Output seen: scores {'가람 > 나래': ..., '나래 > 가람': ...}; given as lists the same ballots are right
# Source: https://whalrus.readthedocs.io shows 'a ~ b > c' as a general ballot; nothing limits names
#   to ASCII
# For Hanpyo: give ballots as lists; a check that the candidates of the tally are those of the poll
#   must come before any use of a result
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps whalrus==0.4.6 numpy==2.4.6 toolz==1.2.0 pyparsing==3.3.3
cat > "$d/t.py" <<'PY'
import logging; logging.disable(logging.CRITICAL)
from whalrus import RuleBorda
ascii_names = set(RuleBorda(["a > b", "b > a"]).gross_scores_)
korean_names = set(RuleBorda(["가람 > 나래", "나래 > 가람"]).gross_scores_)
as_lists = set(RuleBorda([["가람", "나래"], ["나래", "가람"]]).gross_scores_)
assert ascii_names == {"a", "b"} and as_lists == {"가람", "나래"}
assert korean_names == {"가람 > 나래", "나래 > 가람"}, korean_names
print("whalrus took each Korean ballot text for one candidate:", sorted(korean_names))
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
