# shellcheck shell=bash
# The checks of ./dev test and ./dev lint. All checks run, also after a failure, and a summary counts their results.
# Sourced by ./dev.

PASSED=0
FAILED=0
REPORT=()
LAST=0

# check NAME TITLE COMMAND…: runs one check and counts its tests. A check without a test runner counts as one test.
# Stores its exit status in LAST.
check() {
  local title=$2 log="$LOGS/test-$1.log" began=$SECONDS status passed failed
  shift 2
  say
  say "── $title"
  set +e # not `if …`, because bash ignores `set -e` inside a condition
  (
    set -e
    "$@"
  ) 2>&1 </dev/null | tee "$log"
  status=${PIPESTATUS[0]}
  set -e
  read -r passed failed <<<"$(count_tests "$log")"
  # A runner that fails without a failed test counts as one failure. A check without tests counts as one test.
  if ((status != 0 && failed == 0)); then failed=1; fi
  if ((status == 0 && passed == 0)) && ! grep -q '^test result: ' "$log"; then passed=1; fi
  PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed))
  local mark='ok  '
  ((status == 0)) || mark=FAIL
  REPORT+=("$(printf '%s  %-34s %5d passed  %3d failed  %5d s   %s' \
    "$mark" "$title" "$passed" "$failed" "$((SECONDS - began))" "$( ((status == 0)) || say "see $log")")")
  summary_of "$log"
  LAST=$status
}

# Adds a test runner's own summary to the report.
summary_of() {
  local line
  while read -r line; do REPORT+=("        $line"); done < <(
    plain "$1" | sed -nE 's/^ *(Summary \[)/\1/p; s/^ +([0-9]+ (passed|failed|flaky|skipped|interrupted|did not))/\1/p'
  )
}

# Prints "PASSED FAILED" from the output of nextest, cargo test or Playwright. nextest repeats the output of failed
# tests, which may contain summaries too, so of nextest only its own last summary counts.
count_tests() {
  plain "$1" | awk '
    function number(word) { return match($0, "[0-9]+ " word) ? substr($0, RSTART) + 0 : 0 }
    /^ *Summary \[/ {
      nextest = 1
      good = number("passed")
      bad = number("failed") + number("timed out") + number("exec failed")
    }
    /^test result: / { passed += number("passed"); failed += number("failed") }
    /^ +[0-9]+ passed( \(|$)/ { passed += $1 }
    /^ +[0-9]+ (failed|interrupted|flaky|did not run)$/ { failed += $1 }
    END { print (nextest ? good : passed) + 0, (nextest ? bad : failed) + 0 }'
}

finish() {
  say
  say "── Summary, after $((SECONDS / 60)) min $((SECONDS % 60)) s"
  printf '%s\n' "${REPORT[@]}"
  say "$PASSED passed, $FAILED failed"
  ((FAILED == 0))
}

# ---- the checks ---------------------------------------------------------------------------------------

clippy_wasm() {
  cargo clippy --target "$WASM" -p domain -p phrases -- -D warnings
  cargo clippy --target "$WASM" -p app --features hydrate,desk -- -D warnings
  cargo clippy --target "$WASM" -p voter --features browser -- -D warnings
}

lints() {
  placeholder_site
  check format 'formatting' cargo fmt --all --check
  check names 'names of functions' node tools/names.mjs
  # Clippy expands the queries anyway, so it does it with a database and writes what sqlx's macros learn.
  local fresh_data
  fresh_data=$(mktemp -d)
  check clippy 'clippy, server side' \
    write_offline_data "$fresh_data" cargo clippy --workspace --all-targets -- -D warnings
  check offline-data 'offline data of the queries' node tools/offline-data.mjs .sqlx "$fresh_data"
  rm -rf "$fresh_data"
  check clippy-wasm 'clippy, browser side' clippy_wasm
}

# write_offline_data FOLDER COMMAND…: writes what sqlx's macros learn about every query from a database with all migrations,
# while cargo's COMMAND compiles the backend.
write_offline_data() (
  first=backend/src/lib.rs
  mkdir -p "$1" var/tmp
  export SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$1
  shift
  placeholder_site
  # The macros run only when cargo compiles, so touch the source. Restore its old time afterwards, unless somebody saved
  # the file meanwhile, so that other builds do not compile it again.
  touch -r "$first" var/tmp/time
  touch "$first"
  ours=$(stat -c %.9Y "$first")
  trap '[ "$(stat -c %.9Y "$first")" != "$ours" ] || touch -r var/tmp/time "$first"' EXIT
  with_scratch_database "$@"
)

prepare() (
  fresh_data=$(mktemp -d)
  trap 'rm -rf "$fresh_data"' EXIT
  machine_is_complete || install_machine
  write_offline_data "$fresh_data" cargo check -p backend --all-targets
  rm -rf .sqlx
  cp -r "$fresh_data" .sqlx
  chmod -R u=rwX,go=rX .sqlx
  say ".sqlx holds $(find .sqlx -name 'query-*.json' | wc -l) queries."
)

# rust_tests WHICH… [-- ARG…]: compiles first, so that the temporary cluster runs only during the tests.
rust_tests() {
  local which=() run=(cargo test) flags=(--no-fail-fast)
  while (($#)) && [ "$1" != -- ]; do which+=("$1") && shift; done
  [ "${1:-}" != -- ] || shift
  if cargo nextest --version >/dev/null 2>&1; then
    run=(cargo nextest run)
    flags+=(--status-level fail --final-status-level fail)
  fi
  "${run[@]}" "${which[@]}" --no-run
  env -u DATABASE_URL "${CLUSTER[@]}" "${run[@]}" "${which[@]}" "${flags[@]}" "$@"
}

# free_port FROM: prints a free port, one of the 3,000 from FROM on. They are below the ports that Linux assigns by
# itself (32768 and up), so the port is still free when it is used.
free_port() {
  node -e '
    const { createServer } = require("net");
    const look = (left) => {
      const port = Number(process.argv[1]) + Math.floor(Math.random() * 3000);
      const server = createServer();
      server.once("error", (error) => {
        if (left === 0) throw error;
        look(left - 1);
      });
      server.listen(port, "127.0.0.1", () => {
        console.log(port);
        server.close();
      });
    };
    look(50);' "$1"
}

# Runs the journeys at both widths side by side. Each width has a program of its own, because all journeys in one program
# share its contest and its clock.
journeys() (
  cargo build -p auditor
  runs=()
  journeys_at phone 20000 "$@" &
  runs+=($!)
  journeys_at desktop 26000 "$@" &
  runs+=($!)
  status=0
  for run in "${runs[@]}"; do wait "$run" || status=$?; done
  exit "$status"
)

# journeys_at WIDTH PORT ARG…: runs the journeys at one width against the built program, with its own data folder and with
# ports from PORT on.
journeys_at() (
  export NO_COLOR=1 FORCE_COLOR=0
  width=$1
  port=$(free_port "$2")
  provider_port=$(free_port "$(($2 + 3000))")
  shift 2
  data=$(mktemp -d /tmp/hanpyo-journeys.XXXXXX)
  chmod 755 "$data" # as root PostgreSQL runs as another user, who must be able to enter
  log=$LOGS/journeys-server-$width.log
  (cd end2end && exec node provider.mjs "$provider_port" "http://127.0.0.1:$port") \
    >"$LOGS/journeys-provider-$width.log" 2>&1 &
  provider=$!
  echo 'only for journeys' >"$data/provider.secret"
  env -u DATABASE_URL "$HANPYO" serve --demo --listen "127.0.0.1:$port" --data-dir "$data" \
    --oidc-issuer "http://127.0.0.1:$provider_port" --oidc-client-id hanpyo \
    --oidc-client-secret-file "$data/provider.secret" \
    --oidc-name-ko '시험 계정' --oidc-name-en 'Test account' >"$log" 2>&1 &
  server=$!
  trap 'stop_server "$server"; kill "$provider" 2>/dev/null || true; rm -rf "$data"' EXIT
  wait_for_server "$server" "$log"
  cd end2end
  HANPYO_AUDIT=$PWD/../target/debug/hanpyo-audit OIDC_URL=http://127.0.0.1:$provider_port \
    HANPYO_URL=http://127.0.0.1:$port PLAYWRIGHT_HTML_OUTPUT_DIR=report/$width \
    npx --no-install playwright test --project="$width" --output="test-results/$width" "$@"
)

wait_for_server() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    grep -q 'listening on http' "$2" && return
    kill -0 "$1" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 30 "$2"
  say "The server did not start. The end of its log is above, and the whole log is $2."
  return 1
}

# Stops the server, and kills it if it has not stopped after 20 s.
stop_server() {
  local tries
  kill -TERM "$1" 2>/dev/null || return 0
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.2
  done
  say 'The server did not stop within 20 s; killed.'
  kill -KILL "$1" 2>/dev/null || true
}

# Runs each kind of fault once, with a few thousand ballots. `./dev chaos` is the long run.
chaos_short() {
  build_simulator
  "$SIMULATOR" chaos --server "$HANPYO" --acks 3000 --faults 12 --proofs 300 "$@"
}

journey_types() { (cd end2end && npx --no-install tsc --noEmit); }

install_browser() {
  browser_is_there || apt_install chromium fonts-noto-cjk
  npm_packages end2end
}

# ---- the suite ----------------------------------------------------------------------------------------

# needs_build COMMAND…: runs a command that needs the built program, or fails with a message if the build failed.
needs_build() {
  [ -n "$BUILT" ] || { say 'Not run: the build has failed (above).' && return 1; }
  "$@"
}

build_for_tests() {
  BUILT=''
  check build 'build' build_all
  if ((LAST == 0)); then BUILT=yes; fi
  CLUSTER=("$HANPYO" with-postgres --)
}

browser_tests() {
  check browser 'browser and its packages' install_browser
  check types 'types of the journeys' journey_types
  check journeys 'journeys in the browser' needs_build journeys "$@"
}

test_suite() {
  local part=${1:-all}
  [ $# -eq 0 ] || shift
  CLUSTER=()
  case $part in
    all)
      build_for_tests
      lints
      check rust 'unit, property, database, router' needs_build rust_tests --workspace
      check chaos 'chaos, short' needs_build chaos_short
      browser_tests
      ;;
    domain)
      check domain 'domain and phrases' rust_tests -p domain -p phrases -- "$@"
      ;;
    backend)
      build_for_tests
      check backend 'backend' needs_build rust_tests -p backend -- "$@"
      ;;
    rust)
      build_for_tests
      check rust 'unit, property, database, router' needs_build rust_tests --workspace -- "$@"
      ;;
    e2e)
      build_for_tests
      browser_tests "$@"
      ;;
    *) die "there is no part '$part': domain, backend, rust or e2e." ;;
  esac
  finish
}

lint() {
  machine_is_complete || install_machine || die "installing system packages failed: see above. $NETWORK_HELP"
  lints
  finish
}
