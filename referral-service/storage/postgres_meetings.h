// Meetings of the board on PostgreSQL; what was said of a case is sealed with that case's key.
#pragma once

#include "lib/pg/pool.h"
#include "lib/vault/vault.h"
#include "referral-service/usecases/meetings.h"

namespace vardkedja::referral::storage {

// Thread-safe. Pool and vault outlive it.
class PostgresMeetings final : public usecases::MeetingStore {
 public:
  PostgresMeetings(pg::Pool& pool, vault::Vault& vault) : pool_(pool), vault_(vault) {}

  absl::StatusOr<std::optional<usecases::StoredMeeting>> Find(const auth::CallContext& context,
                                                              std::string_view meeting_id) override;
  absl::StatusOr<std::vector<domain::BoardMeeting>> List(const auth::CallContext& context,
                                                         std::string_view before,
                                                         int limit) override;
  absl::Status OpenTexts(usecases::StoredMeeting& stored) override;
  absl::Status Insert(const auth::CallContext& context, const domain::BoardMeeting& meeting,
                      std::vector<audit::Entry> audit) override;

 private:
  pg::Pool& pool_;
  vault::Vault& vault_;
};

// What was said of one case at one meeting, opened.
absl::StatusOr<std::string> OpenMeetingText(vault::Vault& vault, std::string_view referral_id,
                                            const std::string& meeting_id, std::string_view sealed);

}  // namespace vardkedja::referral::storage
