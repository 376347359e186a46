#!/usr/bin/env bash
# Packages: xlsx2csv==0.8.6 ; openpyxl==3.1.5 et_xmlfile==2.0.0 write the file
# Expectation: a time of 15:30 in a format without AM/PM is written on the 24-hour clock: 15:30
# Behaviour: with the built-in date and time (m/d/yy h:mm) the hour is written on the 12-hour clock and
#   nothing says morning or afternoon; with the Korean time (시, 분) the month also stands for the minutes
# Output seen: 15:30 becomes 03:30; midnight and noon both become 12:00; 15시 30분 becomes 03시 07분 in July
# Source: ECMA-376 part 1, 18.8.31 (an hour is on the 12-hour clock only where the format has AM/PM; mm right
#   after h is minutes); README at https://pypi.org/project/xlsx2csv
# For Hanpyo: a deadline or an hour of receipt taken out of such a CSV can be twelve hours off; times of a
#   table are read from the cell, not from its printed form
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps xlsx2csv==0.8.6 openpyxl==3.1.5 et_xmlfile==2.0.0
cat > "$d/t.py" <<'PY'
import datetime, io, os, sys
from openpyxl import Workbook
from xlsx2csv import Xlsx2csv
def written(code, *hours):
    book = Workbook()
    book.active.append([datetime.datetime(2026, 7, 1, *h) for h in hours])
    for cell in book.active[1]: cell.number_format = code
    path = os.path.join(sys.argv[1], "t.xlsx")
    book.save(path)
    out = io.StringIO()
    Xlsx2csv(path).convert(out)
    return out.getvalue().strip().replace('"', "")
usual = written("m/d/yy h:mm", (0, 0), (12, 0), (15, 30))
korean = written('h"시" mm"분"', (15, 30))
got = usual + " | " + korean
assert got == "07/01/26 12:00,07/01/26 12:00,07/01/26 03:30 | 03시 07분", ("changed", got)
print("xlsx2csv 0.8.6:", got)
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
