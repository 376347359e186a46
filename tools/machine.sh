# shellcheck shell=bash
# Requirements of the machine: finds a Rust toolchain and Node.js, and installs everything else that is missing.
# Sourced by ./dev.

# Takes cargo from PATH or from the folders of rustup, because sudo and an empty HOME hide it.
find_rust() {
  local home place
  home=$(getent passwd "${SUDO_USER:-$(id -un)}" | cut -d: -f6)
  for place in "${CARGO_HOME:-${HOME:-$home}/.cargo}" "$home/.cargo" /usr/local/cargo; do
    command -v cargo >/dev/null && break
    [ -x "$place/bin/cargo" ] && PATH=$place/bin:$PATH
  done
  command -v cargo >/dev/null || die "cargo was not found: install Rust 1.94 or newer (https://rustup.rs), then again."
  # rustup looks for its toolchains in HOME. Under another HOME they are still beside its programs.
  place=$(dirname "$(dirname "$(dirname "$(command -v cargo)")")")/.rustup
  if [ -z "${RUSTUP_HOME:-}" ] && [ ! -d "${HOME:-}/.rustup" ] && [ -d "$place" ]; then
    export RUSTUP_HOME=$place
  fi
  cargo --version >/dev/null || die "cargo does not start: see the message above (rustup default stable may help)."
}

find_node() {
  command -v node >/dev/null || die "node was not found: install Node.js 20 or newer, then again."
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 20)) || die "Node.js $major is too old: install Node.js 20 or newer, then again."
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# apt_install PACKAGE…: fetches the package lists only if the first try fails (no lists yet, or too old).
apt_install() {
  command -v apt-get >/dev/null || die "missing: $*. This is not Debian: install it yourself, then again."
  ((EUID == 0)) || command -v sudo >/dev/null || die "missing: $*. Install it as root (apt-get install $*), then again."
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
  as_root "${install[@]}" || { as_root apt-get update -q && as_root "${install[@]}"; }
}

# Prints the folder of a PostgreSQL server >= 15, or fails if there is no such folder.
postgres_folder() {
  local folder version on_path
  on_path=$(dirname "$(command -v initdb || echo /none/)")
  for folder in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin "$on_path"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      version=$("$folder/postgres" --version | grep -oE '[0-9]+' | head -n 1)
      ((version >= 15)) && say "$folder" && return
    fi
  done
  return 1
}

# Installs PostgreSQL without the cluster that Debian creates and starts on port 5432, because Hanpyo starts its own.
install_postgres() {
  local setting=/etc/postgresql-common/createcluster.d/hanpyo-install.conf
  as_root mkdir -p "$(dirname "$setting")" || return
  say 'create_main_cluster = false' | as_root tee "$setting" >/dev/null
  local status=0
  apt_install postgresql || status=$?
  as_root rm -f "$setting"
  return "$status"
}

# Installs everything from Debian and rustup that building and running needs. It is called in conditions, where bash
# does not stop at the first failure, hence every `|| return`.
install_machine() {
  local missing=()
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  command -v npm >/dev/null || missing+=(npm)
  command -v setpriv >/dev/null || missing+=(util-linux)
  if ((${#missing[@]})); then apt_install "${missing[@]}" || return; fi
  if ! postgres_folder >/dev/null; then
    install_postgres || return
    postgres_folder >/dev/null || { say "PostgreSQL 15 or newer is needed; Debian's is older here." && return 1; }
  fi
  [ -d "$(rustc --print sysroot)/lib/rustlib/$WASM/lib" ] || rustup target add "$WASM"
}

machine_is_complete() {
  command -v cc npm setpriv >/dev/null && postgres_folder >/dev/null \
    && [ -d "$(rustc --print sysroot)/lib/rustlib/$WASM/lib" ]
}

browser_is_there() {
  [ -x /usr/bin/chromium ] && [ -n "$(find /usr/share/fonts -name 'NotoSansCJK*' -print -quit 2>/dev/null)" ]
}

# npm_packages FOLDER: installs the packages of its package-lock.json without running their scripts.
npm_packages() {
  local hash
  hash=$(fingerprint "$(node --version)" "$1/package.json" "$1/package-lock.json")
  fresh "npm-$1" "$hash" "$1/node_modules/.package-lock.json" && return
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund)
  mark "npm-$1" "$hash" "$1/node_modules/.package-lock.json"
}

bindgen_version() { awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock; }

has_bindgen() { [ "$(var/tools/bin/wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $1" ]; }

# The version must be the one in Cargo.lock. It is built without --locked, because its own lock names a withdrawn
# crate, and with little optimisation, because it runs for only two seconds.
install_bindgen() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR=$PWD/var/build/wasm-bindgen \
    cargo install wasm-bindgen-cli --version "$1" --root var/tools --force
  rm -rf var/build
}

# with_scratch_database COMMAND…: runs a command with DATABASE_URL set to a temporary database that has migrations/
# applied. It does not use the program itself, which may not compile before this has run.
with_scratch_database() (
  bin=$(postgres_folder)
  folder=$(mktemp -d /tmp/hanpyo-scratch.XXXXXX)
  as=()
  if ((EUID == 0)); then # PostgreSQL refuses to run as root
    user=$(id -un postgres 2>/dev/null || echo nobody)
    as=(setpriv "--reuid=$user" "--regid=$(id -gn "$user")" --clear-groups)
    chown "$user" "$folder"
  fi
  trap '(cd /; "${as[@]}" "$bin/pg_ctl" -D "$folder/db" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$folder"' EXIT
  (
    cd /
    "${as[@]}" "$bin/initdb" -D "$folder/db" -U hanpyo -A trust -E UTF8 --locale=C.UTF-8 --no-sync
    "${as[@]}" "$bin/pg_ctl" -D "$folder/db" -w -l "$folder/log" -o "-F -c listen_addresses='' -k $folder" start
  ) >/dev/null
  for file in migrations/*.sql; do
    [ -e "$file" ] || continue
    "$bin/psql" -X -q -h "$folder" -U hanpyo -d postgres -v ON_ERROR_STOP=1 -f "$file"
  done
  DATABASE_URL="postgres://hanpyo@localhost/postgres?host=$folder" "$@"
)
