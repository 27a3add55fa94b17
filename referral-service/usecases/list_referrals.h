// Worklists: the cases a unit may see, with a stable cursor.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_list.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// Numbered as vardkedja.referral.v1.Worklist.
enum class Worklist {
  kAll = 0,
  kWaitingForUs = 1,
  kWaitingForOthers = 2,
  kPlaced = 3,
  kFinished = 4,
  kToSubmit = 5,
  kUnanswered = 6,
  kDecidedNotPlaced = 7,
  kOverdue = 8,
  kWaitingForMe = 9,
};

struct ListRequest {
  Worklist worklist = Worklist::kAll;
  std::vector<domain::State> states;  // empty for all
  Page page;
};

class ListReferrals {
 public:
  ListReferrals(CaseDoor& door, CaseIndex& index) : lister_(door), index_(index) {}
  // One audit row per case listed, durable before it returns.
  absl::StatusOr<CaseList> Run(const auth::CallContext& context, const ListRequest& request);

 private:
  const CaseLister lister_;
  CaseIndex& index_;
};

// Who looks at a worklist.
struct WorklistReader {
  domain::UnitKind kind = domain::UnitKind::kOther;
  std::set<domain::Role> roles;
};

// The states that a reader sees in a worklist, narrowed to `wanted` unless that is empty.
std::vector<domain::State> StatesOf(Worklist worklist, const WorklistReader& reader,
                                    const std::vector<domain::State>& wanted);

// The first instant that is not overdue today: what came into a state before it is. Nothing when
// the state has no response time.
std::optional<Instant> OverdueBefore(const domain::ResponseTime* time, Date today);

}  // namespace vardkedja::referral::usecases
