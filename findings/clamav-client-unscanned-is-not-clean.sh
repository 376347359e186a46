#!/bin/bash
# Package: clamav-client 2.3.0 (crates.io).
# Expectation: `clean`, which says whether an answer of clamd "indicates that the scanned content is clean
#   or contains a virus", is an error for the answer to a document that clamd did not scan.
# Behaviour: it is Ok(false), the same as for a document with a virus. clamd 1.4.3 with StreamMaxLength 1M
#   gives this answer to a harmless document of 2 MB.
# Output seen: scanned: Ok(true) | virus: Ok(false) | too large: Ok(false)
# Source: https://docs.rs/clamav-client/2.3.0/clamav_client/fn.clean.html; clamd(8), INSTREAM, and
#   StreamMaxLength in clamd.conf(5).
# For Hanpyo: an organisation would read that its harmless document is harmful. The answer is read here
#   word by word, and a document that was not scanned waits.
set -eu -o pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir -p probe/src
cat >probe/Cargo.toml <<'T'
[package]
name = "probe"
version = "0.0.0"
edition = "2021"
[dependencies]
clamav-client = { version = "=2.3.0", default-features = false }
T
cat >probe/src/main.rs <<'T'
use clamav_client::clean;
fn main() {
    let scanned = clean(b"stream: OK\0");
    let virus = clean(b"stream: Test FOUND\0");
    let large = clean(b"INSTREAM size limit exceeded. ERROR\0");
    println!("scanned: {scanned:?} | virus: {virus:?} | too large: {large:?}");
}
T
seen=$(CARGO_TARGET_DIR="$dir/target" cargo run --quiet --manifest-path probe/Cargo.toml)
echo "$seen"
test "$seen" = "scanned: Ok(true) | virus: Ok(false) | too large: Ok(false)"
