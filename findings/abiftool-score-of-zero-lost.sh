#!/usr/bin/env bash
# Packages: abiftool==0.34.0 beautifulsoup4==4.15.0 certifi==2026.10.19.post1
#   charset-normalizer==3.5.3 et_xmlfile==2.0.0 graphviz==0.21 idna==3.20 numpy==2.4.6
#   openpyxl==3.1.5 pandas==3.1.1 python-dateutil==4.0.0 requests==2.34.2 six==1.17.0 soupsieve==4.1.3
#   texttable==1.7.2 typing_extensions==4.16.0 tzdata==2026.6 urllib3==2.8.0
# Expectation: a ballot with scores that is read and written again as ABIF has the same scores; a
#   score of 0 is a score, no score is none
# Behaviour: 0 is left out when writing: a candidate scored 0 becomes a candidate without a score
# Output seen: read 5, 3, 0; written 3:A/5>B/3>C; read again: C has no score
# Source: https://electowiki.org/wiki/ABIF (a rating stands after the slash of each candidate); goal
#   in https://github.com/electorama/abif draft1: it should be able to preserve the ballot's detail
# For Hanpyo: an export for others must write 0 as 0, and a reader must not take a missing score for
#   0: a judge who gave nothing and one who gave 0 differ in a mean
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps abiftool==0.34.0 beautifulsoup4==4.15.0 certifi==2026.10.19.post1 charset-normalizer==3.5.3 et_xmlfile==2.0.0 graphviz==0.21 idna==3.20 numpy==2.4.6 openpyxl==3.1.5 pandas==3.1.1 python-dateutil==4.0.0 requests==2.34.2 six==1.17.0 soupsieve==4.1.3 texttable==1.7.2 typing_extensions==4.16.0 tzdata==2026.6 urllib3==2.8.0
cat > "$d/t.py" <<'PY'
from abiflib import convert_abif_to_jabmod, convert_jabmod_to_abif
def scores(text):
    (line,) = convert_abif_to_jabmod(text)["votelines"]
    return {c: p.get("rating") for c, p in line["prefs"].items()}
ballot = "=A:[가람]\n=B:[나래]\n=C:[다온]\n3:A/5>B/3>C/0\n"
first = {c: int(s) for c, s in scores(ballot).items()}
assert first == {"A": 5, "B": 3, "C": 0}, first
written = convert_jabmod_to_abif(convert_abif_to_jabmod(ballot))
line = written.strip().splitlines()[-1]
assert line == "3:A/5>B/3>C" and scores(written)["C"] is None, ("changed", written)
print("abiftool 0.34.0:", line, "| again:", scores(written))
PY
"$d/v/bin/python" -W ignore "$d/t.py"
