#!/bin/bash
# Packages: jsqr 1.4.0 (npm) reads, segno 1.6.6 (PyPI) writes.
# Expectation: a QR code that declares its bytes as Korean (ECI 30, KS X 1001) is read
#   as that text, or not at all; a code with ECI 26 (UTF-8) reads well.
# Behaviour: a result comes back whose "data" is the empty string, although the chunk
#   names assignment 30 and the bytes are right: decoded as EUC-KR they give the text.
# Output seen: utf-8 "한표 투표 확인증" | euc-kr "" eci 30, bytes give "한표 투표 확인증"
# Source: ISO/IEC 18004 (ECI mode) with AIM's ECI register (000030 = KS X 1001);
#   https://github.com/cozmo/jsQR ("data": the string version of the code).
# For Hanpyo: "a code was found" does not mean "a text was read"; a scanner page has to
#   treat empty data as a failure and say so, or decode the bytes itself.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q segno==1.6.6
"$dir/v/bin/python" - <<'P'
import json, segno
out = {}
for enc in ("utf-8", "euc-kr"):
    q = segno.make_qr("한표 투표 확인증", encoding=enc, eci=True)
    out[enc] = [list(r) for r in q.matrix_iter(scale=4, border=4)]
json.dump(out, open("codes.json", "w"))
P
npm install --silent --no-audit --no-fund --prefix "$dir" jsqr@1.4.0 >/dev/null
node - <<'J'
const jsQR = require('jsqr');
const codes = JSON.parse(require('fs').readFileSync('codes.json', 'utf8'));
const read = (rows) => {
  const px = new Uint8ClampedArray(rows.length * rows.length * 4);
  rows.flat().forEach((dark, i) => px.set(dark ? [0, 0, 0, 255] : [255, 255, 255, 255], i * 4));
  return jsQR(px, rows.length, rows.length);
};
const utf = read(codes['utf-8']), kr = read(codes['euc-kr']);
const eci = kr.chunks.find((c) => c.type === 'eci').assignmentNumber;
const text = new TextDecoder('euc-kr').decode(Uint8Array.from(kr.chunks.find((c) => c.type === 'byte').bytes));
console.log(`utf-8 "${utf.data}" | euc-kr "${kr.data}" eci ${eci}, bytes give "${text}"`);
const word = '한표 투표 확인증';
if (utf.data !== word || kr.data !== '' || eci !== 30 || text !== word) { console.log('behaviour changed'); process.exit(1); }
J
