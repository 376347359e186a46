#!/usr/bin/env bash
# Packages: rfc3161ng==2.1.3 pyasn1==0.6.5 pyasn1_modules==0.4.2 cryptography==50.0.2 cffi==2.1.1
#   pycparser==3.12 requests==2.34.2 urllib3==2.8.0 idna==3.20 certifi==2026.10.19.post1
#   charset-normalizer==3.5.3 python-dateutil==4.0.0 six==1.17.0
# Expectation: make_timestamp_request(data=..., hashname="sha256") holds the SHA-256 digest of the data
# Behaviour: it names SHA-256 as the algorithm, but the digest beside it is the SHA-1 digest of 20
#   bytes; only a digest that the caller made (digest=...) has the named algorithm
# Output seen: algorithm 2.16.840.1.101.3.4.2.1 (SHA-256), 20 bytes, SHA-1 of the data: True
# Source: RFC 3161, 2.4.1 (the digest has the length that the named algorithm gives);
#   https://github.com/trbs/rfc3161ng
# For Hanpyo: a timestamp of a record is asked for with a digest made by Hanpyo, never with the data,
#   and the length in the request is checked before it is sent
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps rfc3161ng==2.1.3 pyasn1==0.6.5 pyasn1_modules==0.4.2 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12 requests==2.34.2 urllib3==2.8.0 idna==3.20 certifi==2026.10.19.post1 charset-normalizer==3.5.3 python-dateutil==4.0.0 six==1.17.0
cat > "$d/t.py" <<'PY'
import hashlib, rfc3161ng
def imprint(**kw):
    q = rfc3161ng.make_timestamp_request(hashname="sha256", **kw)
    q = rfc3161ng.decode_timestamp_request(rfc3161ng.encode_timestamp_request(q))
    m = q["messageImprint"]
    return str(m["hashAlgorithm"]["algorithm"]), bytes(m["hashedMessage"])
data, sha256 = "시민투표 기록".encode(), "2.16.840.1.101.3.4.2.1"
right = hashlib.sha256(data).digest()
assert imprint(digest=right) == (sha256, right)
algorithm, digest = imprint(data=data)
assert algorithm == sha256 and digest == hashlib.sha1(data).digest(), ("changed", algorithm, digest.hex())
print("rfc3161ng 2.1.3: algorithm", algorithm, "with", len(digest), "bytes, SHA-1 of the data: True")
PY
"$d/v/bin/python" -W ignore "$d/t.py"
