#include "referral-service/storage/postgres_grounds.h"

#include <utility>

#include "lib/commit/commit.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/events/publish.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/storage/postgres_cases.h"
#include "referral-service/usecases/written.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kGroundClass = "ground";

#define GROUND_COLUMNS                                                                       \
  "SELECT ground_id::text AS ground_id, referral_id::text AS referral_id, version, kind,"    \
  " consent_form, recipient_unit_ids, categories, purpose, from_date, to_date, text_sealed," \
  " judged_by_subject, excluded_unit_ids, excluded_categories, recorded_at, ended_at,"       \
  " end_reason_code FROM disclosure_ground "

constexpr std::string_view kFind = GROUND_COLUMNS "WHERE ground_id = $1::uuid";
constexpr std::string_view kOfCase =
    GROUND_COLUMNS "WHERE referral_id = $1::uuid ORDER BY recorded_at, ground_id LIMIT 500";
#undef GROUND_COLUMNS

constexpr std::string_view kInsert = R"sql(
INSERT INTO disclosure_ground (ground_id, referral_id, version, kind, consent_form,
  recipient_unit_ids, categories, purpose, from_date, to_date, text_sealed, judged_by_subject,
  excluded_unit_ids, excluded_categories, recorded_at)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::text[], $7::text[], $8, $9, $10, $11, $12, $13::text[],
        $14::text[], $15)
)sql";

constexpr std::string_view kEnd = R"sql(
UPDATE disclosure_ground SET version = $2, ended_at = $3, end_reason_code = $4
 WHERE ground_id = $1::uuid AND version = $2::integer - 1 AND ended_at IS NULL
)sql";

std::set<std::string> Set(const std::vector<std::string>& list) {
  return {list.begin(), list.end()};
}
std::vector<std::string> List(const std::set<std::string>& set) { return {set.begin(), set.end()}; }

usecases::StoredGround GroundFrom(const pg::Row& row) {
  usecases::StoredGround stored;
  domain::DisclosureGround& ground = stored.ground;
  ground.ground_id = row.Text("ground_id");
  ground.case_id = row.Text("referral_id");
  ground.version = static_cast<int>(row.Int("version"));
  ground.kind =
      domain::ParseGroundKind(row.Text("kind")).value_or(domain::GroundKind::kUnspecified);
  ground.consent_form = domain::ParseConsentForm(row.Text("consent_form"))
                            .value_or(domain::ConsentForm::kUnspecified);
  ground.recipient_unit_ids = Set(row.Texts("recipient_unit_ids"));
  ground.categories = Set(row.Texts("categories"));
  ground.purpose = row.Text("purpose");
  ground.from_date = row.Date("from_date");
  ground.to_date = row.Date("to_date");
  ground.judged_by_subject = row.Text("judged_by_subject");
  ground.excluded_unit_ids = Set(row.Texts("excluded_unit_ids"));
  ground.excluded_categories = Set(row.Texts("excluded_categories"));
  ground.recorded_at = row.Instant("recorded_at");
  ground.ended_at = row.OptionalInstant("ended_at");
  ground.end_reason_code = row.OptionalText("end_reason_code").value_or("");
  stored.sealed_text = row.OptionalBytes("text_sealed").value_or("");
  return stored;
}

std::string TextTag(std::string_view ground_id) {
  return "referral.ground.text/" + std::string(ground_id);
}

commit::Outcome OutcomeOf(const domain::DisclosureGround& ground) {
  return {ground.ground_id, std::to_string(ground.version)};
}

absl::StatusOr<bool> WriteEnd(pg::Transaction& tx, const domain::DisclosureGround& ground) {
  VK_ASSIGN_OR_RETURN(const pg::Result written,
                      tx.Execute(kEnd, {ground.ground_id, ground.version, ground.ended_at,
                                        ground.end_reason_code}));
  return written.affected() == 1;
}

}  // namespace

absl::StatusOr<std::optional<usecases::StoredGround>> PostgresGrounds::Find(
    const auth::CallContext& context, std::string_view ground_id) {
  if (!IsUuid(ground_id)) return std::nullopt;
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {ground_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  return GroundFrom(rows[0]);
}

absl::StatusOr<std::vector<usecases::StoredGround>> PostgresGrounds::OfCase(
    const auth::CallContext& context, std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kOfCase, {referral_id}, context.deadline));
  std::vector<usecases::StoredGround> grounds;
  for (const pg::Row row : rows) grounds.push_back(GroundFrom(row));
  return grounds;
}

absl::StatusOr<std::string> PostgresGrounds::OpenText(const usecases::StoredGround& stored) {
  if (stored.sealed_text.empty()) return std::string();
  return vault_.Open(stored.ground.case_id, kGroundClass, TextTag(stored.ground.ground_id),
                     stored.sealed_text);
}

absl::Status PostgresGrounds::Insert(const domain::Referral& referral,
                                     const domain::DisclosureGround& ground, std::string_view text,
                                     const usecases::WriteTail& tail) {
  std::optional<pg::Bytes> sealed;
  if (!text.empty()) {
    VK_ASSIGN_OR_RETURN(std::string bytes, vault_.Seal(referral.referral_id, kGroundClass,
                                                       TextTag(ground.ground_id), text));
    sealed = pg::Bytes{std::move(bytes)};
  }
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  const commit::Write write =
      MakeWrite(tail, OutcomeOf(ground), {events::GroundRecorded(referral, ground, envelope)});
  const pg::Params params{ground.ground_id,
                          referral.referral_id,
                          ground.version,
                          domain::Name(ground.kind),
                          domain::Name(ground.consent_form),
                          List(ground.recipient_unit_ids),
                          List(ground.categories),
                          ground.purpose,
                          ground.from_date,
                          ground.to_date,
                          sealed,
                          ground.judged_by_subject,
                          List(ground.excluded_unit_ids),
                          List(ground.excluded_categories),
                          ground.recorded_at};
  return pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_RETURN_IF_ERROR(tx.Execute(kInsert, params).status());
        VK_RETURN_IF_ERROR(jobs::Enqueue(
            tx, {std::string(kGroundExpiryJob), ground.ground_id, StartOfDay(ground.to_date), ""}));
        return commit::Append(tx, write);
      });
}

absl::Status PostgresGrounds::SaveEnded(const domain::Referral& referral,
                                        const domain::DisclosureGround& ground,
                                        const usecases::WriteTail& tail) {
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  const commit::Write write =
      MakeWrite(tail, OutcomeOf(ground), {events::GroundEnded(referral, ground, envelope)});
  return pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_ASSIGN_OR_RETURN(const bool written, WriteEnd(tx, ground));
        if (!written) return commit::StaleEtag();
        VK_RETURN_IF_ERROR(jobs::Cancel(tx, kGroundExpiryJob, ground.ground_id));
        return commit::Append(tx, write);
      });
}

absl::Status ExpireGround(pg::Transaction& tx, const jobs::Job& job) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kFind, {job.key}));
  if (rows.empty()) return absl::OkStatus();
  domain::DisclosureGround ground = GroundFrom(rows[0]).ground;
  if (ground.ended_at) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const auto stored, LockCase(tx, ground.case_id));
  if (!stored) return absl::OkStatus();
  const domain::Referral& referral = stored->referral;
  ground.version += 1;
  ground.ended_at = job.now;
  ground.end_reason_code = "expired";
  VK_ASSIGN_OR_RETURN(const bool written, WriteEnd(tx, ground));
  if (!written) return commit::StaleEtag();
  audit::Entry entry;
  entry.at = job.now;
  entry.organisation = referral.owner_organisation_id;
  entry.unit = referral.owner_unit_id;
  entry.subject = "system:referral";
  entry.purpose = "case_work";
  entry.case_id = referral.referral_id;
  entry.action = kGroundExpiryJob;
  entry.resource_id = ground.ground_id;
  entry.rule_id = "ground.term";
  entry.permitted = true;
  usecases::Note({std::string(usecases::kOwnerAlone),
                  "grounds/" + ground.ground_id,
                  {"live", "end_reason_code", "end_time"}},
                 entry);
  commit::Write write;
  write.events = {events::GroundEnded(referral, ground, {"", job.now, ""})};
  write.audit = {std::move(entry)};
  return commit::Append(tx, write);
}

}  // namespace vardkedja::referral::storage
