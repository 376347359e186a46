#!/bin/bash
# Package: es-hangul 2.4.0 (npm), josa().
# Expectation: a word ending in a digit takes the particle of the digit as it is read
#   (1 il, 3 sam, 6 yuk, 10 sip end in a consonant), or is refused; the function already
#   reads Latin letters (SQL takes the consonant form).
# Behaviour: each digit is silently treated as ending in a vowel.
# Output seen: 1는 3를 6가 10와 | SQL은
# Source: https://github.com/toss/es-hangul/pull/396 (open request for digits);
#   National Institute of Korean Language: particles follow the pronunciation.
# For Hanpyo: "기호 3를", "득표수 10는" on a ballot or certificate is wrong Korean, and no
#   error tells; words that end in a number need another way to choose the particle.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --prefix "$dir" es-hangul@2.4.0 >/dev/null
node - <<'J'
const { josa } = require('es-hangul');
const got = [josa('1', '은/는'), josa('3', '을/를'), josa('6', '이/가'), josa('10', '와/과')].join(' ')
  + ' | ' + josa('SQL', '은/는');
console.log(got);
if (got !== '1는 3를 6가 10와 | SQL은') { console.log('behaviour changed'); process.exit(1); }
J
