# shellcheck shell=bash
# ./dev fuzz: bytes from strangers against every reader of the record, the auditor's own and those of rolls, so many
# seconds for each. The targets stand in fuzz/, a workspace of its own. Sourced by ./dev.

CARGO_FUZZ=0.13.2

install_cargo_fuzz() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR=$PWD/var/build/cargo-fuzz \
    cargo install cargo-fuzz --version "$CARGO_FUZZ" --locked --root var/tools --force
  rm -rf var/build/cargo-fuzz
}

# cargo_fuzz VERB…: coverage is a flag that rustc keeps for nightly; the bootstrap variable lets the installed
# one take it. No sanitizer: the record's code has no unsafe in it, and runs twice as fast without.
cargo_fuzz() {
  RUSTC_BOOTSTRAP=1 var/tools/bin/cargo-fuzz fuzz "$1" --sanitizer none --target-dir target/fuzz "${@:2}"
}

# fuzz_target NAME SECONDS: starts from fuzz/seeds and from what earlier runs have found. A finding is kept in
# fuzz/artifacts, and the last lines say how to see it again.
fuzz_target() {
  local log=$LOGS/libfuzzer-$1.log status=0
  mkdir -p "var/fuzz/$1"
  cargo_fuzz run "$1" "var/fuzz/$1" "fuzz/seeds/$1" -- \
    -max_total_time="$2" -timeout=5 -rss_limit_mb=1024 -max_len=8192 -verbosity=0 -print_final_stats=1 \
    >"$log" 2>&1 || status=$?
  if ((status == 0)); then
    grep -a -E '^stat::(number_of_executed_units|new_units_added)' "$log"
  else
    tail -n 60 "$log"
  fi
  return "$status"
}

fuzz() {
  local seconds=${1:-20} target
  [[ $seconds =~ ^[1-9][0-9]{0,4}$ ]] || die "seconds for each target: 1 to 99999, not '$seconds'."
  command -v c++ >/dev/null || apt_install g++
  if [ "$(var/tools/bin/cargo-fuzz --version 2>/dev/null)" != "cargo-fuzz $CARGO_FUZZ" ]; then
    lane cargo-fuzz "installing cargo-fuzz $CARGO_FUZZ" "$NETWORK_HELP" install_cargo_fuzz
    await cargo-fuzz
  fi
  lane fuzz-build 'compiling the fuzz targets' "$COMPILE_HELP" cargo_fuzz build
  await fuzz-build
  for target in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$target" .rs)
    check "fuzz-$target" "fuzzing $target" fuzz_target "$target" "$seconds"
  done
  finish
}
