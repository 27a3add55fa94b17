#include "referral-service/storage/postgres_reorganisations.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/auth/role_names.h"
#include "lib/commit/commit.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/domain/reroute.h"
#include "referral-service/events/publish.h"
#include "referral-service/events/publish_documents.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/storage/postgres_cases.h"
#include "referral-service/storage/postgres_life_events.h"
#include "referral-service/storage/postgres_reroutes.h"
#include "referral-service/usecases/written.h"

namespace vardkedja::referral::storage {
namespace {

using domain::ReorganisationKind;
using domain::UnitReorganisation;
using usecases::ReorganisedCaseState;

constexpr std::string_view kTextClass = "unit_reorganisation";
constexpr std::string_view kTextTag = "referral.unit_reorganisation";

#define REORGANISATION_COLUMNS                                                             \
  "SELECT u.reorganisation_id::text AS reorganisation_id, u.kind, u.from_unit_id,"         \
  " u.to_unit_id, u.effective_date, u.handler_subjects, u.text_sealed, u.organisation_id," \
  " u.subject, u.roles, u.purpose, u.call_id, u.traceparent,"                              \
  " u.begun_at, u.moved, u.refused, u.ended_at,"                                           \
  " u.hand_overs, u.concerns, u.left_grounds FROM unit_reorganisation u"                   \
  " WHERE u.reorganisation_id = $1::uuid"
constexpr std::string_view kFind = REORGANISATION_COLUMNS;
constexpr std::string_view kLock = REORGANISATION_COLUMNS " FOR UPDATE";
#undef REORGANISATION_COLUMNS

// What a merge still has before it: whatever the unit owns and was not looked at, so that a case
// that is made while it runs goes along. Erased ones are nobody's to look after.
#define UNTOUCHED                                                                       \
  "FROM referral r WHERE r.owner_unit_id = $2 AND r.erased_at IS NULL AND NOT EXISTS (" \
  "SELECT FROM reorganised_case c WHERE c.reorganisation_id = $1::uuid"                 \
  " AND c.referral_id = r.referral_id)"
constexpr std::string_view kCountUntouched =
    "SELECT count(*) AS n FROM (SELECT " UNTOUCHED " LIMIT $3) AS untouched";
constexpr std::string_view kTakeUntouched = "SELECT r.referral_id::text AS referral_id " UNTOUCHED
                                            " ORDER BY r.created_at, r.referral_id LIMIT $3";
#undef UNTOUCHED
constexpr std::string_view kCountWaiting =
    "SELECT count(*) AS n FROM reorganised_case WHERE reorganisation_id = $1::uuid"
    " AND state = 'waiting'";
constexpr std::string_view kTakeWaiting =
    "SELECT referral_id::text AS referral_id FROM reorganised_case"
    " WHERE reorganisation_id = $1::uuid AND state = 'waiting' ORDER BY place LIMIT $2";

constexpr std::string_view kCases = R"sql(
SELECT c.place, c.referral_id::text AS referral_id, r.case_number, c.state, c.reason_code,
       coalesce(c.version::text, '') AS etag
  FROM reorganised_case c JOIN referral r USING (referral_id)
 WHERE c.reorganisation_id = $1::uuid AND c.place > $2 AND ($3 = '' OR c.state = $3)
 ORDER BY c.place LIMIT $4
)sql";
constexpr std::string_view kOwn =
    "SELECT referral_id::text AS referral_id FROM referral"
    " WHERE referral_id = ANY($1::uuid[]) AND owner_unit_id = $2 AND erased_at IS NULL";

constexpr std::string_view kInsert = R"sql(
INSERT INTO unit_reorganisation (reorganisation_id, kind, from_unit_id, to_unit_id, effective_date,
                                 handler_subjects, text_sealed, organisation_id, subject, roles,
                                 purpose, call_id, traceparent, begun_at)
VALUES ($1::uuid, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10::text[], $11, $12, $13, $14)
)sql";
constexpr std::string_view kName = R"sql(
INSERT INTO reorganised_case (reorganisation_id, referral_id, place, state)
SELECT $1::uuid, named.id, named.place, 'waiting'
  FROM unnest($2::uuid[]) WITH ORDINALITY AS named (id, place)
)sql";
// A row that is done stays as it is: its trigger says so, and the commit fails.
constexpr std::string_view kDone = R"sql(
INSERT INTO reorganised_case (reorganisation_id, referral_id, place, state, reason_code, version)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6)
ON CONFLICT (reorganisation_id, referral_id) DO UPDATE
   SET state = excluded.state, reason_code = excluded.reason_code, version = excluded.version
)sql";
constexpr std::string_view kProgress =
    "UPDATE unit_reorganisation SET moved = $2, refused = $3, ended_at = $4::timestamptz,"
    " hand_overs = $5, concerns = $6, left_grounds = $7 WHERE reorganisation_id = $1::uuid";
constexpr std::string_view kSurroundings = R"sql(
SELECT EXISTS (SELECT FROM referral WHERE owner_unit_id = $2 AND person_id = $3::uuid
                  AND state NOT IN ('discharged', 'closed')) AS open_case,
       (SELECT count(*) FROM life_event WHERE referral_id = $1::uuid) AS life_events
)sql";
constexpr std::string_view kPassConcerns = R"sql(
WITH taken AS (
  SELECT c.concern_id FROM child_concern c JOIN referral r USING (referral_id)
   WHERE c.recipient_unit_id = $2 AND r.erased_at IS NULL
   ORDER BY c.reported_at, c.concern_id LIMIT $5 FOR UPDATE OF c),
passed AS (
  UPDATE child_concern c SET recipient_unit_id = $3 FROM taken WHERE c.concern_id = taken.concern_id
  RETURNING c.concern_id, c.referral_id),
kept AS (
  INSERT INTO child_concern_passed (concern_id, reorganisation_id, from_unit_id, to_unit_id,
                                    passed_at)
  SELECT concern_id, $1::uuid, $2, $3, $4::timestamptz FROM passed)
SELECT concern_id::text AS concern_id, referral_id::text AS referral_id FROM passed
)sql";
// Each ground once, of cases that somebody still works with and that are not the receiver's anyway.
constexpr std::string_view kTellOfGrounds = R"sql(
WITH named AS (
  SELECT g.ground_id, g.referral_id
    FROM case_reader c JOIN disclosure_ground g USING (referral_id)
   WHERE c.unit_id = $2 AND c.state <> 'closed' AND c.owner_unit_id <> $3
     AND $2 = ANY(g.recipient_unit_ids) AND g.ended_at IS NULL AND g.to_date > $5
     AND NOT EXISTS (SELECT FROM merged_recipient t WHERE t.ground_id = g.ground_id
                        AND t.from_unit_id = $2 AND t.to_unit_id = $3)
   ORDER BY g.referral_id, g.ground_id LIMIT $6)
INSERT INTO merged_recipient (notice_id, ground_id, referral_id, reorganisation_id, from_unit_id,
                              to_unit_id, told_at)
SELECT gen_random_uuid(), ground_id, referral_id, $1::uuid, $2, $3, $4::timestamptz FROM named
RETURNING notice_id::text AS notice_id, ground_id::text AS ground_id,
          referral_id::text AS referral_id
)sql";
// Of cases that somebody still works with.
constexpr std::string_view kLeftGrounds = R"sql(
SELECT count(*) AS n FROM case_reader c JOIN disclosure_ground g USING (referral_id)
 WHERE c.unit_id = $1 AND c.state <> 'closed' AND $1 = ANY(g.recipient_unit_ids)
   AND g.ended_at IS NULL AND g.to_date > $2
)sql";
constexpr std::string_view kRunning =
    "SELECT reorganisation_id::text AS id FROM unit_reorganisation WHERE from_unit_id = $1"
    " AND ended_at IS NULL";

std::string_view Name(ReorganisedCaseState state) {
  switch (state) {
    case ReorganisedCaseState::kWaiting:
      return "waiting";
    case ReorganisedCaseState::kMoved:
      return "moved";
    case ReorganisedCaseState::kRefused:
      return "refused";
    case ReorganisedCaseState::kUnspecified:
      break;
  }
  return "";
}

ReorganisedCaseState ParseCaseState(const std::string& name) {
  for (const auto state : {ReorganisedCaseState::kWaiting, ReorganisedCaseState::kMoved,
                           ReorganisedCaseState::kRefused}) {
    if (Name(state) == name) return state;
  }
  return ReorganisedCaseState::kUnspecified;
}

// Without its text.
UnitReorganisation ReorganisationFrom(const pg::Row& row) {
  UnitReorganisation one;
  one.reorganisation_id = row.Text("reorganisation_id");
  one.kind = row.Text("kind") == domain::Name(ReorganisationKind::kUnitMerged)
                 ? ReorganisationKind::kUnitMerged
                 : ReorganisationKind::kUnitSplit;
  one.from_unit_id = row.Text("from_unit_id");
  one.to_unit_id = row.Text("to_unit_id");
  one.effective_date = row.Date("effective_date");
  one.handler_subjects = row.Texts("handler_subjects");
  one.subject = row.Text("subject");
  one.begun_at = row.Instant("begun_at");
  one.ended_at = row.OptionalInstant("ended_at");
  one.moved = static_cast<int>(row.Int("moved"));
  one.refused = static_cast<int>(row.Int("refused"));
  one.hand_overs = static_cast<int>(row.Int("hand_overs"));
  one.concerns = static_cast<int>(row.Int("concerns"));
  one.left_grounds = static_cast<int>(row.Int("left_grounds"));
  return one;
}

absl::Status OpenText(vault::Vault& vault, const pg::Row& row, UnitReorganisation& one) {
  VK_ASSIGN_OR_RETURN(
      one.text, vault.Open(one.reorganisation_id, kTextClass, kTextTag, row.Bytes("text_sealed")));
  return absl::OkStatus();
}

// The rows of the trail name who began it, as a call for each case would.
audit::Entry EntryOf(const pg::Row& begun, const UnitReorganisation& of, Instant now,
                     const std::string& referral_id) {
  audit::Entry entry;
  entry.at = now;
  entry.organisation = begun.Text("organisation_id");
  entry.unit = of.from_unit_id;
  for (const std::string& name : begun.Texts("roles")) {
    if (const auto role = auth::ParseRole(name)) entry.roles.insert(*role);
  }
  entry.subject = of.subject;
  entry.purpose = begun.Text("purpose");
  entry.case_id = referral_id;
  entry.action = kReorganisationJob;
  entry.resource_id = of.reorganisation_id;
  entry.rule_id = "owner";
  entry.permitted = true;
  entry.call_id = begun.Text("call_id");
  return entry;
}

// One run of the job: what it takes, and what it leaves to the commit.
struct Batch {
  vault::Vault& vault;
  pg::Transaction& tx;
  const jobs::Job& job;
  const pg::Row begun;
  UnitReorganisation of;
  commit::Write write = {};
};

StepAuthor AuthorOf(const Batch& batch) {
  return {batch.of.from_unit_id, batch.of.subject, "", false, batch.begun.Texts("roles")};
}

void Publish(Batch& batch, const domain::Change& change) {
  const std::string traceparent = batch.begun.Text("traceparent");
  const events::Envelope envelope{batch.of.from_unit_id, batch.job.now, traceparent};
  for (eventlog::NewEvent& event : events::OfChange(change, envelope)) {
    batch.write.events.push_back(std::move(event));
  }
}

absl::Status Record(Batch& batch, const std::string& referral_id, std::string_view refused,
                    std::optional<std::int64_t> version) {
  UnitReorganisation& of = batch.of;
  // A split's rows have their places already, and keep them.
  const int place = of.moved + of.refused + 1;
  (refused.empty() ? of.moved : of.refused) += 1;
  const auto state =
      refused.empty() ? ReorganisedCaseState::kMoved : ReorganisedCaseState::kRefused;
  return batch.tx
      .Execute(kDone, {of.reorganisation_id, referral_id, place, Name(state), refused, version})
      .status();
}

// An open hand-over goes along with its case; one to the unit that gets the case anyway has ended.
absl::StatusOr<domain::Referral> WithItsHandOver(Batch& batch, const domain::Referral& referral) {
  if (!referral.reroute_open) return referral;
  VK_ASSIGN_OR_RETURN(const auto reroute, OpenRerouteOf(batch.tx, referral.referral_id));
  if (!reroute) return absl::InternalError("an open hand-over is missing");
  if (reroute->to_unit_id != batch.of.to_unit_id) {
    VK_RETURN_IF_ERROR(WriteParties(batch.tx, domain::ChangeSender(*reroute, batch.of.to_unit_id)));
    return referral;
  }
  domain::RerouteChange ended = domain::EndWithinOneUnit(referral, *reroute, batch.job.now);
  VK_RETURN_IF_ERROR(WriteEnded(batch.tx, ended, AuthorOf(batch)));
  Publish(batch, ended.change);
  return std::move(ended.change.after);
}

absl::Status Move(Batch& batch, const domain::Referral& before) {
  VK_ASSIGN_OR_RETURN(const domain::Referral referral, WithItsHandOver(batch, before));
  domain::LifeChange change =
      domain::MoveReorganised(referral, batch.of, NewUuidV7(), batch.job.now);
  change.changed_fields = domain::ChangedFields(referral, change.after);
  VK_ASSIGN_OR_RETURN(const bool written,
                      WriteLifeChange(batch.vault, batch.tx, change, AuthorOf(batch)));
  if (!written) return commit::StaleEtag();
  const std::string traceparent = batch.begun.Text("traceparent");
  batch.write.events.push_back(
      events::OfLifeEvent(change, {batch.of.from_unit_id, batch.job.now, traceparent}));
  batch.write.audit.push_back(EntryOf(batch.begun, batch.of, batch.job.now, referral.referral_id));
  return Record(batch, referral.referral_id, "", change.after.version);
}

absl::Status MoveOrRefuse(Batch& batch, const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(const auto stored, LockCase(batch.tx, referral_id));
  if (!stored) return absl::InternalError("a named case is missing");
  const domain::Referral& referral = stored->referral;
  const std::optional<std::string> person =
      referral.person_id.empty() ? std::nullopt : std::optional(referral.person_id);
  VK_ASSIGN_OR_RETURN(const pg::Result around,
                      batch.tx.Execute(kSurroundings, {referral_id, batch.of.to_unit_id, person}));
  const std::string_view refused = domain::WhyItStays(
      referral, batch.of,
      {around[0].Bool("open_case"), static_cast<std::size_t>(around[0].Int("life_events"))});
  if (!refused.empty()) return Record(batch, referral_id, refused, std::nullopt);
  return Move(batch, referral);
}

// A hand-over that waits for the unit waits for the receiver; one that the receiver sent has ended,
// and the case is the receiver's as before.
absl::Status PassOn(Batch& batch, const domain::Reroute& reroute) {
  VK_ASSIGN_OR_RETURN(const auto stored, LockCase(batch.tx, reroute.referral_id));
  if (!stored) return absl::InternalError("a hand-over's case is missing");
  const domain::Referral& referral = stored->referral;
  const std::string& to = batch.of.to_unit_id;
  const bool ends = reroute.from_unit_id == to;
  const domain::RerouteChange change =
      ends ? domain::EndWithinOneUnit(referral, reroute, batch.job.now)
           : domain::ChangeReceiver(referral, reroute, to, batch.job.now);
  if (ends) {
    VK_RETURN_IF_ERROR(WriteEnded(batch.tx, change, AuthorOf(batch)));
  } else {
    VK_RETURN_IF_ERROR(WriteParties(batch.tx, change.reroute));
    VK_ASSIGN_OR_RETURN(const bool written, WriteChange(batch.tx, change.change, AuthorOf(batch)));
    if (!written) return commit::StaleEtag();
    batch.of.hand_overs += 1;
  }
  Publish(batch, change.change);
  audit::Entry entry = EntryOf(batch.begun, batch.of, batch.job.now, reroute.referral_id);
  entry.resource_id = reroute.reroute_id;
  entry.rule_id = "reroute.party";
  batch.write.audit.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> PassOnHandOvers(Batch& batch) {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Reroute> waiting,
                      OpenReroutesTo(batch.tx, batch.of.from_unit_id, kReorganisationBatch));
  for (const domain::Reroute& reroute : waiting) VK_RETURN_IF_ERROR(PassOn(batch, reroute));
  return waiting.size();
}

// Whoever answers for them reads them from now on; each is a disclosure.
absl::StatusOr<std::size_t> PassOnConcerns(Batch& batch) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result passed,
      batch.tx.Execute(kPassConcerns, {batch.of.reorganisation_id, batch.of.from_unit_id,
                                       batch.of.to_unit_id, batch.job.now, kReorganisationBatch}));
  for (const pg::Row row : passed) {
    audit::Entry entry = EntryOf(batch.begun, batch.of, batch.job.now, row.Text("referral_id"));
    entry.resource_id = row.Text("concern_id");
    entry.rule_id = "child_concern.recipient";
    entry.details = {"categories=children+identity", "recipient=" + batch.of.to_unit_id};
    usecases::Note({std::string(usecases::kOwnerAlone),
                    "child-concerns/" + row.Text("concern_id"),
                    {"recipient_unit_id"}},
                   entry);
    batch.write.audit.push_back(std::move(entry));
    batch.of.concerns += 1;
  }
  return static_cast<std::size_t>(passed.size());
}

// Nobody's act: neither unit sees anything of the case by it.
audit::Entry NoticeEntry(const domain::Referral& referral, Instant now) {
  audit::Entry entry;
  entry.at = now;
  entry.organisation = referral.owner_organisation_id;
  entry.unit = referral.owner_unit_id;
  entry.subject = "system:referral";
  entry.purpose = "case_work";
  entry.case_id = referral.referral_id;
  entry.action = kReorganisationJob;
  entry.rule_id = "ground.recipient_merged";
  entry.permitted = true;
  return entry;
}

// What a consent lets a unit see ends with the unit: the owner of each case hears of it, and asks
// the person anew when the receiver is to see it.
absl::StatusOr<std::size_t> TellOfGrounds(Batch& batch) {
  const UnitReorganisation& of = batch.of;
  VK_ASSIGN_OR_RETURN(
      const pg::Result told,
      batch.tx.Execute(kTellOfGrounds,
                       {of.reorganisation_id, of.from_unit_id, of.to_unit_id, batch.job.now,
                        StockholmDate(batch.job.now), kReorganisationBatch}));
  const std::string traceparent = batch.begun.Text("traceparent");
  for (const pg::Row row : told) {
    VK_ASSIGN_OR_RETURN(const auto stored, LockCase(batch.tx, row.Text("referral_id")));
    if (!stored) return absl::InternalError("a ground's case is missing");
    const std::string ground_id = row.Text("ground_id");
    batch.write.events.push_back(events::GroundRecipientMerged(
        stored->referral, {row.Text("notice_id"), ground_id, {of.from_unit_id, of.to_unit_id}},
        {"", batch.job.now, traceparent}));
    audit::Entry entry = NoticeEntry(stored->referral, batch.job.now);
    entry.resource_id = ground_id;
    usecases::Note({std::string(usecases::kOwnerAlone), "grounds/" + ground_id, {}}, entry);
    batch.write.audit.push_back(std::move(entry));
  }
  return static_cast<std::size_t>(told.size());
}

// Of a merge, once no case is left: what the unit received and somebody must answer for. False
// while there is more.
absl::StatusOr<bool> TakeReceived(Batch& batch) {
  if (batch.of.kind != ReorganisationKind::kUnitMerged) return true;
  VK_ASSIGN_OR_RETURN(const std::size_t hand_overs, PassOnHandOvers(batch));
  VK_ASSIGN_OR_RETURN(const std::size_t concerns, PassOnConcerns(batch));
  VK_ASSIGN_OR_RETURN(const std::size_t grounds, TellOfGrounds(batch));
  constexpr auto kMost = static_cast<std::size_t>(kReorganisationBatch);
  if (hand_overs == kMost || concerns == kMost || grounds == kMost) return false;
  VK_ASSIGN_OR_RETURN(
      const pg::Result left,
      batch.tx.Execute(kLeftGrounds, {batch.of.from_unit_id, StockholmDate(batch.job.now)}));
  batch.of.left_grounds = static_cast<int>(left[0].Int("n"));
  return true;
}

absl::StatusOr<std::vector<std::string>> Take(Batch& batch) {
  const UnitReorganisation& of = batch.of;
  pg::Result rows;
  if (of.kind == ReorganisationKind::kUnitMerged) {
    VK_ASSIGN_OR_RETURN(
        rows, batch.tx.Execute(kTakeUntouched,
                               {of.reorganisation_id, of.from_unit_id, kReorganisationBatch}));
  } else {
    VK_ASSIGN_OR_RETURN(
        rows, batch.tx.Execute(kTakeWaiting, {of.reorganisation_id, kReorganisationBatch}));
  }
  std::vector<std::string> ids;
  for (const pg::Row row : rows) ids.push_back(row.Text("referral_id"));
  // Whoever locks several cases does so in one order.
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

absl::Status ReorganiseBatch(vault::Vault& vault, pg::Transaction& tx, const jobs::Job& job) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kLock, {job.key}));
  if (rows.empty() || rows[0].OptionalInstant("ended_at")) return absl::OkStatus();
  Batch batch{vault, tx, job, rows[0], ReorganisationFrom(rows[0])};
  VK_RETURN_IF_ERROR(OpenText(vault, rows[0], batch.of));
  VK_ASSIGN_OR_RETURN(const std::vector<std::string> ids, Take(batch));
  for (const std::string& id : ids) VK_RETURN_IF_ERROR(MoveOrRefuse(batch, id));
  bool last = ids.size() < static_cast<std::size_t>(kReorganisationBatch);
  if (last) {
    VK_ASSIGN_OR_RETURN(last, TakeReceived(batch));
  }
  const std::optional<Instant> ended = last ? std::optional(job.now) : std::nullopt;
  VK_RETURN_IF_ERROR(
      tx.Execute(kProgress, {batch.of.reorganisation_id, batch.of.moved, batch.of.refused, ended,
                             batch.of.hand_overs, batch.of.concerns, batch.of.left_grounds})
          .status());
  if (!last) {
    VK_RETURN_IF_ERROR(jobs::Enqueue(tx, {std::string(kReorganisationJob), job.key, job.now, ""}));
  }
  return commit::Append(tx, batch.write);
}

absl::StatusOr<std::optional<UnitReorganisation>> PostgresReorganisations::Find(
    const auth::CallContext& context, std::string_view reorganisation_id) {
  if (!IsUuid(reorganisation_id)) reorganisation_id = "00000000-0000-0000-0000-000000000000";
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kFind, {reorganisation_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  UnitReorganisation found = ReorganisationFrom(rows[0]);
  VK_RETURN_IF_ERROR(OpenText(vault_, rows[0], found));
  if (found.ended_at) return found;
  pg::Result waiting;
  if (found.kind == ReorganisationKind::kUnitMerged) {
    VK_ASSIGN_OR_RETURN(
        waiting, pool_.Read(kCountUntouched,
                            {found.reorganisation_id, found.from_unit_id, usecases::kMostCounted},
                            context.deadline));
  } else {
    VK_ASSIGN_OR_RETURN(waiting,
                        pool_.Read(kCountWaiting, {found.reorganisation_id}, context.deadline));
  }
  found.waiting = static_cast<int>(waiting[0].Int("n"));
  return found;
}

absl::StatusOr<std::vector<usecases::ReorganisedCase>> PostgresReorganisations::Cases(
    const auth::CallContext& context, const usecases::ReorganisedCaseQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kCases, {query.reorganisation_id, query.after, Name(query.state), query.limit},
                 context.deadline));
  std::vector<usecases::ReorganisedCase> cases;
  for (const pg::Row row : rows) {
    cases.push_back({static_cast<int>(row.Int("place")), row.Text("referral_id"),
                     row.Text("case_number"), ParseCaseState(row.Text("state")),
                     row.Text("reason_code"), row.Text("etag")});
  }
  return cases;
}

absl::StatusOr<std::set<std::string>> PostgresReorganisations::OwnCases(
    const auth::CallContext& context, const std::vector<std::string>& referral_ids) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kOwn, {referral_ids, context.acting_unit}, context.deadline));
  std::set<std::string> own;
  for (const pg::Row row : rows) own.insert(row.Text("referral_id"));
  return own;
}

absl::Status PostgresReorganisations::Begin(const UnitReorganisation& one,
                                            const std::vector<std::string>& referral_ids,
                                            const usecases::WriteTail& tail) {
  VK_ASSIGN_OR_RETURN(std::string text,
                      vault_.Seal(one.reorganisation_id, kTextClass, kTextTag, one.text));
  const auth::CallContext& call = tail.context;
  std::vector<std::string> roles;
  for (const auth::Role role : call.principal.roles) roles.emplace_back(auth::RoleName(role));
  const pg::Params params{one.reorganisation_id, domain::Name(one.kind),
                          one.from_unit_id,      one.to_unit_id,
                          one.effective_date,    one.handler_subjects,
                          pg::Bytes{text},       call.principal.organisation,
                          one.subject,           roles,
                          call.purpose,          call.call_id,
                          call.traceparent,      one.begun_at};
  const commit::Write write = MakeWrite(tail, {one.reorganisation_id, ""}, {});
  const absl::Status done =
      pool_.InTransaction({.deadline = call.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_RETURN_IF_ERROR(tx.Execute(kInsert, params).status());
        VK_RETURN_IF_ERROR(tx.Execute(kName, {one.reorganisation_id, referral_ids}).status());
        VK_RETURN_IF_ERROR(jobs::Enqueue(
            tx, {std::string(kReorganisationJob), one.reorganisation_id, one.begun_at, ""}));
        return commit::Append(tx, write);
      });
  if (pg::ViolatedConstraint(done) != "unit_reorganisation_one_running") return done;
  VK_ASSIGN_OR_RETURN(const pg::Result running,
                      pool_.Read(kRunning, {one.from_unit_id}, call.deadline));
  ErrorDetail detail;
  detail.reason = "REORGANISATION_OPEN";
  if (!running.empty()) detail.metadata = {{"reorganisation_id", running[0].Text("id")}};
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "Cases of the unit are being moved already: wait until that is done.",
                   std::move(detail));
}

}  // namespace vardkedja::referral::storage
