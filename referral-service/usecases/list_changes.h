// The feed by which a municipality's own system keeps up with its cases.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

struct ChangeFeed {
  std::vector<ChangeRecord> changes;
  std::string next;
  bool more = false;
};

class ListChanges {
 public:
  ListChanges(CaseDoor& door, CaseIndex& index) : door_(door), index_(index) {}
  // page.limit is 1 to 1000, 0 means 100. One audit row; the feed has ids and codes only.
  absl::StatusOr<ChangeFeed> Run(const auth::CallContext& context, const Page& page);

 private:
  CaseDoor& door_;
  CaseIndex& index_;
};

}  // namespace vardkedja::referral::usecases
