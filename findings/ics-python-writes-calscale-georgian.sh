#!/usr/bin/env bash
# Package: ics 0.7.3 (PyPI), with tatsu 5.15.1, arrow 1.4.0.
# Expectation: a calendar without CALSCALE is written back without one, or with GREGORIAN, the
#   default and the only value that the standard has.
# Behaviour: it is written with the value GEORGIAN, which no calendar scale is.
# Output seen: CALSCALE:GEORGIAN
# Source: RFC 5545, 3.7.1: the value is GREGORIAN, which is assumed where the property is missing
# For Hanpyo: a vote calendar that a partner passes on through it may be refused for an unknown
#   calendar scale; write the property in our own file, since a value that is there is kept.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install ics==0.7.3 tatsu==5.15.1 arrow==1.4.0
v/bin/python -W ignore - <<'P'
from ics import Calendar
def written(scale):
    text = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.org//vote//KO\r\n" + scale +
            "BEGIN:VEVENT\r\nUID:1@example.org\r\nDTSTAMP:20260901T000000Z\r\nDTSTART;VALUE=DATE:20261001\r\n"
            "SUMMARY:투표\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    return [l for l in Calendar(text).serialize().splitlines() if l.startswith("CALSCALE")]
none, given = written(""), written("CALSCALE:GREGORIAN\r\n")
assert none == ["CALSCALE:GEORGIAN"] and given == ["CALSCALE:GREGORIAN"], ("changed", none, given)
print("ics 0.7.3: without the property", none[0], "| with it", given[0])
P
