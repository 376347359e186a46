#!/usr/bin/env bash
# Package:     puremagic 1.30 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: a valid HWPX (entry "mimetype" first, stored, application/hwp+zip) is given that type, or
#              application/zip. ODT, marked the same way, is recognised.
# Behaviour:   from_file(..., mime=True) names it a Word document, with no part of OOXML in the file.
# Output seen: application/vnd.openxmlformats-officedocument.wordprocessingml.document
# Source:      https://github.com/cdgriffith/puremagic ; https://tech.hancom.com/?p=2709
# For Hanpyo:  sorting uploads by this answer sends every HWPX to the DOCX reader; ask the mimetype entry.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install puremagic==1.30 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("본문")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import zipfile
import puremagic
z = zipfile.ZipFile("a.hwpx")
assert z.infolist()[0].filename == "mimetype" and z.read("mimetype") == b"application/hwp+zip"
assert "[Content_Types].xml" not in z.namelist()
mime = puremagic.from_file("a.hwpx", mime=True)
assert mime.endswith("wordprocessingml.document"), ("changed", mime)
print("puremagic 1.30: HWPX is called", mime)
PY
