#include "referral-service/domain/changed_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referral-service/domain/form_fields.h"

namespace vardkedja::referral::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Fields = std::vector<std::string>;

TEST(ChangedFieldsTest, NamesWhatDiffersAndNothingElse) {
  Referral before;
  before.content.form.needs = {{"alcohol", NeedLevel::kSome, "", {}, ""}};
  before.content.form.children.count = 1;
  Referral after = before;
  EXPECT_THAT(ChangedFields(before, after), IsEmpty());
  after.content.form.person.contact = "Ring.";
  after.content.form.children.details.visits = "Varje vecka.";
  after.content.notes.question = "Medicinering?";
  after.criteria.child_perspective = true;
  EXPECT_THAT(ChangedFields(before, after),
              ElementsAre("form.person.contact", "form.children.details", "criteria",
                          "information_request.question"));
}

TEST(ChangedFieldsTest, ADiagnosisIsAFieldOfItsOwn) {
  Referral before;
  before.content.form.needs = {{"alcohol", NeedLevel::kSome, "", {}, ""}};
  Referral after = before;
  after.content.form.needs[0].source = NeedSource::kDiagnosed;
  after.content.form.needs[0].diagnosis_code = "F10.2";
  EXPECT_THAT(ChangedFields(before, after), ElementsAre("form.needs.diagnosis"));
  after = before;
  after.content.form.needs[0].text = "Dagligt.";
  EXPECT_THAT(ChangedFields(before, after), ElementsAre("form.needs"));
}

// A field that is emptied differs from the one that was filled in: every field of the form is seen.
TEST(ChangedFieldsTest, EveryFieldOfTheFormIsCompared) {
  Form form;
  form.person = {"19900101-9802", "Tove", "Påhittad", true,   LegalSex::kFemale,
                 "0764",          "0780", "so",       "Ring."};
  form.ground = Ground::kVoluntary;
  form.lvm_investigation = form.external_placement = true;
  form.needs = {{"alcohol", NeedLevel::kSome, "Text.", NeedSource::kDiagnosed, "F10"}};
  form.children.count = 1;
  form.children.details.visits = "Text.";
  form.wishes_and_goals = form.earlier_interventions = form.less_intrusive_options = "Text.";
  form.desired_start_date = "2027-01-01";
  form.instruments = {{"audit", 20, "2026-01-01"}};
  form.sender.social_worker = "Handläggare";
  for (const FieldAccess& field : FormFields()) {
    Form emptied = form;
    field.clear(emptied);
    ASSERT_FALSE(field.empty(form)) << field.path << " is not filled in by this test";
    EXPECT_FALSE(field.same(form, emptied)) << field.path;
    EXPECT_TRUE(field.same(form, form)) << field.path;
  }
}

TEST(ChangedFieldsTest, DocumentsAndPlansTellTheirParts) {
  CoordinatedPlan plan;
  CoordinatedPlan revised = plan;
  revised.agreement = PlanAgreement{};
  revised.meetings.emplace_back();
  EXPECT_EQ(ChangedFields(CaseDocument(plan), CaseDocument(revised)),
            (Fields{"agreement", "meetings"}));
  CostSplit split;
  split.acute = AcuteDeclaration{};
  EXPECT_EQ(ChangedFields(CaseDocument(CostSplit{}), CaseDocument(split)), Fields{"acute"});
  Outcomes outcomes;
  outcomes.outcomes.emplace_back();
  EXPECT_EQ(ChangedFields(CaseDocument(Outcomes{}), CaseDocument(outcomes)), Fields{"outcomes"});
  ChildrenAsRelatives children;
  children.contacts.emplace_back();
  EXPECT_EQ(ChangedFields(CaseDocument(ChildrenAsRelatives{}), CaseDocument(children)),
            Fields{"contacts"});
  Plans plans;
  plans.implementation_plan = ImplementationPlan{"ekeliden", "Mål", "", Date{}, 1, Instant{}};
  EXPECT_EQ(ChangedFields(Plans{}, plans),
            (Fields{"implementation_plan.facility_id", "implementation_plan.goals"}));
}

TEST(ChangedFieldsTest, WhoMayBeToldFollowsTheFormsVersionAndTheCase) {
  FormVersion version;
  version.fields = {{"needs", "needs", true, "", ""}};
  using Set = std::set<std::string>;
  EXPECT_EQ(CategoriesOfField("form.needs", version), Set{"needs"});
  EXPECT_EQ(CategoriesOfField("form.children", version), Set{}) << "not of this version";
  EXPECT_EQ(CategoriesOfField("decisions", version), (Set{"placement", "plan"}));
  EXPECT_EQ(CategoriesOfField("study_visits", version), Set{"case"});
  EXPECT_EQ(CategoriesOfField("handler_subjects", version), Set{});
  EXPECT_EQ(CategoriesOfField("unknown", version), Set{});
}

}  // namespace
}  // namespace vardkedja::referral::domain
