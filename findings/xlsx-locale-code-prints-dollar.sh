#!/usr/bin/env bash
# Package: xlsx 0.18.5 (npm).
# Expectation: the number format [$-412]#,##0 (a locale code of Korea with no currency text, as a
#   spreadsheet writes it for a Korean cell) prints no currency sign: 5,000,000.
# Behaviour: a dollar sign that is nowhere in the format is printed before the number, also in the
#   text of the cell when a file is read. With a won sign in the brackets the sign is right.
# Output seen: [$-412]#,##0 -> $5,000,000 | [$-412]#,##0"원" -> $5,000,000원 | [$₩-412] -> ₩5,000,000
# Source: ECMA-376 part 1, 18.8.31 (numFmts): the bracket holds the currency string, a hyphen and the
#   locale; https://docs.sheetjs.com/docs/csf/features/nf (formatted text "w")
# For Hanpyo: prizes in an organisation's sheet come out as dollars; take the value and never the
#   formatted text.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
npm install --silent --no-audit --no-fund --prefix "$d" xlsx@0.18.5 >/dev/null
node - <<'J'
const X = require('xlsx');
const shown = (z) => {
  const file = X.write({ SheetNames: ['a'], Sheets: { a: { '!ref': 'A1', A1: { t: 'n', v: 5000000, z } } } },
    { type: 'buffer', bookType: 'xlsx' });
  return X.read(file).Sheets.a.A1.w;
};
if (shown('#,##0') !== '5,000,000') throw new Error('control');
const got = ['[$-412]#,##0', '[$-412]#,##0"원"', '[$₩-412]#,##0'].map(shown).join(' | ');
console.log('xlsx 0.18.5:', got);
if (got !== '$5,000,000 | $5,000,000원 | ₩5,000,000') { console.log('behaviour changed'); process.exit(1); }
J
