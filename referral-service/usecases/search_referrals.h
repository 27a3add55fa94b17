// A search for cases. An identity number finds only cases whose identity the unit may see.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_list.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// All that is given must fit. Dates as written.
struct SearchRequest {
  std::string case_number;
  std::string identity_number;
  std::string owner_unit_id;
  std::vector<domain::State> states;
  std::string created_from;
  std::string created_before;
  Page page;
};

class SearchReferrals {
 public:
  SearchReferrals(CaseDoor& door, CaseIndex& index) : door_(door), lister_(door), index_(index) {}
  // One audit row per case listed; a search by identity number has one of its own as well, also
  // when it finds nothing.
  absl::StatusOr<CaseList> Run(const auth::CallContext& context, const SearchRequest& request);

 private:
  struct Criteria;
  absl::StatusOr<Criteria> Check(const auth::CallContext& context,
                                 const SearchRequest& request) const;
  absl::StatusOr<CaseList> AmongFew(const auth::CallContext& context, const Criteria& criteria);

  CaseDoor& door_;
  const CaseLister lister_;
  CaseIndex& index_;
};

}  // namespace vardkedja::referral::usecases
