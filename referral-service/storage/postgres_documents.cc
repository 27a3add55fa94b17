#include "referral-service/storage/postgres_documents.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "referral-service/events/publish_documents.h"
#include "referral-service/storage/document_codec.h"
#include "referral-service/storage/postgres_cases.h"

namespace vardkedja::referral::storage {
namespace {

// As stored, and the record class of the vault: each kind has a key of its own.
constexpr auto kKindNames =
    std::to_array<std::string_view>({"coordinated_plan", "cost_split", "outcomes", "children"});

constexpr std::string_view kFind =
    "SELECT version, content_sealed FROM case_document WHERE referral_id = $1::uuid AND kind = $2"
    " ORDER BY version DESC LIMIT 1";

constexpr std::string_view kAdd = R"sql(
INSERT INTO case_document (referral_id, kind, version, content_sealed, unit_id, subject, recorded_at)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7) ON CONFLICT (referral_id, kind, version) DO NOTHING
RETURNING version
)sql";

// The kinds are in the order of the variant.
usecases::DocumentKind KindOf(const domain::CaseDocument& document) {
  return static_cast<usecases::DocumentKind>(document.index());
}

std::string TagOf(usecases::DocumentKind kind, std::int64_t version) {
  return "referral." + std::string(NameOf(kind)) + "/" + std::to_string(version);
}

}  // namespace

std::string_view NameOf(usecases::DocumentKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

absl::StatusOr<domain::CaseDocument> OpenDocument(vault::Vault& vault, std::string_view referral_id,
                                                  usecases::DocumentKind kind, std::int64_t version,
                                                  const std::string& sealed) {
  VK_ASSIGN_OR_RETURN(const std::string bytes,
                      vault.Open(referral_id, NameOf(kind), TagOf(kind, version), sealed));
  auto content = Parse(kind, bytes);
  if (!content) return absl::DataLossError("the stored document is not of its kind");
  return *std::move(content);
}

absl::StatusOr<usecases::StoredDocument> PostgresDocuments::Find(const auth::CallContext& context,
                                                                 std::string_view referral_id,
                                                                 usecases::DocumentKind kind) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kFind, {referral_id, NameOf(kind)}, context.deadline));
  if (rows.empty()) return usecases::StoredDocument{0, *Parse(kind, "")};
  const std::int64_t version = rows[0].Int("version");
  VK_ASSIGN_OR_RETURN(domain::CaseDocument content, OpenDocument(vault_, referral_id, kind, version,
                                                                 rows[0].Bytes("content_sealed")));
  return usecases::StoredDocument{version, std::move(content)};
}

absl::Status PostgresDocuments::Save(const domain::Referral& referral, std::int64_t version,
                                     const domain::DocumentChange& change,
                                     const usecases::WriteTail& tail) {
  const usecases::DocumentKind kind = KindOf(change.after);
  VK_ASSIGN_OR_RETURN(std::string sealed,
                      vault_.Seal(referral.referral_id, NameOf(kind), TagOf(kind, version),
                                  Serialise(change.after)));
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  std::vector<eventlog::NewEvent> published;
  if (change.event) {
    published.push_back(
        events::OfDocument(referral, NameOf(kind), version, *change.event, envelope));
  }
  const commit::Write write =
      MakeWrite(tail, {referral.referral_id, std::to_string(version)}, std::move(published));
  const pg::Params params{referral.referral_id, NameOf(kind),       version,
                          pg::Bytes{sealed},    tail.actor.unit_id, tail.actor.subject,
                          tail.context.now};
  return commit::SaveOne(pool_, kAdd, params, write, tail.context.deadline).status();
}

}  // namespace vardkedja::referral::storage
