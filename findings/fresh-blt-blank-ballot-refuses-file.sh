#!/usr/bin/env bash
# Package: fresh_blt 0.3.0 (PyPI), with lark 1.3.1.
# Expectation: a BLT file with blank ballots (weight, no preference, the closing zero) is read; the
#   blank ballots are ballots without candidates.
# Behaviour: the closing zero of a ballot without preferences is taken for candidate number 0, and the
#   whole file is refused.
# Output seen: ValueError: Error parsing ballot 3: Invalid candidate ID 0 not found in candidate list
# Source: Hill, Wichmann and Woodall, Algorithm 123 (1987): each list of preferences ends with a zero,
#   as at https://github.com/jklundell/droop/wiki/BltFileFormat ; nothing there demands a preference
# For Hanpyo: an export with blank ballots cannot be read with it; they have to be left out, with their
#   number said.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install fresh_blt==0.3.0 lark==1.3.1
v/bin/python -W ignore - <<'P'
from pathlib import Path
from fresh_blt.parse import extract_candidates, extract_header_info, parse_ballots, parse_blt_file
def ballots(lines):
    Path("a.blt").write_text("2 1\n" + lines + '0\n"가람"\n"나래"\n"시민투표"\n')
    tree = parse_blt_file(Path("a.blt"))
    withdrawn = extract_header_info(tree)[2]
    return len(parse_ballots(tree, {c.id: c for c in extract_candidates(tree, withdrawn)}))
assert ballots("3 1 2 0\n2 2 0\n") == 2
try:
    raise SystemExit(f"changed: {ballots('3 1 2 0' + chr(10) + '2 2 0' + chr(10) + '1 0' + chr(10))} ballots read")
except ValueError as e:
    assert "Invalid candidate ID 0" in str(e), e
    print("fresh_blt 0.3.0:", e)
P
