#!/usr/bin/env bash
# Package:     libmagic 5.41 as in pylibmagic 0.5.0, with python-magic 0.4.27 (PyPI); file by python-hwpx 6.9.0
# Expectation: a ZIP whose first, stored entry is "mimetype" gets the type written there, as ODT and EPUB do.
# Behaviour:   the description names the type, 'Zip data (MIME type "application/hwp+zip"?)', but the MIME
#              answer for the same file is application/zip.
# Output seen: application/zip
# Source:      https://www.w3.org/TR/epub-33/#sec-zip-container-mime (why the entry comes first);
#              https://tech.hancom.com/?p=2709
# For Hanpyo:  an allow-list on MIME types cannot tell HWPX from any ZIP by libmagic: read the entry itself.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install pylibmagic==0.5.0 python-magic==0.4.27 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("본문")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import pylibmagic                       # brings its own libmagic
import magic
mime, said = magic.from_file("a.hwpx", mime=True), magic.from_file("a.hwpx")
assert "application/hwp+zip" in said and mime == "application/zip", ("changed", mime, said)
print("libmagic", magic.version(), "says", said, "but as MIME type", mime)
PY
