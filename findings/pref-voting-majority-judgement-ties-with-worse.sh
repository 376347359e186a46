#!/usr/bin/env bash
# Packages: pref_voting==1.18.2 numpy==2.3.5 numba==0.62.1 llvmlite==0.45.1 matplotlib==3.11.2 packaging==26.4
#   pillow==13.0.0 pyparsing==3.3.3 cycler==0.12.1 python-dateutil==2.9.0.post0 kiwisolver==1.5.1
#   fonttools==4.68.0 six==1.17.0 pandas==3.1.1 tabulate==0.9.0 filelock==3.32.7 networkx==3.6.1
#   ortools==9.15.6755
# Expectation: majority judgement ties two candidates only when their grades are the same; four judges give
#   나래 one grade more than 가람 and the same otherwise, so 나래 alone wins
# Behaviour: after the median only the share of grades above or below it is compared, and only the larger of
#   the two shares, not what these grades are; both win
# Output seen: 1 1 1 2 against 1 1 1 3: both; 1 1 2 2 against 1 1 3 3: both; 76 of 1323 pairs of unlike grades
# Source: M. Balinski and R. Laraki, A theory of measuring, electing, and ranking, PNAS 104 (2007): medians are
#   taken away until the candidates differ, so that only the same grades tie; the docstring of
#   majority_judgement names their method
# For Hanpyo: a joint prize is announced only after the whole lists of grades were compared; nobody shares a
#   prize with an entry that no judge put lower and one judge put higher
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps pref_voting==1.18.2 numpy==2.3.5 numba==0.62.1 llvmlite==0.45.1 matplotlib==3.11.2 packaging==26.4 pillow==13.0.0 pyparsing==3.3.3 cycler==0.12.1 python-dateutil==2.9.0.post0 kiwisolver==1.5.1 fonttools==4.68.0 six==1.17.0 pandas==3.1.1 tabulate==0.9.0 filelock==3.32.7 networkx==3.6.1 ortools==9.15.6755
cat > "$d/t.py" <<'PY'
from itertools import combinations, combinations_with_replacement
from pref_voting.grade_methods import majority_judgement
from pref_voting.grade_profiles import GradeProfile
def winners(first, second):
    judges = [{"가람": x, "나래": y} for x, y in zip(first, second)]
    return majority_judgement(GradeProfile(judges, [1, 2, 3]))
def medians(grades):                       # the lower middle grade, then that of the rest, and so on
    rest, taken = sorted(grades), []
    while rest: taken.append(rest.pop((len(rest) - 1) // 2))
    return taken
assert winners((1, 1, 1, 2), (1, 1, 1, 3)) == winners((1, 1, 2, 2), (1, 1, 3, 3)) == ["가람", "나래"], "changed"
pairs = [p for n in (4, 5, 6, 7) for p in combinations(combinations_with_replacement((1, 2, 3), n), 2)]
ties = sum(len(winners(a, b)) == 2 for a, b in pairs)
assert all(medians(a) != medians(b) for a, b in pairs) and (len(pairs), ties) == (1323, 76), ("changed", ties)
print("pref_voting 1.18.2: tied", ties, "of", len(pairs), "pairs of unlike grades; the medians tell all apart")
PY
"$d/v/bin/python" -W ignore "$d/t.py"
