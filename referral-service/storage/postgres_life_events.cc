#include "referral-service/storage/postgres_life_events.h"

#include <string>
#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "referral-service/events/publish_documents.h"
#include "referral-service/storage/form_codec.h"
#include "vardkedja/referral/v1/stored_content.pb.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kLifeEventClass = "life_event";

#define LIFE_EVENT_COLUMNS                                                                 \
  "life_event_id::text AS life_event_id, referral_id::text AS referral_id, version, kind," \
  " reason_code, event_date, unit_id, former_unit_id,"                                     \
  " coalesce(former_person_id::text, '') AS former_person_id,"                             \
  " coalesce(reorganisation_id::text, '') AS reorganisation_id, recorded_at, content_sealed"

constexpr std::string_view kFind =
    "SELECT " LIFE_EVENT_COLUMNS " FROM life_event WHERE life_event_id = $1::uuid";
constexpr std::string_view kOfCase = "SELECT " LIFE_EVENT_COLUMNS
                                     " FROM life_event WHERE referral_id = $1::uuid"
                                     " ORDER BY version";

constexpr std::string_view kCount =
    "SELECT count(*) AS n FROM life_event WHERE referral_id = $1::uuid";

// The case, unless it is no longer at the version before; its content when that changes.
constexpr std::string_view kChanged = R"sql(
  UPDATE referral SET version = $2, updated_at = $3, owner_unit_id = $4,
         owner_organisation_id = $5, municipality_code = $6, handler_subjects = $7::text[],
         person_id = $8::uuid, protected_identity = $9,
         content_sealed = coalesce($10::bytea, content_sealed),
         name_sealed = CASE WHEN $10::bytea IS NULL THEN name_sealed ELSE $11::bytea END
   WHERE referral_id = $1::uuid AND version = $2::bigint - 1
  RETURNING referral_id, version, state, updated_at
)sql";
// Its step and the record.
constexpr std::string_view kAlso = R"sql(
step AS (
  INSERT INTO referral_step (referral_id, version, action, outcome, from_state, to_state, at,
                             unit_id, subject, seat, deputy, exception, role_codes, resource,
                             changed_fields)
  SELECT referral_id, version, 'life_event', $12, state, state, updated_at, $13, $14, '', false,
         false, $22::text[], 'referrals/' || referral_id || '/life-events/' || $15::uuid, $23::text[]
    FROM changed),
record AS (
INSERT INTO life_event (life_event_id, referral_id, version, kind, reason_code, event_date,
                        unit_id, subject, former_unit_id, former_person_id, content_sealed,
                        recorded_at, reorganisation_id)
SELECT $15::uuid, referral_id, version, $12, $16, $17::date, $13, $14, $18, $19::uuid, $20,
       updated_at, $21::uuid FROM changed)
)sql";

std::string TagOf(const std::string& life_event_id) {
  return "referral.life_event/" + life_event_id;
}

domain::LifeEvent EventFrom(const pg::Row& row) {
  domain::LifeEvent event;
  event.life_event_id = row.Text("life_event_id");
  event.referral_id = row.Text("referral_id");
  event.version = row.Int("version");
  const std::string kind = row.Text("kind");
  for (const auto known : {domain::LifeEventKind::kPersonCorrected, domain::LifeEventKind::kDied,
                           domain::LifeEventKind::kMoved, domain::LifeEventKind::kProtectionSet}) {
    if (domain::Name(known) == kind) event.kind = known;
  }
  event.reason_code = row.Text("reason_code");
  event.event_date = row.OptionalDate("event_date");
  event.unit_id = row.Text("unit_id");
  event.former_unit_id = row.Text("former_unit_id");
  event.former_person_id = row.Text("former_person_id");
  event.reorganisation_id = row.Text("reorganisation_id");
  event.recorded_at = row.Instant("recorded_at");
  return event;
}

std::string SerialiseContent(const domain::LifeEvent& event) {
  v1::StoredLifeEvent content;
  content.set_text(event.text);
  if (event.former_person) {
    domain::Form form;
    form.person = *event.former_person;
    *content.mutable_former_person() = ToProto(form).person();
  }
  return content.SerializeAsString();
}

std::optional<std::string> OrNull(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<pg::Bytes> Blob(const std::optional<std::string>& bytes) {
  return bytes ? std::optional<pg::Bytes>(pg::Bytes{*bytes}) : std::nullopt;
}

// The parameters of both statements above; the case's content only when it changes.
absl::StatusOr<pg::Params> ParamsOf(vault::Vault& vault, const domain::LifeChange& change,
                                    const SealedCase& sealed, const StepAuthor& author) {
  const domain::Referral& after = change.after;
  const domain::LifeEvent& event = change.event;
  VK_ASSIGN_OR_RETURN(std::string content,
                      vault.Seal(after.referral_id, kLifeEventClass, TagOf(event.life_event_id),
                                 SerialiseContent(event)));
  const std::vector<std::string> handlers(after.handler_subjects.begin(),
                                          after.handler_subjects.end());
  return pg::Params{after.referral_id,
                    after.version,
                    after.updated_at,
                    after.owner_unit_id,
                    after.owner_organisation_id,
                    after.municipality_code,
                    handlers,
                    OrNull(after.person_id),
                    after.protected_identity,
                    Blob(sealed.content),
                    Blob(sealed.name),
                    domain::Name(event.kind),
                    event.unit_id,
                    author.subject,
                    event.life_event_id,
                    event.reason_code,
                    event.event_date,
                    event.former_unit_id,
                    OrNull(event.former_person_id),
                    pg::Bytes{content},
                    OrNull(event.reorganisation_id),
                    author.role_codes,
                    change.changed_fields};
}

}  // namespace

absl::StatusOr<std::optional<domain::LifeEvent>> PostgresLifeEvents::Find(
    const auth::CallContext& context, std::string_view life_event_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {life_event_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  return EventFrom(rows[0]);
}

absl::StatusOr<std::vector<domain::LifeEvent>> PostgresLifeEvents::OfCase(
    const auth::CallContext& context, std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kOfCase, {referral_id}, context.deadline));
  std::vector<domain::LifeEvent> events;
  for (const pg::Row row : rows) {
    domain::LifeEvent event = EventFrom(row);
    VK_ASSIGN_OR_RETURN(const std::string bytes,
                        vault_.Open(referral_id, kLifeEventClass, TagOf(event.life_event_id),
                                    row.Bytes("content_sealed")));
    v1::StoredLifeEvent content;
    if (!content.ParseFromString(bytes)) {
      return absl::DataLossError("the stored life event is no StoredLifeEvent");
    }
    event.text = content.text();
    if (content.has_former_person()) {
      v1::CommissionForm form;
      *form.mutable_person() = content.former_person();
      event.former_person = FromProto(form).person;
    }
    events.push_back(std::move(event));
  }
  return events;
}

absl::Status PostgresLifeEvents::Save(const domain::LifeChange& change,
                                      const usecases::WriteTail& tail) {
  const domain::Referral& after = change.after;
  const domain::LifeEvent& event = change.event;
  SealedCase sealed;
  // A death and a move leave what is written of the case as it was: no version of it begins.
  if (event.kind == domain::LifeEventKind::kPersonCorrected ||
      event.kind == domain::LifeEventKind::kProtectionSet) {
    VK_ASSIGN_OR_RETURN(sealed, cases_.Seal(after));
  }
  VK_ASSIGN_OR_RETURN(const pg::Params params,
                      ParamsOf(vault_, change, sealed, AuthorOf(tail.actor)));
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  const commit::Write write = MakeWrite(tail, {event.life_event_id, std::to_string(after.version)},
                                        {events::OfLifeEvent(change, envelope)});
  // Two at once cannot both pass here: the second meets the version that the first has made.
  VK_ASSIGN_OR_RETURN(const pg::Result count,
                      pool_.Read(kCount, {after.referral_id}, tail.context.deadline));
  if (count[0].Int("n") >= static_cast<std::int64_t>(domain::kMostLifeEvents)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The case has as many life events as it may.", "TOO_MANY_LIFE_EVENTS");
  }
  const absl::Status done =
      commit::SaveOne(pool_, {kChanged, kAlso}, params, write, tail.context.deadline).status();
  // Both cases are beyond what the board can send back: one of them has to end first.
  if (pg::ViolatedConstraint(done) == "referral_one_live_per_person") {
    return LiveCaseExists("owners",
                          "Another case about this person is live, and so is this one: one of them "
                          "ends before the person is corrected. Its owner withdraws or closes it; "
                          "one with a stay after the facility has discharged the person, or "
                          "corrected a stay that was another's.");
  }
  return cases_.Explain(done, after, tail);
}

absl::StatusOr<bool> WriteLifeChange(vault::Vault& vault, pg::Transaction& tx,
                                     const domain::LifeChange& change, const StepAuthor& author) {
  VK_ASSIGN_OR_RETURN(const pg::Params params, ParamsOf(vault, change, {}, author));
  static const auto& sql = *new std::string("WITH changed AS (" + std::string(kChanged) + "), " +
                                            std::string(kAlso) + " TABLE changed");
  VK_ASSIGN_OR_RETURN(const pg::Result written, tx.Execute(sql, params));
  return !written.empty();
}

}  // namespace vardkedja::referral::storage
