#include "referral-service/domain/access_policy.h"

#include <algorithm>

namespace vardkedja::referral::domain {
namespace {

bool WorksWithCases(const std::set<Role>& roles) {
  return std::any_of(roles.begin(), roles.end(), [](Role role) {
    switch (role) {
      case Role::kSocialWorker:
      case Role::kDecider:
      case Role::kBoardMember:
      case Role::kBoardDeputy:
      case Role::kContactPerson:
      case Role::kClinician:
      case Role::kFacilityStaff:
      case Role::kSystem:
        return true;
      default:
        return false;
    }
  });
}

// Before the board: from submission until the person lives somewhere, and while a transfer is open.
bool IsBeforeBoard(State state) {
  switch (state) {
    case State::kDraft:
    case State::kSentBack:
    case State::kPlaced:
    case State::kDischarged:
    case State::kClosed:
      return false;
    default:
      return true;
  }
}

bool NextFacilityMaySee(State state) {
  switch (state) {
    case State::kAssessed:
    case State::kVisitBooked:
    case State::kVisited:
    case State::kAnsweredYes:
    case State::kAnsweredNo:
    case State::kAnsweredNeedsTime:
    case State::kDecisionProposed:
    case State::kDecided:
    case State::kOffered:
    case State::kDecisionEnded:
      return true;
    default:
      return false;
  }
}

Access Deny(std::string_view rule) { return {false, std::string(rule), {}, Side::kNone}; }

Access Permit(std::string_view rule, Side side, std::set<std::string> categories) {
  return {true, std::string(rule), std::move(categories), side};
}

Access DecideBoard(const CaseFacts& facts, const std::set<std::string>& by_ground) {
  if (by_ground.empty()) return Deny("deny");
  if (IsBeforeBoard(facts.state)) return Permit("board.ground_live", Side::kBoard, by_ground);
  const bool was_placed = !facts.present_unit_id.empty() || !facts.former_unit_ids.empty();
  if (was_placed || facts.state == State::kSentBack) {
    return Permit("board.placement", Side::kBoard, {"placement"});
  }
  return Deny("deny");
}

Access DecideFacility(const CaseFacts& facts, const std::string& unit,
                      std::set<std::string> by_ground) {
  const bool lives_here = facts.present_unit_id == unit;
  if (lives_here && !by_ground.empty()) {
    by_ground.insert("placement");
    return Permit("facility.placed", Side::kFacility, std::move(by_ground));
  }
  if (facts.next_unit_id == unit && !by_ground.empty()) {
    if (NextFacilityMaySee(facts.state)) {
      return Permit("facility.assessed", Side::kFacility, std::move(by_ground));
    }
    // Discharged before the move, the person is still to be there, as long as they were not.
    const bool awaited = facts.state == State::kDischarged && !facts.former_unit_ids.contains(unit);
    if (awaited || IsTransferDecided(facts.state)) {
      by_ground.insert("placement");
      return Permit("facility.transfer", Side::kFacility, std::move(by_ground));
    }
  }
  if (lives_here || facts.former_unit_ids.contains(unit)) {
    return Permit("facility.own_stay_record", Side::kFacility, {"placement"});
  }
  return Deny("deny");
}

Access DecideWithoutProtection(const CaseFacts& facts, const AccessQuestion& question) {
  if (!question.purpose_known) return Deny("deny.purpose");
  if (!WorksWithCases(question.roles)) return Deny("deny.role");
  if (facts.erased) {
    const bool lived_there = facts.present_unit_id == question.unit_id ||
                             facts.former_unit_ids.contains(question.unit_id);
    if (!lived_there) return Deny("deny.erased");
    return Permit("facility.own_stay_record", Side::kFacility, {"placement"});
  }
  if (question.unit_id == facts.owner_unit_id) {
    return Permit("owner", Side::kOwner, AllCategories());
  }
  if (facts.state == State::kDraft) return Deny("deny.draft");
  std::set<std::string> by_ground =
      CategoriesFor(facts.grounds, question.unit_id, question.purpose, question.today);
  switch (question.unit_kind) {
    case UnitKind::kBoard:
      return DecideBoard(facts, by_ground);
    case UnitKind::kFacility:
      return DecideFacility(facts, question.unit_id, std::move(by_ground));
    case UnitKind::kOther:
      break;
  }
  if (by_ground.empty()) return Deny("deny");
  return Permit("ground.named", Side::kNone, std::move(by_ground));
}

}  // namespace

Access Decide(const CaseFacts& facts, const AccessQuestion& question) {
  Access access = DecideWithoutProtection(facts, question);
  const bool named_handler = access.side == Side::kOwner && !question.subject.empty() &&
                             facts.handler_subjects.contains(question.subject);
  if (facts.protected_identity && !named_handler) access.categories.erase("identity");
  return access;
}

bool BoardMayReceive(const std::vector<DisclosureGround>& grounds, Date today) {
  const std::set<std::string> categories = CategoriesFor(grounds, kBoardUnit, "case_work", today);
  return categories.contains("identity") && categories.contains("needs");
}

}  // namespace vardkedja::referral::domain
