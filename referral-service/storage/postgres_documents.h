// Documents of a case on PostgreSQL, every version kept and encrypted whole.
#pragma once

#include <string_view>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/documents.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresDocuments final : public usecases::DocumentStore {
 public:
  PostgresDocuments(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<usecases::StoredDocument> Find(const auth::CallContext& context,
                                                std::string_view referral_id,
                                                usecases::DocumentKind kind) override;
  absl::Status Save(const domain::Referral& referral, std::int64_t version,
                    const domain::DocumentChange& change, const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// As stored: "cost_split".
std::string_view NameOf(usecases::DocumentKind kind);

// One version of case_document, opened.
absl::StatusOr<domain::CaseDocument> OpenDocument(vault::Vault& vault, std::string_view referral_id,
                                                  usecases::DocumentKind kind, std::int64_t version,
                                                  const std::string& sealed);

}  // namespace vardkedja::referral::storage
