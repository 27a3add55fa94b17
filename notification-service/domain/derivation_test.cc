#include "notification-service/domain/derivation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vardkedja::notification::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(DerivationTableTest, EveryRuleHasItsTemplateAndEveryTemplateItsUse) {
  std::set<std::string_view> used = {"execution_reminder",      "decision_period_reminder",
                                     "ground_term_reminder",    "cost_split_reminder",
                                     "interruption_reminder",   "lvm_reminder",
                                     "reconsideration_reminder"};
  for (const DerivationRule& rule : DerivationRules()) {
    if (rule.recipient == Recipient::kNobody) {
      EXPECT_EQ(rule.template_code, "") << rule.event_type;
      continue;
    }
    EXPECT_NE(FindTemplate(rule.template_code), nullptr) << rule.template_code;
    used.insert(rule.template_code);
  }
  for (const Template& entry : Templates()) EXPECT_TRUE(used.contains(entry.code)) << entry.code;
}

TEST(DerivationTableTest, NobodyStandsAlone) {
  for (const DerivationRule& rule : DerivationRules()) {
    if (rule.recipient != Recipient::kNobody) continue;
    int rows = 0;
    for (const DerivationRule& other : DerivationRules()) {
      rows += other.source == rule.source && other.event_type == rule.event_type;
    }
    EXPECT_EQ(rows, 1) << rule.event_type;
  }
}

// Outside the case number there is nothing in a text that could vary, so no personal data gets in.
TEST(TemplateTest, TextsAreCompleteInBothLanguagesAndNameTheCaseOnly) {
  for (const Template& entry : Templates()) {
    for (const std::string_view text : {entry.label_sv, entry.text_sv, entry.text_en}) {
      const std::string rendered = Render(text, "VK-2026-000042");
      EXPECT_THAT(rendered, HasSubstr("VK-2026-000042")) << entry.code;
      EXPECT_THAT(rendered, Not(HasSubstr("{"))) << entry.code;
    }
    EXPECT_THAT(std::string(entry.text_sv.substr(entry.text_sv.size() - 1)), ".") << entry.code;
    EXPECT_LE(Render(entry.label_sv, "VK-2026-000042").size(), 256U) << entry.code;
    EXPECT_FALSE(entry.verb.empty());
  }
  EXPECT_EQ(FindTemplate("unknown"), nullptr);
}

TEST(RenderTest, ReplacesEveryPlaceholder) {
  EXPECT_EQ(Render("{case} och {case}.", "1"), "1 och 1.");
  EXPECT_EQ(Render("inget", "1"), "inget");
}

EventFacts Facts(Source source, std::string type, std::string actor) {
  return {.source = source,
          .event_type = std::move(type),
          .actor_unit_id = std::move(actor),
          .units = {{Recipient::kOwner, {"owner"}},
                    {Recipient::kBoard, {"placement-board"}},
                    {Recipient::kFacility, {"novus"}},
                    {Recipient::kBothFacilities, {"ekeliden", "novus"}},
                    {Recipient::kNoLongerReceives, {"owner", "placement-board", "piva"}},
                    {Recipient::kHomeSupport, {"clinic", "clinic", "owner", ""}}}};
}

TEST(PlanMessagesTest, AUnitIsNotToldOfItsOwnAct) {
  EXPECT_THAT(PlanMessages(Facts(Source::kReferral, "study_visit_booked", "owner")),
              ElementsAre(PlannedMessage{"novus", "study_visit_booked"}));
  EXPECT_THAT(PlanMessages(Facts(Source::kReferral, "study_visit_booked", "")),
              ElementsAre(PlannedMessage{"owner", "study_visit_booked"},
                          PlannedMessage{"novus", "study_visit_booked"}));
}

TEST(PlanMessagesTest, ExceptWhereAnotherReadsTheSameInbox) {
  EXPECT_THAT(PlanMessages(Facts(Source::kReferral, "assessment_proposed", "placement-board")),
              ElementsAre(PlannedMessage{"placement-board", "assessment_proposed"}));
  EXPECT_THAT(PlanMessages(Facts(Source::kReferral, "decision_proposed", "owner")),
              ElementsAre(PlannedMessage{"owner", "decision_proposed"}));
}

TEST(PlanMessagesTest, GroundEndedTellsTheOwnerToActAndTheOthersThatAccessEnded) {
  EXPECT_THAT(PlanMessages(Facts(Source::kReferral, "ground_ended", "owner")),
              ElementsAre(PlannedMessage{"owner", "ground_ended"},
                          PlannedMessage{"placement-board", "access_ended"},
                          PlannedMessage{"piva", "access_ended"}));
}

TEST(PlanMessagesTest, AUnitIsToldOnceAndAnEmptyOneNever) {
  EXPECT_THAT(PlanMessages(Facts(Source::kReferral, "home_support_recorded", "")),
              ElementsAre(PlannedMessage{"clinic", "home_support_recorded"},
                          PlannedMessage{"owner", "home_support_recorded"}));
}

TEST(PlanMessagesTest, NobodyAndUnknownTellNobody) {
  EXPECT_THAT(PlanMessages(Facts(Source::kPlacement, "bed_registered", "")), IsEmpty());
  EXPECT_THAT(PlanMessages(Facts(Source::kPlacement, "submitted", "")), IsEmpty());
  EXPECT_FALSE(IsDecided(Source::kPlacement, "submitted"));
  EXPECT_TRUE(IsDecided(Source::kPlacement, "bed_registered"));
}

}  // namespace
}  // namespace vardkedja::notification::domain
