#!/usr/bin/env bash
set -eu -o pipefail
# Packages: pabulib-checker==1.0.8 pycountry==26.2.16
# Expectation: two different Korean neighbourhoods in one file raise no warning about spelling
# Behaviour: labels are compared after everything outside ASCII is thrown away, so all Korean labels
#   become the same empty text and are reported as differing only by case, spacing, or diacritics;
#   Latin labels are not
# Output seen: Projects field 'neighborhood' contains values that differ only by case, spacing, or
#   diacritics: ['가온동', '나루동'].
# Source: the warning's own words; check_label_consistency of https://github.com/pabulib/checker
#   says it detects labels that differ by normalisation only
# For Hanpyo: every Korean export with districts or categories gets this warning; it is not a fault
#   of the data, say so beside the download
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

def warn(a, b):
    text = pb([f"1;60;2;나무;1;{a}", f"2;50;1;책방;0;{b}"], ["1;1", "2;1,2"], "project_id;cost;votes;name;selected;neighborhood", "voter_id;vote")
    r = check(text); assert r["errors"] == {}, r
    return r["warnings"].get("inconsistent label normalization", {}).get(1)
assert warn("North", "South") is None
w = warn("가온동", "나루동")
assert w and "differ only by case, spacing, or diacritics: ['가온동', '나루동']" in w, w
print("pabulib-checker:", w)
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
