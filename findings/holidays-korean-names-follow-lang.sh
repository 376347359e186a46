#!/bin/bash
# Package: holidays 0.109 (PyPI), country_holidays("KR") without the argument "language".
# Expectation: the names come in the country's default language, which the class states
#   as default_language = "ko", whatever the environment of the process.
# Behaviour: the names follow LANG. Under en_US they are English and under th_TH Thai,
#   so a search by the Korean name finds nothing; under C and de_DE they are Korean.
# Output seen: {'C': ('설날', 3), 'de_DE.UTF-8': ('설날', 3), 'en_US.UTF-8': ('Korean New Year', 0), 'th_TH.UTF-8': ('เทศกาลซอลลัล', 0)}
# Source: https://holidays.readthedocs.io/en/latest/ (argument "language"; each country
#   class has a default language).
# For Hanpyo: "설날" in a reminder, or a rule that looks a holiday up by name, works on
#   one host and not on the next; language="ko" must always be given.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q holidays==0.109
"$dir/v/bin/python" - <<'P'
import os, subprocess, sys
code = """
import holidays
k = holidays.country_holidays('KR', years=2026)
assert k.default_language == 'ko'
print(ascii((k['2026-02-17'], len(k.get_named('\\uc124\\ub0a0', lookup='exact')) and 3)))
"""
got = {}
for lang in ("C", "de_DE.UTF-8", "en_US.UTF-8", "th_TH.UTF-8"):
    env = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANGUAGE")}
    env["LANG"] = lang
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    got[lang] = eval(out.stdout)
print(got)
assert got["C"][0] == got["de_DE.UTF-8"][0] == "설날", "behaviour changed"
assert got["en_US.UTF-8"] == ("Korean New Year", 0), "behaviour changed"
assert got["th_TH.UTF-8"][1] == 0 and got["th_TH.UTF-8"][0] != "설날", "behaviour changed"
P
