#include "referral-service/storage/postgres_cases.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/reroute.h"
#include "referral-service/events/publish.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/storage/form_codec.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kFormClass = "form";
constexpr std::string_view kIdentityClass = "identity";
constexpr std::string_view kContentTag = "referral.content";
constexpr std::string_view kNameTag = "referral.name";

std::string Select(std::string_view where) {
  return std::string(CaseSelect()) + std::string(where);
}

const std::string& FindSql() {
  static const auto& sql = *new std::string(Select("WHERE r.referral_id = $1::uuid"));
  return sql;
}

const std::string& FindAllSql() {
  static const auto& sql = *new std::string(Select("WHERE r.referral_id = ANY($1::uuid[])"));
  return sql;
}

// The case that stands in the way of a second one by the same unit: named to whoever may know it.
absl::Status OpenCaseExists(pg::Pool& pool, const domain::Referral& referral,
                            const usecases::WriteTail& tail) {
  constexpr std::string_view kExisting =
      "SELECT referral_id::text AS referral_id, case_number, state FROM referral"
      " WHERE owner_unit_id = $1 AND person_id = $2::uuid AND state NOT IN ('discharged', 'closed')"
      " AND (NOT protected_identity OR $3 = ANY(handler_subjects))";
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool.Read(kExisting, {referral.owner_unit_id, referral.person_id, tail.actor.subject},
                tail.context.deadline));
  ErrorDetail detail;
  detail.reason = "REFERRAL_EXISTS";
  // A case that is being moved meets another unit's: its mover is not told which.
  if (!rows.empty() && referral.owner_unit_id == tail.actor.unit_id) {
    detail.metadata = {{"referral_id", rows[0].Text("referral_id")},
                       {"case_number", rows[0].Text("case_number")},
                       {"state", rows[0].Text("state")}};
  }
  return MakeError(absl::StatusCode::kAlreadyExists,
                   "The unit has an open referral about this person: go on with that one.",
                   std::move(detail));
}

events::Envelope EnvelopeOf(const usecases::WriteTail& tail) {
  return {tail.actor.unit_id, tail.context.now, tail.context.traceparent};
}

}  // namespace

absl::Status LiveCaseExists(std::string_view resolved_by, std::string_view message) {
  ErrorDetail detail;
  detail.reason = "LIVE_CASE_EXISTS";
  detail.metadata = {{"resolved_by", std::string(resolved_by)}};
  return MakeError(absl::StatusCode::kFailedPrecondition, message, std::move(detail));
}

absl::Status ExplainConflict(pg::Pool& pool, const absl::Status& status,
                             const domain::Referral& referral, const usecases::WriteTail& tail) {
  const std::optional<std::string> constraint = pg::ViolatedConstraint(status);
  if (constraint == "referral_one_open_per_owner") return OpenCaseExists(pool, referral, tail);
  if (constraint == "referral_reroute_open") return domain::RerouteOpen();
  if (constraint == "referral_one_live_per_person") {
    return LiveCaseExists("board",
                          "Another case about this person has been assessed and is live: the board "
                          "resolves which of them goes on (ListDuplicates, ResolveDuplicate).");
  }
  return status;
}

commit::Write MakeWrite(const usecases::WriteTail& tail, commit::Outcome outcome,
                        std::vector<eventlog::NewEvent> events) {
  return {tail.context.request_key, std::move(outcome), std::move(events), {tail.audit}};
}

absl::StatusOr<std::optional<std::string>> PostgresCases::FindReplay(
    const auth::CallContext& context) {
  if (!context.request_key) return std::nullopt;
  VK_ASSIGN_OR_RETURN(const auto outcome,
                      commit::FindReplay(pool_, *context.request_key, context.deadline));
  if (!outcome) return std::nullopt;
  return outcome->resource_id;
}

absl::StatusOr<std::optional<usecases::StoredCase>> PostgresCases::Find(
    const auth::CallContext& context, std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(FindSql(), {referral_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  return CaseFrom(rows[0]);
}

absl::StatusOr<std::vector<usecases::StoredCase>> PostgresCases::FindAll(
    const auth::CallContext& context, const std::vector<std::string>& referral_ids) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(FindAllSql(), {referral_ids}, context.deadline));
  return CasesFrom(rows);
}

absl::StatusOr<domain::Content> OpenContent(vault::Vault& vault, std::string_view referral_id,
                                            const std::string& sealed) {
  VK_ASSIGN_OR_RETURN(const std::string bytes,
                      vault.Open(referral_id, kFormClass, kContentTag, sealed));
  auto content = ParseContent(bytes);
  if (!content) return absl::DataLossError("the stored content is no StoredContent");
  return *std::move(content);
}

absl::Status PostgresCases::OpenContent(usecases::StoredCase& stored) {
  VK_ASSIGN_OR_RETURN(
      stored.referral.content,
      storage::OpenContent(vault_, stored.referral.referral_id, stored.sealed_content));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> PostgresCases::OpenNames(
    const std::vector<const usecases::StoredCase*>& cases) {
  std::vector<std::string> names(cases.size());
  std::vector<vault::SealedField> fields;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (cases[i]->sealed_name.empty()) continue;
    fields.push_back({cases[i]->referral.referral_id, std::string(kIdentityClass),
                      std::string(kNameTag), cases[i]->sealed_name});
    places.push_back(i);
  }
  if (fields.empty()) return names;
  VK_ASSIGN_OR_RETURN(const auto opened, vault_.OpenAll(fields));
  for (std::size_t i = 0; i < opened.size(); ++i) {
    // An erased name is an empty one; the case itself may still be counted.
    if (opened[i].ok()) names[places[i]] = *opened[i];
  }
  return names;
}

absl::StatusOr<std::string> PostgresCases::ResolvePerson(const auth::CallContext& context,
                                                         std::string_view identity_number) {
  const std::vector<std::string> indexes = vault_.BlindIndex(kIdentityIndexTag, identity_number);
  if (indexes.empty()) return absl::InternalError("the key ring has no index key");
  constexpr std::string_view kFind =
      "SELECT person_id::text AS person_id FROM person WHERE identity_index = ANY($1::text[])"
      " ORDER BY created_at LIMIT 1";
  constexpr std::string_view kAdd =
      "INSERT INTO person (person_id, identity_index, created_at) VALUES ($1::uuid, $2, $3)"
      " ON CONFLICT (identity_index) DO NOTHING";
  for (int attempt = 0; attempt < 2; ++attempt) {
    VK_ASSIGN_OR_RETURN(const pg::Result found, pool_.Read(kFind, {indexes}, context.deadline));
    if (!found.empty()) return found[0].Text("person_id");
    VK_RETURN_IF_ERROR(
        pool_.Write(kAdd, {NewUuidV4(), indexes.front(), context.now}, context.deadline).status());
  }
  VK_ASSIGN_OR_RETURN(const pg::Result found, pool_.Read(kFind, {indexes}, context.deadline));
  if (found.empty()) return absl::InternalError("a person that was just added is missing");
  return found[0].Text("person_id");
}

absl::StatusOr<SealedCase> PostgresCases::Seal(const domain::Referral& referral) {
  SealedCase sealed;
  VK_ASSIGN_OR_RETURN(sealed.content, vault_.Seal(referral.referral_id, kFormClass, kContentTag,
                                                  SerialiseContent(referral.content)));
  const domain::Person& person = referral.content.form.person;
  std::string name = person.given_name;
  if (!name.empty() && !person.family_name.empty()) name += ' ';
  name += person.family_name;
  if (!name.empty()) {
    VK_ASSIGN_OR_RETURN(sealed.name,
                        vault_.Seal(referral.referral_id, kIdentityClass, kNameTag, name));
  }
  return sealed;
}

absl::Status PostgresCases::Explain(const absl::Status& status, const domain::Referral& after,
                                    const usecases::WriteTail& tail) {
  return ExplainConflict(pool_, status, after, tail);
}

absl::Status PostgresCases::Insert(domain::Change& change, const usecases::WriteTail& tail) {
  VK_ASSIGN_OR_RETURN(const SealedCase sealed, Seal(change.after));
  const absl::Status done =
      pool_.InTransaction({.deadline = tail.context.deadline}, [&](pg::Transaction& tx) {
        auto number = InsertCase(tx, change, AuthorOf(tail.actor), *sealed.content, sealed.name);
        if (!number.ok()) return number.status();
        change.after.case_number = *std::move(number);
        const commit::Outcome outcome{change.after.referral_id,
                                      std::to_string(change.after.version)};
        return commit::Append(tx,
                              MakeWrite(tail, outcome, events::OfChange(change, EnvelopeOf(tail))));
      });
  return Explain(done, change.after, tail);
}

absl::Status PostgresCases::Save(const domain::Change& change, const usecases::WriteTail& tail) {
  SealedCase sealed;
  if (change.content_changed) {
    VK_ASSIGN_OR_RETURN(sealed, Seal(change.after));
  }
  const commit::Outcome outcome{change.after.referral_id, std::to_string(change.after.version)};
  const commit::Write write = MakeWrite(tail, outcome, events::OfChange(change, EnvelopeOf(tail)));
  const CaseChange parts = ChangeOf(change, AuthorOf(tail.actor), sealed.content, sealed.name);
  const absl::Status done = commit::SaveOne(pool_, {parts.changed, parts.also}, parts.params, write,
                                            tail.context.deadline)
                                .status();
  return Explain(done, change.after, tail);
}

}  // namespace vardkedja::referral::storage
