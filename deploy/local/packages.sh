# shellcheck shell=bash
# Debian and npm packages, installed once.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || die "installing packages needs root or sudo: $*"
  sudo "$@"
}

missing_packages() {
  local wanted
  mapfile -t wanted <"$ROOT/deploy/local/packages.txt"
  command -v npm >/dev/null || wanted+=(nodejs npm)
  command -v kubectl >/dev/null || wanted+=(kubernetes-client)
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort) \
    <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" {print $2}' | sort)
}

install_missing() {
  # RUNLEVEL=1 keeps Debian from starting a server of its own on install.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -q --no-install-recommends "$@"
}

ensure_packages() {
  local missing
  command -v dpkg-query >/dev/null || die "this needs Debian 12 (bookworm)"
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} = 0 ] && return
  step "install ${#missing[@]} packages" install_missing "${missing[@]}"
}

# The lint and interop tools, pinned in package.json and its lock; into node_modules, never global. Not
# `npm ci`: it refuses a lock without the packages of platforms that a registry does not carry.
ensure_node_tools() {
  [ "$ROOT/node_modules/.package-lock.json" -nt "$ROOT/package-lock.json" ] && return
  step "install node tools" npm install --prefix "$ROOT" --no-save --no-audit --no-fund
}
