// Worklists: the cases a unit may see, oldest first, with a stable cursor.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// Numbered as vardkedja.referral.v1.Worklist.
enum class Worklist {
  kAll = 0,
  kWaitingForUs = 1,
  kWaitingForOthers = 2,
  kPlaced = 3,
  kFinished = 4
};

struct ListRequest {
  Worklist worklist = Worklist::kAll;
  std::vector<domain::State> states;  // empty for all
  Page page;
};

struct CaseLine {
  domain::Referral referral;  // without content
  std::string display_name;   // empty when protected or not permitted
};

struct CaseList {
  std::vector<CaseLine> lines;
  std::string next;
};

class ListReferrals {
 public:
  explicit ListReferrals(CaseDoor& door) : door_(door) {}
  // One audit row per case listed, durable before it returns.
  absl::StatusOr<CaseList> Run(const auth::CallContext& context, const ListRequest& request);

 private:
  CaseDoor& door_;
};

// The states a unit of this kind sees in a worklist, narrowed to `wanted` unless that is empty.
std::vector<domain::State> StatesOf(Worklist worklist, domain::UnitKind kind,
                                    const std::vector<domain::State>& wanted);

// "<microseconds>.<case id>" and back; nothing for anything else.
std::string WriteCursor(const ListPosition& position);
std::optional<ListPosition> ReadCursor(std::string_view cursor);

}  // namespace vardkedja::referral::usecases
