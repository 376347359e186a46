#!/usr/bin/env bash
# Packages: pabutools==1.2.3 natsort==8.4.0 gmpy2==2.3.2 numpy==2.4.6 PuLP==3.3.2 gurobipy==13.0.3
#   preflibtools==2.0.33 prefsampling==0.1.24
# Expectation: a project whose quoted name has a semicolon is read as one name, and what the library
#   writes is read by itself again
# Behaviour: it is read well, but written without quotes: the name is cut at the semicolon, the columns
#   after it move by one, and reading the written file fails
# Output seen: row '1;60;가람; 나래;1'; reading it: IndexError list index out of range
# Source: https://pabulib.org/format : a CSV file with the semicolon as delimiter; RFC 4180, 2.6: a field
#   with a delimiter is enclosed in quotes
# For Hanpyo: names of cases come from organisations; the export must have no semicolon in a name, or
#   outsiders who save it once have a broken file
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps pabutools==1.2.3 natsort==8.4.0 gmpy2==2.3.2 numpy==2.4.6 PuLP==3.3.2 gurobipy==13.0.3 preflibtools==2.0.33 prefsampling==0.1.24
cat > "$d/t.py" <<'P'
from pabutools.election.pabulib import election_as_pabulib_string, parse_pabulib_from_string
def read(name):
    return parse_pabulib_from_string(
        "META\nkey;value\ndescription;시험\ncountry;Korea\nunit;대전\ninstance;2026\nnum_projects;1\nnum_votes;1\n"
        "budget;100\nvote_type;approval\nrule;greedy\nPROJECTS\nproject_id;cost;name;votes\n"
        f"1;60;{name};1\nVOTES\nvoter_id;vote\na;1\n")
def again(name):
    instance, profile = read(name)
    return parse_pabulib_from_string(election_as_pabulib_string(instance, profile))
assert len(again("가람")[0]) == 1
instance, profile = read('"가람; 나래"')
assert [m["name"] for m in instance.project_meta.values()] == ["가람; 나래"]
row = [l for l in election_as_pabulib_string(instance, profile).splitlines() if "가람" in l]
try: again('"가람; 나래"'); raise SystemExit("read: behaviour changed")
except IndexError as e: err = f"{type(e).__name__} {e}"
assert row == ["1;60;가람; 나래;1"], row
print("pabutools 1.2.3 writes", row[0], "and fails to read it:", err)
P
"$d/v/bin/python" -W ignore "$d/t.py"
