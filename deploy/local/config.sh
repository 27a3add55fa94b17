# shellcheck shell=bash
# Ports and configuration files of a local suite.
port_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free loopback port at or after $1 that this run has not taken yet.
free_port() {
  local port=$1
  while port_busy "$port" || [[ " $TAKEN " == *" $port "* ]]; do
    port=$((port + 1))
    [ "$port" -le $(($1 + 500)) ] || die "no free port among $1 to $((port - 1)) on 127.0.0.1"
  done
  TAKEN+=" $port"
  REPLY=$port
}

# Ports are chosen once and kept, so that a restarted suite has the same addresses; a kept port
# that another program has taken in the meantime is replaced.
choose_ports() {
  local name base=${VARDKEDJA_PORT_BASE:-7100} kept line
  local names=(PG_PORT GATEWAY_HTTP_PORT GATEWAY_GRPC_PORT gateway_ADMIN)
  for name in "${SERVICES[@]}"; do names+=("${name}_PORT" "${name}_ADMIN"); done
  TAKEN=
  local out=()
  for name in "${names[@]}"; do
    kept=
    line=$(grep -s "^$name=" "$STATE/ports.env" || true)
    kept=${line#*=}
    if [ -n "$kept" ] && { owns_port "$name" || ! port_busy "$kept"; }; then
      REPLY=$kept
      TAKEN+=" $kept"
    else
      case $name in
        GATEWAY_HTTP_PORT) free_port "${VARDKEDJA_PORT_BASE:-8080}" ;;
        GATEWAY_GRPC_PORT) free_port "${VARDKEDJA_PORT_BASE:-8081}" ;;
        *) free_port "$base" ;;
      esac
    fi
    out+=("$name=$REPLY")
  done
  printf '%s\n' "${out[@]}" >"$STATE/ports.env"
}

# True when the port's name belongs to a process of this suite that runs now.
owns_port() {
  case $1 in
    PG_PORT) pg_running ;;
    GATEWAY_*) is_running gateway ;;
    *) is_running "${1%_*}" ;;
  esac
}

load_ports() {
  [ -f "$STATE/ports.env" ] || die "nothing is set up yet; ./vardkedja up does it"
  # shellcheck source=/dev/null
  source "$STATE/ports.env"
}

port_of() { # process, kind: PORT or ADMIN
  local name="$1_$2"
  printf '%s' "${!name}"
}

write_config() { # process
  local name=$1 peer
  {
    printf 'environment: dev\nservice: %s\n' "$name"
    printf 'admin_listen: 127.0.0.1:%s\n' "$(port_of "$name" ADMIN)"
    printf 'tls:\n  ca: %s/tls/ca.crt\n  certificate: %s/tls/%s.crt\n  key: %s/tls/%s.key\n' \
      "$STATE" "$STATE" "$name" "$STATE" "$name"
    printf 'auth:\n  jwks: %s/auth/jwks.json\n  issuer: vardkedja-dev\n  audience: vardkedja\n' "$STATE"
    printf 'clock:\n  offset_file: %s/clock-offset\n' "$STATE"
    printf 'reflection: true\npeers:\n'
    for peer in "${SERVICES[@]}"; do
      [ "$peer" = "$name" ] || printf '  %s: 127.0.0.1:%s\n' "$peer" "$(port_of "$peer" PORT)"
    done
    if [ "$name" = gateway ]; then
      write_gateway_part
    else
      write_service_part "$name"
    fi
  } >"$STATE/config/$name.yaml"
  chmod 600 "$STATE/config/$name.yaml"
}

write_service_part() {
  local name=$1
  printf 'listen: 127.0.0.1:%s\n' "$(port_of "$name" PORT)"
  printf 'database:\n  dsn: "%s"\n  migrator_dsn: "%s"\n' \
    "$(pg_dsn "$name" runtime)" "$(pg_dsn "$name" migrator)"
  printf 'vault:\n  key_ring: %s/secrets/key-ring.yaml\n' "$STATE"
  printf '  audit_head: %s/secrets/%s-audit-head\n' "$STATE" "$name"
  printf '  erasure_ledger: %s/secrets/%s-erasure-ledger\n' "$STATE" "$name"
  case $name in referral | notification)
    printf 'keystore:\n  dsn: "%s"\n  migrator_dsn: "%s"\n' \
      "$(pg_dsn keystore runtime)" "$(pg_dsn keystore migrator)" ;;
  esac
}

write_gateway_part() {
  printf 'gateway:\n  public_http_listen: 127.0.0.1:%s\n  public_grpc_listen: 127.0.0.1:%s\n' \
    "$GATEWAY_HTTP_PORT" "$GATEWAY_GRPC_PORT"
  printf '  allow_plaintext: true\n'
}
