#!/usr/bin/env bash
set -eu -o pipefail
# Packages: pabutools==1.2.3 natsort==8.4.0 gmpy2==2.3.2 numpy==2.4.6 PuLP==3.3.2 gurobipy==13.0.3
#   preflibtools==2.0.33 prefsampling==0.1.24 pabulib-checker==1.0.8 pycountry==26.2.16
# Expectation: a cost of 30.5 (a decimal, as the format has it) is written back as 30.5
# Behaviour: it is written as 61/2, and the format's own checker then fails on the whole file
# Output seen: project line '2;61/2;...' and: could not convert string to float: '61/2'
# Source: Pabulib checker: fields cost and budget are of type float
#   (https://github.com/pabulib/checker, pabulib_helpers/fields.py); pabutools says it writes
#   "according to the Pabulib standard"
# For Hanpyo: costs in millions of won have decimals; export whole won, so that a reader who saves
#   the file again with pabutools still has a readable one
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps pabutools==1.2.3 natsort==8.4.0 gmpy2==2.3.2 numpy==2.4.6 PuLP==3.3.2 gurobipy==13.0.3 preflibtools==2.0.33 prefsampling==0.1.24 pabulib-checker==1.0.8 pycountry==26.2.16
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

from pabutools.election.pabulib import parse_pabulib_from_string, election_as_pabulib_string
text = pb(["1;90;2;나무;1", "2;30.5;1;책방;0"], ["1;1", "2;1,2"], "project_id;cost;votes;name;selected", "voter_id;vote")
assert check(text)["errors"] == {}
again = election_as_pabulib_string(*parse_pabulib_from_string(text))
line = [x for x in again.splitlines() if x.startswith("2;61/2;")]
err = check(again)["errors"].get("processing error", {}).get(1, "")
assert len(line) == 1 and "could not convert string to float: '61/2'" in err, (again, err)
print("pabutools wrote the cost 30.5 as 61/2; pabulib-checker:", err)
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
