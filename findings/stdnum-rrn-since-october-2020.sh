#!/bin/bash
# Package: python-stdnum 2.2 (PyPI), module stdnum.kr.rrn.
# Expectation: a resident number of the form issued since October 2020 (after the gender
#   digit six arbitrary digits, no region code and no check digit) is accepted.
# Behaviour: region and check digit of the old form are still demanded: a made-up number
#   of the new form is refused for its check digit, another for its region.
# Output seen: new form: InvalidChecksum InvalidComponent | old form with check digit: ok
# Source: the ministry's change of 2020, as cited for the sister package in
#   https://github.com/koblas/stdnum-js/issues/134
# For Hanpyo: a filter that looks for resident numbers in submitted cases and trusts this
#   check lets those of children born since and of all renewed numbers through unmasked.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q python-stdnum==2.2
"$dir/v/bin/python" - <<'P'
from stdnum.kr import rrn
def check(number):
    try:
        rrn.validate(number)
        return "ok"
    except Exception as e:
        return type(e).__name__
# Made-up numbers; nobody's.
new = [check("201105-3123456"), check("230714-4987654")]
old = check("900101-1234568")
print("new form:", *new, "| old form with check digit:", old)
assert new == ["InvalidChecksum", "InvalidComponent"] and old == "ok", "behaviour changed"
P
