#!/usr/bin/env bash
set -eu -o pipefail
# Packages: pabutools==1.2.3 natsort==8.4.0 gmpy2==2.3.2 numpy==2.4.6 PuLP==3.3.2 gurobipy==13.0.3
#   preflibtools==2.0.33 prefsampling==0.1.24
# Expectation: writing the same election twice gives the same bytes, categories in the order of the
#   file
# Behaviour: categories are kept in a Python set, so their order in the written file changes with
#   the hash seed of the process
# Output seen: several different files from one input over twelve processes
# Source: the categories of the file are an ordered comma list; nothing in
#   https://pbvoting.github.io/pabutools/usage/libraries.html says that writing is not reproducible
# For Hanpyo: a result document is sealed by its hash; never hash or compare files that went through
#   this writer
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

import os, subprocess, sys
if len(sys.argv) == 3:
    from pabutools.election.pabulib import parse_pabulib_from_string, election_as_pabulib_string
    text = pb(["1;60;2;문화,체육,환경,복지,안전", "2;50;1;문화"], ["1;1"], "project_id;cost;votes;category", "voter_id;vote")
    print(election_as_pabulib_string(*parse_pabulib_from_string(text)))
    raise SystemExit
def run(seed):
    return subprocess.run([sys.executable, __file__, "x", "y"], env={**os.environ, "PYTHONHASHSEED": str(seed)},
                          capture_output=True, text=True, check=True).stdout
outs = [run(s) for s in (1, 1, 2, 3, 4, 5, 6)]
assert outs[0] == outs[1] and len(set(outs)) > 1
print("pabutools wrote different bytes for one election when only the hash seed of the process differed")
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
