# shellcheck shell=bash
# The private PostgreSQL cluster: its own data directory, a socket, one free loopback port.
PG_BIN=/usr/lib/postgresql/15/bin

# PostgreSQL refuses root; the files then belong to the package's own unprivileged user.
as_pg() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

pg_dir() { readlink -f "$STATE/pg"; }

pg_running() {
  # A killed server that nobody has waited for still has a process; only a port that answers is alive.
  [ -f "$STATE/pg/data/postmaster.pid" ] &&
    as_pg "$PG_BIN/pg_ctl" -D "$(pg_dir)/data" status >/dev/null 2>&1 &&
    port_busy "$(sed -n 4p "$STATE/pg/data/postmaster.pid")"
}

# A directory that the unprivileged user can reach: .local/pg where possible, else under /var/tmp.
pg_make_dir() {
  [ -d "$STATE/pg" ] && return
  mkdir -p "$STATE/pg"
  [ "$(id -u)" = 0 ] || return 0
  chown postgres: "$STATE/pg"
  if ! as_pg test -w "$STATE/pg"; then
    local elsewhere
    rmdir "$STATE/pg"
    elsewhere=$(mktemp -d /var/tmp/vardkedja-pg-XXXXXX)
    chown postgres: "$elsewhere"
    ln -s "$elsewhere" "$STATE/pg"
  fi
}

# The socket's path is limited to 107 bytes, so a deep checkout gets a short directory of its own.
pg_socket_dir() {
  local dir
  dir="$(pg_dir)/socket"
  [ ${#dir} -le 80 ] || dir="/tmp/vardkedja-$(printf '%s' "$STATE" | sha256sum | cut -c1-12)"
  printf '%s' "$dir"
}

pg_init() {
  pg_make_dir
  [ -f "$STATE/pg/data/PG_VERSION" ] && return
  local password_file
  password_file="$(pg_dir)/superuser"
  install -m 600 "$STATE/secrets/pg-superuser" "$password_file"
  [ "$(id -u)" != 0 ] || chown postgres: "$password_file"
  as_pg "$PG_BIN/initdb" -D "$(pg_dir)/data" -U postgres -E UTF8 --locale=C.UTF-8 \
    --auth=scram-sha-256 --pwfile="$password_file" --no-instructions
  rm "$password_file"
}

pg_start() {
  pg_running && return
  local sockets
  sockets=$(pg_socket_dir)
  as_pg mkdir -p -m 755 "$sockets"
  as_pg "$PG_BIN/pg_ctl" -D "$(pg_dir)/data" -l "$(pg_dir)/server.log" -w -t 30 start -o \
    "-c listen_addresses=127.0.0.1 -c port=$PG_PORT -c unix_socket_directories='$sockets' \
     -c max_connections=120 -c shared_buffers=64MB -c log_min_duration_statement=500 ${VARDKEDJA_PG_OPTIONS:-}"
}

pg_stop() {
  pg_running || return 0
  as_pg "$PG_BIN/pg_ctl" -D "$(pg_dir)/data" -w -t 30 -m fast stop
}

pg_password() { cat "$STATE/secrets/pg-$1"; }

pg_as_superuser() {
  PGPASSWORD=$(pg_password superuser) psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$PG_PORT" -U postgres "$@"
}

pg_bootstrap() {
  local role passwords=
  [ "$(pg_as_superuser -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'vardkedja'")" = 1 ] ||
    pg_as_superuser -d postgres -c 'CREATE DATABASE vardkedja'
  for role in "${SERVICES[@]}" keystore; do
    passwords+="\"${role}_migrator\": \"$(pg_password "$role-migrator")\", "
    passwords+="\"${role}_runtime\": \"$(pg_password "$role-runtime")\", "
  done
  VARDKEDJA_DB_PASSWORDS="{${passwords%, }}" \
    pg_as_superuser -d vardkedja -f "$ROOT/deploy/postgres/bootstrap.sql"
}

pg_dsn() { # role suffix, for example "referral runtime"
  printf 'host=127.0.0.1 port=%s dbname=vardkedja user=%s_%s password=%s' \
    "$PG_PORT" "$1" "$2" "$(pg_password "$1-$2")"
}

cmd_psql() {
  load_ports
  pg_running || die "the database is not running; ./vardkedja up starts it"
  case ${1:-} in
    '' | -*)
      PGPASSWORD=$(pg_password superuser) exec psql -X -h 127.0.0.1 -p "$PG_PORT" -U postgres -d vardkedja "$@" ;;
    *)
      PGPASSWORD=$(pg_password "$1-runtime") \
        exec psql -X -h 127.0.0.1 -p "$PG_PORT" -U "${1}_runtime" -d vardkedja "${@:2}" ;;
  esac
}
