#!/usr/bin/env bash
# Packages: rfc3161-client==1.0.9 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12; the answer of a
#   timestamp authority is made by openssl (Debian package).
# Expectation: the time of a token that has fractions of a second is read with them: the token says
#   ordering = true and an accuracy in microseconds, and gen_time is a datetime
# Behaviour: gen_time ends at the second; ordering and accuracy are kept beside it
# Output seen: openssl a time with six figures after the point, gen_time.microsecond 0, ordering True
# Source: RFC 3161, 2.4.2: genTime is YYYYMMDDhhmmss[.s...]Z, and with ordering every two tokens of one
#   authority can be put in order by it; https://github.com/trailofbits/rfc3161-client
# For Hanpyo: two records stamped in one second look simultaneous; their order comes from the record's
#   own numbers, the timestamp only says "not later than"
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install --no-deps rfc3161-client==1.0.9 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12
cat > c <<'C'
[req]
distinguished_name = dn
x509_extensions = ext
prompt = no
[dn]
CN = Example Timestamp Authority
[ext]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = t
[t]
serial = serial
signer_cert = cert.pem
signer_key = key.pem
signer_digest = sha256
digests = sha256
default_policy = 1.3.6.1.4.1.32473.1
accuracy = secs:0, microsecs:10
clock_precision_digits = 6
ordering = yes
C
echo 01 > serial
echo record > data
openssl ecparam -name prime256v1 -genkey -noout -out key.pem
openssl req -new -x509 -key key.pem -out cert.pem -days 2 -config c
openssl ts -query -data data -sha256 -cert -config c -out q.tsq 2>/dev/null
seen=
for i in 1 2 3; do                                          # a fraction can be zero, three are not
  openssl ts -reply -queryfile q.tsq -config c -out "r$i.tsr" 2>/dev/null
  seen="$seen $(openssl ts -reply -in "r$i.tsr" -text 2>/dev/null | sed -n 's/^Time stamp: .*:[0-9]*\(\.[0-9]*\) .*/\1/p')"
done
v/bin/python -W ignore - $seen <<'P'
import sys, rfc3161_client as r
from cryptography.x509 import load_pem_x509_certificate as cert
fractions = sys.argv[1:]
assert fractions and all(f.startswith(".") for f in fractions), fractions
check = r.VerifierBuilder().add_root_certificate(cert(open("cert.pem", "rb").read())).build()
infos = []
for i in (1, 2, 3):
    answer = r.decode_timestamp_response(open(f"r{i}.tsr", "rb").read())
    check.verify_message(answer, open("data", "rb").read())                    # a valid token
    infos.append(answer.tst_info)
got = [(t.gen_time.microsecond, t.ordering, t.accuracy.micros) for t in infos]
assert got == [(0, True, 10)] * 3, ("changed", got)
print("rfc3161-client 1.0.9: fractions in the tokens", *fractions, "| microsecond, ordering, accuracy:", *got)
P
