#include "reporting-service/usecases/report.h"

#include <algorithm>
#include <array>

namespace vardkedja::reporting::usecases {

using auth::Role;

ReportHeader MakeHeader(const domain::Definition& definition, domain::Period period,
                        const Snapshot& snapshot) {
  ReportHeader header;
  header.definition = &definition;
  header.period = period;
  header.as_of = snapshot.as_of;
  header.positions = snapshot.positions;
  header.preliminary = StockholmDate(snapshot.as_of) < period.to;
  return header;
}

bool SeesEveryGroup(const auth::Principal& principal) {
  return principal.Has(Role::kBoardMember) || principal.Has(Role::kBoardDeputy);
}

bool HasCaseAccess(const auth::Principal& principal) {
  constexpr std::array kCaseRoles = {Role::kSocialWorker, Role::kDecider, Role::kBoardMember,
                                     Role::kBoardDeputy, Role::kFacilityStaff};
  return std::any_of(kCaseRoles.begin(), kCaseRoles.end(),
                     [&](Role role) { return principal.Has(role); });
}

std::optional<std::string> OwnMunicipality(const auth::Principal& principal,
                                           const domain::Facts& facts) {
  if (!principal.Has(Role::kSocialWorker) && !principal.Has(Role::kDecider)) return std::nullopt;
  for (const domain::Municipality& one : facts.municipalities) {
    if (one.organisation_id == principal.organisation) return one.code;
  }
  return std::nullopt;
}

}  // namespace vardkedja::reporting::usecases
