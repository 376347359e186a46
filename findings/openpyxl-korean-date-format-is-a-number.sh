#!/usr/bin/env bash
# Packages: openpyxl==3.1.5 et_xmlfile==2.0.0 ; python-calamine==0.9.1 reads the same files as a check
# Expectation: a cell with the built-in format 31, in Korean the date 2026년 07월 01일, is read as a date, as
#   one with the built-in format 14 is
# Behaviour: openpyxl knows no built-in format from 27 to 36 and from 50 to 58; such a date comes back as
#   its serial number, an int, without a warning
# Output seen: format 14: 2026-07-01, formats 27, 31, 50 and 57: 46204; calamine gives the date for all
# Source: ECMA-376 part 1, 18.8.30 numFmt, the table for ko-kr (a file with these ids carries no format
#   code); https://openpyxl.readthedocs.io/en/stable/datetime.html (dates kept as numbers are translated)
# For Hanpyo: a table from a Korean office can bring dates as numbers; an import checks each date column
#   for bare numbers and asks, and does not store 46204 as a text
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps openpyxl==3.1.5 et_xmlfile==2.0.0 python-calamine==0.9.1
cat > "$d/t.py" <<'PY'
import datetime, os, sys, zipfile
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook
book = Workbook()
book.active["A1"] = datetime.datetime(2026, 7, 1)
book.active["A1"].number_format = "mm-dd-yy"                       # the built-in format 14
first, other = (os.path.join(sys.argv[1], n) for n in ("first.xlsx", "other.xlsx"))
book.save(first)
def read(number):                                                  # the same file with another built-in id
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/styles.xml":
                assert part.count(b'numFmtId="14"') == 1
                part = part.replace(b'numFmtId="14"', b'numFmtId="%d"' % number)
            new.writestr(name, part)
    (cell,), = CalamineWorkbook.from_path(other).get_sheet_by_index(0).to_python()
    return str(load_workbook(other).active["A1"].value), str(cell)[:10]
got = {n: read(n) for n in (14, 27, 31, 50, 57)}
assert got.pop(14) == ("2026-07-01 00:00:00", "2026-07-01"), "changed"
assert set(got.values()) == {("46204", "2026-07-01")}, ("changed", got)
print("openpyxl 3.1.5, calamine 0.9.1:", got)
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
