#!/bin/bash
# Package: date-holidays 3.37.0 (npm), country KR.
# Expectation: the release that made Constitution Day (17 July) a public holiday from
#   2026 also has the other day made public in the same year, Labour Day (1 May).
# Behaviour: 17 July 2026 is there, 1 May is not, neither in 2026 nor as the substitute
#   Monday of 2027 (1 May 2027 is a Saturday). The package "holidays" has both.
# Output seen: 2026-07-17 true | 2026-05-01 false | 2027-05-03 false ; holidays: Labor Day
# Source: https://github.com/vacanza/holidays/pull/3728 and
#   https://github.com/nager/Nager.Date/issues/972 (both name the two days of 2026).
# For Hanpyo: the server's and the browser's holiday tables can differ by a day although
#   both were updated for "the 2026 change"; one table has to serve both.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q holidays==0.109
name=$("$dir/v/bin/python" -c "
import holidays
k = holidays.country_holidays('KR', years=[2026, 2027], language='en_US')
assert '2027-05-03' in k
print(k['2026-05-01'])")
npm install --silent --no-audit --no-fund --prefix "$dir" date-holidays@3.37.0 >/dev/null
NAME="$name" node - <<'J'
const Holidays = require('date-holidays');
const kr = new Holidays('KR');
const free = (day) => Boolean(kr.isHoliday(new Date(day + 'T12:00:00+09:00')));
const got = ['2026-07-17', '2026-05-01', '2027-05-03'].map((d) => [d, free(d)]);
console.log(got.map((g) => g.join(' ')).join(' | '), '; holidays:', process.env.NAME);
const same = String(got.map((g) => g[1])) === 'true,false,false' && process.env.NAME === 'Labor Day';
if (!same) { console.log('behaviour changed'); process.exit(1); }
J
