#!/usr/bin/env bash
# Package: kendall-w==1.0.0
# Expectation: three judges who give exactly the same ranking agree wholly: Kendall's W is 1, also where
#   the ranking has a shared place
# Behaviour: a shared first place (1, 1, 3) gives 1.333, a shared second place (1, 2, 2) gives 0.333; the
#   correction for ties is missing, and the mean ranks that it needs (1.5) are refused as no integers
# Output seen: 1.3333 | 0.3333 | without ties 1.0 | mean ranks: AssertionError
# Source: docstring of compute_w (W lies in 0 to 1, and 1 is unanimous agreement); M. G. Kendall and
#   B. Babington Smith, The Problem of m Rankings (1939), section on ties: mean ranks and a correction
# For Hanpyo: judges' points often tie; an agreement figure is computed with mean ranks and the correction,
#   and a value outside 0 to 1 stops the page
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps kendall-w==1.0.0
cat > "$d/t.py" <<'PY'
from kendall_w import compute_w
def unanimous(*ranks): return round(compute_w([[rank] * 3 for rank in ranks]), 4)
got = unanimous(1, 1, 3), unanimous(1, 2, 2), unanimous(1, 2, 3)
try: refused = unanimous(1.5, 1.5, 3)
except AssertionError as e: refused = type(e).__name__
assert got == (1.3333, 0.3333, 1.0) and refused == "AssertionError", ("changed", got, refused)
print("kendall-w 1.0.0:", *got, "| mean ranks:", refused)
PY
"$d/v/bin/python" -W ignore "$d/t.py"
