// The roles of domain.md, 2, as the rules here speak of them.
#pragma once

namespace vardkedja::referral::domain {

// Numbered as vardkedja.common.v1.Role.
enum class Role {
  kUnspecified = 0,
  kSocialWorker = 1,
  kDecider = 2,
  kBoardMember = 3,
  kBoardDeputy = 4,
  kContactPerson = 5,
  kClinician = 6,
  kFacilityStaff = 7,
  kChildRepresentative = 8,
  kStatistician = 9,
  kAuditor = 10,
  kOperator = 11,
  kSystem = 12,
};

}  // namespace vardkedja::referral::domain
