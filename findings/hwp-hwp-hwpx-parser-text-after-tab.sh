#!/usr/bin/env bash
# Package:     hwp-hwpx-parser 1.0.0 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: Reader.text gives a paragraph's whole text. In OWPML (KS X 6101) hp:t is mixed
#              content: tab, lineBreak, fixed space and marker pen stand inside it, text goes on after.
# Behaviour:   everything in the same hp:t after the first inner element is lost, without an error.
# Output seen: text '성명' where the form says '성명<tab>홍길순'
# Source:      https://github.com/KimDaehyeon6873/hwp-hwpx-parser (README: text of the body);
#              https://tech.hancom.com/?p=2709 ; schema: hp:t has mixed="true"
# For Hanpyo:  a form filled with tabs would be indexed and compared with the labels only. Never take
#              this reader's text as the case's text; count letters of all hp:t against it.
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
doc.add_paragraph("성명@@홍길순")
doc.save_to_path("a.hwpx")
parts = [(i, zipfile.ZipFile("a.hwpx").read(i)) for i in zipfile.ZipFile("a.hwpx").infolist()]
with zipfile.ZipFile("a.hwpx", "w") as z:
    for i, data in parts:
        if i.filename == "Contents/section0.xml":
            data = data.decode().replace("@@", '<hp:tab width="4000" leader="0" type="1"/>').encode()
        z.writestr(i, data)
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
from hwp_hwpx_parser import Reader
from hwpx import HwpxDocument
assert "성명\t홍길순" in HwpxDocument.open("a.hwpx").export_text()   # the text is in the file
with Reader("a.hwpx") as r:
    text = r.text.strip()
assert text == "성명", ("changed", text)
print("hwp-hwpx-parser 1.0.0: text after a tab is lost:", repr(text))
PY
