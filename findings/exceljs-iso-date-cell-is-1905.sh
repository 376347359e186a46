#!/usr/bin/env bash
# Packages: exceljs 4.4.0 (npm) reads; openpyxl 3.1.5 with et_xmlfile 2.0.0 (PyPI) writes and reads.
# Expectation: a date cell of type "d", the ISO 8601 form of the file format, is read as the day that stands
#   in it, or is refused
# Behaviour: only the leading year is read, as a count of days: every date of 2026 becomes 18 July 1905, a
#   Date object like a right one, without an error
# Output seen: written 2026-07-01 and 2026-11-30T18:00:00, read 1905-07-18 and 1905-07-18
# Source: ECMA-376 part 1, 18.18.11 ST_CellType, value d (a date in the ISO 8601 format); openpyxl writes
#   it with iso_dates (https://openpyxl.readthedocs.io/en/stable/datetime.html)
# For Hanpyo: a birth date or a day of receipt from a table must lie in a stated range, so that 1905 is seen
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps openpyxl==3.1.5 et_xmlfile==2.0.0
npm install --silent --no-audit --no-fund --prefix "$d" exceljs@4.4.0 >/dev/null
"$d/v/bin/python" - <<'PY'
import datetime, openpyxl
book = openpyxl.Workbook()
book.iso_dates = True
written = [datetime.datetime(2026, 7, 1), datetime.datetime(2026, 11, 30, 18)]
book.active.append(written)
book.save("iso.xlsx")
read = [cell.value for cell in openpyxl.load_workbook("iso.xlsx").active[1]]
assert read == written, read
PY
cat > t.cjs <<'J'
const { Workbook } = require('exceljs')
const book = new Workbook()
book.xlsx.readFile('iso.xlsx').then(() => {
  const values = book.worksheets[0].getRow(1).values.slice(1)
  const got = values.map((v) => (v instanceof Date ? v.toISOString().slice(0, 10) : String(v))).join(' ')
  console.log('exceljs 4.4.0:', got)
  if (got !== '1905-07-18 1905-07-18') { console.log('behaviour changed'); process.exit(1) }
})
J
node t.cjs
