#!/usr/bin/env bash
# Packages: pqcrypto 1.0.0, with dilithium-py 1.5.1 and mldsa 1.0.1 beside it (PyPI).
# Expectation: ML-DSA takes a context of up to 255 bytes; pqcrypto signs with it and accepts such a
#   signature of another maker, as the two others do.
# Behaviour: 253 bytes work; 254 and 255 are refused when signing ("invalid context length"), and a
#   good signature with 255 bytes is called a failed one. The package's SLH-DSA takes 255.
# Output seen: 253 ok ok | 254 ValueError InvalidSignatureError | 255 ValueError InvalidSignatureError
# Source: FIPS 204, section 5.2, algorithms 2 and 3: only a context longer than 255 bytes is an error
# For Hanpyo: a context built from a long Hangul title (three bytes a syllable) reaches the edge; keep
#   contexts short and fixed in ASCII.
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install --no-deps pqcrypto==1.0.0 dilithium-py==1.5.1 mldsa==1.0.1
v/bin/python -W ignore - <<'P'
import mldsa
from dilithium_py.ml_dsa import ML_DSA_44
from pqcrypto import slh_dsa_sha2_128f
from pqcrypto.sign import ml_dsa_44
pk, sk = ML_DSA_44.key_derive(bytes(32))
msg, seen = "개표 결과".encode(), []
def tried(call):
    try: call(); return "ok"
    except Exception as e: return type(e).__name__
for n in (253, 254, 255):
    ctx = b"c" * n
    sig = ML_DSA_44.sign(sk, msg, ctx)
    mldsa.VerificationKey(pk).verify(sig, msg, context=ctx)       # another library accepts it
    seen.append(f"{n} {tried(lambda: ml_dsa_44.sign(sk, msg, ctx))} {tried(lambda: ml_dsa_44.verify(pk, msg, sig, ctx))}")
spk, ssk = slh_dsa_sha2_128f.keygen()
assert tried(lambda: slh_dsa_sha2_128f.sign(ssk, msg, b"c" * 255)) == "ok"
got = " | ".join(seen)
assert got == "253 ok ok | 254 ValueError InvalidSignatureError | 255 ValueError InvalidSignatureError", got
print("pqcrypto 1.0.0, bytes of context, sign, verify:", got)
P
