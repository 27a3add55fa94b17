// Earlier forms and questions of a case, on a real PostgreSQL.
#include "referral-service/usecases/form_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "referral-service/storage/postgres_form_history.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/life_events.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::CompleteForm;
using ::testing::Contains;
using testing::Decider;
using testing::EkelidenSeat;
using ::testing::ElementsAre;
using ::testing::Not;
using testing::NovusDeputy;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

class FormHistoryTest : public testing::Fixture {
 protected:
  void Rewrite(const std::string& id, const std::vector<std::string>& mask,
               const std::function<void(domain::Form&)>& edit) {
    const auto done = Step(Worker(), id, [&](const domain::Step& step) {
      domain::Form form = step.referral.content.form;
      edit(form);
      return domain::Update(step, {form, mask});
    });
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void Wishes(const std::string& id, const std::string& text) {
    Rewrite(id, {"wishes_and_goals"}, [&](domain::Form& form) { form.wishes_and_goals = text; });
  }

  void Do(const Caller& caller, const std::string& id, const usecases::DecideStep& decide) {
    const auto done = Step(caller, id, decide);
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void Ask(const std::string& id, const std::string& question) {
    Do(EkelidenSeat(), id,
       [&](const domain::Step& step) { return domain::RequestInformation(step, question); });
  }

  void Answer(const std::string& id, const std::string& answer) {
    Do(Worker(), id,
       [&](const domain::Step& step) { return domain::ProvideInformation(step, answer); });
  }

  std::vector<usecases::WrittenForm> Forms(const Caller& caller, const std::string& id) {
    const auto page = forms_.List(Call(caller), id, {100, ""});
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->forms : std::vector<usecases::WrittenForm>();
  }

  static std::vector<std::int64_t> Versions(const std::vector<usecases::WrittenForm>& forms) {
    std::vector<std::int64_t> versions;
    for (const auto& form : forms) versions.push_back(form.version);
    return versions;
  }

  // Drafted twice, sent, asked about, supplemented: versions 1 to 6, with forms at 1, 2 and 5.
  std::string Supplemented() {
    const std::string id = Draft();
    Wishes(id, "Andra utkastet.");
    Consent(id);
    Do(Worker(), id, testing::Submit);
    Do(EkelidenSeat(), id, domain::Acknowledge);
    Ask(id, "Medicinering?");
    Rewrite(id, {"earlier_interventions", "children"}, [](domain::Form& form) {
      form.earlier_interventions = "Öppenvård 2024.";
      form.children.count = 1;
    });
    Answer(id, "Ingen.");
    return id;
  }

  storage::PostgresFormHistory store_{*pool_, *vault_};
  usecases::FormHistory forms_{*door_, store_};
};

TEST_F(FormHistoryTest, TheOwnerReadsEveryFormAsItWasWritten) {
  const std::string id = Supplemented();
  const auto all = Forms(Worker(), id);
  ASSERT_THAT(Versions(all), ElementsAre(1, 2, 6));
  EXPECT_EQ(all[0].action, "create");
  EXPECT_THAT(all[0].changed_fields, Contains("person.identity_number"));
  EXPECT_EQ(all[1].action, "update");
  EXPECT_THAT(all[1].changed_fields, ElementsAre("wishes_and_goals"));
  EXPECT_THAT(all[2].changed_fields, ElementsAre("children", "earlier_interventions"));
  EXPECT_EQ(all[2].unit_id, "alvesta-authority");
  EXPECT_EQ(all[2].subject, "worker-1");
  EXPECT_THAT(all[2].role_codes, ElementsAre("social_worker"));
  EXPECT_TRUE(all[2].changes_known);
  EXPECT_FALSE(all[0].sent);
  EXPECT_TRUE(all[1].sent);
  EXPECT_TRUE(all[2].sent);

  const auto wishes = [&](std::int64_t version) {
    const auto form = forms_.Get(Call(Worker()), id, version);
    EXPECT_TRUE(form.ok()) << form.status();
    return form->view.referral.content.form.wishes_and_goals;
  };
  EXPECT_EQ(wishes(1), "Vill bli nykter.");
  EXPECT_EQ(wishes(2), "Andra utkastet.");
  EXPECT_EQ(wishes(4), "Andra utkastet.") << "the form as it was at that version";
  const auto sent = forms_.Get(Call(Worker()), id, 4);
  EXPECT_EQ(sent->form.version, 2);
  EXPECT_EQ(sent->view.referral.content.form.earlier_interventions, "");
  EXPECT_EQ(sent->view.referral.form_version, 2);
}

TEST_F(FormHistoryTest, TheBoardReadsWhatWasSentAndOnlyWhatItSees) {
  const std::string id = Supplemented();
  const auto all = Forms(EkelidenSeat(), id);
  ASSERT_THAT(Versions(all), ElementsAre(2, 6)) << "a draft is nobody else's";
  EXPECT_THAT(all[0].changed_fields, Contains("person.identity_number"))
      << "what was sent first is told whole";
  EXPECT_THAT(all[1].changed_fields, ElementsAre("earlier_interventions"))
      << "the consent names no children";
  EXPECT_EQ(all[0].subject, "");
  const auto sent = forms_.Get(Call(EkelidenSeat()), id, 2);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->view.referral.content.form.person.given_name, "Tove");
  EXPECT_EQ(sent->view.referral.content.form.earlier_interventions, "");
  const auto later = forms_.Get(Call(EkelidenSeat()), id, 6);
  EXPECT_EQ(later->view.referral.content.form.earlier_interventions, "Öppenvård 2024.");
  EXPECT_EQ(later->view.referral.content.form.children.count, 0);

  const auto draft = forms_.Get(Call(EkelidenSeat()), id, 1);
  EXPECT_EQ(Reason(draft.status()), "NOT_FOUND");
  EXPECT_EQ(draft.status(), forms_.Get(Call(EkelidenSeat()), id, 99).status());
  EXPECT_EQ(draft.status(), forms_.Get(Call(Worker()), id, 0).status());
  EXPECT_EQ(draft.status(), forms_.Get(Call(OtherWorker()), id, 2).status());
  EXPECT_EQ(draft.status(), forms_.List(Call(OtherWorker()), id, {}).status());
}

TEST_F(FormHistoryTest, WhatIsWrittenAfterItWasSentBackWaitsUntilItIsSentAgain) {
  const std::string id = Submitted();
  Do(EkelidenSeat(), id, domain::Acknowledge);
  Do(EkelidenSeat(), id, [](const domain::Step& step) {
    return domain::ProposeAssessment(step, {{}, domain::BedKind::kUnspecified, "", "safety"});
  });
  Do(testing::NovusSeat(), id, [](const domain::Step& step) {
    return domain::DeclareNoSuitablePlace(step, {"safety", "Öppenvård."});
  });
  Wishes(id, "Prövar igen.");
  EXPECT_THAT(Versions(Forms(EkelidenSeat(), id)), ElementsAre(1));
  Do(Worker(), id, testing::Submit);
  EXPECT_THAT(Versions(Forms(EkelidenSeat(), id)), ElementsAre(1, 6));
}

TEST_F(FormHistoryTest, AWrongPersonIsShownToTheOwnerAlone) {
  const std::string id = Submitted();
  const auto corrected = usecases::TakeLifeEvent(*door_, *life_events_)
                             .Run(Write(Worker()), {id, Etag(id)}, [](const domain::Step& step) {
                               domain::CorrectPersonRequest request;
                               request.correction = domain::PersonCorrection::kWrongPerson;
                               request.person = step.referral.content.form.person;
                               request.person.identity_number = "19890201-9804";
                               request.person.given_name = "Rakel";
                               request.text = "Fel person.";
                               return domain::CorrectPerson(step, request);
                             });
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  const auto forms = Forms(EkelidenSeat(), id);
  ASSERT_THAT(Versions(forms), ElementsAre(1, 3));
  EXPECT_EQ(forms[1].action, "life_event");
  EXPECT_THAT(forms[1].changed_fields, ElementsAre("person.given_name", "person.identity_number"));
  const auto person = [&](const Caller& caller, std::int64_t version) {
    return forms_.Get(Call(caller), id, version)->view.referral.content.form.person;
  };
  EXPECT_EQ(person(Worker(), 1).given_name, "Tove");
  EXPECT_EQ(person(EkelidenSeat(), 1).given_name, "");
  EXPECT_EQ(person(EkelidenSeat(), 1).identity_number, "");
  EXPECT_EQ(person(EkelidenSeat(), 3).given_name, "Rakel");
}

TEST_F(FormHistoryTest, ProtectionHoldsForEarlierFormsToo) {
  const std::string id = Submitted();
  ASSERT_TRUE(usecases::TakeLifeEvent(*door_, *life_events_)
                  .Run(Write(Worker()), {id, Etag(id)},
                       [](const domain::Step& step) {
                         return domain::SetProtection(step, true, "Markering.");
                       })
                  .ok());
  const auto seen = forms_.Get(Call(EkelidenSeat()), id, 1);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->view.referral.content.form.person.given_name, "");
  EXPECT_TRUE(seen->view.referral.content.form.person.protected_identity);
  EXPECT_EQ(seen->form.unit_id, "");
  EXPECT_EQ(forms_.Get(Call(Worker()), id, 1)->view.referral.content.form.person.given_name,
            "Tove");
  EXPECT_EQ(forms_.Get(Call(Decider()), id, 1)->view.referral.content.form.person.given_name, "")
      << "no named handler";
}

TEST_F(FormHistoryTest, EveryQuestionIsReadWithItsAnswer) {
  const std::string id = Supplemented();
  Ask(id, "Boende?");
  clock_.Advance(std::chrono::hours(1));
  const auto asked = forms_.Questions(Call(NovusDeputy()), id, {});
  ASSERT_TRUE(asked.ok()) << asked.status();
  ASSERT_EQ(asked->questions.size(), 2U);
  const usecases::AskedInformation& first = asked->questions[0];
  EXPECT_EQ(first.question, "Medicinering?");
  EXPECT_EQ(first.answer, "Ingen.");
  EXPECT_EQ(first.seat, "ekeliden");
  EXPECT_EQ(first.version, 5);
  EXPECT_EQ(first.answer_version, 7);
  EXPECT_EQ(first.answer_unit_id, "alvesta-authority");
  EXPECT_EQ(asked->questions[1].question, "Boende?");
  EXPECT_EQ(asked->questions[1].answer, "") << "the answer to the first is not the second's";
  EXPECT_FALSE(asked->questions[1].answered_at.has_value());

  const auto page = forms_.Questions(Call(Worker()), id, {1, ""});
  EXPECT_EQ(page->next, "5");
  EXPECT_EQ(forms_.Questions(Call(Worker()), id, {1, page->next})->questions[0].question,
            "Boende?");
  EXPECT_EQ(Reason(forms_.Questions(Call(Worker()), id, {0, "x"}).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(forms_.Questions(Call(OtherWorker()), id, {}).status()), "NOT_FOUND");
}

TEST_F(FormHistoryTest, FormsArePagedAndEachReadIsAudited) {
  const std::string id = Supplemented();
  std::vector<std::int64_t> found;
  std::string cursor;
  do {
    const auto page = forms_.List(Call(Worker()), id, {2, cursor});
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& form : page->forms) found.push_back(form.version);
    cursor = page->next;
  } while (!cursor.empty());
  EXPECT_THAT(found, ElementsAre(1, 2, 6));
  const auto rows = [&](const std::string& resource, bool permitted) {
    return Count(
        "SELECT count(*) AS n FROM audit_entry WHERE resource_id = $1 AND permitted = $2"
        " AND unit = 'placement-board'",
        {resource, permitted});
  };
  EXPECT_TRUE(forms_.Get(Call(EkelidenSeat()), id, 2).ok());
  EXPECT_FALSE(forms_.Get(Call(EkelidenSeat()), id, 1).ok());
  EXPECT_EQ(rows(id + "/forms/2", true), 1);
  EXPECT_EQ(rows(id + "/forms/1", false), 1);
}

TEST_F(FormHistoryTest, WhatWasWrittenBeforeChangesWereKeptIsShownAllTheSame) {
  const std::string id = Supplemented();
  database_.Query("referral", "UPDATE referral_step SET changed_fields = NULL");
  const auto all = Forms(Worker(), id);
  ASSERT_THAT(Versions(all), ElementsAre(1, 2, 5, 6, 7)) << "whatever was written, questions too";
  EXPECT_FALSE(all[0].changes_known);
  EXPECT_TRUE(all[0].changed_fields.empty());
  EXPECT_EQ(forms_.Get(Call(Worker()), id, 2)->view.referral.content.form.wishes_and_goals,
            "Andra utkastet.");
}

}  // namespace
}  // namespace vardkedja::referral
