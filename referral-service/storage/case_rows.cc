#include "referral-service/storage/case_rows.h"

#include <charconv>
#include <chrono>
#include <string>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"

namespace vardkedja::referral::storage {
namespace {

using domain::Outcome;
using domain::Referral;
using domain::State;

// Children come as parallel text arrays, so that a case is one row of one statement. Instants are
// microseconds since 1970, sets are comma-separated: ids and codes have no comma.
constexpr std::string_view kCaseSelect = R"sql(
SELECT r.referral_id::text AS referral_id, r.case_number, r.version, r.state, r.owner_unit_id,
       r.owner_organisation_id, r.municipality_code, r.person_id::text AS person_id,
       r.protected_identity, r.handler_subjects, r.form_version, r.ground, r.criterion_lvm,
       r.criterion_child, r.criterion_section_27, r.criterion_external, r.created_at, r.updated_at,
       r.state_since, r.submitted_at, r.information_requested_at, r.information_provided_at, r.answered_at,
       r.answer, r.path_facility_ids, r.path_unit_ids, r.assessed_bed_kind, r.proposed_by_seat,
       r.proposed_by_deputy, r.confirmed_by_seat, r.confirmed_by_deputy, r.no_suitable_place_reason,
       r.present_facility_id, r.present_unit_id, r.move_in_date, r.transfer_to_facility_id,
       r.former_unit_ids, r.close_reason_code, r.erased_at, r.content_sealed, r.name_sealed,
       EXISTS (SELECT FROM reroute x WHERE x.referral_id = r.referral_id AND x.state = 'open')
         AS reroute_open,
       v.visit_ids, v.visit_facilities, v.visit_times, v.visit_outcomes,
       d.decision_ids, d.decision_codes,
       g.ground_ids, g.ground_codes, g.ground_recipients, g.ground_categories,
       g.ground_excluded_units, g.ground_excluded_categories,
       NOT EXISTS (SELECT FROM case_document x WHERE x.referral_id = r.referral_id
                      AND x.kind = 'cost_split') AS awaits_cost_split
  FROM referral r
 CROSS JOIN LATERAL (
   SELECT coalesce(array_agg(x.visit_id::text ORDER BY x.visit_id), '{}') AS visit_ids,
          coalesce(array_agg(x.facility_id ORDER BY x.visit_id), '{}') AS visit_facilities,
          coalesce(array_agg(coalesce((extract(epoch FROM x.visit_time) * 1000000)::bigint::text, '')
                   ORDER BY x.visit_id), '{}') AS visit_times,
          coalesce(array_agg(x.outcome ORDER BY x.visit_id), '{}') AS visit_outcomes
     FROM study_visit x WHERE x.referral_id = r.referral_id) v
 CROSS JOIN LATERAL (
   SELECT coalesce(array_agg(x.decision_id::text ORDER BY x.decision_id), '{}') AS decision_ids,
          coalesce(array_agg(concat_ws(E'\x1f', x.status, x.facility_id, x.facility_unit_id,
            x.bed_kind::text, coalesce(x.decision_date::text, ''), x.to_date::text,
            coalesce(x.planned_move_in_date::text, ''), x.law_section, x.delegation_point,
            x.proposer_subject, x.decider_subject, x.deciding_organisation_id, x.transfer::text,
            x.refusal_reason_code, x.deciding_reference, x.municipality_code) ORDER BY x.decision_id), '{}') AS decision_codes
     FROM decision x WHERE x.referral_id = r.referral_id) d
 CROSS JOIN LATERAL (
   SELECT coalesce(array_agg(x.ground_id::text ORDER BY x.ground_id), '{}') AS ground_ids,
          coalesce(array_agg(concat_ws(E'\x1f', x.version::text, x.kind, x.consent_form, x.purpose,
            x.from_date::text, x.to_date::text, coalesce(x.end_reason_code, ''),
            coalesce((extract(epoch FROM x.ended_at) * 1000000)::bigint::text, ''))
            ORDER BY x.ground_id), '{}') AS ground_codes,
          coalesce(array_agg(array_to_string(x.recipient_unit_ids, ',') ORDER BY x.ground_id),
            '{}') AS ground_recipients,
          coalesce(array_agg(array_to_string(x.categories, ',') ORDER BY x.ground_id), '{}')
            AS ground_categories,
          coalesce(array_agg(array_to_string(x.excluded_unit_ids, ',') ORDER BY x.ground_id), '{}')
            AS ground_excluded_units,
          coalesce(array_agg(array_to_string(x.excluded_categories, ',') ORDER BY x.ground_id),
            '{}') AS ground_excluded_categories
     FROM disclosure_ground x WHERE x.referral_id = r.referral_id) g
)sql";

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::set<std::string> SplitSet(std::string_view text) {
  if (text.empty()) return {};
  const std::vector<std::string> parts = Split(text, ',');
  return {parts.begin(), parts.end()};
}

std::optional<Instant> Micros(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t micros = 0;
  std::from_chars(text.data(), text.data() + text.size(), micros);
  return Instant(std::chrono::microseconds(micros));
}

int Number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Outcome ParseOutcome(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Outcome::kRefuse); ++i) {
    if (domain::Name(static_cast<Outcome>(i)) == name) return static_cast<Outcome>(i);
  }
  return Outcome::kNone;
}

std::string_view StatusName(domain::DecisionStatus status) {
  switch (status) {
    case domain::DecisionStatus::kProposed:
      return "proposed";
    case domain::DecisionStatus::kGranted:
      return "granted";
    case domain::DecisionStatus::kRefused:
      break;
  }
  return "refused";
}

std::vector<domain::StudyVisit> VisitsFrom(const pg::Row& row) {
  const auto ids = row.Texts("visit_ids");
  const auto facilities = row.Texts("visit_facilities");
  const auto times = row.Texts("visit_times");
  const auto outcomes = row.Texts("visit_outcomes");
  std::vector<domain::StudyVisit> visits(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    visits[i].visit_id = ids[i];
    visits[i].facility_id = facilities[i];
    visits[i].visit_time = Micros(times[i]);
    visits[i].outcome = ParseOutcome(outcomes[i]);
  }
  return visits;
}

domain::Decision DecisionFrom(const std::string& id, std::string_view codes) {
  const std::vector<std::string> part = Split(codes, '\x1f');
  domain::Decision decision;
  decision.decision_id = id;
  decision.status = part[0] == "proposed"  ? domain::DecisionStatus::kProposed
                    : part[0] == "granted" ? domain::DecisionStatus::kGranted
                                           : domain::DecisionStatus::kRefused;
  decision.facility_id = part[1];
  decision.facility_unit_id = part[2];
  decision.bed_kind = static_cast<domain::BedKind>(Number(part[3]));
  decision.decision_date = ParseDate(part[4]);
  decision.to_date = ParseDate(part[5]).value_or(Date{});
  decision.planned_move_in_date = ParseDate(part[6]);
  decision.law_section = part[7];
  decision.delegation_point = part[8];
  decision.proposer_subject = part[9];
  decision.decider_subject = part[10];
  decision.deciding_organisation_id = part[11];
  decision.transfer = part[12] == "true";
  decision.refusal_reason_code = part[13];
  decision.deciding_reference = part[14];
  decision.municipality_code = part[15];
  return decision;
}

std::vector<domain::DisclosureGround> GroundsFrom(const pg::Row& row) {
  const auto ids = row.Texts("ground_ids");
  const auto codes = row.Texts("ground_codes");
  const auto recipients = row.Texts("ground_recipients");
  const auto categories = row.Texts("ground_categories");
  const auto excluded_units = row.Texts("ground_excluded_units");
  const auto excluded_categories = row.Texts("ground_excluded_categories");
  std::vector<domain::DisclosureGround> grounds(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::vector<std::string> part = Split(codes[i], '\x1f');
    domain::DisclosureGround& ground = grounds[i];
    ground.ground_id = ids[i];
    ground.case_id = row.Text("referral_id");
    ground.version = Number(part[0]);
    ground.kind = domain::ParseGroundKind(part[1]).value_or(domain::GroundKind::kUnspecified);
    ground.consent_form =
        domain::ParseConsentForm(part[2]).value_or(domain::ConsentForm::kUnspecified);
    ground.purpose = part[3];
    ground.from_date = ParseDate(part[4]).value_or(Date{});
    ground.to_date = ParseDate(part[5]).value_or(Date{});
    ground.end_reason_code = part[6];
    ground.ended_at = Micros(part[7]);
    ground.recipient_unit_ids = SplitSet(recipients[i]);
    ground.categories = SplitSet(categories[i]);
    ground.excluded_unit_ids = SplitSet(excluded_units[i]);
    ground.excluded_categories = SplitSet(excluded_categories[i]);
  }
  return grounds;
}

std::vector<std::string> List(const std::set<std::string>& set) { return {set.begin(), set.end()}; }

std::optional<std::string> OrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<pg::Bytes> Blob(const std::optional<std::string>& bytes) {
  if (!bytes) return std::nullopt;
  return pg::Bytes{*bytes};
}

std::string StateText(State state) { return std::string(domain::Name(state)); }

// $1..$31: the columns that a change may touch, in the order of both statements below.
pg::Params StateParams(const Referral& r) {
  pg::Params params{r.referral_id,
                    r.version,
                    StateText(r.state),
                    OrNull(r.person_id),
                    r.protected_identity,
                    List(r.handler_subjects),
                    static_cast<int>(r.ground),
                    r.criteria.lvm_investigation,
                    r.criteria.child_perspective,
                    r.criteria.lvm_section_27,
                    r.criteria.external_placement,
                    r.updated_at,
                    r.submitted_at,
                    r.information_requested_at,
                    r.information_provided_at,
                    r.answered_at,
                    std::string(domain::Name(r.answer)),
                    r.assessment.path_facility_ids,
                    r.assessment.path_unit_ids,
                    static_cast<int>(r.assessment.bed_kind),
                    OrNull(r.assessment.proposed_by_seat),
                    r.assessment.proposed_by_deputy,
                    OrNull(r.assessment.confirmed_by_seat),
                    r.assessment.confirmed_by_deputy,
                    OrNull(r.assessment.no_suitable_place_reason_code),
                    OrNull(r.whereabouts.facility_id),
                    OrNull(r.whereabouts.unit_id),
                    r.whereabouts.move_in_date,
                    OrNull(r.whereabouts.transfer_to_facility_id),
                    List(r.whereabouts.former_unit_ids),
                    OrNull(r.close_reason_code)};
  return params;
}

void AddStepParams(const domain::Change& change, const StepAuthor& author, pg::Params& params) {
  params.Add(std::string(domain::Name(change.action)));
  params.Add(std::string(domain::Name(change.outcome)));
  params.Add(StateText(change.from));
  params.Add(author.unit_id);
  params.Add(author.subject);
  params.Add(author.seat);
  params.Add(author.deputy);
  params.Add(change.exception);
  params.Add(author.role_codes);
  params.Add(domain::ResourceOf(change));
  params.Add(change.changed_fields);
}

// A change as the members of a WITH: `changed` is the guarded update, the others write because of
// it. A visit takes the parameters from $45 on, a decision those after it.
constexpr std::string_view kChanged = R"sql(
  UPDATE referral SET
    version = $2, state = $3, person_id = $4::uuid, protected_identity = $5,
    handler_subjects = $6::text[], ground = $7, criterion_lvm = $8, criterion_child = $9,
    criterion_section_27 = $10, criterion_external = $11, updated_at = $12, submitted_at = $13,
    information_requested_at = $14, information_provided_at = $15, answered_at = $16, answer = $17,
    path_facility_ids = $18::text[], path_unit_ids = $19::text[], assessed_bed_kind = $20,
    proposed_by_seat = $21, proposed_by_deputy = $22, confirmed_by_seat = $23,
    confirmed_by_deputy = $24, no_suitable_place_reason = $25, present_facility_id = $26,
    present_unit_id = $27, move_in_date = $28::date, transfer_to_facility_id = $29,
    former_unit_ids = $30::text[], close_reason_code = $31,
    content_sealed = coalesce($43::bytea, content_sealed),
    name_sealed = CASE WHEN $43::bytea IS NULL THEN name_sealed ELSE $44::bytea END
  WHERE referral_id = $1::uuid AND version = $2::bigint - 1
  RETURNING referral_id, version, state, updated_at
)sql";

constexpr std::string_view kStep = R"sql(
step AS (
  INSERT INTO referral_step (referral_id, version, action, outcome, from_state, to_state, at,
                             unit_id, subject, seat, deputy, exception, role_codes, resource,
                             changed_fields)
  SELECT referral_id, version, $32, $33, $34, state, updated_at, $35, $36, $37, $38::boolean,
         $39::boolean, $40::text[], $41, $42::text[]
    FROM changed)
)sql";

constexpr std::string_view kVisit = R"sql(
, visit AS (
  INSERT INTO study_visit (visit_id, referral_id, facility_id, visit_time, outcome, recorded_at)
  SELECT $45::uuid, referral_id, $46, $47::timestamptz, $48, $49::timestamptz FROM changed
  ON CONFLICT (visit_id) DO UPDATE SET facility_id = excluded.facility_id,
    visit_time = excluded.visit_time, outcome = excluded.outcome,
    recorded_at = excluded.recorded_at)
)sql";

constexpr std::string_view kDecision = R"sql(
, decided AS (
  INSERT INTO decision (decision_id, referral_id, status, facility_id, facility_unit_id, bed_kind,
    decision_date, to_date, planned_move_in_date, law_section, delegation_point, proposer_subject,
    decider_subject, deciding_organisation_id, transfer, refusal_reason_code, recorded_at,
    deciding_reference, municipality_code)
  SELECT $45::uuid, referral_id, $46, $47, $48, $49::smallint, $50::date, $51::date, $52::date, $53,
         $54, $55, $56, $57, $58::boolean, $59, $60::timestamptz, $61, $62 FROM changed
  ON CONFLICT (decision_id) DO UPDATE SET status = excluded.status,
    facility_id = excluded.facility_id, facility_unit_id = excluded.facility_unit_id,
    bed_kind = excluded.bed_kind, decision_date = excluded.decision_date,
    to_date = excluded.to_date, planned_move_in_date = excluded.planned_move_in_date,
    law_section = excluded.law_section, delegation_point = excluded.delegation_point,
    proposer_subject = excluded.proposer_subject, decider_subject = excluded.decider_subject,
    deciding_organisation_id = excluded.deciding_organisation_id, transfer = excluded.transfer,
    refusal_reason_code = excluded.refusal_reason_code, recorded_at = excluded.recorded_at,
    deciding_reference = excluded.deciding_reference,
    municipality_code = excluded.municipality_code
  WHERE decision.status = 'proposed')
)sql";

constexpr std::string_view kInsertCase = R"sql(
WITH made AS (
  INSERT INTO referral (referral_id, version, state, person_id, protected_identity, handler_subjects,
    ground, criterion_lvm, criterion_child, criterion_section_27, criterion_external, updated_at,
    submitted_at, information_requested_at, information_provided_at, answered_at, answer,
    path_facility_ids, path_unit_ids, assessed_bed_kind, proposed_by_seat, proposed_by_deputy,
    confirmed_by_seat, confirmed_by_deputy, no_suitable_place_reason, present_facility_id,
    present_unit_id, move_in_date, transfer_to_facility_id, former_unit_ids, close_reason_code,
    content_sealed, name_sealed, owner_unit_id, owner_organisation_id, municipality_code,
    form_version, created_at, case_number)
  SELECT $1::uuid, $2::bigint, $3, $4::uuid, $5::boolean, $6::text[], $7::smallint, $8::boolean,
    $9::boolean, $10::boolean, $11::boolean, $12::timestamptz, $13::timestamptz, $14::timestamptz,
    $15::timestamptz, $16::timestamptz, $17, $18::text[], $19::text[], $20::smallint, $21,
    $22::boolean, $23, $24::boolean, $25, $26, $27, $28::date, $29, $30::text[], $31, $43::bytea,
    $44::bytea, $45, $46, $47, $48::integer, $49::timestamptz,
    'VK-' || $50::text || '-' || lpad(n::text, greatest(6, length(n::text)), '0')
    FROM nextval('case_number') AS n
  RETURNING referral_id, version, state, updated_at, case_number),
step AS (
  INSERT INTO referral_step (referral_id, version, action, outcome, from_state, to_state, at,
                             unit_id, subject, seat, deputy, exception, role_codes, resource,
                             changed_fields)
  SELECT referral_id, version, $32, $33, $34, state, updated_at, $35, $36, $37, $38::boolean,
         $39::boolean, $40::text[], $41, $42::text[] FROM made)
SELECT case_number FROM made
)sql";

void AddVisitParams(const domain::StudyVisit& visit, pg::Params& params) {
  params.Append({visit.visit_id, visit.facility_id, visit.visit_time,
                 std::string(domain::Name(visit.outcome)), visit.recorded_at});
}

void AddDecisionParams(const domain::Decision& d, pg::Params& params) {
  params.Append({d.decision_id, StatusName(d.status), d.facility_id, d.facility_unit_id,
                 static_cast<int>(d.bed_kind), d.decision_date, d.to_date, d.planned_move_in_date,
                 d.law_section, d.delegation_point, d.proposer_subject, d.decider_subject,
                 d.deciding_organisation_id, d.transfer, d.refusal_reason_code, d.recorded_at,
                 d.deciding_reference, d.municipality_code});
}

void FillChain(const pg::Row& row, Referral& r) {
  r.submitted_at = row.OptionalInstant("submitted_at");
  r.information_requested_at = row.OptionalInstant("information_requested_at");
  r.information_provided_at = row.OptionalInstant("information_provided_at");
  r.answered_at = row.OptionalInstant("answered_at");
  r.answer = ParseOutcome(row.Text("answer"));
  r.assessment.path_facility_ids = row.Texts("path_facility_ids");
  r.assessment.path_unit_ids = row.Texts("path_unit_ids");
  r.assessment.bed_kind = static_cast<domain::BedKind>(row.Int("assessed_bed_kind"));
  r.assessment.proposed_by_seat = row.OptionalText("proposed_by_seat").value_or("");
  r.assessment.proposed_by_deputy = row.Bool("proposed_by_deputy");
  r.assessment.confirmed_by_seat = row.OptionalText("confirmed_by_seat").value_or("");
  r.assessment.confirmed_by_deputy = row.Bool("confirmed_by_deputy");
  r.assessment.no_suitable_place_reason_code =
      row.OptionalText("no_suitable_place_reason").value_or("");
  r.whereabouts.facility_id = row.OptionalText("present_facility_id").value_or("");
  r.whereabouts.unit_id = row.OptionalText("present_unit_id").value_or("");
  r.whereabouts.move_in_date = row.OptionalDate("move_in_date");
  r.whereabouts.transfer_to_facility_id = row.OptionalText("transfer_to_facility_id").value_or("");
  const auto former = row.Texts("former_unit_ids");
  r.whereabouts.former_unit_ids = {former.begin(), former.end()};
  r.close_reason_code = row.OptionalText("close_reason_code").value_or("");
}

}  // namespace

std::string_view CaseSelect() { return kCaseSelect; }

usecases::StoredCase CaseFrom(const pg::Row& row) {
  usecases::StoredCase stored;
  Referral& r = stored.referral;
  r.referral_id = row.Text("referral_id");
  r.case_number = row.Text("case_number");
  r.version = row.Int("version");
  r.state = domain::ParseState(row.Text("state")).value_or(State::kDraft);
  r.owner_unit_id = row.Text("owner_unit_id");
  r.owner_organisation_id = row.Text("owner_organisation_id");
  r.municipality_code = row.Text("municipality_code");
  r.person_id = row.OptionalText("person_id").value_or("");
  r.protected_identity = row.Bool("protected_identity");
  const auto handlers = row.Texts("handler_subjects");
  r.handler_subjects = {handlers.begin(), handlers.end()};
  r.form_version = static_cast<int>(row.Int("form_version"));
  r.ground = static_cast<domain::Ground>(row.Int("ground"));
  r.criteria = {row.Bool("criterion_lvm"), row.Bool("criterion_child"),
                row.Bool("criterion_section_27"), row.Bool("criterion_external")};
  r.created_at = row.Instant("created_at");
  r.updated_at = row.Instant("updated_at");
  r.state_since = row.Instant("state_since");
  FillChain(row, r);
  r.study_visits = VisitsFrom(row);
  const auto decision_ids = row.Texts("decision_ids");
  const auto decision_codes = row.Texts("decision_codes");
  for (std::size_t i = 0; i < decision_ids.size(); ++i) {
    r.decisions.push_back(DecisionFrom(decision_ids[i], decision_codes[i]));
  }
  r.erased_at = row.OptionalInstant("erased_at");
  r.reroute_open = row.Bool("reroute_open");
  r.grounds = GroundsFrom(row);
  r.awaits_cost_split = row.Bool("awaits_cost_split");
  stored.sealed_content = row.Bytes("content_sealed");
  stored.sealed_name = row.OptionalBytes("name_sealed").value_or("");
  return stored;
}

std::vector<usecases::StoredCase> CasesFrom(const pg::Result& rows) {
  std::vector<usecases::StoredCase> cases;
  cases.reserve(static_cast<std::size_t>(rows.size()));
  for (const pg::Row row : rows) cases.push_back(CaseFrom(row));
  return cases;
}

absl::StatusOr<std::optional<usecases::StoredCase>> LockCase(pg::Transaction& tx,
                                                             std::string_view referral_id) {
  constexpr std::string_view kLock =
      "SELECT version FROM referral WHERE referral_id = $1::uuid FOR UPDATE";
  VK_ASSIGN_OR_RETURN(const pg::Result locked, tx.Execute(kLock, {referral_id}));
  if (locked.empty()) return std::nullopt;
  static const auto& select =
      *new std::string(std::string(kCaseSelect) + "WHERE r.referral_id = $1::uuid");
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(select, {referral_id}));
  return CaseFrom(rows[0]);
}

StepAuthor AuthorOf(const domain::Actor& actor) {
  StepAuthor author{actor.unit_id, actor.subject, actor.seat, actor.deputy, {}};
  for (const domain::Role role : actor.roles) author.role_codes.emplace_back(RoleName(role));
  return author;
}

CaseChange ChangeOf(const domain::Change& change, const StepAuthor& author,
                    const std::optional<std::string>& sealed_content,
                    const std::optional<std::string>& sealed_name) {
  CaseChange out{kChanged, std::string(kStep), StateParams(change.after)};
  AddStepParams(change, author, out.params);
  out.params.Add(Blob(sealed_content));
  out.params.Add(Blob(sealed_name));
  // No step both records a visit and decides.
  if (change.visit) {
    out.also += kVisit;
    AddVisitParams(*change.visit, out.params);
  } else if (change.decision) {
    out.also += kDecision;
    AddDecisionParams(*change.decision, out.params);
  }
  return out;
}

absl::StatusOr<bool> WriteChange(pg::Transaction& tx, const domain::Change& change,
                                 const StepAuthor& author) {
  const CaseChange parts = ChangeOf(change, author, std::nullopt, std::nullopt);
  std::string sql = "WITH changed AS (";
  ((((sql += parts.changed) += "), ") += parts.also) += " TABLE changed");
  VK_ASSIGN_OR_RETURN(const pg::Result written, tx.Execute(sql, parts.params));
  return !written.empty();
}

absl::StatusOr<std::string> InsertCase(pg::Transaction& tx, const domain::Change& change,
                                       const StepAuthor& author, const std::string& sealed_content,
                                       const std::optional<std::string>& sealed_name) {
  const Referral& r = change.after;
  pg::Params params = StateParams(r);
  AddStepParams(change, author, params);
  params.Add(pg::Bytes{sealed_content});
  params.Add(Blob(sealed_name));
  params.Append({r.owner_unit_id, r.owner_organisation_id, r.municipality_code, r.form_version,
                 r.created_at, FormatDate(StockholmDate(r.created_at)).substr(0, 4)});
  VK_ASSIGN_OR_RETURN(const pg::Result made, tx.Execute(kInsertCase, params));
  return made[0].Text("case_number");
}

}  // namespace vardkedja::referral::storage
