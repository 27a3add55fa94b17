// Who may see a case: the one function that every read of this service and every Authorize of the
// others goes through (domain.md, 5).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/time/time.h"
#include "referral-service/domain/disclosure.h"
#include "referral-service/domain/role.h"
#include "referral-service/domain/state_machine.h"

namespace vardkedja::referral::domain {

// The inbox unit of the placement board (remissgrupp).
inline constexpr std::string_view kBoardUnit = "placement-board";

// What is known of the unit that asks.
enum class UnitKind { kOther, kFacility, kBoard };

// What the answer depends on; nothing personal.
struct CaseFacts {
  State state = State::kDraft;
  std::string owner_unit_id;
  bool protected_identity = false;
  bool erased = false;
  std::set<std::string> handler_subjects;
  // The unit of the facility the person is to be at next: first of the confirmed path, or of the
  // open transfer; empty when there is none.
  std::string next_unit_id;
  // Where the person lives; empty when nowhere in the chain.
  std::string present_unit_id;
  // Facilities where the person lived before.
  std::set<std::string> former_unit_ids;
  std::vector<DisclosureGround> grounds;
};

struct AccessQuestion {
  std::string unit_id;
  UnitKind unit_kind = UnitKind::kOther;
  std::set<Role> roles;
  std::string purpose;
  bool purpose_known = false;
  std::string subject;  // empty when not known: then a protected identity stays hidden
  Date today{};
};

struct Access {
  bool permitted = false;
  std::string rule_id;  // goes into the audit trail
  std::set<std::string> categories;
  Side side = Side::kNone;

  bool operator==(const Access&) const = default;
};

// Pure. Rules, the first that fits decides:
//   deny.purpose               the purpose is not on the list
//   deny.role                  no role that works with cases (statistician, child representative,
//                              auditor, operator alone)
//   deny.erased                an erased case is there for nobody; a facility keeps its own stay
//                              record all the same
//   owner                      the owning unit: everything
//   deny.draft                 a draft is its owner's alone
//   board.ground_live          the board, while the case is before it or a transfer is open, as far
//                              as live grounds name it
//   board.placement            the board afterwards: bed, dates and level, while a ground is live
//   facility.assessed          the facility next on the confirmed path, with a live ground
//   facility.transfer          where an open transfer leads, or a granted one after a discharge
//   facility.placed            the facility the person lives at, with a live ground
//   facility.own_stay_record   a facility's own record of a stay, with or without a ground:
//                              "placement" alone
//   ground.named               another unit that a live ground names
//   deny                       everyone else
Access Decide(const CaseFacts& facts, const AccessQuestion& question);

// Whether live grounds let the board receive what submitting discloses: identity and needs.
bool BoardMayReceive(const std::vector<DisclosureGround>& grounds, Date today);

}  // namespace vardkedja::referral::domain
