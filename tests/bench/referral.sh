# shellcheck shell=bash
# Submit a referral and read one. What follows a submit in the other services is their work and goes
# on beside it on other processors; here it would share two with what is measured, and mix with the
# statements that are logged.
DRAFTS=${VARDKEDJA_BENCH_DRAFTS:-9600} # to be submitted through gRPC; the rounds share them
SUBMITS=$((DRAFTS / (ROUNDS * 32) * CONNECTIONS)) # in one measurement, of pgbench too

prepare_referral() {
  local call count=$((${#LOGGED[@]} + ROUNDS * 6 * SUBMITS))
  say "$count drafts with consent"
  "$BENCH" drafts "$WORK" "$count" "$WORK/items-submit"
  cp "$WORK/items-submit" "$WORK/items-read"
  stop reporting notification placement
  sql "CREATE TABLE bench.plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text)"
  echo "INSERT INTO bench.plain (note) VALUES ('one row');" >"$WORK/plain.sql"
  sql "CREATE TABLE bench.draft (n bigint, id uuid)"
  awk '{print NR - 1 "\t" $1}' "$WORK/items-submit" | sql "COPY bench.draft FROM STDIN"
  for call in submit read; do
    sql "CREATE TABLE bench.${call}_own AS
           SELECT n, referral_id::text AS referral_id, person_id::text AS person_id, case_number
             FROM bench.draft JOIN referral.referral ON referral_id = id"
  done
  renew_sessions referral
  capture submit read
  capture read read
}

round_of_referral() { # round
  local first=$((${#LOGGED[@]} + $1 * 6 * SUBMITS)) clients
  for clients in 1 "$CONNECTIONS"; do
    measure "read submit" "$clients" "$WORK/items-submit" "$first" "$SUBMITS"
    hold gateway referral
    pgbench_plain "$clients"
    pgbench_reads read "$clients" "$first" $((first + SUBMITS - 1))
    first=$((first + 2 * SUBMITS))
    pgbench_rows submit "$clients" "$first" "$SUBMITS" referral.event
    go_on gateway referral
    first=$((first + SUBMITS))
  done
}

bench_referral() {
  SEARCH_PATH=referral,keystore
  prepare_referral
  rounds_of referral
  show_figures "submit read" "$WORK/figures-referral"
}
