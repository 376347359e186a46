#!/usr/bin/env bash
# Packages: schulze-condorcet==2.0.1 votelib==0.4.0 (a second implementation, beside a count by hand)
# Expectation: the order of all candidates is Schulze's: X stands before Y when the strongest path from X to
#   Y is stronger than that from Y to X; the paths may lead through any candidate
# Behaviour: second and later places are worked out after the better placed are taken away, and with them
#   the paths that lead through them; the winner is right, a later place can be wrong, with no tie in it
# Output seen: six ballots: C>A>B>D; strongest path from D to B 3 votes, from B to D 2 votes; votelib C A D B
# Source: M. Schulze, A New Monotonic, Clone-Independent, Reversal Symmetric, and Condorcet-Consistent
#   Single-Winner Election Method, sections 2.2 and 4.1 (the relation of the strongest paths, transitive);
#   the docstring of schulze_evaluate: the Schulze method makes one list out of the lists of the votes
# For Hanpyo: where second and third prizes hang on the order, each pair of neighbours in it is checked
#   against the strongest paths of the full table
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps schulze-condorcet==2.0.1 votelib==0.4.0
cat > "$d/t.py" <<'PY'
from itertools import permutations
from schulze_condorcet import schulze_evaluate
from votelib.evaluate.condorcet import Schulze
ballots = ["C>B=A>D"] * 2 + ["A>C=B=D", "D>C>A=B", "B=D>C>A", "A>B=D>C"]
def place(ballot, name): return [name in level for level in ballot.split(">")].index(True)
wins = {(x, y): sum(place(b, x) < place(b, y) for b in ballots) for x, y in permutations("ABCD", 2)}
def link(x, y): return wins[x, y] if wins[x, y] > wins[y, x] else 0
def strongest(x, y):
    between = [m for n in range(3) for m in permutations(set("ABCD") - {x, y}, n)]
    return max(min(link(*step) for step in zip((x, *m), (*m, y))) for m in between)
orders = {schulze_evaluate(ballots, list(names)) for names in permutations("ABCD")}
paths, other = (strongest("D", "B"), strongest("B", "D")), Schulze().evaluate(wins, 4)
assert orders == {"C>A>B>D"} and paths == (3, 2) and other == list("CADB"), ("changed", orders, paths, other)
print("schulze-condorcet 2.0.1:", *orders, "| paths D to B and B to D:", *paths, "| votelib:", *other)
PY
"$d/v/bin/python" -W ignore "$d/t.py"
