// Consent and other grounds for disclosure (domain.md, 5).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/status/status.h"
#include "lib/time/time.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.GroundKind.
enum class GroundKind {
  kUnspecified = 0,
  kConsent = 1,
  kHarmTest = 2,
  kNecessaryDisclosure = 3,
  kDutyToInform = 4,
  kMisuseException = 5,
  kCompulsoryCare = 6,
  kEmergency = 7,
};

// Numbered as vardkedja.referral.v1.ConsentForm.
enum class ConsentForm { kUnspecified = 0, kWritten = 1, kOral = 2, kConduct = 3 };

// As stored and as events carry it: "consent", "harm_test", ...; "" for unspecified.
std::string_view Name(GroundKind kind);
std::string_view Name(ConsentForm form);
std::optional<GroundKind> ParseGroundKind(std::string_view name);
std::optional<ConsentForm> ParseConsentForm(std::string_view name);

// "identity", "needs", "children", "plan", "placement", "messages".
const std::set<std::string>& AllCategories();

// One ground. The text of the judgement is kept apart, encrypted.
struct DisclosureGround {
  std::string ground_id;
  std::string case_id;
  int version = 1;
  GroundKind kind = GroundKind::kUnspecified;
  ConsentForm consent_form = ConsentForm::kUnspecified;
  std::set<std::string> recipient_unit_ids;
  std::set<std::string> categories;
  std::string purpose;
  Date from_date{};
  Date to_date{};  // first day it no longer holds
  std::string judged_by_subject;
  std::set<std::string> excluded_unit_ids;
  std::set<std::string> excluded_categories;
  Instant recorded_at{};
  std::optional<Instant> ended_at;
  std::string end_reason_code;  // "revoked", "expired"; empty while it has not ended

  bool operator==(const DisclosureGround&) const = default;
};

// Whether it holds on a date. The date alone ends it; the job that marks it expired only tells.
bool IsLive(const DisclosureGround& ground, Date today);

// What the live grounds let a unit see for a purpose: the union over grounds that name unit and
// purpose, less what any live consent excludes. Other grounds than consent are law, and a person's
// exclusion does not bind them.
std::set<std::string> CategoriesFor(const std::vector<DisclosureGround>& grounds,
                                    std::string_view unit_id, std::string_view purpose, Date today);

// What is asked to be recorded. Dates as written; empty ones take their defaults.
struct NewGround {
  GroundKind kind = GroundKind::kUnspecified;
  ConsentForm consent_form = ConsentForm::kUnspecified;
  std::vector<std::string> recipient_unit_ids;
  std::vector<std::string> categories;  // "" stands for one that is not known
  std::string purpose;
  std::string from_date;
  std::string to_date;
  std::string text;
  std::vector<std::string> excluded_unit_ids;
  std::vector<std::string> excluded_categories;
};

// What the collaboration demands of a ground from a date on
// (deploy/kronoberg/disclosure-rules.yaml).
struct GroundRules {
  Date from_date{};
  int longest_days = 0;
  // Units that may receive on a consent only if it is written.
  std::set<std::string> written_consent_unit_ids;

  bool operator==(const GroundRules&) const = default;
};
inline constexpr std::size_t kMostGroundsPerCase = 200;

struct Reference;

// What is known about units and purposes.
struct KnownCodes {
  const std::set<std::string>& unit_ids;
  const std::set<std::string>& purposes;
  const Reference* reference = nullptr;  // with the units that were merged
};

// INVALID_ARGUMENT with all violations at once, or the ground without id, case and judge.
absl::StatusOr<DisclosureGround> MakeGround(const NewGround& request, const GroundRules& rules,
                                            const KnownCodes& known, Date today);

}  // namespace vardkedja::referral::domain
