#!/bin/bash
# Package: date-holidays 3.37.0 (npm), country KR.
# Expectation: Seollal is the day before, the day itself and the day after; in 2026
#   16, 17 and 18 February. Chuseok of the same file is built like that.
# Behaviour: the three days start on New Year's Day itself: 17 to 19 February. The eve
#   is no holiday and the day after the holiday is one.
# Output seen: eve 2026-02-16 false | day after the holiday 2026-02-19 true | Chuseok eve true
# Source: rule on public holidays of government offices, article 2 no. 4 (last day of
#   the twelfth lunar month and the first two of the first); the remark on the anchor in
#   https://github.com/commenthol/date-holidays/pull/641
# For Hanpyo: a browser calendar with it would offer Seollal's eve as a closing day of a
#   vote and refuse an ordinary Thursday; checking New Year's Day alone does not show it.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --prefix "$dir" date-holidays@3.37.0 >/dev/null
node - <<'J'
const Holidays = require('date-holidays');
const kr = new Holidays('KR');
const free = (day) => Boolean(kr.isHoliday(new Date(day + 'T12:00:00+09:00')));
if (!free('2026-02-17') || !free('2026-02-18')) throw new Error('Seollal itself is gone');
const got = [free('2026-02-16'), free('2026-02-19'), free('2026-09-24')];
console.log(`eve 2026-02-16 ${got[0]} | day after the holiday 2026-02-19 ${got[1]} | Chuseok eve ${got[2]}`);
if (String(got) !== 'false,true,true') { console.log('behaviour changed'); process.exit(1); }
J
