#!/usr/bin/env bash
# Package:     hwpforge 0.18.0 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a fixed-width space (hp:fwSpace, 고정폭 빈칸) comes out as some space.
# Behaviour:   to_md() writes the control character U+001F, the code of that space inside the old binary
#              format; the no-break space beside it is right.
# Output seen: '가\xa0나\x1f다'
# Source:      HWP 5.0 format, table of control characters (31: fixed-width space); XML 1.0, 2.2
#              (U+001F is no character of a document): https://www.w3.org/TR/xml/#charsets
# For Hanpyo:  the text cannot be put into XML, a feed or a PDF's metadata, and two words look joined;
#              replace the control characters before storing.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install hwpforge==0.18.0 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("가@@나##다")
doc.save_to_path("a.hwpx")
parts = [(i, zipfile.ZipFile("a.hwpx").read(i)) for i in zipfile.ZipFile("a.hwpx").infolist()]
with zipfile.ZipFile("a.hwpx", "w") as z:
    for i, data in parts:
        if i.filename == "Contents/section0.xml":
            data = data.decode().replace("@@", "<hp:nbSpace/>").replace("##", "<hp:fwSpace/>").encode()
        z.writestr(i, data)
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import hwpforge
text = hwpforge.Document.open("a.hwpx").to_md().text.strip()
assert text == "가\xa0나\x1f다", ("changed", text)
print("hwpforge 0.18.0: fixed-width space becomes a control character:", repr(text))
PY
