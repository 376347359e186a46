#!/usr/bin/env bash
# Package: i18next-korean-postposition-processor 1.0.0 (npm).
# Expectation: its README lists the pair 으로/로: after a vowel and after the final consonant ㄹ the
#   form is 로 (서울로, 1로), after other final consonants 으로.
# Behaviour: it only asks whether there is a final consonant; ㄹ is taken like the others.
# Output seen: 서울으로 | 1으로 | 가람으로 나래로
# Source: README at https://www.npmjs.com/package/i18next-korean-postposition-processor ; Standard
#   Korean Language Dictionary, entry of the particle 로: after nouns without final consonant or with ㄹ
# For Hanpyo: "서울으로", "1으로" in a notice is wrong Korean without any error; a chooser of
#   particles needs its own rule for this pair, besides "has a final consonant".
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix "$d" i18next-korean-postposition-processor@1.0.0 >/dev/null
node - <<'J'
const { KoreanPostpositionProcessor } = require('i18next-korean-postposition-processor');
const p = new KoreanPostpositionProcessor();
const got = ['서울[[로]]', '1[[로]]', '가람[[로]] 나래[[으로]]'].map((s) => p.process(s)).join(' | ');
console.log('i18next-korean-postposition-processor 1.0.0:', got);
if (got !== '서울으로 | 1으로 | 가람으로 나래로') { console.log('behaviour changed'); process.exit(1); }
J
