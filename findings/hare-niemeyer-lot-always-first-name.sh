#!/usr/bin/env bash
# Packages: hare-niemeyer 3.0.0 with lodash 4.18.1 (npm).
# Expectation: names with equal remainders draw lots for the last seats (draw is true when not set), so in
#   300 counts each of three equal names gets a seat at times, and each count gives out both seats
# Behaviour: the drawn order is thrown away: the lot always falls to the name that stands first. When two
#   seats are left for three equal names, only one of them is given out; the other is lost without an error
# Output seen: 300 of 300 counts 1 0 0 for two seats; 20 seats for three times 300 votes: 7 6 6, that is 19
# Source: README at https://www.npmjs.com/package/hare-niemeyer , option draw: the lot that an election
#   administrator would draw is drawn by the script; the method gives out all seats
#   (https://en.wikipedia.org/wiki/Largest_remainder_method)
# For Hanpyo: a lot inside a library is not to be trusted; ties are settled by the recorded lot, and a
#   check adds up the places that were given out
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
npm install --silent --no-audit --no-fund --prefix "$d" hare-niemeyer@3.0.0 lodash@4.18.1 >/dev/null
cat > t.mjs <<'J'
import share from 'hare-niemeyer'
const votes = { 가람: 300, 나래: 300, 다온: 300 }
const results = (seats) => new Set(Array.from({ length: 300 }, () => Object.values(share(votes, seats)).join(' ')))
const got = [2, 20].map((seats) => `${seats} seats: ${[...results(seats)].join(' or ')}`).join(' | ')
console.log('hare-niemeyer 3.0.0:', got)
if (got !== '2 seats: 1 0 0 | 20 seats: 7 6 6') { console.log('behaviour changed'); process.exit(1) }
J
node t.mjs
