#!/usr/bin/env bash
# Packages: holiday-kr 0.1.5, checked with korean-lunar-calendar 0.4.0 (npm).
# Expectation: it offers lunar dates and holidays "by Korean standard" (README: 1800 to 2101): both
#   libraries give the same lunar date for each day of 2020 to 2050.
# Behaviour: where the new moon falls between 23:00 and midnight in China (already the next day in
#   Korea), it gives the Chinese day: the whole lunar month is a day off. In January 2028 this is
#   the month of Seollal, so the third day of the holiday is an ordinary day.
# Output seen: Seollal 2028: 2028-1-26 and 2028-1-27 | 2028-01-28 a holiday: false | days off: 180
# Source: README at https://www.npmjs.com/package/holiday-kr ; the new moon of 26 January 2028 is at
#   15:12 UTC, 00:12 on the 27th in Korea; Korea Astronomy and Space Science Institute, lunar data at
#   https://astro.kasi.re.kr (the other library follows it, and says the two calendars can differ)
# For Hanpyo: a deadline in working days must not be counted with it; a table that is right until
#   2027 can still be the other country's.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
npm install --silent --no-audit --no-fund --prefix "$d" holiday-kr@0.1.5 korean-lunar-calendar@0.4.0 >/dev/null
node - <<'J'
const kr = require('holiday-kr');
const Kasi = require('korean-lunar-calendar'), kasi = new (Kasi.default || Kasi)();
const words = (s) => [s.year, s.month, s.day].join('-');
kasi.setLunarDate(2027, 1, 1, false);                       // control: the two agree on Seollal 2027
if (words(kr.getSolar(2027, 1, 1)) !== words(kasi.getSolarCalendar())) throw new Error('control');
kasi.setLunarDate(2028, 1, 1, false);
const seollal = `${words(kr.getSolar(2028, 1, 1))} and ${words(kasi.getSolarCalendar())}`;
let off = 0;
for (let t = Date.UTC(2020, 0, 1); t <= Date.UTC(2050, 11, 31); t += 864e5) {
  const day = new Date(t), ymd = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
  kasi.setSolarDate(...ymd);
  if (words(kr.getLunar(...ymd)) !== words(kasi.getLunarCalendar())) off += 1;
}
const got = `Seollal 2028: ${seollal} | 2028-01-28 a holiday: ${kr.isSolarHoliday(2028, 1, 28)} | days off: ${off}`;
console.log('holiday-kr 0.1.5:', got);
if (got !== 'Seollal 2028: 2028-1-26 and 2028-1-27 | 2028-01-28 a holiday: false | days off: 180') { console.log('behaviour changed'); process.exit(1); }
J
