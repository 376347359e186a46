#!/usr/bin/env bash
set -eu -o pipefail
# Packages: pabulib-checker==1.0.8 pycountry==26.2.16
# Expectation: two projects with equal votes and equal cost, money for one: either one may be marked
#   as selected under the rule greedy, since the tie is broken outside the file (lot)
# Behaviour: the one that stands first in the file must be selected; if the lot fell on the other,
#   the file is invalid, and swapping the two rows makes it valid
# Output seen: greedy rule not followed: Projects not selected but should be: 1. Projects selected
#   but shouldn't be: 2
# Source: README of https://github.com/pabulib/checker: it checks that selected projects follow the
#   rule; neither it nor the format says that row order decides ties
# For Hanpyo: order the rows of the export by rank after tie-breaking, or a result decided by a
#   recorded lot is called a mistake by outsiders
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps pabulib-checker==1.0.8 pycountry==26.2.16
cat > "$d/t.py" <<'PY'
def pb(projects, votes, cols, vcols, extra=(), vote_type="approval", rule="greedy", budget="100", country="KR"):
    meta = {"description": "시험 투표", "country": country, "unit": "가온시", "instance": "2026",
            "num_projects": len(projects), "num_votes": len(votes), "budget": budget, "vote_type": vote_type,
            "rule": rule, "date_begin": "01.11.2026", "date_end": "15.11.2026", **dict(extra)}
    return "\n".join(["META", "key;value", *(f"{k};{v}" for k, v in meta.items()), "PROJECTS", cols, *projects,
                      "VOTES", vcols, *votes]) + "\n"

import contextlib, io, sys
from pabulib.checker import Checker
def check(text_or_path):
    with contextlib.redirect_stdout(io.StringIO()):
        out = Checker().process_files([text_or_path])
    return next(v for k, v in out.items() if k not in ("metadata", "summary"))["results"]

rows, votes = ["1;60;2;나무;0", "2;60;2;책방;1"], ["1;1", "2;1,2", "3;2"]
def errors(r): return check(pb(r, votes, "project_id;cost;votes;name;selected", "voter_id;vote"))["errors"]
e = errors(rows)
assert list(e) == ["greedy rule not followed"], e
assert errors(rows[::-1]) == {}
print("pabulib-checker:", e["greedy rule not followed"][1], "- and no error when the two rows are swapped")
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
