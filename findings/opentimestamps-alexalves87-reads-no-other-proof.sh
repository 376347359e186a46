#!/usr/bin/env bash
# Packages: @alexalves87/opentimestamps 1.0.5 (npm); opentimestamps 0.4.5 (PyPI, the reference), with
#   pycryptodomex 3.24.2 and python-bitcoinlib 0.12.2.
# Expectation: the smallest proof file, a SHA-256 digest with one pending attestation, written by the
#   reference library is read by the other ("implements the full OpenTimestamps protocol"), and back.
# Behaviour: neither reads the other's. The npm library writes the calendar's address directly after
#   one tag byte; in the format an attestation is a zero byte, an eight-byte tag and a length first.
# Output seen: reference file: OTSParseError | its own file in the reference: TruncationError
# Source: https://github.com/opentimestamps/python-opentimestamps (core/notary.py, core/timestamp.py:
#   the format); https://github.com/alexalves87/opentimestamps (README)
# For Hanpyo: a stamp of the record made with it is a proof for nobody; check each new stamp with the
#   reference reader before it is published.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install --no-deps opentimestamps==0.4.5 pycryptodomex==3.24.2 python-bitcoinlib==0.12.2 setuptools==75.8.0
npm install --silent --no-audit --no-fund --prefix "$d" @alexalves87/opentimestamps@1.0.5 >/dev/null
cat > t.py <<'P'
import io, sys
from opentimestamps.core.notary import PendingAttestation
from opentimestamps.core.op import OpSHA256
from opentimestamps.core.serialize import BytesDeserializationContext, BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile
if sys.argv[1] == "write":
    f = DetachedTimestampFile.from_fd(OpSHA256(), io.BytesIO("기록".encode()))
    f.timestamp.attestations.add(PendingAttestation("https://calendar.example.org"))
    out = BytesSerializationContext(); f.serialize(out); open("ref.ots", "wb").write(out.getbytes())
else:
    try: DetachedTimestampFile.deserialize(BytesDeserializationContext(open(sys.argv[1], "rb").read())); print("read")
    except Exception as e: print(type(e).__name__)
P
cat > t.mjs <<'J'
import fs from 'node:fs';
import * as o from '@alexalves87/opentimestamps';
const own = o.serializeOTS({ version: 1, fileHash: new Uint8Array(32).fill(1), operations: [],
  attestations: [o.createPendingAttestation('https://calendar.example.org')] });
fs.writeFileSync('own.ots', own);
o.deserializeOTS(own);                                   // control: it reads itself
try { o.deserializeOTS(new Uint8Array(fs.readFileSync('ref.ots'))); console.log('read'); }
catch (e) { console.log(e.constructor.name); }
J
v/bin/python -W ignore t.py write
[ "$(v/bin/python -W ignore t.py ref.ots)" = read ]
a=$(node t.mjs); b=$(v/bin/python -W ignore t.py own.ots)
echo "reference file: $a | its own file in the reference: $b"
[ "$a | $b" = "OTSParseError | TruncationError" ] || { echo "behaviour changed"; exit 1; }
