#!/usr/bin/env bash
# Package:     hwp-converter-ai 0.2.0 (PyPI); read back with olefile 0.47
# Expectation: an HWP made from one's own Markdown holds one's own words: the preview text (stream PrvText,
#              shown by file managers and indexers) is the start of the document, or empty.
# Behaviour:   PrvText is that of a template document about another matter; the document's words are not in it.
# Output seen: PrvText begins with the words of a sample file of a word processor from 2005
# Source:      https://www.hwpsome.com, package README (Markdown to HWP); HWP 5.0 format: PrvText is the
#              preview text of the document
# For Hanpyo:  search over previews finds the same foreign text in every case: never index PrvText, and
#              delete the stream before publishing.
set -eu -o pipefail
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
cd "$t"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install hwp-converter-ai==0.2.0 olefile==0.47
v/bin/python - <<'PY'
from pathlib import Path
from hwp_converter_ai import HwpWriter
HwpWriter().from_markdown("# 수상 결과\n\n가나구청 사례\n", Path("a.hwp"))
PY
v/bin/python -W ignore - <<'PY'
import olefile
ole = olefile.OleFileIO("a.hwp")
prv = ole.openstream("PrvText").read().decode("utf-16-le")
assert "수상 결과" not in prv and "예제 파일" in prv, ("changed", prv[:80])
print("hwp-converter-ai 0.2.0: preview text is another document's,", len(prv), "letters")
PY
