#!/usr/bin/env bash
# Packages: exceljs 4.4.0 (npm); the same file is read by openpyxl 3.1.5 (PyPI).
# Expectation: a name in Hanja with its reading in Hangul (phonetic run, rPh) is one cell; the cells
#   and rows after it are read, as they are when the same text stands in the shared strings.
# Behaviour: when the text is an inline string, the reading is added to the name, and every cell and
#   row after it is missing, without an error.
# Output seen: exceljs 金김 - - | openpyxl 金 81 92
# Source: ECMA-376 part 1, 18.3.1.53 (is: rich text inline, of type CT_Rst) and 18.4.6 (rPh is a hint
#   beside the text, not part of it)
# For Hanpyo: a score sheet is cut off after the first such name and looks complete; compare the
#   number of rows with the sheet's own XML.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
npm install --silent --no-audit --no-fund --prefix "$d" exceljs@4.4.0 >/dev/null 2>&1
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install openpyxl==3.1.5 et-xmlfile==2.0.0
cat > make.py <<'P'
import sys, zipfile, openpyxl
M = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
book = openpyxl.Workbook()
for at in ("A1", "B1", "A2"):
    book.active[at] = "@"
book.save("base.xlsx")
def sheet(name):
    rows = (f'<row r="1"><c r="A1" t="inlineStr"><is>{name}</is></c><c r="B1"><v>81</v></c></row>'
            '<row r="2"><c r="A2"><v>92</v></c></row>')
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{M}"><sheetData>{rows}</sheetData></worksheet>'
for out, name in (("plain.xlsx", "<t>金</t>"), ("aid.xlsx", '<t>金</t><rPh sb="0" eb="1"><t>김</t></rPh>')):
    with zipfile.ZipFile("base.xlsx") as a, zipfile.ZipFile(out, "w") as b:
        for i in a.infolist():
            b.writestr(i.filename, sheet(name) if i.filename.endswith("sheet1.xml") else a.read(i))
    cells = openpyxl.load_workbook(out).active
    assert [cells[x].value for x in ("A1", "B1", "A2")] == ["金", 81, 92], out
P
v/bin/python make.py
node - <<'J'
const E = require('exceljs');
const read = async (f) => {
  const b = new E.Workbook(); await b.xlsx.readFile(f);
  return ['A1', 'B1', 'A2'].map((a) => b.worksheets[0].getCell(a).text || '-').join(' ');
};
(async () => {
  const plain = await read('plain.xlsx'), aid = await read('aid.xlsx');
  console.log('exceljs 4.4.0: without reading aid:', plain, '| with:', aid);
  if (plain !== '金 81 92' || aid !== '金김 - -') { console.log('behaviour changed'); process.exit(1); }
})();
J
