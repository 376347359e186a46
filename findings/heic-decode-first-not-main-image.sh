#!/usr/bin/env bash
# Packages: heic-decode 2.1.0 with libheif-js 1.23.2 (npm); the file is made by pillow_heif 1.8.1 with
#   pillow 13.0.0 (PyPI).
# Expectation: decode() gives the main image of a file with several images, as its README says ("the
#   main image in the file"): the one that the file names as primary
# Behaviour: it gives the first image in the file, whichever is named as primary
# Output seen: pillow_heif 96x64, heic-decode 64x64 (images in the file: 64x64, 96x64)
# Source: README at https://github.com/catdad-experiments/heic-decode ; ISO/IEC 23008-12 with 14496-12,
#   primary item box (pitm): the item to show when no other is chosen
# For Hanpyo: a phone's burst can have another picture as its main one; the page and the jury must
#   not see different pictures of one file, so a picture is turned into JPEG once, on arrival
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
cd "$d"
python3 -m venv v
v/bin/pip -q --disable-pip-version-check install --no-deps pillow_heif==1.8.1 pillow==13.0.0
npm install --silent --no-audit --no-fund --prefix "$d" heic-decode@2.1.0 libheif-js@1.23.2 >/dev/null
v/bin/python -W ignore - <<'P'
import pillow_heif
from PIL import Image
heif = pillow_heif.from_pillow(Image.new("RGB", (64, 64), "red"))
heif.add_from_pillow(Image.new("RGB", (96, 64), "blue"))
heif.save("two.heic", primary_index=1)
assert pillow_heif.open_heif("two.heic").size == (96, 64)
P
node - <<'J'
const decode = require('heic-decode'), buffer = require('fs').readFileSync('two.heic');
(async () => {
  const main = await decode({ buffer }), all = await decode.all({ buffer });
  const got = `${main.width}x${main.height} of ${all.map((i) => `${i.width}x${i.height}`).join(', ')}`;
  console.log('heic-decode 2.1.0:', got, '(primary: 96x64)');
  if (got !== '64x64 of 64x64, 96x64') { console.log('behaviour changed'); process.exit(1); }
})().catch((e) => { console.log(e.message); process.exit(1); });
J
