#!/bin/bash
# Package: tossi 0.3.1 (PyPI).
# Expectation: "50%" is read "오십 퍼센트" and takes the vowel form 는/를/가; where the
#   reading is unknown the package writes both forms, as it does after Latin letters.
# Behaviour: the percent sign is skipped and the number before it decides, so the wrong
#   form is written with confidence.
# Output seen: 50%은 33%을 10%이 | PDF은(는)
# Source: https://pypi.org/project/tossi/ (chooses by the sound of the last letter,
#   undecided words get both forms).
# For Hanpyo: turnout and vote shares are the numbers that sentences are built around;
#   "투표율 50%은" would appear in each generated result text.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q tossi==0.3.1
"$dir/v/bin/python" - <<'P'
import tossi
got = " ".join(tossi.postfix(w, p) for w, p in (("50%", "은"), ("33%", "을"), ("10%", "이")))
both = tossi.postfix("PDF", "은")
print(got, "|", both)
assert got == "50%은 33%을 10%이" and both == "PDF은(는)", "behaviour changed"
P
