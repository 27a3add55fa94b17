# shellcheck shell=bash
# What each command does. `help` is the list.
cmd_help() {
  cat <<'EOT'
Vårdkedjan: from a commission form to a bed and into the statistics.

  ./vardkedja up              install, build, create and start everything; again takes seconds
  ./vardkedja down            stop everything; data stays (down --erase removes it)
  ./vardkedja status          processes, addresses, readiness, memory
  ./vardkedja demo            play the whole story through the public gateway
  ./vardkedja test            install, build and run every test (what CI runs)
  ./vardkedja lint            format, clang-tidy on changed files, buf lint, shell, Kubernetes
  ./vardkedja bench [PART]    throughput as ratios to the database's own limit; PART: referral or placement
  ./vardkedja soak [PART...]  long work: threads, pages, kills, histories, regions

  ./vardkedja token --unit alvesta-authority --role social_worker [--seat S] [--loa high] [--ttl 8h]
  ./vardkedja clock [+14d|+6h|reset]   show or move the suite's domain time (development only)
  ./vardkedja verify          check that every service's audit trail is as it was written
  ./vardkedja rotate token|encryption|index|audit|tls   new keys or certificates, without a restart
  ./vardkedja logs [process] [-f]      JSON lines, one per call
  ./vardkedja psql [schema]            a database shell as a service's role, or as superuser
  ./vardkedja restart|start|kill PROCESS   one of referral placement notification reporting gateway
  ./vardkedja build [preset] [targets] dev, asan, tsan or release

Settings: VARDKEDJA_STATE (default .local), VARDKEDJA_PRESET (default release), VARDKEDJA_PORT_BASE (7100).
EOT
}

cmd_up() {
  local started=$SECONDS
  say "Starting Vårdkedjan in $STATE"
  mkdir -p "$STATE"
  exec 8>"$STATE/lock"
  flock -n 8 || die "another ./vardkedja up is running on $STATE"
  [ -n "${VARDKEDJA_BIN:-}" ] || ensure_packages
  ensure_built
  step "keys, certificates and passwords" make_secrets
  choose_ports
  load_ports
  step "database: create" pg_init
  step "database: start" pg_start 8>&-
  step "database: roles and schemas" pg_bootstrap
  local name
  for name in "${PROCESSES[@]}"; do write_config "$name"; done
  restart_changed
  step "migrations" migrate_all
  step "reference data of Kronoberg" seed_all
  step "five processes" start_all 8>&-
  say "Ready in $((SECONDS - started)) s."
  print_addresses
}

# A running process whose binary or configuration is newer than itself is stopped, to be started anew.
restart_changed() {
  local name pid_file
  for name in "${PROCESSES[@]}"; do
    pid_file="$STATE/run/$name.pid"
    is_running "$name" || continue
    if [ "$(binary_of "$name")" -nt "$pid_file" ]; then stop_process "$name"; fi
  done
}

print_addresses() {
  cat <<EOT

  REST     http://127.0.0.1:$GATEWAY_HTTP_PORT   (contract: /openapi.json, /api-info)
  gRPC     127.0.0.1:$GATEWAY_GRPC_PORT          (reflection is on)
  metrics  http://127.0.0.1:$(port_of gateway ADMIN)/metrics, and one per service (./vardkedja status)

Next: ./vardkedja demo, or a first call:
  TOKEN=\$(./vardkedja token --unit alvesta-authority --role social_worker)
  curl -s -H "Authorization: Bearer \$TOKEN" http://127.0.0.1:$GATEWAY_HTTP_PORT/notification/v1/units | jq .
EOT
}

cmd_down() {
  local name
  if [ ! -f "$STATE/ports.env" ]; then say "nothing to stop"; return; fi
  load_ports
  for name in gateway reporting notification placement referral; do stop_process "$name"; done
  step "database: stop" pg_stop
  if [ "${1:-}" = --erase ]; then
    rm -rf "$(pg_dir)" "$STATE"
    say "stopped, and every trace in $STATE removed"
  else
    say "stopped; data is kept in $STATE"
  fi
}

cmd_status() {
  load_ports
  local name state pid pss
  printf '%-14s %-10s %-8s %-10s %s\n' PROCESS STATE PID "PSS MB" ADDRESS
  for name in "${PROCESSES[@]}"; do
    state=stopped pid=- pss=-
    if is_running "$name"; then
      pid=$(pid_of "$name")
      state=starting
      is_ready "$name" && state=ready
      pss=$(awk '/^Pss:/ {printf "%.0f", $2 / 1024}' "/proc/$pid/smaps_rollup")
    fi
    case $name in
      gateway) printf '%-14s %-10s %-8s %-10s %s\n' "$name" "$state" "$pid" "$pss" \
        "REST 127.0.0.1:$GATEWAY_HTTP_PORT gRPC 127.0.0.1:$GATEWAY_GRPC_PORT admin 127.0.0.1:$gateway_ADMIN" ;;
      *) printf '%-14s %-10s %-8s %-10s %s\n' "$name" "$state" "$pid" "$pss" \
        "gRPC 127.0.0.1:$(port_of "$name" PORT) admin 127.0.0.1:$(port_of "$name" ADMIN)" ;;
    esac
  done
  state=stopped
  pid=-
  pss=-
  if pg_running; then
    state=ready
    pid=$(as_pg head -1 "$(pg_dir)/data/postmaster.pid")
    pss=$({ echo "$pid"; pgrep -P "$pid"; } | while read -r each; do cat "/proc/$each/smaps_rollup" 2>/dev/null || true; done |
      awk '/^Pss:/ {sum += $2} END {printf "%.0f", sum / 1024}')
  fi
  printf '%-14s %-10s %-8s %-10s %s\n' postgresql "$state" "$pid" "$pss" "127.0.0.1:$PG_PORT"
}

cmd_start() {
  known_process "${1:-}"
  load_ports
  start_process "$1"
  wait_ready "$1"
}

cmd_restart() {
  known_process "${1:-}"
  load_ports
  stop_process "$1"
  start_process "$1"
  wait_ready "$1"
}

# kill -9: what a crash looks like. `start` brings the process back.
cmd_kill() {
  known_process "${1:-}"
  load_ports
  is_running "$1" || return 0
  kill -KILL "$(pid_of "$1")"
  while is_running "$1"; do sleep 0.01; done
}

cmd_logs() {
  local follow=() name=
  for name in "$@"; do [ "$name" = -f ] && follow=(-f); done
  name=${1:-}
  if [ -z "$name" ] || [ "$name" = -f ]; then
    tail -n 20 "${follow[@]}" "$STATE"/log/{referral,placement,notification,reporting,gateway}.log
    return
  fi
  known_process "$name"
  tail -n 50 "${follow[@]}" "$STATE/log/$name.log"
}

cmd_token() {
  [ -f "$STATE/auth/jwks.json" ] || die "there are no keys yet; ./vardkedja up makes them"
  "$BIN/vardkedja-token" issue --key "$STATE/auth/token-key.pem" --issuer vardkedja-dev --audience vardkedja "$@"
}

# Moves domain time for every process of the suite at once; they look at the file every 20 ms.
cmd_clock() {
  [ -d "$STATE" ] || die "nothing is set up yet; ./vardkedja up does it"
  local now=0 unit amount change=${1:-}
  [ -f "$STATE/clock-offset" ] && now=$(cat "$STATE/clock-offset")
  case $change in
    '') ;;
    reset) now=0 ;;
    [+-]*[dhms])
      unit=${change: -1} amount=${change%?}
      [[ $amount =~ ^[+-][0-9]{1,5}$ ]] || die "clock takes for example +14d, -1d, +6h, +30m or reset"
      amount=$((10#${amount#[+-]} * (${amount:0:1}1)))
      case $unit in d) amount=$((amount * 86400)) ;; h) amount=$((amount * 3600)) ;; m) amount=$((amount * 60)) ;; esac
      now=$((now + amount)) ;;
    *) die "clock takes for example +14d, -1d, +6h, +30m or reset" ;;
  esac
  if [ -n "$change" ]; then
    printf '%s\n' "$now" >"$STATE/clock-offset.new"
    mv "$STATE/clock-offset.new" "$STATE/clock-offset"
    sleep 0.05 # longer than the processes' documented look interval
  fi
  TZ=Europe/Stockholm date -d "@$(($(date +%s) + now))" '+%Y-%m-%d %H:%M:%S %Z (suite time)'
}

cmd_demo() {
  load_ports
  is_ready gateway || die "the suite is not running; ./vardkedja up starts it"
  cd "$ROOT" && "$BIN/vardkedja-demo" "$STATE"
}

cmd_bench() {
  ensure_packages
  PRESET=release
  step "build (release)" build_preset release "${SERVICES[@]/%/-service}" gateway vardkedja-token vardkedja-bench
  "$ROOT/tests/bench/run" "$@"
}

cmd_verify() {
  load_ports
  local name bad=0 head
  for name in "${SERVICES[@]}"; do
    printf '%-14s' "$name"
    head=()
    [ -f "$STATE/secrets/$name-audit-head" ] && head=(--head "$STATE/secrets/$name-audit-head")
    "$BIN/vardkedja-audit-verify" --dsn "$(pg_dsn "$name" runtime)" \
      --key-ring "$STATE/secrets/key-ring.yaml" "${head[@]}" || bad=1
  done
  return $bad
}

# Running processes read new keys and certificates by themselves.
cmd_rotate() {
  [ -d "$STATE/secrets" ] || die "there are no keys yet; ./vardkedja up makes them"
  local name
  case ${1:-} in
    token) "$BIN/vardkedja-token" keygen --out "$STATE/auth" ;;
    encryption | index | audit)
      "$BIN/vardkedja-keys" rotate --file "$STATE/secrets/key-ring.yaml" --purpose "$1" ;;
    tls) for name in "${PROCESSES[@]}"; do step "certificate of $name" make_certificate "$name"; done ;;
    *) die "rotate takes token, encryption, index, audit or tls" ;;
  esac
  say "$1: new, and in use within seconds; what stays to be done with the old one: docs/runbooks/rotate-keys.md"
}
