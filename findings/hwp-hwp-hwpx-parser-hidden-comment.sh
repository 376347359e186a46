#!/usr/bin/env bash
# Package:     hwp-hwpx-parser 1.0.0 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a hidden comment (숨은 설명, hp:hiddenComment) is never drawn or printed by the word
#              processor, so Reader.text, the body text, leaves it out as it leaves memos out
#              (those come from get_memos()).
# Behaviour:   the hidden comment is run into the visible sentence, with no space and no mark.
# Output seen: '찬성내부검토의견반대'
# Source:      https://github.com/KimDaehyeon6873/hwp-hwpx-parser (README: body text, notes and memos apart)
# For Hanpyo:  an organisation's unprinted remark would become published case text: strip
#              hp:hiddenComment before any extractor sees the file.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install hwp-hwpx-parser==1.0.0 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("찬성@@반대")
doc.save_to_path("a.hwpx")
parts = [(i, zipfile.ZipFile("a.hwpx").read(i)) for i in zipfile.ZipFile("a.hwpx").infolist()]
with zipfile.ZipFile("a.hwpx", "w") as z:
    for i, data in parts:
        if i.filename == "Contents/section0.xml":
            data = data.decode().replace("@@", (
                '</hp:t></hp:run><hp:run charPrIDRef="0"><hp:ctrl><hp:hiddenComment><hp:subList id="" '
                'textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="TOP" linkListIDRef="0" '
                'linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0" hasNumRef="0">'
                '<hp:p id="7" paraPrIDRef="0" styleIDRef="0" pageBreak="0" columnBreak="0" merged="0">'
                '<hp:run charPrIDRef="0"><hp:t>내부검토의견</hp:t></hp:run></hp:p></hp:subList>'
                '</hp:hiddenComment></hp:ctrl></hp:run><hp:run charPrIDRef="0"><hp:t>')).encode()
        z.writestr(i, data)
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
from hwp_hwpx_parser import Reader
with Reader("a.hwpx") as r:
    text = r.text.strip()
assert text == "찬성내부검토의견반대", ("changed", text)
print("hwp-hwpx-parser 1.0.0: hidden comment inside the body text:", text)
PY
