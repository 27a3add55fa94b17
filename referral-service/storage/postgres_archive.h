// Every version of what is written of a case, on PostgreSQL and opened.
#pragma once

#include <string>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/export_case.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresArchive final : public usecases::ExportStore {
 public:
  PostgresArchive(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::string> ContentEtag(const auth::CallContext& context,
                                          const domain::Referral& referral) override;
  absl::StatusOr<std::vector<usecases::ContentVersion>> Contents(const auth::CallContext& context,
                                                                 std::string_view referral_id,
                                                                 std::int64_t after,
                                                                 int limit) override;
  absl::StatusOr<std::vector<usecases::DocumentVersion>> Documents(const auth::CallContext& context,
                                                                   std::string_view referral_id,
                                                                   usecases::DocumentKind kind,
                                                                   std::int64_t after,
                                                                   int limit) override;
  absl::StatusOr<std::vector<domain::ImplementationPlan>> ImplementationPlans(
      const auth::CallContext& context, std::string_view referral_id, std::int64_t after,
      int limit) override;
  absl::StatusOr<std::vector<usecases::HomeSupportVersion>> HomeSupport(
      const auth::CallContext& context, std::string_view referral_id, std::int64_t after,
      int limit) override;
  absl::StatusOr<std::vector<usecases::MeetingText>> MeetingTexts(
      const auth::CallContext& context, std::string_view referral_id) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// Of a case at a version with so many versions of documents: domain::Retention::content_etag.
std::string ContentEtagOf(const domain::Referral& referral, std::int64_t documents);

}  // namespace vardkedja::referral::storage
