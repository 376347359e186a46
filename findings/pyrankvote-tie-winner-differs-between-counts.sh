#!/usr/bin/env bash
set -eu -o pipefail
# Packages: pyrankvote==2.0.6 tabulate==0.10.0
# Expectation: counting the same ballots twice gives the same winner, or the tie is reported; the
#   tie method asked for is MostSecondChoiceVotes, not Random
# Behaviour: when later choices do not decide either, the winner is drawn at random in each count,
#   without a mark in the result and without a seed parameter
# Output seen: both candidates win within 60 counts of the same ten ballots; the text of the result
#   shows 5 and 5 votes, one Elected
# Source: CompareMethodIfEqual has Random as a choice of its own beside MostSecondChoiceVotes (the
#   default); the README of https://github.com/jontingvold/pyrankvote names chance only for
#   exhausted ballots
# For Hanpyo: a recount must be reproducible; ties are found before the count and settled by the
#   recorded chain or lot
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps pyrankvote==2.0.6 tabulate==0.10.0
cat > "$d/t.py" <<'PY'
from pyrankvote import Candidate, Ballot, instant_runoff_voting
from pyrankvote.helpers import CompareMethodIfEqual as M
a, b = map(Candidate, ("가람", "나래"))
ballots = [Ballot([a])] * 5 + [Ballot([b])] * 5
seen = {instant_runoff_voting([a, b], ballots, compare_method_if_equal=M.MostSecondChoiceVotes).get_winners()[0].name for _ in range(60)}
assert seen == {"가람", "나래"}, seen
print("pyrankvote named two different winners for the same ten ballots with MostSecondChoiceVotes")
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
