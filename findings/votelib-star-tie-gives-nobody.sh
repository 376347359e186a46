#!/usr/bin/env bash
set -eu -o pipefail
# Packages: votelib==0.4.0
# Expectation: a complete tie under STAR comes back as a Tie of the two candidates, as Plurality and
#   score voting of the same library give it
# Behaviour: the result is an empty list: no winner, no Tie
# Output seen: STAR [], ScoreVoting [Tie({a, b})]
# Source: https://votelib.readthedocs.io : class Tie is "produced by evaluators that do not resolve
#   all evaluation ties", and TieBreaking catches it
# For Hanpyo: a tie-breaker wrapped around this evaluator is never called; an empty list must not be
#   read as "no ballots"
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps votelib==0.4.0
cat > "$d/t.py" <<'PY'
from votelib.evaluate.cardinal import STAR, ScoreVoting
from votelib.evaluate.core import Tie, TieBreaking, Plurality
def ballots(m, n): return {frozenset({("a", 5), ("b", 0)}): m, frozenset({("a", 0), ("b", 5)}): n}
assert STAR().evaluate(ballots(2, 1), 1) == ["a"]
assert ScoreVoting("mean").evaluate(ballots(1, 1), 1) == [Tie({"a", "b"})]
r = STAR().evaluate(ballots(1, 1), 1)
assert r == [], r
print("votelib: STAR gave", r, "for a complete tie, ScoreVoting a Tie")
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
