// Attachments on PostgreSQL: a row for each, a row for each chunk, name and content encrypted.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/attachments.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresAttachments final : public usecases::AttachmentStore {
 public:
  PostgresAttachments(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::optional<usecases::StoredAttachment>> Find(
      const auth::CallContext& context, std::string_view attachment_id) override;
  absl::StatusOr<domain::Attachment> Open(const usecases::StoredAttachment& stored) override;
  absl::StatusOr<std::vector<domain::Attachment>> OfCase(const auth::CallContext& context,
                                                         std::string_view referral_id) override;
  absl::StatusOr<std::optional<std::string>> Chunk(const auth::CallContext& context,
                                                   const domain::Attachment& attachment,
                                                   int index) override;
  absl::Status Begin(const domain::Attachment& attachment,
                     const usecases::WriteTail& tail) override;
  absl::Status Append(const domain::Attachment& before, std::string_view data,
                      const usecases::WriteTail& tail) override;
  absl::Status Complete(const domain::Attachment& after, const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// Removes attachments that were not completed within a day, a bounded batch at a time; returns how
// many went. Runs at any time, from any replica.
absl::StatusOr<std::int64_t> PurgeUnfinishedAttachments(pg::Pool& pool, pg::Deadline deadline);

}  // namespace vardkedja::referral::storage
