# shellcheck shell=bash
# Output and memory of ./dev: numbered steps, lanes (background commands that show their progress), and stamps (which
# outputs were built from which inputs). Sourced by ./dev.

LOGS=var/log
STAMPS=var/stamps
mkdir -p "$LOGS" "$STAMPS"

say() { printf '%s\n' "$*"; }

# Ends the script with one sentence that says what failed and what to do.
die() {
  printf '\nhanpyo: %s\n' "$*" >&2
  exit 1
}

STEP=0
STEPS=0

# step TITLE: announces the next of $STEPS steps, with the seconds since the start.
step() {
  STEP=$((STEP + 1))
  say "[$STEP/$STEPS] $1  ($SECONDS s)"
}

# ---- lanes --------------------------------------------------------------------------------------------

declare -A LANE_PID LANE_TITLE LANE_HELP LANE_BEGAN

# lane NAME TITLE HELP COMMAND…: starts a command in the background. Its output goes to var/log/NAME.log. HELP says
# what to do if it fails.
lane() {
  local name=$1
  LANE_TITLE[$name]=$2 LANE_HELP[$name]=$3 LANE_BEGAN[$name]=$SECONDS
  shift 3
  trap stop_lanes EXIT
  set -m # a separate process group, so that Ctrl-C can end all of it
  (
    set +m
    trap - EXIT
    # Write cargo's progress bar into the log, because `await` shows its last state.
    export CARGO_TERM_PROGRESS_WHEN=always CARGO_TERM_PROGRESS_WIDTH=80
    "$@"
  ) >"$LOGS/$name.log" 2>&1 </dev/null &
  LANE_PID[$name]=$!
  set +m
}

stop_lanes() {
  local pid
  for pid in "${LANE_PID[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  LANE_PID=()
}

# Prints a log without colours and overwritten progress bars.
plain() { tr '\r' '\n' <"$1" | sed 's/\x1b\[[0-9;]*[A-Za-z]//g' | grep -av '^ *$' || true; }

# Prints the last line of a log. Of cargo's bar it keeps the numbers and names.
last_line() {
  tail -c 2000 "$1" | plain /dev/stdin | tail -n 1 | sed -E 's/^ *(Building \[[=> ]*\] )?//; s/ +$//' \
    | cut -c 1-"${2:-95}"
}

finish_lane() {
  local name=$1 status=0
  wait "${LANE_PID[$name]}" || status=$?
  unset "LANE_PID[$name]"
  [ -t 1 ] && printf '\r\033[K'
  if ((status == 0)); then
    say "      done: ${LANE_TITLE[$name]}, $((SECONDS - LANE_BEGAN[$name])) s"
    return
  fi
  plain "$LOGS/$name.log" | grep -avE '^ *(Building \[|Compiling |Downloaded |Checking )' | tail -n 60 >&2 || true
  die "${LANE_TITLE[$name]} failed. ${LANE_HELP[$name]} (Everything it said: $LOGS/$name.log)"
}

# await NAME…: waits for these lanes and shows the progress of all lanes, every 0.2 s on a terminal, else every 15 s.
await() {
  local name running=1 shown=$SECONDS
  while ((running)); do
    running=0
    for name in "${!LANE_PID[@]}"; do
      if ! kill -0 "${LANE_PID[$name]}" 2>/dev/null; then
        finish_lane "$name"
      elif [[ " $* " == *" $name "* ]]; then
        running=1
      fi
    done
    if ((running)); then
      sleep 0.2
      if [ -t 1 ]; then show_on_terminal; elif ((SECONDS - shown >= 15)); then
        shown=$SECONDS
        show_lines
      fi
    fi
  done
}

show_lines() {
  local name
  for name in "${!LANE_PID[@]}"; do
    say "      $name, $((SECONDS - LANE_BEGAN[$name])) s: $(last_line "$LOGS/$name.log")"
  done
}

show_on_terminal() {
  local name text='' width
  width=$(($(tput cols 2>/dev/null || echo 80) / ${#LANE_PID[@]} - 20))
  for name in "${!LANE_PID[@]}"; do
    text+="  $name $((SECONDS - LANE_BEGAN[$name])) s: $(last_line "$LOGS/$name.log" $((width > 20 ? width : 20)))"
  done
  printf '\r\033[K%s' "$text"
}

# ---- stamps -------------------------------------------------------------------------------------------

# fingerprint WORDS PATH…: prints one hash of the compiler's version, the words and all files below the paths.
fingerprint() {
  local words=$1 path present=()
  shift
  for path in "$@"; do
    if [ -e "$path" ]; then present+=("$path"); fi
  done
  {
    rustc --version
    say "$words"
    find "${present[@]}" -name node_modules -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
  } | sha256sum | cut -d ' ' -f 1
}

# Prints the text of a stamp: the fingerprint of the inputs, and the size and time of each output, so that an output
# that was changed since is built again.
stamp_text() {
  local hash=$1
  shift
  say "$hash"
  stat -c '%n %s %.9Y' "$@" 2>/dev/null || say missing
}

# fresh NAME HASH OUTPUT…: succeeds if the outputs are unchanged since they were built from this fingerprint.
fresh() {
  local name=$1
  shift
  [ -f "$STAMPS/$name" ] && [ "$(cat "$STAMPS/$name")" = "$(stamp_text "$@")" ] && ! grep -qx missing "$STAMPS/$name"
}

# mark NAME HASH OUTPUT…: stores the stamp of a build.
mark() {
  local name=$1
  shift
  stamp_text "$@" >"$STAMPS/$name"
}
