#!/usr/bin/env bash
# Package:     md2hwpx 0.1.5 (PyPI); read back with python-hwpx 6.9.0
# Expectation: '~~words~~' comes out as struck-through words: the README lists strikethrough as supported.
# Behaviour:   the struck words are not in the HWPX at all; the words around them are.
# Output seen: '가결  사례' for '가결 ~~취소된~~ 사례'
# Source:      https://github.com/jundamin/md2hwpx (README, table of supported features)
# For Hanpyo:  in a published correction the withdrawn words vanish instead of being shown as withdrawn.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install md2hwpx==0.1.5 python-hwpx==6.9.0
printf '가결 ~~취소된~~ 사례\n' > a.md
v/bin/md2hwpx a.md -o a.hwpx >/dev/null 2>&1
v/bin/python -W ignore - <<'PY'
import zipfile
from hwpx import HwpxDocument
text = HwpxDocument.open("a.hwpx").export_text()
assert "가결" in text and "사례" in text, text
assert "취소된" not in zipfile.ZipFile("a.hwpx").read("Contents/section0.xml").decode(), ("changed", text)
print("md2hwpx 0.1.5: struck words dropped:", repr(text.strip()))
PY
