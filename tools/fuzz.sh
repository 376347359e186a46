# shellcheck shell=bash
# ./dev fuzz: feeds random bytes to every parser of the record, to the auditor's and to those of rolls, for a number
# of seconds each. The targets are in fuzz/, which is a separate workspace. Sourced by ./dev.

CARGO_FUZZ=0.13.2

install_cargo_fuzz() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR=$PWD/var/build/cargo-fuzz \
    cargo install cargo-fuzz --version "$CARGO_FUZZ" --locked --root var/tools --force
  rm -rf var/build/cargo-fuzz
}

# cargo_fuzz VERB…: coverage is a nightly flag of rustc, and RUSTC_BOOTSTRAP lets the installed rustc accept it. No
# sanitizer is used, because the record's code has no unsafe and runs twice as fast without one.
cargo_fuzz() {
  RUSTC_BOOTSTRAP=1 var/tools/bin/cargo-fuzz fuzz "$1" --sanitizer none --target-dir target/fuzz "${@:2}"
}

# fuzz_target NAME SECONDS: starts from fuzz/seeds and the inputs of earlier runs. It stores a finding in
# fuzz/artifacts, and its last lines say how to reproduce it.
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
