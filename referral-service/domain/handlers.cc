#include "referral-service/domain/handlers.h"

#include "referral-service/domain/form_rules.h"
#include "referral-service/domain/identity_number.h"

namespace vardkedja::referral::domain {

void CheckSubjects(const std::vector<std::string>& subjects, std::vector<FieldViolation>& out) {
  constexpr std::size_t kSubjectLength = 200;
  for (const std::string& subject : subjects) {
    CheckText("handler_subjects", subject, true, kSubjectLength, out);
    if (IdentityNumber::Parse(subject, MakeDate(2199, 1, 1)).has_value()) {
      out.push_back(Violation(
          "handler_subjects", "NOT_OPAQUE", "A subject is an opaque id, never an identity number.",
          "En handläggare anges med intern beteckning, aldrig med personnummer."));
    }
  }
}

}  // namespace vardkedja::referral::domain
