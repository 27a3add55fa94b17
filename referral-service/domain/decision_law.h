// What law says about a decision: which sections fit, how long they last, who decides.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/status/status.h"
#include "referral-service/domain/steps.h"

namespace vardkedja::referral::domain {

// How a decision was made, as written: by the municipality under its delegation order, or by the
// organisation that decides by law, whose decision the municipality records.
struct Authority {
  std::string delegation_point;
  std::string deciding_reference;
  std::string decision_date;
};

// The section in force on the date that placements are decided under and that fits the ground of
// the case; null with a violation of `law_section` otherwise.
const LawSection* CheckLaw(const Step& step, const std::string& code, Date on,
                           std::vector<FieldViolation>& out);

// A decision under a section with a longest term ends within it, counted from the first decision of
// the case under that section; `start` when this is the first.
void CheckTerm(const Step& step, const LawSection& law, Date start, Date to_date,
               std::vector<FieldViolation>& out);

// The date of the decision: today when the municipality decides, else that of the decision it
// records. Nothing with violations.
std::optional<Date> CheckAuthority(const Step& step, const LawSection& law,
                                   const Authority& authority, std::vector<FieldViolation>& out);

// "sis" under LVM section 27; the owner's organisation otherwise.
std::string DecidingOrganisation(const LawSection& law, const Referral& referral);

}  // namespace vardkedja::referral::domain
