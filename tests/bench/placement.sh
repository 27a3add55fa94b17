# shellcheck shell=bash
# Make an offer and enrol a person. A few real cases are taken to a decision through the gateway,
# because referral-service is asked at every call; their queue entries are then repeated by SQL, each
# with a person, a decision and a bed of its own. Entries wait in so many queues that calls in flight
# do not wait for each other's first.
CASES=16
QUEUES=32 # a multiple of CONNECTIONS: each of pgbench's clients has queues of its own
PLACES=${VARDKEDJA_BENCH_PLACES:-8640} # offered and moved into; gRPC and pgbench share them
PLACES_EACH=$((PLACES / (ROUNDS * 48) * CONNECTIONS)) # in one measurement

# The case of a call does not change when the person moves in: referral-service hears of no event.
start_referral_alone() { VARDKEDJA__PEERS__PLACEMENT=127.0.0.1:1 "$SUITE" start referral; }

queues_sql() { # how many places
  cat <<EOT
BEGIN;
SET LOCAL search_path = placement;
CREATE TEMPORARY TABLE real ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY entry_id) - 1 AS i, * FROM queue_entry;
CREATE TABLE bench.place AS
  SELECT n, 'bench-' || lpad((n % $QUEUES)::text, 2, '0') AS facility,
         'bench-bed-' || lpad(n::text, 6, '0') AS bed,
         left(first.entry_id::text, 24) || lpad(to_hex(n), 12, '0') AS entry,
         gen_random_uuid()::text AS person, gen_random_uuid()::text AS decision,
         r.case_id, r.case_number, r.i,
         substring(first.sort_key FOR length(first.sort_key) - 36) AS key_beginning
    FROM generate_series(0, $1 - 1) n JOIN real r ON r.i = n / 2 % $CASES, real first WHERE first.i = 0;
INSERT INTO facility (facility_id, name, organisation_id, unit_id, care_level, offer_deadline_hours,
                      offer_reminder_hours, operator_type, ivo_standing)
  SELECT DISTINCT p.facility, p.facility, f.organisation_id, f.unit_id, f.care_level,
         f.offer_deadline_hours, f.offer_reminder_hours, f.operator_type, f.ivo_standing
    FROM bench.place p, facility f WHERE f.facility_id = 'novus';
INSERT INTO bed (bed_id, facility_id, bed_kind, extra, operational_from)
  SELECT bed, facility, 1, false, '2025-01-01' FROM bench.place;
INSERT INTO bed_fact (bed_id, kind, source_id, from_date, known_from)
  SELECT bed, 'bed', bed, '2025-01-01', clock_timestamp() FROM bench.place;
INSERT INTO queue_entry (entry_id, case_id, case_number, person_id, owner_unit_id, decision_id,
    facility_id, bed_kind, transfer, lvm_investigation, child_perspective, lvm_section_27,
    external_placement, decision_date, submitted_at, decision_to, planned_move_in, state,
    rule_version, sort_key)
  SELECT p.entry::uuid, p.case_id, p.case_number, p.person, r.owner_unit_id, p.decision, p.facility,
         r.bed_kind, r.transfer, r.lvm_investigation, r.child_perspective, r.lvm_section_27,
         r.external_placement, r.decision_date, r.submitted_at, r.decision_to, r.planned_move_in,
         r.state, r.rule_version, p.key_beginning || convert_to(p.entry, 'UTF8')
    FROM bench.place p JOIN real r USING (i);
INSERT INTO decision (decision_id, case_id, entry_id, decision_to)
  SELECT p.decision, p.case_id, p.entry::uuid, r.decision_to FROM bench.place p JOIN real r USING (i);
INSERT INTO queue_history (entry_id, ordinal, at, kind, lvm_investigation, child_perspective,
                           lvm_section_27, external_placement)
  SELECT p.entry::uuid, h.ordinal, h.at, h.kind, h.lvm_investigation, h.child_perspective,
         h.lvm_section_27, h.external_placement
    FROM bench.place p JOIN real r USING (i) JOIN queue_history h ON h.entry_id = r.entry_id;
INSERT INTO job (kind, key, payload, run_at)
  SELECT j.kind, p.entry, j.payload, j.run_at
    FROM bench.place p JOIN real r USING (i) JOIN job j ON j.key = r.entry_id::text;
CREATE TABLE bench.offer_own AS
  SELECT p.n, p.bed, p.entry, p.case_id, p.case_number, p.person, p.decision, p.facility,
         e.sort_key::text AS sort_key
    FROM bench.place p JOIN queue_entry e ON e.entry_id = p.entry::uuid;
COMMIT;
EOT
}

prepare_placement() {
  local count=$((${#LOGGED[@]} + ROUNDS * 6 * PLACES_EACH))
  say "$CASES cases with a decision, and $count places in $QUEUES queues"
  "$BENCH" queued "$WORK" "$CASES"
  stop reporting notification referral
  start_referral_alone
  # Several entries are of one case here, for services and pgbench alike.
  loosen placement.entry_live
  queues_sql "$count" | sql_file
  renew_sessions placement
  awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++) printf "bench-bed-%06d -\n", i }' >"$WORK/items-offer"
  capture offer
}

# Accepts every offer there is: they can be enrolled then.
accept_all() {
  sql "CREATE TABLE bench.enrol_own AS
         SELECT p.n, o.offer_id::text AS offer, p.bed, e.entry_id::text AS entry, e.case_id, e.case_number,
                e.person_id AS person, e.decision_id AS decision, e.facility_id AS facility
           FROM bench.place p JOIN placement.offer o ON o.bed_id = p.bed JOIN placement.queue_entry e USING (entry_id)"
  sql "SELECT offer || ' 1' FROM bench.enrol_own ORDER BY n" >"$WORK/items-accept"
  sed 's/1$/2/' "$WORK/items-accept" >"$WORK/items-enrol"
  say "$(wc -l <"$WORK/items-accept") offers are accepted"
  "$BENCH" each "$WORK" accept "$WORK/items-accept"
  renew_sessions placement
}

round_of_places() { # offer or enrol, table, round
  local call=$1 first=$((${#LOGGED[@]} + $3 * 6 * PLACES_EACH)) clients
  for clients in 1 "$CONNECTIONS"; do
    measure "$call" "$clients" "$WORK/items-$call" "$first" "$PLACES_EACH"
    first=$((first + 2 * PLACES_EACH))
    hold gateway placement referral
    pgbench_rows "$call" "$clients" "$first" "$PLACES_EACH" "$2"
    go_on gateway placement referral
    first=$((first + PLACES_EACH))
  done
}
round_of_offer() { round_of_places offer placement.offer "$1"; }
round_of_enrol() { round_of_places enrol placement.stay "$1"; }

# However it was made, an offer is open on its entry, and whoever moved in has a whole stay.
EXPECT_OFFERS="SELECT count(*) FROM placement.offer o
  JOIN placement.queue_entry e ON e.open_offer_id = o.offer_id AND e.entry_id = o.entry_id
  JOIN placement.bed_fact f ON f.source_id = o.offer_id::text AND f.kind = 'offer' AND f.known_to IS NULL
  JOIN placement.event v ON v.aggregate_id = o.offer_id::text AND v.type = 'offer_made'
 WHERE o.state = 'open' AND e.version = 2"
EXPECT_STAYS="SELECT count(*) FROM placement.stay s
  JOIN placement.offer o ON o.offer_id = s.offer_id AND o.bed_id = s.bed_id AND o.state = 'consumed'
  JOIN placement.reservation r ON r.offer_id = s.offer_id AND r.state = 'consumed'
  JOIN placement.queue_entry e ON e.entry_id = s.entry_id AND e.person_id = s.person_id AND e.state = 'placed'
  JOIN placement.bed_fact f ON f.source_id = s.stay_id::text AND f.kind = 'stay' AND f.known_to IS NULL
  JOIN placement.event v ON v.aggregate_id = s.stay_id::text AND v.type = 'enrolled'"

bench_placement() {
  SEARCH_PATH=placement,referral,keystore # triggers find their own tables, which are placement's
  local count=$((${#LOGGED[@]} + ROUNDS * 6 * PLACES_EACH))
  prepare_placement
  rounds_of offer
  expect "whole offers" "$EXPECT_OFFERS" "$count"
  accept_all
  capture enrol
  rounds_of enrol
  expect "whole stays" "$EXPECT_STAYS" "$count"
  show_figures "offer enrol" "$WORK/figures-offer" "$WORK/figures-enrol"
}
