// How long a closed case is kept, and its erasure. For the owner of the case.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/retention.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::usecases {

// What is recorded, and what the clock depends on.
struct StoredRetention {
  domain::Retention retention;
  domain::SameOwnerCases same_owner;
};

// Longest closed first: after this one.
struct DuePosition {
  Instant closed_at{};
  std::string referral_id = "00000000-0000-0000-0000-000000000000";
};

class RetentionStore {
 public:
  virtual ~RetentionStore() = default;

  // For a case without anything recorded: version 0.
  virtual absl::StatusOr<StoredRetention> Find(const auth::CallContext& context,
                                               const domain::Referral& referral) = 0;
  // Ids of the owner's cases that may be erased on the date, as far as term and holds say.
  virtual absl::StatusOr<std::vector<std::string>> Due(const auth::CallContext& context,
                                                       std::string_view owner_unit_id, Date today,
                                                       const DuePosition& after, int limit) = 0;
  // STALE_ETAG when something else was recorded first.
  virtual absl::Status Save(const domain::Retention& retention, const WriteTail& tail) = 0;
  // The same, and the case is dark when it returns OK: keys, texts, files, and the person's index
  // when this was the last case. STALE_ETAG also when the case changed. Repeatable.
  virtual absl::Status Erase(const domain::Referral& referral, const domain::Retention& retention,
                             const WriteTail& tail) = 0;
};

struct RetentionView {
  std::string referral_id;
  std::string case_number;
  domain::RetentionClock clock;
  domain::Retention retention;
  bool archived = false;
};

struct RetentionPage {
  std::vector<RetentionView> cases;
  std::string next;
};

class Retentions {
 public:
  Retentions(CaseDoor& door, RetentionStore& store) : door_(door), store_(store) {}

  // The case of which all of this is told, erased or not; NotFound(), audited, to all but its
  // owner.
  absl::StatusOr<SeenCase> Enter(const auth::CallContext& context, const std::string& referral_id);

  absl::StatusOr<RetentionView> Get(const auth::CallContext& context,
                                    const std::string& referral_id);
  absl::StatusOr<RetentionPage> ListDue(const auth::CallContext& context, const Page& page);
  absl::StatusOr<RetentionView> PlaceHold(const auth::CallContext& context,
                                          const StepTarget& target, const std::string& reason_code);
  absl::StatusOr<RetentionView> ReleaseHold(const auth::CallContext& context,
                                            const StepTarget& target);
  absl::StatusOr<RetentionView> ConfirmArchive(const auth::CallContext& context,
                                               const StepTarget& target,
                                               const domain::ArchiveReceipt& receipt);
  absl::StatusOr<RetentionView> Erase(const auth::CallContext& context, const StepTarget& target,
                                      const std::string& waiver_reason_code);

 private:
  struct Entered {
    SeenCase seen;
    StoredRetention stored;
    domain::RetentionClock clock;
    const domain::RetentionRule* rule;  // of seen.reference
  };
  using Decide = std::function<absl::StatusOr<domain::Retention>(const Entered&)>;
  absl::StatusOr<Entered> Load(const auth::CallContext& context, const std::string& referral_id);
  absl::StatusOr<RetentionView> Write(const auth::CallContext& context, const StepTarget& target,
                                      const Decide& decide);
  absl::StatusOr<RetentionView> Attempt(const auth::CallContext& context, const StepTarget& target,
                                        const Decide& decide);

  CaseDoor& door_;
  RetentionStore& store_;
};

}  // namespace vardkedja::referral::usecases
