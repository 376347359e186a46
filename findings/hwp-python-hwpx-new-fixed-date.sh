#!/usr/bin/env bash
# Package:     python-hwpx 6.9.0 (PyPI)
# Expectation: a document made today by HwpxDocument.new() and saved has no creation date, or today's.
# Behaviour:   content.hpf says it was created on 2025-09-17 and last changed then, by the author of a
#              template, in every new document, even after an edit and a save.
# Output seen: CreatedDate 2025-09-17T04:32:50Z, ModifiedDate 2025-09-17T04:33:13Z, creator synthetic-fixture-author
# Source:      https://airmang.github.io/python-hwpx/ (new document authoring)
# For Hanpyo:  a date in content.hpf proves nothing about when a case was written; set title, creator and
#              dates oneself on export.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install python-hwpx==6.9.0
v/bin/python -W ignore - <<'PY'
import re, zipfile
from hwpx import HwpxDocument
doc = HwpxDocument.new()
doc.add_paragraph("오늘 쓴 글")
doc.save_to_path("a.hwpx")
hpf = zipfile.ZipFile("a.hwpx").read("Contents/content.hpf").decode()
meta = dict(re.findall(r'<opf:meta name="(\w+)" content="text">([^<]*)<', hpf))
assert meta["CreatedDate"] == "2025-09-17T04:32:50Z", ("changed", meta)
assert meta["ModifiedDate"] == "2025-09-17T04:33:13Z", ("changed", meta)
print("python-hwpx 6.9.0: new document dated", meta["CreatedDate"], "by", meta["creator"])
PY
