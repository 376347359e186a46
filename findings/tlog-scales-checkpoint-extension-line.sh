#!/usr/bin/env bash
set -eu -o pipefail
# Packages: tlog-scales==0.0.3 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12 requests==2.34.2
#   urllib3==2.8.0 idna==3.20 certifi==2026.10.19.post1 charset-normalizer==3.5.3
# Expectation: a signed checkpoint with an extension line after the root hash is read, and its
#   signature over the whole body verifies
# Behaviour: the reader takes line 5 as the first signature wherever the blank line is: one
#   extension line gives IndexError, two give ValueError; the same checkpoint without it verifies
# Output seen: IndexError string index out of range; ValueError em-dash missing
# Source: https://c2sp.org/tlog-checkpoint : following lines are extension lines, "opaque and
#   OPTIONAL" (their use is not recommended, but they are valid)
# For Hanpyo: checkpoints of the record carry no extension lines, although the format allows them:
#   readers like this one break on them
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps tlog-scales==0.0.3 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12 requests==2.34.2 urllib3==2.8.0 idna==3.20 certifi==2026.10.19.post1 charset-normalizer==3.5.3
cat > "$d/t.py" <<'PY'
import base64
from tlog_scales.tlog import Checkpoint
from tlog_scales.signing import NoteSignature, PlainEd25519Signer
signer = PlainEd25519Signer("example.org/record", b"\1" * 32)
def note(ext):
    body = "example.org/record\n3\n" + base64.b64encode(b"\2" * 32).decode() + "\n" + ext
    sig = NoteSignature.from_vkey_signature(signer.vkey, signer.key.sign(body.encode()))
    return body + "\n" + sig.serialize() + "\n"
Checkpoint.from_text(note("")).verify(signer.vkey)
seen = []
for ext in ("edition 2026\n", "edition 2026\nround 2\n"):
    try: Checkpoint.from_text(note(ext)); raise SystemExit("read: behaviour changed")
    except (IndexError, ValueError) as e: seen.append(f"{type(e).__name__}: {e}")
assert seen == ["IndexError: string index out of range", "ValueError: em-dash missing"], seen
print("tlog-scales cannot read a checkpoint with extension lines:", seen)
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
