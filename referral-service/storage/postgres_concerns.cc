#include "referral-service/storage/postgres_concerns.h"

#include <string>
#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "referral-service/events/publish_documents.h"
#include "referral-service/storage/postgres_cases.h"
#include "vardkedja/referral/v1/stored_content.pb.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kConcernClass = "child_concern";

#define CONCERN_COLUMNS                                                                  \
  "c.concern_id::text AS concern_id, c.referral_id::text AS referral_id, r.case_number," \
  " r.owner_unit_id, c.sender_unit_id, c.recipient_unit_id, c.reported_at"

// A concern goes with the case it hangs on: once that is erased it is nobody's to see.
constexpr std::string_view kFind = "SELECT " CONCERN_COLUMNS
                                   ", c.content_sealed FROM child_concern c"
                                   " JOIN referral r ON r.referral_id = c.referral_id"
                                   " WHERE c.concern_id = $1::uuid AND r.erased_at IS NULL";

constexpr std::string_view kOfCase = "SELECT " CONCERN_COLUMNS
                                     ", c.content_sealed FROM child_concern c"
                                     " JOIN referral r ON r.referral_id = c.referral_id"
                                     " WHERE c.referral_id = $1::uuid"
                                     " ORDER BY c.reported_at, c.concern_id";

constexpr std::string_view kReceived =
    "SELECT " CONCERN_COLUMNS
    " FROM child_concern c JOIN referral r ON r.referral_id = c.referral_id"
    " WHERE c.recipient_unit_id = $1 AND r.erased_at IS NULL"
    "  AND ($2::uuid IS NULL OR (c.reported_at, c.concern_id) <"
    "  (SELECT x.reported_at, x.concern_id FROM child_concern x WHERE x.concern_id = $2::uuid))"
    " ORDER BY c.reported_at DESC, c.concern_id DESC LIMIT $3";

constexpr std::string_view kAdd =
    "INSERT INTO child_concern (concern_id, referral_id, sender_unit_id, subject,"
    " recipient_unit_id, content_sealed, reported_at)"
    " VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7)";

std::string TagOf(const std::string& concern_id) { return "referral.child_concern/" + concern_id; }

usecases::ChildConcern ConcernFrom(const pg::Row& row) {
  return {row.Text("concern_id"),    row.Text("referral_id"),    row.Text("case_number"),
          row.Text("owner_unit_id"), row.Text("sender_unit_id"), row.Text("recipient_unit_id"),
          row.Instant("reported_at")};
}

}  // namespace

absl::StatusOr<std::optional<usecases::StoredConcern>> PostgresConcerns::Find(
    const auth::CallContext& context, std::string_view concern_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {concern_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  return usecases::StoredConcern{ConcernFrom(rows[0]), rows[0].Bytes("content_sealed")};
}

absl::StatusOr<std::vector<usecases::ChildConcern>> PostgresConcerns::ReceivedBy(
    const auth::CallContext& context, std::string_view unit_id, std::string_view before,
    int limit) {
  const std::optional<std::string> cursor =
      before.empty() ? std::nullopt : std::optional<std::string>(before);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kReceived, {unit_id, cursor, limit}, context.deadline));
  std::vector<usecases::ChildConcern> concerns;
  for (const pg::Row row : rows) concerns.push_back(ConcernFrom(row));
  return concerns;
}

absl::StatusOr<std::vector<usecases::StoredConcern>> PostgresConcerns::OfCase(
    const auth::CallContext& context, std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kOfCase, {referral_id}, context.deadline));
  std::vector<usecases::StoredConcern> concerns;
  for (const pg::Row row : rows) {
    concerns.push_back({ConcernFrom(row), row.Bytes("content_sealed")});
  }
  return concerns;
}

absl::StatusOr<usecases::ConcernContent> PostgresConcerns::Open(
    const usecases::StoredConcern& stored) {
  VK_ASSIGN_OR_RETURN(const std::string bytes,
                      vault_.Open(stored.concern.case_id, kConcernClass,
                                  TagOf(stored.concern.concern_id), stored.sealed_content));
  v1::StoredConcern content;
  if (!content.ParseFromString(bytes)) {
    return absl::DataLossError("the stored concern is no StoredConcern");
  }
  return usecases::ConcernContent{content.text(), content.parent_name(),
                                  content.parent_identity_number(), content.protected_identity()};
}

absl::Status PostgresConcerns::Insert(const domain::Referral& referral,
                                      const usecases::ConcernView& concern,
                                      const usecases::WriteTail& tail) {
  v1::StoredConcern content;
  content.set_text(concern.content.text);
  content.set_parent_name(concern.content.parent_name);
  content.set_parent_identity_number(concern.content.parent_identity_number);
  content.set_protected_identity(concern.content.protected_identity);
  const std::string& id = concern.concern.concern_id;
  VK_ASSIGN_OR_RETURN(std::string sealed, vault_.Seal(referral.referral_id, kConcernClass,
                                                      TagOf(id), content.SerializeAsString()));
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  const commit::Write write = MakeWrite(
      tail, {id, "1"},
      {events::ChildConcernReported(referral, id, concern.concern.recipient_unit_id, envelope)});
  const pg::Params params{id,
                          referral.referral_id,
                          tail.actor.unit_id,
                          tail.actor.subject,
                          concern.concern.recipient_unit_id,
                          pg::Bytes{sealed},
                          tail.context.now};
  return pool_.InTransaction({.deadline = tail.context.deadline},
                             [&](pg::Transaction& tx) -> absl::Status {
                               VK_RETURN_IF_ERROR(tx.Execute(kAdd, params).status());
                               return commit::Append(tx, write);
                             });
}

}  // namespace vardkedja::referral::storage
