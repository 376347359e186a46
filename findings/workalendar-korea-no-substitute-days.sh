#!/bin/bash
# Package: workalendar 17.0.0 (PyPI), class workalendar.asia.SouthKorea.
# Expectation: a calendar released in January 2023 knows the substitute holidays of
#   Korean law (Lunar New Year, Chuseok and Children's Day since 2014; 1 March,
#   15 August, 3 October and 9 October since August 2021), as the package shifts
#   holidays for other countries.
# Behaviour: no substitute day exists for any year; such Mondays are working days.
# Output seen: working days: 2021-08-16 2021-10-04 2021-10-11 2022-09-12 2022-10-10
# Source: Act on Public Holidays, article 3, and the rule on public holidays of
#   government offices, article 3 (https://www.law.go.kr/법령/공휴일에관한법률).
# For Hanpyo: a notice or objection period counted with it is up to one working day
#   shorter than the law gives; the substitute days have to be kept by oneself.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q workalendar==17.0.0
"$dir/v/bin/python" - <<'P'
from datetime import date
from workalendar.asia import SouthKorea
# Days on which government offices were closed in fact.
closed = ["2021-08-16", "2021-10-04", "2021-10-11", "2022-09-12", "2022-10-10"]
c = SouthKorea()
got = [d for d in closed if c.is_working_day(date.fromisoformat(d))]
print("working days:", *got)
assert got == closed, "behaviour changed"
P
