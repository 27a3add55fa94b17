// Messages in PostgreSQL. State, request key and audit rows are one commit.
#pragma once

#include "lib/pg/pool.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::storage {

// Thread-safe; `pool` outlives it.
class PostgresMessages final : public usecases::MessageStore {
 public:
  explicit PostgresMessages(pg::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<std::string>> FindReplay(const auth::RequestKey& key,
                                                        usecases::CallDeadline deadline) override;
  absl::StatusOr<std::optional<domain::Message>> Find(std::string_view message_id,
                                                      usecases::CallDeadline deadline) override;
  absl::StatusOr<std::vector<domain::Message>> List(const usecases::MessageQuery& query,
                                                    usecases::CallDeadline deadline) override;
  absl::StatusOr<std::vector<usecases::UnopenedCount>> CountUnopened(
      std::string_view unit_id, usecases::CallDeadline deadline) override;
  absl::StatusOr<std::string> Insert(const domain::Message& message,
                                     const usecases::WriteTail& tail,
                                     usecases::CallDeadline deadline) override;
  absl::Status Update(const domain::Message& message, int64_t read_version,
                      const usecases::WriteTail& tail, usecases::CallDeadline deadline) override;

 private:
  pg::Pool& pool_;
};

// Stores a derived message or a reminder; false when this source, recipient and template has one
// already. For consumers and jobs.
absl::StatusOr<bool> InsertDerived(pg::Transaction& tx, const domain::Message& message);

// Empties what the messages of these cases say; their keys are another matter.
absl::Status EmptyMessages(pg::Transaction& tx, const std::vector<std::string>& case_ids);

}  // namespace vardkedja::notification::storage
