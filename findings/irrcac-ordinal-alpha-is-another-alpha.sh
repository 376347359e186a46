#!/usr/bin/env bash
set -eu -o pipefail
# Packages: irrCAC==0.4.4 krippendorff==0.9.0 numpy==1.26.4 scipy==1.12.0 pandas==2.3.3
#   python-dateutil==4.0.0 pytz==2026.6 tzdata==2026.6
# Expectation: Krippendorff's alpha for ordinal data is one number: irrCAC (weights="ordinal") and
#   krippendorff (ordinal) agree on complete data of two judges, as they do for interval
# Behaviour: interval (quadratic) and ratio agree, ordinal does not: irrCAC weighs by the distance
#   of categories in its list, Krippendorff's metric by how often the categories between were used
# Output seen: interval 0.99542 and 0.99542, ordinal 0.83721 and 0.90000
# Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), ordinal metric;
#   https://irrcac.readthedocs.io names its result "Krippendorff's Alpha"
# For Hanpyo: a figure for the judges' agreement on the progress board must name the metric by
#   formula, not "ordinal alpha"
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps irrCAC==0.4.4 krippendorff==0.9.0 numpy==1.26.4 scipy==1.12.0 pandas==2.3.3 python-dateutil==4.0.0 pytz==2026.6 tzdata==2026.6
cat > "$d/t.py" <<'PY'
import numpy as np, pandas as pd, krippendorff
from irrCAC.raw import CAC
df = pd.DataFrame({"judge1": [0, 90, 100, 0], "judge2": [0, 100, 100, 0]})
def both(w, level):
    a = CAC(df, weights=w).krippendorff()["est"]["coefficient_value"]
    return float(a), round(float(krippendorff.alpha(df.T.to_numpy(), level_of_measurement=level)), 5)
i, o = both("quadratic", "interval"), both("ordinal", "ordinal")
assert i[0] == i[1] == 0.99542 and o == (0.83721, 0.9), (i, o)
print("interval alpha", i, "ordinal alpha: irrCAC", o[0], "krippendorff", o[1])
PY
"$d/v/bin/python" -W ignore "$d/t.py" "$d"
