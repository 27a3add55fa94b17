// What person, owner and facility agree on before a move-in (domain.md 4.6), and how contact is
// kept during the stay (domain.md 4.7). Both hang on the accepted offer. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/ids.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::domain {

enum class AgreementParty { kUnspecified = 0, kPerson = 1, kOwner = 2, kFacility = 3 };
enum class AgreementCondition {
  kUnspecified = 0,
  kSobriety = 1,
  kTests = 2,
  kProgramme = 3,
  kOccupation = 4,
  kMedicationKept = 5,
  kVisits = 6,
  kNights = 7,
  kEconomy = 8,
};
enum class ChildContactForm {
  kUnspecified = 0,
  kVisit = 1,
  kMeetingElsewhere = 2,
  kVideo = 3,
  kTelephone = 4,
};

// One version; who recorded it is filled by storage.
struct Agreement {
  int version = 0;
  std::string house_rules;
  std::vector<AgreementCondition> conditions;
  std::optional<Date> person{};  // on which each agreed
  std::optional<Date> owner{};
  std::optional<Date> facility{};
  std::string unit{};
  Instant at{};
};
bool IsComplete(const Agreement& agreement);
// "none", "proposed" or "agreed".
std::string_view StandingOf(const std::optional<Agreement>& agreement);

// A routine gate at the move-in (domain.md 4.6). OK when all three have agreed, or when an
// exception is given; then that is returned, kNone when none was needed. Else AGREEMENT_MISSING,
// with who has not agreed.
absl::StatusOr<ExceptionReason> AgreementGate(const std::optional<Agreement>& agreement,
                                              ExceptionReason given);

struct AgreementTerms {
  std::string house_rules;
  std::vector<AgreementCondition> conditions;
};

// The next version, to which nobody has agreed yet. ILLEGAL_STATE unless the offer is accepted or
// somebody has moved in on it; UNIT_NOT_YOURS; FIELD_VIOLATIONS.
absl::StatusOr<Agreement> Propose(const Offer& offer, const std::optional<Agreement>& existing,
                                  unsigned parties, const AgreementTerms& terms);

// The next version, to which this party has agreed too. ILLEGAL_STATE also when nothing is proposed
// or the party has agreed already.
absl::StatusOr<Agreement> Agree(const Offer& offer, const std::optional<Agreement>& existing,
                                unsigned parties, AgreementParty party, Date date, Date today);

// What these parties may do now about the agreement of an accepted offer.
std::vector<std::string> AgreementActions(const std::optional<Agreement>& existing,
                                          unsigned parties);
// The same of its contact plan.
std::vector<std::string> ContactPlanActions(unsigned parties);

// One version; who recorded it is filled by storage.
struct ContactPlan {
  int version = 0;
  std::string contact_person;  // the subject of a token
  int social_worker_days = 0;  // contact at least every so many days
  int relatives_days = 0;      // 0: none planned
  int children_days = 0;
  std::vector<ChildContactForm> child_forms;
  std::optional<Date> next_child_contact{};
  std::optional<Date> next_unit_from{};  // cooperation with the next unit starts
  bool earlier_by_wish = false;
  std::string unit{};
  Instant at{};
};

// The next version. ILLEGAL_STATE, UNIT_NOT_YOURS, FIELD_VIOLATIONS.
absl::StatusOr<ContactPlan> SetContactPlan(const Offer& offer,
                                           const std::optional<ContactPlan>& existing,
                                           unsigned parties, ContactPlan plan);

}  // namespace vardkedja::placement::domain
