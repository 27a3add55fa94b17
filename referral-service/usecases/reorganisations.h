// A unit merged or split: begun by its decider, done in the background, looked at by both units.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/reorganisation.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// Numbered as vardkedja.referral.v1.ReorganisedCaseState.
enum class ReorganisedCaseState { kUnspecified = 0, kWaiting = 1, kMoved = 2, kRefused = 3 };

// What became of one case.
struct ReorganisedCase {
  int place = 0;  // in the order of the list
  std::string referral_id;
  std::string case_number;
  ReorganisedCaseState state = ReorganisedCaseState::kUnspecified;
  std::string reason_code;  // why it was refused
  std::string etag;         // after it was moved
};

struct ReorganisedCaseQuery {
  std::string reorganisation_id;
  ReorganisedCaseState state = ReorganisedCaseState::kUnspecified;  // any
  int after = 0;                                                    // a place
  int limit = 25;
};

class ReorganisationStore {
 public:
  virtual ~ReorganisationStore() = default;

  // With its text, and how many cases wait (counted to kMostCounted).
  virtual absl::StatusOr<std::optional<domain::UnitReorganisation>> Find(
      const auth::CallContext& context, std::string_view reorganisation_id) = 0;
  virtual absl::StatusOr<std::vector<ReorganisedCase>> Cases(const auth::CallContext& context,
                                                             const ReorganisedCaseQuery& query) = 0;
  // Those of the cases, all UUIDs, that the unit owns and that are not erased.
  virtual absl::StatusOr<std::set<std::string>> OwnCases(
      const auth::CallContext& context, const std::vector<std::string>& referral_ids) = 0;
  // Commits reorganisation, named cases, job, audit and request key at once. REORGANISATION_OPEN
  // when another one of the unit is under way.
  virtual absl::Status Begin(const domain::UnitReorganisation& reorganisation,
                             const std::vector<std::string>& referral_ids,
                             const WriteTail& tail) = 0;
};
inline constexpr int kMostCounted = 10'000;

struct ReorganisedCasePage {
  std::vector<ReorganisedCase> cases;
  std::string next;
};

// All answers are audited before they are given. A reorganisation is shown to its two units alone.
class Reorganisations {
 public:
  Reorganisations(CaseDoor& door, ReorganisationStore& store) : door_(door), store_(store) {}

  absl::StatusOr<domain::UnitReorganisation> Begin(const auth::CallContext& context,
                                                   const domain::ReorganiseUnitRequest& request);
  absl::StatusOr<domain::UnitReorganisation> Get(const auth::CallContext& context,
                                                 const std::string& reorganisation_id);
  // Of the receiving unit's page only cases that were moved.
  absl::StatusOr<ReorganisedCasePage> Cases(const auth::CallContext& context,
                                            ReorganisedCaseQuery query, const Page& page);

 private:
  absl::StatusOr<domain::UnitReorganisation> Attempt(const auth::CallContext& context,
                                                     const domain::ReorganiseUnitRequest& request);
  // Which of the named cases are the acting unit's; asking for others leaves rows in the trail.
  absl::StatusOr<std::set<std::string>> OwnCases(const auth::CallContext& context,
                                                 const std::vector<std::string>& referral_ids);
  // NotFound(), audited, for others than the two units.
  absl::StatusOr<domain::UnitReorganisation> Enter(const auth::CallContext& context,
                                                   const std::string& reorganisation_id);

  CaseDoor& door_;
  ReorganisationStore& store_;
};

}  // namespace vardkedja::referral::usecases
