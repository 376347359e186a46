#!/bin/bash
# Package: phonenumbers 9.0.43 (PyPI), metadata of Google's libphonenumber.
# Expectation: a twelve-digit Korean safety number (a stand-in number of the 050x
#   range) is printed the way it is issued and typed: 0507-1234-5678.
# Behaviour: it is valid and of type PERSONAL_NUMBER, but printed as 050-71234-5678,
#   a grouping with five digits in the middle that no Korean service uses; eleven digits
#   move too: 0505-123-4567 becomes 050-5123-4567.
# Output seen: PERSONAL_NUMBER 050-71234-5678 050-5123-4567
# Source: the access codes 0502 to 0508 are four digits each (Korean numbering plan;
#   the expected form is also in https://github.com/google/libphonenumber/issues/404).
# For Hanpyo: the number shown to an organisation no longer looks like the one it typed,
#   and a text search for the typed form misses it; keep the typed form beside E.164.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q phonenumbers==9.0.43
"$dir/v/bin/python" - <<'P'
import phonenumbers as p
def show(text):
    n = p.parse(text, "KR")
    assert p.is_valid_number(n)
    return p.PhoneNumberType.to_string(p.number_type(n)), p.format_number(n, p.PhoneNumberFormat.NATIONAL)
kind, twelve = show("0507-1234-5678")
eleven = show("0505-123-4567")[1]
print(kind, twelve, eleven)
assert (kind, twelve, eleven) == ("PERSONAL_NUMBER", "050-71234-5678", "050-5123-4567"), "behaviour changed"
P
