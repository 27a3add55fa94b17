// Writes and reads the implementation plan and the home support leg.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/plans.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::usecases {

// Given the plans as they are, the reference data and the caller, the plans as they shall be.
using RevisePlans =
    std::function<absl::StatusOr<domain::Plans>(const domain::Plans&, const SeenCase&)>;

class WritePlans {
 public:
  WritePlans(CaseDoor& door, PlanStore& plans) : door_(door), plans_(plans) {}

  // NotFound() unless the caller sees the plans (category "plan"); `revise` says who of those may
  // write which part, and what comes of it.
  absl::StatusOr<domain::Plans> Run(const auth::CallContext& context, const StepTarget& target,
                                    PlanStore::What what, const RevisePlans& revise);

 private:
  absl::StatusOr<domain::Plans> Attempt(const auth::CallContext& context, const StepTarget& target,
                                        PlanStore::What what, const RevisePlans& revise);
  CaseDoor& door_;
  PlanStore& plans_;
};

class GetPlans {
 public:
  GetPlans(CaseDoor& door, PlanStore& plans) : door_(door), plans_(plans) {}
  absl::StatusOr<domain::Plans> Run(const auth::CallContext& context,
                                    const std::string& referral_id);

 private:
  CaseDoor& door_;
  PlanStore& plans_;
};

// The three writes, as WritePlans takes them; each returns ROLE_NOT_ALLOWED for a unit that sees
// the plans and may not write this part of them.
//   the plan          the owner, and the facility the person lives at or is about to
//   the home support  the owner
//   a part's start    the owner, and the unit that answers for the part
RevisePlans RevisePlan(domain::PlanRequest request, Instant now);
RevisePlans ReplaceHomeSupport(std::vector<domain::PartRequest> parts, Instant now);
RevisePlans StartPart(std::string part_id, std::string start_date, Instant now);

}  // namespace vardkedja::referral::usecases
