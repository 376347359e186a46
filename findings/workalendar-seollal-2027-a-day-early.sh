#!/bin/bash
# Package: workalendar 17.0.0 (PyPI), class workalendar.asia.SouthKorea.
# Expectation: the lunar New Year of a Korean calendar follows the moon as seen on
#   Korean time; Seollal 2027 is 7 February, its holiday 6 to 8 February.
# Behaviour: the Chinese lunar calendar is used. The new moon of February 2027 falls
#   before midnight in Beijing and after midnight in Seoul, so the whole holiday is
#   one day early: 5 to 7 February.
# Output seen: ['2027-02-05', '2027-02-06', '2027-02-07'] and 8 February a working day
# Source: Korea Astronomy and Space Science Institute's tables, as packaged in
#   korean_lunar_calendar (https://pypi.org/project/korean-lunar-calendar/), and
#   https://workalendar.github.io/workalendar/ (South Korea is a supported country).
# For Hanpyo: a voting deadline counted in working days with this package would close
#   on a public holiday in 2027; dates of this kind must come from a Korean table.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q workalendar==17.0.0 korean_lunar_calendar==0.3.1
"$dir/v/bin/python" - <<'P'
from datetime import date
from korean_lunar_calendar import KoreanLunarCalendar
from workalendar.asia import SouthKorea
lunar = KoreanLunarCalendar()
lunar.setLunarDate(2027, 1, 1, False)
assert lunar.SolarIsoFormat() == "2027-02-07", "the Korean table changed"
c = SouthKorea()
got = [str(d) for d, name in c.holidays(2027) if "New Year's" in name]
free = c.is_working_day(date(2027, 2, 8))
print(got, "and 8 February", "a working day" if free else "a holiday")
assert got == ["2027-02-05", "2027-02-06", "2027-02-07"] and free, "behaviour changed"
P
