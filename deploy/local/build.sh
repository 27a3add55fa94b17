# shellcheck shell=bash
# Configure and compile one preset; ninja decides what is stale.
build_preset() {
  local preset=$1
  shift
  [ -f "$ROOT/build/$preset/build.ninja" ] || cmake -S "$ROOT" --preset "$preset"
  # A compiler can need 1.5 GB, so memory bounds the width as well as cores do.
  local by_memory=$(($(awk '/MemAvailable/ {print $2}' /proc/meminfo) / 1500000))
  local jobs
  jobs=$(nproc)
  [ "$by_memory" -lt "$jobs" ] && jobs=$((by_memory > 0 ? by_memory : 1))
  ninja -C "$ROOT/build/$preset" -j "$jobs" "$@"
}

ensure_built() {
  [ -n "${VARDKEDJA_BIN:-}" ] && return
  step "build ($PRESET; the first time takes minutes)" build_preset "$PRESET" \
    "${SERVICES[@]/%/-service}" gateway vardkedja-token vardkedja-keys vardkedja-audit-verify vardkedja-demo
}

cmd_build() {
  ensure_packages
  build_preset "${1:-$PRESET}" "${@:2}"
}
