# shellcheck shell=bash
# Processes of a local suite: start, readiness, stop.
binary_of() {
  case $1 in gateway) printf '%s/gateway' "$BIN" ;; *) printf '%s/%s-service' "$BIN" "$1" ;; esac
}

pid_of() { cat "$STATE/run/$1.pid" 2>/dev/null; }

# A pid file may be older than a reboot: the process must also be our binary with our config.
is_running() {
  local pid
  pid=$(pid_of "$1") && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null &&
    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$STATE/config/$1.yaml"
}

start_process() {
  local name=$1
  is_running "$name" && return
  setsid nohup "$(binary_of "$name")" serve --config "$STATE/config/$name.yaml" \
    </dev/null >>"$STATE/log/$name.log" 2>&1 &
  echo $! >"$STATE/run/$name.pid"
  # Until it has become our binary its command line is still this script's; a dead one has none.
  until is_running "$name" || [ ! -s "/proc/$!/cmdline" ]; do sleep 0.01; done
}

is_ready() { curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$(port_of "$1" ADMIN)/readyz" 2>/dev/null; }

READY_TIMEOUT_S=${VARDKEDJA_READY_TIMEOUT_S:-60}
wait_ready() {
  local name=$1 until=$((SECONDS + READY_TIMEOUT_S))
  until is_ready "$name"; do
    is_running "$name" ||
      { tail -n 5 "$STATE/log/$name.log" >&2; echo "$name has ended before it was ready" >&2; return 1; }
    [ $SECONDS -lt $until ] || { echo "$name is not ready after $READY_TIMEOUT_S s" >&2; return 1; }
    sleep 0.05
  done
}

start_all() {
  local name
  for name in "${PROCESSES[@]}"; do start_process "$name"; done
  for name in "${PROCESSES[@]}"; do wait_ready "$name"; done
}

STOP_TIMEOUT_S=20
stop_process() {
  local name=$1 pid until=$((SECONDS + STOP_TIMEOUT_S))
  is_running "$name" || { rm -f "$STATE/run/$name.pid"; return 0; }
  pid=$(pid_of "$name")
  kill -TERM "$pid"
  while kill -0 "$pid" 2>/dev/null; do
    [ $SECONDS -lt $until ] || { say "  $name did not drain in $STOP_TIMEOUT_S s: killed"; kill -KILL "$pid"; break; }
    sleep 0.05
  done
  rm -f "$STATE/run/$name.pid"
}

migrate_all() {
  local name
  for name in "${SERVICES[@]}"; do
    "$(binary_of "$name")" migrate --config "$STATE/config/$name.yaml"
  done
}

seed_all() {
  local name
  for name in "${SERVICES[@]}"; do
    "$(binary_of "$name")" seed --config "$STATE/config/$name.yaml" --from "$ROOT/deploy/kronoberg"
  done
}

known_process() {
  local name
  for name in "${PROCESSES[@]}"; do [ "$name" = "${1:-}" ] && return; done
  die "name one of: ${PROCESSES[*]}"
}
