#!/usr/bin/env bash
# Package: @fullstackfamily/manseryeok 1.0.8 (npm).
# Expectation: a lunar date that solarToLunar() gives is accepted by lunarToSolar(), over the years
#   1900 to 2050 that its README promises.
# Behaviour: every lunar date that falls in January or later of the next solar year is called invalid:
#   New Year's Eve of the lunar calendar (the first day of the Seollal holiday) in each of 50 years.
# Output seen: 2026-02-16 is 2025-12-29, back: InvalidDateError | last days of the year found: 0 of 50
# Source: README at https://github.com/urstory/manseryeok-js (both directions, 1900 to 2050);
#   rule on public holidays of government offices, article 2 no. 4 (last day of the twelfth month)
# For Hanpyo: a holiday table made with it has no eve of Seollal; convert from solar dates only, or
#   test each year's whole cycle.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
npm install --silent --no-audit --no-fund --prefix "$d" @fullstackfamily/manseryeok@1.0.8 >/dev/null
node - <<'J'
const { solarToLunar, lunarToSolar } = require('@fullstackfamily/manseryeok');
const back = (l) => { try { const s = lunarToSolar(l.year, l.month, l.day, l.isLeapMonth).solar; return [s.year, s.month, s.day].join('-'); } catch (e) { return e.constructor.name; } };
const eve = solarToLunar(2026, 2, 16).lunar;
if (back(solarToLunar(2026, 2, 17).lunar) !== '2026-2-17') throw new Error('control: New Year itself');
let found = 0;
for (let year = 2000; year < 2050; year++) {
  const first = lunarToSolar(year, 1, 1, false).solar;               // New Year's Day
  const day = new Date(Date.UTC(first.year, first.month - 1, first.day - 1));
  const lunar = solarToLunar(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()).lunar;
  if (!back(lunar).includes('Error')) found += 1;
}
const got = `${[eve.year, eve.month, eve.day].join('-')} back: ${back(eve)} | eves found: ${found} of 50`;
console.log('manseryeok 1.0.8:', got);
if (got !== '2025-12-29 back: InvalidDateError | eves found: 0 of 50') { console.log('behaviour changed'); process.exit(1); }
J
