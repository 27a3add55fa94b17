// The archive holds every version of what was written, word for word.
#include <gtest/gtest.h>

#include <map>

#include "lib/audit/postgres_trail.h"
#include "lib/status/status.h"
#include "referral-service/storage/postgres_archive.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/postgres_history.h"
#include "referral-service/storage/postgres_meetings.h"
#include "referral-service/storage/postgres_retention.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/life_events.h"
#include "referral-service/usecases/meetings.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::Decider;
using testing::EkelidenSeat;
using testing::NovusSeat;
using testing::Worker;
using usecases::DocumentKind;

class ArchiveTest : public testing::Fixture {
 protected:
  void Wishes(const std::string& id, const std::string& text) {
    const auto done = Step(Worker(), id, [&](const domain::Step& step) {
      domain::Form form = testing::CompleteForm();
      form.wishes_and_goals = text;
      return domain::Update(step, {form, {"wishes_and_goals"}});
    });
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void Do(const Caller& caller, const std::string& id, const usecases::DecideStep& decide) {
    const auto done = Step(caller, id, decide);
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void Put(const std::string& id, const std::string& etag, DocumentKind kind,
           const usecases::ReviseDocument& revise) {
    const auto done = documents_->Write(Write(Worker()), {id, etag}, kind, revise);
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void Split(const std::string& id, const std::string& etag, const std::string& text) {
    Put(id, etag, DocumentKind::kCostSplit,
        usecases::WriteCostSplit(
            {{{"alvesta-authority", 5000}, {"ekeliden", 5000}}, 184'200, "2026-11-20", text},
            clock_.Now()));
  }

  void Plan(const std::string& id, const std::string& etag, const std::string& goals) {
    const auto done =
        usecases::WritePlans(*door_, *plans_)
            .Run(Write(Worker()), {id, etag}, usecases::PlanStore::What::kImplementationPlan,
                 usecases::RevisePlan({"ekeliden", goals, "Samtal", "2026-12-24"}, clock_.Now()));
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void HomeSupport(const std::string& id, const std::string& etag, const std::string& start) {
    const auto done =
        usecases::WritePlans(*door_, *plans_)
            .Run(Write(Worker()), {id, etag}, usecases::PlanStore::What::kHomeSupport,
                 usecases::ReplaceHomeSupport({{"", domain::HomeSupportKind::kHousing,
                                                "alvesta-authority", "SoL 11:1", start}},
                                              clock_.Now()));
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void Meet(const std::string& id, const std::string& text, const std::string& corrects) {
    domain::NewMeeting meeting;
    meeting.date = "2026-11-23";
    meeting.form = domain::MeetingForm::kVideo;
    meeting.attendance = {{"ekeliden", false}};
    meeting.items = {{id, text}};
    meeting.corrects_meeting_id = corrects;
    const auto made = meetings_.Record(Write(EkelidenSeat()), meeting);
    ASSERT_TRUE(made.ok()) << made.status();
    meeting_id_ = made->meeting_id;
  }

  std::map<std::string, usecases::ArchiveRecord> Archive(const std::string& id,
                                                         const Caller& caller = Decider()) {
    std::map<std::string, usecases::ArchiveRecord> records;
    std::string cursor;
    do {
      auto page = usecases::ExportArchive(ports_).Run(Call(caller), id, cursor);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (auto& record : page->records) records.emplace(record.path, std::move(record));
      cursor = page->next;
    } while (!cursor.empty());
    return records;
  }

  static const domain::Content& ContentOf(const usecases::ArchiveRecord& record) {
    return std::get<usecases::ContentView>(record.content).view.referral.content;
  }

  storage::PostgresRetention retention_{*pool_, *vault_};
  storage::PostgresArchive archive_{*pool_, *vault_};
  storage::PostgresAttachments files_{*pool_, *vault_};
  storage::PostgresHistory history_{*pool_};
  audit::PostgresTrail trail_{*pool_, *ring_, ""};
  storage::PostgresMeetings meeting_store_{*pool_, *vault_};
  usecases::BoardMeetings meetings_{*door_, meeting_store_};
  usecases::ExportPorts ports_{*door_,           *index_,       *grounds_, *plans_,
                               *document_store_, files_,        history_,  trail_,
                               *concerns_,       *life_events_, archive_};
  std::string meeting_id_;
};

TEST_F(ArchiveTest, AnOldVersionOfEverythingIsThereWordForWord) {
  const std::string id = Draft();
  Wishes(id, "Första versionen.");
  Consent(id);
  Do(Worker(), id, testing::Submit);
  Do(EkelidenSeat(), id, domain::Acknowledge);
  Meet(id, "Sades först.", "");
  const std::string first_meeting = meeting_id_;
  Meet(id, "Rättat.", first_meeting);
  for (const char* question : {"Medicinering?", "Boende?"}) {
    Do(EkelidenSeat(), id,
       [&](const domain::Step& step) { return domain::RequestInformation(step, question); });
    Do(Worker(), id, [&](const domain::Step& step) {
      return domain::ProvideInformation(step, "Svar på: " + std::string(question));
    });
  }
  Split(id, "0", "Hälften var.");
  Split(id, "1", "Ny uppgörelse.");
  Plan(id, "0", "Ett första mål");
  HomeSupport(id, "1", "2026-12-24");
  HomeSupport(id, "2", "2027-01-15");
  Plan(id, "3", "Ett annat mål");
  Do(Worker(), id, domain::Withdraw);

  const auto records = Archive(id);
  EXPECT_EQ(ContentOf(records.at("contents/1")).form.wishes_and_goals, "Vill bli nykter.");
  EXPECT_EQ(ContentOf(records.at("contents/2")).form.wishes_and_goals, "Första versionen.");
  EXPECT_EQ(records.at("contents/2").info.unit_id, "alvesta-authority");
  EXPECT_EQ(records.at("contents/2").info.subject, "worker-1");
  std::vector<std::string> questions;
  std::string answer;
  for (const auto& [path, record] : records) {
    if (!path.starts_with("contents/")) continue;
    EXPECT_EQ(path, "contents/" + std::to_string(record.info.version));
    const domain::Notes& notes = ContentOf(record).notes;
    if (notes.question == "Medicinering?" && !notes.answer.empty()) answer = notes.answer;
    if (record.info.unit_id == "placement-board") {
      questions.push_back(notes.question);
      EXPECT_EQ(record.info.subject, "") << "another employer's to know";
    }
  }
  EXPECT_EQ(questions, (std::vector<std::string>{"Medicinering?", "Boende?"}));
  EXPECT_EQ(answer, "Svar på: Medicinering?") << "replaced by the next question";

  const auto split = [&](const std::string& version) {
    return std::get<domain::CostSplit>(
        std::get<domain::CaseDocument>(records.at("documents/cost-split/" + version).content));
  };
  EXPECT_EQ(split("1").written->text, "Hälften var.");
  EXPECT_EQ(split("2").written->text, "Ny uppgörelse.");
  const auto goals = [&](const std::string& revision) {
    return std::get<domain::ImplementationPlan>(
               records.at("implementation-plans/" + revision).content)
        .goals;
  };
  EXPECT_EQ(goals("1"), "Ett första mål");
  EXPECT_EQ(goals("2"), "Ett annat mål");
  const auto start = [&](const std::string& version) {
    const auto& plans = std::get<domain::Plans>(records.at("home-support/" + version).content);
    return FormatDate(plans.home_support.at(0).start_date);
  };
  EXPECT_EQ(start("2"), "2026-12-24");
  EXPECT_EQ(start("3"), "2027-01-15");
  EXPECT_EQ(std::get<usecases::MeetingText>(records.at("meetings/" + first_meeting).content).text,
            "Sades först.");
  EXPECT_EQ(std::get<usecases::MeetingText>(records.at("meetings/" + meeting_id_).content)
                .corrects_meeting_id,
            first_meeting);
}

TEST_F(ArchiveTest, WhoReadAndWhatWasDisclosedIsInIt) {
  const std::string id = Submitted();
  ASSERT_TRUE(usecases::GetReferral(*door_).Run(Call(EkelidenSeat()), id).ok());
  Do(Worker(), id, domain::Withdraw);
  const auto records = Archive(id);
  int reads = 0;
  int disclosures = 0;
  for (const auto& [path, record] : records) {
    if (const auto* read = std::get_if<audit::TrailRow>(&record.content)) {
      ++reads;
      EXPECT_EQ(read->subject.empty(), read->unit_id != "alvesta-authority") << path;
    }
    if (const auto* one = std::get_if<usecases::DisclosureRecord>(&record.content)) {
      ++disclosures;
      EXPECT_EQ(one->unit_id, "placement-board");
    }
  }
  EXPECT_EQ(disclosures, 1);
  const auto again = Archive(id);
  int more = 0;
  for (const auto& [path, record] : again) more += path.starts_with("reads/") ? 1 : 0;
  EXPECT_EQ(more, reads + 1) << "the export before was a read, the one under way is not in it";
}

TEST_F(ArchiveTest, AVersionIsKeptWhenSomethingElseIsWrittenAndOnlyThen) {
  const std::string id = Submitted();
  const auto kept = [&] {
    return Count("SELECT count(*) AS n FROM referral_content WHERE referral_id = $1::uuid", {id});
  };
  const std::int64_t before = kept();
  Do(EkelidenSeat(), id, domain::Acknowledge);
  EXPECT_EQ(kept(), before) << "nothing was written";
  Do(Worker(), id, [](const domain::Step& step) {
    return domain::ChangeCriteria(step, {{.external_placement = true}, "Nytt underlag."});
  });
  EXPECT_EQ(kept(), before + 1);
  EXPECT_FALSE(pool_->Write("UPDATE referral_content SET version = 99").ok());
  EXPECT_FALSE(pool_->Write("DELETE FROM referral_content").ok());
  EXPECT_FALSE(pool_->Write("DELETE FROM home_support_version").ok());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral_content"
                  " WHERE position('nykter'::bytea IN content_sealed) > 0"),
            0);
}

TEST_F(ArchiveTest, AProtectedIdentityIsNotInAnyVersionForOthersThanItsHandlers) {
  const std::string id = Submitted();
  const auto corrected = usecases::TakeLifeEvent(*door_, *life_events_)
                             .Run(Write(Worker()), {id, Etag(id)}, [](const domain::Step& step) {
                               return domain::SetProtection(step, true, "Markering.");
                             });
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  Do(Worker(), id, domain::Withdraw);
  for (const auto& [path, record] : Archive(id)) {
    if (!path.starts_with("contents/")) continue;
    EXPECT_EQ(ContentOf(record).form.person.given_name, "") << path;
    EXPECT_EQ(ContentOf(record).form.person.identity_number, "") << path;
  }
  Caller handler = Decider();
  handler.subject = "worker-1";
  EXPECT_EQ(ContentOf(Archive(id, handler).at("contents/1")).form.person.given_name, "Tove");
}

TEST_F(ArchiveTest, LargeDocumentsFillAPageByTheirSize) {
  constexpr int kVersions = 70;
  const std::string id = Submitted();
  domain::PlanContentRequest plan;
  plan.goals = "Mål.";
  plan.responsible_unit_id = "alvesta-authority";
  plan.follow_up_date = "2027-01-15";
  plan.interventions.assign(30, {std::string(1000, 'x'), "alvesta-authority", ""});
  constexpr auto kKind = DocumentKind::kCoordinatedPlan;
  const Instant now = clock_.Now();
  Put(id, "0", kKind,
      usecases::AssessPlanNeed({domain::PlanAskedBy::kPerson, "Flera.", {"ekeliden"}}, now));
  Put(id, "1", kKind, usecases::RecordPlanAgreement(true, "Muntligt.", now));
  for (int i = 2; i < kVersions; ++i) {
    Put(id, std::to_string(i), kKind, usecases::WritePlanContent(plan, now));
  }
  Do(Worker(), id, domain::Withdraw);
  std::string cursor;
  std::vector<std::string> found;
  do {
    const auto page = usecases::ExportArchive(ports_).Run(Call(Decider()), id, cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    std::size_t on_page = 0;
    for (const auto& record : page->records) {
      if (!record.path.starts_with("documents/")) continue;
      found.push_back(record.path);
      ++on_page;
    }
    EXPECT_LE(on_page, usecases::kArchivePageBytes / 30'000 + 2) << "the first two are small";
    cursor = page->next;
  } while (!cursor.empty());
  ASSERT_EQ(found.size(), static_cast<std::size_t>(kVersions)) << "none lost, none doubled";
  for (int i = 0; i < kVersions; ++i) {
    EXPECT_EQ(found[static_cast<std::size_t>(i)],
              "documents/coordinated-plan/" + std::to_string(i + 1));
  }
}

}  // namespace
}  // namespace vardkedja::referral
