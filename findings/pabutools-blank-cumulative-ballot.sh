#!/usr/bin/env bash
set -eu -o pipefail
# Packages: pabutools==1.2.3 natsort==8.4.0 gmpy2==2.3.2 numpy==2.4.6 PuLP==3.3.2 gurobipy==13.0.3
#   preflibtools==2.0.33 prefsampling==0.1.24
# Expectation: a blank ballot of a cumulative vote (vote and points both empty) becomes an empty
#   ballot, as it does for approval ballots
# Behaviour: the empty points cell is split into one empty number: ValueError, and the whole file is
#   not read
# Output seen: approval: ballot of length 0; cumulative: ValueError invalid digits
# Source: the parser of pabutools means to give an empty ballot where a voter gave no points (remark
#   in parse_pabulib_from_string), and does so for approval and ordinal files
# For Hanpyo: blank ballots count in num_votes; for point votes the export must leave them out of
#   VOTES (and say how many) or this reader rejects everything
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps pabutools==1.2.3 natsort==8.4.0 gmpy2==2.3.2 numpy==2.4.6 PuLP==3.3.2 gurobipy==13.0.3 preflibtools==2.0.33 prefsampling==0.1.24
cat > "$d/t.py" <<'PY'
def pb(projects, votes, cols, vcols, extra=(), vote_type="approval", rule="greedy", budget="100", country="KR"):
    meta = {"description": "시험 투표", "country": country, "unit": "가온시", "instance": "2026",
            "num_projects": len(projects), "num_votes": len(votes), "budget": budget, "vote_type": vote_type,
            "rule": rule, "date_begin": "01.11.2026", "date_end": "15.11.2026", **dict(extra)}
    return "\n".join(["META", "key;value", *(f"{k};{v}" for k, v in meta.items()), "PROJECTS", cols, *projects,
                      "VOTES", vcols, *votes]) + "\n"

from pabutools.election.pabulib import parse_pabulib_from_string as parse
P, cols = ["1;60;1;나무", "2;50;1;책방"], "project_id;cost;votes;name"
_, a = parse(pb(P, ["1;1,2", "2;"], cols, "voter_id;vote"))
assert [len(b) for b in a] == [2, 0]
try:
    parse(pb(P, ["1;1,2;3,2", "2;;"], cols, "voter_id;vote;points", {"max_sum_points": 5}, "cumulative"))
    raise SystemExit("read: behaviour changed")
except ValueError as e:
    print("pabutools reads a blank approval ballot but not a blank cumulative ballot:", type(e).__name__, e)
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
