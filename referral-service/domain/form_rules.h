// Which rules a form must keep, and which parts of it a reader may see. All broken rules are
// reported at once, with text in both languages.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/status/status.h"
#include "lib/time/time.h"
#include "referral-service/domain/form.h"

namespace vardkedja::referral::domain {

// Rules of values that are there: they hold for a draft as well. Paths begin with "form.".
std::vector<FieldViolation> CheckDraft(const Form& form, const FormVersion& version, Date today);

// CheckDraft and everything the version requires before the form may be submitted.
std::vector<FieldViolation> CheckComplete(const Form& form, const FormVersion& version, Date today);

// Replaces the named fields of `form` by those of `values`. Unknown names and an empty list are
// violations of `update_mask`.
std::vector<FieldViolation> ApplyMask(const Form& values, const std::vector<std::string>& mask,
                                      Form& form);

// The form with every field emptied whose category is not among `categories`.
Form Redact(const Form& form, const FormVersion& version, const std::set<std::string>& categories);

// A text field of a step: required or not, at most `longest` characters (code points). One of up to
// kLongestLine characters is one line; no text has other control characters.
void CheckText(std::string_view field, std::string_view text, bool required, std::size_t longest,
               std::vector<FieldViolation>& out);

// NOT_ADULT when the number tells that the person is under 18 on the date.
void CheckAdult(std::string_view field, std::string_view identity_number, Date on,
                std::vector<FieldViolation>& out);

// Nothing but white space.
bool IsBlank(std::string_view text);

inline constexpr std::size_t kLongText = 4000;
inline constexpr std::size_t kLongestLine = 200;
constexpr bool HasSeveralLines(std::size_t longest) { return longest > kLongestLine; }

// Shorthand.
FieldViolation Violation(std::string_view field, std::string_view rule, std::string_view en,
                         std::string_view sv);
FieldViolation Required(std::string_view field);

}  // namespace vardkedja::referral::domain
