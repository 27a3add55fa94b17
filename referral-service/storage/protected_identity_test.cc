// Who owns a case tells to which municipality a person belongs. With a protected identity it is
// told to the owner alone, by every read that tells an owner.
#include <gtest/gtest.h>

#include <algorithm>

#include "lib/status/status.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/attachments.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::Decider;
using testing::EkelidenSeat;
using testing::EkelidenStaff;
using testing::NovusSeat;
using testing::Worker;

class ProtectedIdentityTest : public testing::Fixture {
 protected:
  // Lives at Ekeliden, with a ground that lets board and facilities see everything.
  std::string Placed() {
    const std::string id = Decided({"ekeliden", "novus"});
    MoveIn(id, "ekeliden");
    Protect(id);
    return id;
  }

  void Protect(const std::string& id) {
    ASSERT_TRUE(pool_
                    ->Write("UPDATE referral SET protected_identity = true"
                            " WHERE referral_id = $1::uuid",
                            {id})
                    .ok());
  }

  usecases::CaseView Read(const Caller& caller, const std::string& id) {
    const auto read = usecases::GetReferral(*door_).Run(Call(caller), id);
    EXPECT_TRUE(read.ok()) << read.status();
    return read.ok() ? *read : usecases::CaseView{};
  }

  static bool Mentions(const std::vector<usecases::StepRecord>& steps, const std::string& unit) {
    return std::any_of(steps.begin(), steps.end(),
                       [&](const auto& step) { return step.unit_id == unit; });
  }

  storage::PostgresAttachments files_{*pool_, *vault_};
  usecases::Attachments attachments_{*door_, files_};
};

TEST_F(ProtectedIdentityTest, TheCaseHidesItsOwnerFromTheBoardAsTheListsDo) {
  const std::string id = Submitted();
  EXPECT_EQ(Read(EkelidenSeat(), id).referral.owner_unit_id, "alvesta-authority");
  Protect(id);
  const domain::Referral seen = Read(EkelidenSeat(), id).referral;
  EXPECT_EQ(seen.owner_unit_id, "");
  EXPECT_EQ(seen.municipality_code, "");
  EXPECT_EQ(seen.content.form.sender, domain::Sender{});
  const auto done = Step(EkelidenSeat(), id, domain::Acknowledge);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->referral.owner_unit_id, "") << "nor does the answer to a step tell it";

  const auto list = usecases::ListReferrals(*door_, *index_).Run(Call(EkelidenSeat()), {});
  ASSERT_EQ(list->lines.size(), 1U);
  EXPECT_EQ(list->lines[0].referral.owner_unit_id, "");
  usecases::SearchRequest search;
  search.case_number = seen.case_number;
  const auto found = usecases::SearchReferrals(*door_, *index_).Run(Call(EkelidenSeat()), search);
  ASSERT_EQ(found->lines.size(), 1U);
  EXPECT_EQ(found->lines[0].referral.owner_unit_id, "");
}

TEST_F(ProtectedIdentityTest, TheOwnerKnowsItselfAndItsNamedHandlersTheRest) {
  const std::string id = Submitted();
  Protect(id);
  EXPECT_EQ(Read(Worker(), id).referral.owner_unit_id, "alvesta-authority");
  EXPECT_EQ(Read(Worker(), id).referral.municipality_code, "0764");
  const domain::Referral colleague = Read(Decider(), id).referral;
  EXPECT_EQ(colleague.owner_unit_id, "alvesta-authority");
  EXPECT_EQ(colleague.municipality_code, "");
}

TEST_F(ProtectedIdentityTest, TimelineDecisionsPlansAndFilesTellItNeither) {
  const std::string id = Placed();
  for (const char* unit : {"alvesta-authority", "vaxjo-ifo1"}) {
    const auto written =
        usecases::WritePlans(*door_, *plans_)
            .Run(
                Write(Worker()), {id, unit == std::string("vaxjo-ifo1") ? "1" : "0"},
                usecases::PlanStore::What::kHomeSupport,
                usecases::ReplaceHomeSupport(
                    {{"", domain::HomeSupportKind::kHousing, unit, "SoL 11:1", "2027-01-01"},
                     {"", domain::HomeSupportKind::kOccupation, "novus", "SoL 11:1", "2027-01-01"}},
                    clock_.Now()));
    ASSERT_TRUE(written.ok()) << written.status();
    EXPECT_EQ(written->home_support[0].unit_id, unit) << "the owner sees what it wrote";
  }
  domain::Attachment announced;
  announced.file_name = "fil.txt";
  announced.category = "needs";
  announced.byte_size = 2;
  const auto begun = attachments_.Begin(Write(Worker()), id, announced);
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_TRUE(attachments_.Append(Write(Worker()), begun->attachment_id, 0, "ok").ok());
  ASSERT_TRUE(attachments_.Complete(Write(Worker()), begun->attachment_id).ok());

  const Caller facility = EkelidenStaff();
  const domain::Referral seen = Read(facility, id).referral;
  EXPECT_EQ(seen.owner_unit_id, "");
  ASSERT_EQ(seen.decisions.size(), 1U);
  EXPECT_EQ(seen.decisions[0].deciding_organisation_id, "");
  const auto timeline =
      usecases::GetTimeline(*door_, *document_store_).Run(Call(facility), id, {100, ""});
  EXPECT_FALSE(Mentions(timeline->steps, "alvesta-authority"));
  EXPECT_TRUE(Mentions(timeline->steps, "placement-board"));
  const auto plans = usecases::GetPlans(*door_, *plans_).Run(Call(facility), id);
  ASSERT_TRUE(plans.ok()) << plans.status();
  EXPECT_EQ(plans->home_support.at(0).unit_id, "");
  EXPECT_EQ(plans->home_support.at(1).unit_id, "novus");
  const auto files = attachments_.List(Call(facility), id);
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_EQ(files->at(0).unit_id, "");

  const auto own =
      usecases::GetTimeline(*door_, *document_store_).Run(Call(Worker()), id, {100, ""});
  EXPECT_TRUE(Mentions(own->steps, "alvesta-authority"));
  EXPECT_EQ(attachments_.List(Call(Worker()), id)->at(0).unit_id, "alvesta-authority");
}

TEST_F(ProtectedIdentityTest, ADuplicateTellsNotWhoseItIs) {
  const std::string id = Submitted();
  const std::string other =
      SubmittedAbout(testing::CompleteForm().person.identity_number, testing::OtherWorker());
  Protect(other);
  const auto lines = usecases::ListDuplicates(*door_, *index_).Run(Call(NovusSeat()), id);
  ASSERT_EQ(lines->size(), 1U);
  EXPECT_EQ(lines->at(0).referral.owner_unit_id, "");
}

}  // namespace
}  // namespace vardkedja::referral
