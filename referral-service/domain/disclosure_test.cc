#include "referral-service/domain/disclosure.h"

#include <gtest/gtest.h>

namespace vardkedja::referral::domain {
namespace {

const Date kToday = MakeDate(2026, 11, 23);
const std::set<std::string> kUnits = {"placement-board", "ekeliden"};
const std::set<std::string> kPurposes = {"case_work"};

NewGround Written() {
  NewGround request;
  request.kind = GroundKind::kConsent;
  request.consent_form = ConsentForm::kWritten;
  request.recipient_unit_ids = {"placement-board"};
  request.categories = {"identity", "needs"};
  return request;
}

absl::StatusOr<DisclosureGround> Make(const NewGround& request) {
  return MakeGround(request, {kToday, 365, {"ekeliden"}}, {kUnits, kPurposes}, kToday);
}

std::set<std::string> Rules(const NewGround& request) {
  std::set<std::string> rules;
  const auto detail = GetErrorDetail(Make(request).status());
  if (detail) {
    for (const FieldViolation& violation : detail->violations) {
      rules.insert(violation.field + " " + violation.rule);
    }
  }
  return rules;
}

TEST(DisclosureTest, AUnitMayDemandThatTheConsentIsWritten) {
  NewGround request = Written();
  request.recipient_unit_ids = {"placement-board", "ekeliden"};
  EXPECT_TRUE(Make(request).ok());
  request.consent_form = ConsentForm::kOral;
  request.text = "Lämnat i telefon.";
  EXPECT_EQ(Rules(request), std::set<std::string>{"consent_form MUST_BE_WRITTEN"});
  request.recipient_unit_ids = {"placement-board"};
  EXPECT_TRUE(Make(request).ok());
  request.recipient_unit_ids = {"ekeliden"};
  request.kind = GroundKind::kHarmTest;
  request.consent_form = ConsentForm::kUnspecified;
  EXPECT_TRUE(Make(request).ok()) << "what is law is not bound by the form of a consent";
}

TEST(DisclosureTest, TheTermIsTheOneConfigured) {
  NewGround request = Written();
  request.to_date = FormatDate(kToday + std::chrono::days(91));
  const GroundRules rules{kToday, 90, {}};
  const auto refused = MakeGround(request, rules, {kUnits, kPurposes}, kToday);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(GetErrorDetail(refused.status())->violations[0].rule, "TERM_TOO_LONG");
  request.to_date.clear();
  EXPECT_EQ(MakeGround(request, rules, {kUnits, kPurposes}, kToday)->to_date,
            kToday + std::chrono::days(90));
}

TEST(DisclosureTest, TheTermDefaultsToTheLongest) {
  const auto ground = Make(Written());
  ASSERT_TRUE(ground.ok()) << ground.status();
  EXPECT_EQ(ground->from_date, kToday);
  EXPECT_EQ(ground->to_date, kToday + std::chrono::days(365));
  EXPECT_EQ(ground->purpose, "case_work");
}

TEST(DisclosureTest, AGroundIsNeverGeneral) {
  NewGround request = Written();
  request.recipient_unit_ids.clear();
  request.categories.clear();
  EXPECT_EQ(Rules(request), (std::set<std::string>{"recipient_unit_ids NEVER_GENERAL",
                                                   "categories NEVER_GENERAL"}));
}

TEST(DisclosureTest, AllViolationsComeAtOnce) {
  NewGround request;
  request.recipient_unit_ids = {"nowhere"};
  request.categories = {""};
  request.purpose = "curiosity";
  request.from_date = "2026-11-22";
  request.to_date = "2028-01-01";
  EXPECT_EQ(Rules(request), (std::set<std::string>{
                                "kind REQUIRED", "text REQUIRED", "recipient_unit_ids UNKNOWN_UNIT",
                                "categories UNKNOWN_CODE", "purpose UNKNOWN_CODE",
                                "from_date IN_THE_PAST", "to_date TERM_TOO_LONG"}));
}

TEST(DisclosureTest, AnOralConsentAndAnotherGroundNeedWords) {
  NewGround request = Written();
  request.consent_form = ConsentForm::kOral;
  EXPECT_EQ(Rules(request), (std::set<std::string>{"text REQUIRED"}));
  request.kind = GroundKind::kHarmTest;
  request.text = "Prövat: inget men.";
  EXPECT_EQ(Rules(request), (std::set<std::string>{"consent_form NOT_A_CONSENT"}));
  request.consent_form = ConsentForm::kUnspecified;
  EXPECT_TRUE(Make(request).ok());
}

TEST(DisclosureTest, AUnitCannotBeNamedAndExcluded) {
  NewGround request = Written();
  request.excluded_unit_ids = {"placement-board"};
  request.excluded_categories = {"needs"};
  EXPECT_EQ(Rules(request), (std::set<std::string>{"excluded_unit_ids CONTRADICTION",
                                                   "excluded_categories CONTRADICTION"}));
}

}  // namespace
}  // namespace vardkedja::referral::domain
