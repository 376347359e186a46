#!/usr/bin/env bash
# Package:     gethwp 1.1.1 (PyPI); the file is made by python-hwpx 6.9.0
# Expectation: change_word() replaces words and leaves the container as it was: entry "mimetype" first and
#              STORED, so that the type can be read at a fixed place (OCF rule, which HWPX follows).
# Behaviour:   all entries are written again with DEFLATE, "mimetype" too; the type can no longer be read
#              from the file's first bytes.
# Output seen: before: compress_type 0, bytes 38.. 'application/hwp+zip'; after: compress_type 8
# Source:      https://www.w3.org/TR/epub-33/#sec-zip-container-mime ; https://tech.hancom.com/?p=2709
# For Hanpyo:  a form filled by this tool is refused as an unknown ZIP by a check at offset 38;
#              read the entry through the ZIP directory and repack.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install gethwp==1.1.1 python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("기관: 빈칸")
doc.save_to_path("a.hwpx")
PY
v/bin/hwpx-validate a.hwpx >/dev/null          # checks the parts against the OWPML schema
v/bin/python -W ignore - <<'PY'
import zipfile
import gethwp
gethwp.change_word("a.hwpx", "b.hwpx", "빈칸", "가나구청")
raw = [open(n, "rb").read()[38:57] for n in ("a.hwpx", "b.hwpx")]
kind = [zipfile.ZipFile(n).infolist()[0].compress_type for n in ("a.hwpx", "b.hwpx")]
assert raw[0] == b"application/hwp+zip" and kind[0] == 0, (raw, kind)
assert raw[1] != b"application/hwp+zip" and kind[1] == 8, ("changed", raw, kind)
print("gethwp 1.1.1: mimetype entry stored before, deflated after change_word:", kind)
PY
