// From the closing of a case to its erasure, on a real PostgreSQL, key store and ledger.
#include <gtest/gtest.h>

#include <algorithm>

#include "lib/audit/postgres_trail.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/storage/postgres_archive.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/postgres_history.h"
#include "referral-service/storage/postgres_retention.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::Decider;
using testing::EkelidenSeat;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

class RetentionTest : public testing::Fixture {
 protected:
  std::string Closed() { return Closed(Submitted()); }
  std::string Closed(std::string id) {
    EXPECT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                  return domain::Close(step, "other_solution");
                }).ok());
    return id;
  }

  void YearsPass(int years) {
    clock_.Set(StartOfDay(AddMonths(StockholmDate(clock_.Now()), 12 * years)) +
               std::chrono::hours(12));
  }

  usecases::RetentionView Get(const std::string& id) {
    const auto view = retentions_.Get(Call(Worker()), id);
    EXPECT_TRUE(view.ok()) << view.status();
    return view.ok() ? *view : usecases::RetentionView{};
  }

  absl::StatusOr<usecases::RetentionView> Erase(const std::string& id,
                                                const std::string& waiver = "nothing_to_archive") {
    return retentions_.Erase(Write(Decider()), {id, std::to_string(Get(id).retention.version)},
                             waiver);
  }

  bool KeysLeft(const std::string& id) const {
    return database_
               .Query("keystore", "SELECT count(*) AS n FROM data_key WHERE scope_id = $1", {id})[0]
               .Int("n") > 0;
  }

  bool Found(const std::string& number) {
    usecases::SearchRequest search;
    search.identity_number = number;
    const auto found = usecases::SearchReferrals(*door_, *index_).Run(Call(Worker()), search);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() && !found->lines.empty();
  }

  absl::StatusOr<usecases::ArchivePage> Archive(const std::string& id,
                                                const std::string& cursor = "") {
    return usecases::ExportArchive(ports_).Run(Call(Decider()), id, cursor);
  }

  static std::vector<std::string> Broken(const absl::Status& status) {
    std::vector<std::string> broken;
    const auto detail = GetErrorDetail(status);
    if (!detail) return broken;
    for (const auto& violation : detail->violations) {
      broken.push_back(violation.field + " " + violation.rule);
    }
    return broken;
  }

  storage::PostgresRetention store_{*pool_, *vault_};
  storage::PostgresArchive archive_{*pool_, *vault_};
  storage::PostgresAttachments files_{*pool_, *vault_};
  storage::PostgresHistory history_{*pool_};
  audit::PostgresTrail trail_{*pool_, *ring_, ""};
  usecases::Retentions retentions_{*door_, store_};
  usecases::ExportPorts ports_{*door_,           *index_,       *grounds_, *plans_,
                               *document_store_, files_,        history_,  trail_,
                               *concerns_,       *life_events_, archive_};
};

TEST_F(RetentionTest, ClosingStartsTheClock) {
  const std::string open = Submitted();
  EXPECT_EQ(Get(open).clock.stopped_by, "open");
  EXPECT_FALSE(Get(open).clock.closed_on.has_value());
  const std::string id = Closed();
  const domain::RetentionClock clock = Get(id).clock;
  EXPECT_EQ(FormatDate(*clock.closed_on), "2026-11-23");
  EXPECT_EQ(clock.term_months, 60);
  EXPECT_EQ(FormatDate(*clock.earliest_erasure), "2031-11-23");
  const auto early = Erase(id);
  EXPECT_EQ(Reason(early.status()), "RETENTION_RUNNING");
  EXPECT_EQ(GetErrorDetail(early.status())->metadata["earliest_erasure_date"], "2031-11-23");
  EXPECT_EQ(Reason(Erase(open).status()), "ILLEGAL_STATE");
}

TEST_F(RetentionTest, ANewCaseOfThePersonStopsTheClockAndItsClosingStartsItAnew) {
  const std::string number = testing::CompleteForm().person.identity_number;
  const std::string first = SubmittedAbout(number, Worker());
  ASSERT_TRUE(Step(Worker(), first, domain::Withdraw).ok());
  YearsPass(2);
  SubmittedAbout(number, OtherWorker());
  EXPECT_EQ(Get(first).clock.stopped_by, "") << "another owner's case is not this owner's to know";
  const std::string second = SubmittedAbout(number, Worker());
  EXPECT_EQ(Get(first).clock.stopped_by, "renewed");
  EXPECT_FALSE(Get(first).clock.earliest_erasure.has_value());
  EXPECT_EQ(GetErrorDetail(Erase(first).status())->metadata["stopped_by"], "renewed");
  ASSERT_TRUE(Step(Worker(), second, domain::Withdraw).ok());
  EXPECT_EQ(FormatDate(*Get(first).clock.earliest_erasure), "2033-11-23");
}

TEST_F(RetentionTest, AnOrganisationsOwnRuleCountsFromItsDay) {
  const std::string id = Closed();
  ASSERT_TRUE(pool_
                  ->Write("INSERT INTO retention_rule VALUES ('alvesta', '2027-01-01', 120,"
                          " '{other}', '{}')")
                  .ok());
  storage::PostgresReference fresh(*pool_);
  usecases::CaseDoor door(*cases_, fresh, *auditor_);
  usecases::Retentions retentions(door, store_);
  EXPECT_EQ(retentions.Get(Call(Worker()), id)->clock.term_months, 60);
  YearsPass(1);
  EXPECT_EQ(FormatDate(*retentions.Get(Call(Worker()), id)->clock.earliest_erasure), "2036-11-23");
}

TEST_F(RetentionTest, TheArchiveGetsTheWholeCaseAndSaysSo) {
  const std::string id = Submitted();
  ASSERT_TRUE(usecases::ReportChildConcern(*door_, *concerns_)
                  .Run(Write(Worker()), id, "vaxjo-child-family", "Ensam hemma.")
                  .ok());
  ASSERT_TRUE(usecases::TakeLifeEvent(*door_, *life_events_)
                  .Run(Write(Worker()), {id, Etag(id)},
                       [](const domain::Step& step) {
                         return domain::RecordDeath(step, "2026-11-22", "Besked.");
                       })
                  .ok());
  Closed(id);
  const auto page = Archive(id);
  ASSERT_TRUE(page.ok()) << page.status();
  const auto& view = std::get<usecases::CaseView>(page->records.at(0).content);
  EXPECT_EQ(view.referral.content.form.person.family_name, "Påhittad");
  EXPECT_EQ(view.referral.content.form.wishes_and_goals, "Vill bli nykter.");
  const auto count = [&](std::string_view section) {
    return std::count_if(page->records.begin(), page->records.end(),
                         [&](const auto& record) { return record.path.starts_with(section); });
  };
  EXPECT_EQ(count("grounds/"), 1);
  EXPECT_EQ(count("steps/"), 4) << "created, submitted, the death, closed";
  EXPECT_EQ(count("child-concerns/"), 1);
  EXPECT_EQ(count("life-events/"), 1);
  EXPECT_EQ(count("contents/"), 1) << "neither death nor closing wrote anything";
  EXPECT_GT(count("reads/"), 4);
  EXPECT_EQ(page->next, "");
  EXPECT_EQ(Reason(Archive(Submitted()).status()), "ILLEGAL_STATE");
  EXPECT_EQ(Broken(Archive(id, "1.0").status()), std::vector<std::string>{"cursor CURSOR"});
  EXPECT_EQ(usecases::ExportArchive(ports_).Run(Call(EkelidenSeat()), id, "").status(), NotFound());

  const std::string& etag = page->etag;
  EXPECT_EQ(
      Broken(retentions_.ConfirmArchive(Write(Decider()), {id, "0"}, {"1", "e arkiv"}).status()),
      (std::vector<std::string>{"exported_etag NOT_AS_IT_IS", "archive_reference CHARACTERS"}));
  const auto call = Write(Decider());
  const auto confirmed = retentions_.ConfirmArchive(call, {id, "0"}, {etag, "SE/AK-12:7"});
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  EXPECT_TRUE(confirmed->archived);
  EXPECT_EQ(retentions_.ConfirmArchive(call, {id, "0"}, {etag, "SE/AK-12:7"})->retention,
            confirmed->retention)
      << "a repeated request";
  YearsPass(5);
  database_.Query("referral",
                  "INSERT INTO case_document (referral_id, kind, version, content_sealed, unit_id,"
                  " subject, recorded_at) VALUES ($1::uuid, 'outcomes', 1, '', '', '', now())",
                  {id});
  EXPECT_FALSE(Get(id).archived) << "outcomes are written after the closing, and after the export";
  EXPECT_EQ(Reason(Erase(id, "").status()), "NOT_ARCHIVED");
  database_.Query("referral", "DELETE FROM case_document");
  EXPECT_EQ(Broken(Erase(id).status()), std::vector<std::string>{"waiver_reason_code NOT_NEEDED"});
  EXPECT_TRUE(Erase(id, "").ok());
}

TEST_F(RetentionTest, ALongCaseComesInPagesOnceEach) {
  const std::string id = Submitted();
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(Step(Worker(), id, [&](const domain::Step& step) {
                  domain::ChangeCriteriaRequest request;
                  request.criteria.external_placement = i % 2 == 0;
                  request.reason = "Nytt underlag.";
                  return domain::ChangeCriteria(step, request);
                }).ok());
  }
  ASSERT_TRUE(Step(Worker(), id, domain::Withdraw).ok());
  std::int64_t steps = 0;
  std::set<std::string> paths;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = Archive(id, cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->records.size(), usecases::kMostArchiveRecords);
    for (const auto& record : page->records) {
      EXPECT_TRUE(paths.insert(record.path).second) << record.path;
      if (const auto* step = std::get_if<usecases::StepRecord>(&record.content)) {
        EXPECT_EQ(step->version, ++steps);
      }
    }
    cursor = page->next;
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(steps, 123);
  EXPECT_TRUE(paths.contains("contents/1") && paths.contains("contents/122"));
  EXPECT_EQ(pages, (static_cast<int>(paths.size()) + 99) / 100);
  EXPECT_EQ(Broken(Archive(id, "1-0.99.0.0").status()), std::vector<std::string>{"cursor CURSOR"});
}

TEST_F(RetentionTest, WithoutArchiveOrWaiverNothingIsErasedNorUnderAHold) {
  const std::string id = Closed();
  YearsPass(5);
  EXPECT_EQ(Reason(Erase(id, "").status()), "NOT_ARCHIVED");
  EXPECT_EQ(Broken(Erase(id, "lust").status()),
            std::vector<std::string>{"waiver_reason_code UNKNOWN_CODE"});
  EXPECT_EQ(Broken(retentions_.PlaceHold(Write(Decider()), {id, "0"}, "x").status()),
            std::vector<std::string>{"reason_code UNKNOWN_CODE"});
  ASSERT_TRUE(retentions_.PlaceHold(Write(Decider()), {id, "0"}, "legal_process").ok());
  EXPECT_EQ(Reason(Erase(id).status()), "RETENTION_HELD");
  EXPECT_TRUE(retentions_.ListDue(Call(Worker()), {})->cases.empty());
  EXPECT_EQ(Reason(retentions_.ReleaseHold(Write(Decider()), {id, "0"}).status()), "STALE_ETAG");
  ASSERT_TRUE(retentions_.ReleaseHold(Write(Decider()), {id, "1"}).ok());
  EXPECT_EQ(Reason(retentions_.ReleaseHold(Write(Decider()), {id, "2"}).status()), "ILLEGAL_STATE");
  EXPECT_TRUE(KeysLeft(id));
  EXPECT_FALSE(pool_->Write("UPDATE retention SET erased_at = now()").ok())
      << "the database refuses an erasure without archive or waiver";
}

TEST_F(RetentionTest, AnErasedCaseIsDarkAndCountedAsBefore) {
  const std::string number = testing::CompleteForm().person.identity_number;
  const std::string id = Closed();
  EXPECT_TRUE(Found(number));
  YearsPass(5);
  const auto counted = [&] {
    return database_
        .Query("referral",
               "SELECT r.state || r.owner_unit_id || r.municipality_code ||"
               " r.person_id::text || r.submitted_at::text ||"
               " (SELECT count(*) FROM referral_step s WHERE s.referral_id ="
               " r.referral_id)::text || (SELECT count(*) FROM event e WHERE"
               " e.aggregate_id = r.referral_id::text AND e.aggregate_type ="
               " 'referral')::text AS text FROM referral r WHERE r.referral_id ="
               " $1::uuid",
               {id})[0]
        .Text("text");
  };
  const std::string before = counted();
  const auto call = Write(Decider());
  const auto erased = retentions_.Erase(call, {id, "0"}, "nothing_to_archive");
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(erased->retention.erased_at, clock_.Now());
  EXPECT_EQ(retentions_.Erase(call, {id, "0"}, "nothing_to_archive")->retention, erased->retention)
      << "a repeated request";
  EXPECT_EQ(counted(), before);
  EXPECT_FALSE(KeysLeft(id));
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral WHERE octet_length(content_sealed) > 0"), 0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM disclosure_ground WHERE text_sealed IS NOT NULL"), 0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM person WHERE identity_index IS NOT NULL"), 0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'erased'"), 1);
  EXPECT_EQ(usecases::GetReferral(*door_).Run(Call(Worker()), id).status(), NotFound());
  EXPECT_TRUE(usecases::ListReferrals(*door_, *index_).Run(Call(Worker()), {})->lines.empty());
  EXPECT_FALSE(Found(number));
  EXPECT_EQ(Archive(id).status(), NotFound());
  EXPECT_EQ(Reason(Erase(id).status()), "ILLEGAL_STATE");
  EXPECT_TRUE(Get(id).retention.erased_at.has_value()) << "its owner is told that it is";
  EXPECT_EQ(retentions_.Get(Call(EkelidenSeat()), id).status(), NotFound());
  EXPECT_FALSE(pool_->Write("UPDATE referral SET erased_at = NULL").ok());
  EXPECT_FALSE(pool_->Write("UPDATE retention SET erased_at = NULL").ok());
  const std::string again = SubmittedAbout(number, Worker());
  EXPECT_NE(Count("SELECT count(DISTINCT person_id) AS n FROM referral"), 1)
      << "nothing ties a new case to the erased one";
}

TEST_F(RetentionTest, AConcernIsDarkOnceTheCaseItHangsOnIsErased) {
  const Caller family = {"vaxjo", "vaxjo-child-family", auth::Role::kSocialWorker, "", "worker-9"};
  const std::string gone = Submitted();
  const std::string stays = Submitted();
  const auto report = [&](const std::string& id) {
    clock_.Advance(std::chrono::minutes(1));
    return usecases::ReportChildConcern(*door_, *concerns_)
        .Run(Write(Worker()), id, family.unit, "Oro.")
        ->concern.concern_id;
  };
  const std::string first = report(gone);
  const std::string second = report(stays);
  const std::string third = report(gone);
  Closed(gone);
  YearsPass(5);
  usecases::ListChildConcerns list(*door_, *concerns_);
  usecases::GetChildConcern get(*door_, *concerns_);
  EXPECT_EQ(list.Run(Call(family), {})->concerns.size(), 3U);
  ASSERT_TRUE(get.Run(Call(family), first).ok());
  ASSERT_TRUE(Erase(gone).ok());
  const auto left = list.Run(Call(family), {});
  ASSERT_TRUE(left.ok()) << left.status();
  ASSERT_EQ(left->concerns.size(), 1U);
  EXPECT_EQ(left->concerns[0].concern_id, second);
  const auto next = list.Run(Call(family), {1, third});
  ASSERT_TRUE(next.ok()) << "a cursor from before still stands: " << next.status();
  EXPECT_EQ(next->concerns.at(0).concern_id, second);
  // Neither the recipient nor the owner, who is the sender too, is told more than of a missing one.
  for (const Caller& caller : {family, Worker()}) {
    EXPECT_EQ(get.Run(Call(caller), first).status(), get.Run(Call(caller), NewUuidV4()).status());
  }
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE resource_id = $1 AND NOT permitted",
                  {first}),
            2);
  EXPECT_TRUE(get.Run(Call(family), second).ok());
}

TEST_F(RetentionTest, ThePersonIsFoundUntilTheLastCaseIsErased) {
  const std::string number = testing::CompleteForm().person.identity_number;
  const std::string first = SubmittedAbout(number, Worker());
  ASSERT_TRUE(Step(Worker(), first, domain::Withdraw).ok());
  const std::string other = SubmittedAbout(number, OtherWorker());
  YearsPass(5);
  ASSERT_TRUE(Erase(first).ok());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM person WHERE identity_index IS NOT NULL"), 1);
  EXPECT_TRUE(KeysLeft(other));
}

TEST_F(RetentionTest, ARestoreDoesNotBringAnErasedCaseBack) {
  const std::string id = Closed();
  YearsPass(5);
  vault::VaultOptions options;
  options.owner = "referral";
  options.ledger_file = ring_directory_ + "/ledger";
  vault::Vault vault(*keys_, *ring_, options);
  storage::PostgresRetention store(*pool_, vault);
  usecases::Retentions retentions(*door_, store);
  const auto backup = database_.Query(
      "keystore", "SELECT record_class, kek_id, wrapped FROM data_key WHERE scope_id = $1", {id});
  const auto row = database_.Query(
      "referral", "SELECT content_sealed FROM referral WHERE referral_id = $1::uuid", {id});
  ASSERT_GT(backup.size(), 0);
  ASSERT_TRUE(retentions.Erase(Write(Decider()), {id, "0"}, "nothing_to_archive").ok());

  // As before the erasure, in key store and service; the ledger lies outside both.
  ASSERT_TRUE(keys_->Write("DELETE FROM data_key").ok());
  database_.Query("keystore", "DELETE FROM erasure");
  for (const pg::Row key : backup) {
    ASSERT_TRUE(keys_
                    ->Write("INSERT INTO data_key (scope_id, owner, record_class, kek_id, wrapped)"
                            " VALUES ($1, 'referral', $2, $3, $4)",
                            {id, key.Text("record_class"), key.Text("kek_id"),
                             pg::Bytes{key.Bytes("wrapped")}})
                    .ok());
  }
  database_.Query("referral", "ALTER TABLE referral DISABLE TRIGGER USER");
  database_.Query("referral", "ALTER TABLE retention DISABLE TRIGGER USER");
  database_.Query("referral", "UPDATE referral SET erased_at = NULL, content_sealed = $1",
                  {pg::Bytes{row[0].Bytes("content_sealed")}});
  database_.Query("referral", "DELETE FROM retention");
  database_.Query("referral", "ALTER TABLE referral ENABLE TRIGGER USER");
  database_.Query("referral", "ALTER TABLE retention ENABLE TRIGGER USER");
  vault::Vault restarted(*keys_, *ring_, options);
  const auto erased = restarted.ReplayLedger();
  ASSERT_TRUE(erased.ok()) << erased.status();
  const pg::Deadline soon = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(storage::FinishErasures(*pool_, *erased, clock_.Now(), soon).ok());
  }
  EXPECT_FALSE(KeysLeft(id));
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral WHERE octet_length(content_sealed) > 0"), 0);
  EXPECT_EQ(Get(id).retention.waiver_reason_code, "ledger");
  EXPECT_EQ(usecases::GetReferral(*door_).Run(Call(Worker()), id).status(), NotFound());
}

TEST_F(RetentionTest, OwnersAreToldOnceAndSeeWhatIsDue) {
  const std::string first = Closed();
  clock_.Advance(std::chrono::hours(24));
  const std::string second = Closed();
  const pg::Deadline soon = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  EXPECT_EQ(storage::FlagErasureDue(*pool_, clock_.Now(), soon).value(), 0);
  YearsPass(5);
  EXPECT_EQ(storage::FlagErasureDue(*pool_, clock_.Now(), soon).value(), 2);
  EXPECT_EQ(storage::FlagErasureDue(*pool_, clock_.Now(), soon).value(), 0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'erasure_due'"), 2);
  const auto page = retentions_.ListDue(Call(Worker()), {1, ""});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->cases.size(), 1U);
  EXPECT_EQ(page->cases[0].referral_id, first);
  const auto rest = retentions_.ListDue(Call(Worker()), {1, page->next});
  EXPECT_EQ(rest->cases.at(0).referral_id, second);
  EXPECT_EQ(rest->next, "");
  EXPECT_TRUE(retentions_.ListDue(Call(OtherWorker()), {})->cases.empty());
  ASSERT_TRUE(Erase(first).ok());
  EXPECT_EQ(retentions_.ListDue(Call(Worker()), {})->cases.size(), 1U);
}

TEST_F(RetentionTest, TheRegisterExtractIsThePersonsAndNobodyElses) {
  const std::string number = testing::CompleteForm().person.identity_number;
  domain::Form form = testing::CompleteForm();
  form.children.count = 1;
  form.children.child_perspective = true;
  form.children.child_perspective_reason = "Orolig lärare.";
  form.children.details.childs_view = "Barnets egna ord.";
  const auto made = usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}});
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string first = made->referral.referral_id;
  Consent(first);
  ASSERT_TRUE(Step(Worker(), first, testing::Submit).ok());
  ASSERT_TRUE(usecases::GetReferral(*door_).Run(Call(EkelidenSeat()), first).ok());
  ASSERT_TRUE(Step(Worker(), first, domain::Withdraw).ok());
  clock_.Advance(std::chrono::hours(1));
  const std::string second = DraftAbout(number);
  SubmittedAbout(number, OtherWorker());

  usecases::ExportRegister exporter(ports_);
  const auto page = exporter.Run(Call(Worker()), second, {1, ""});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->cases.size(), 1U);
  const usecases::RegisteredCase& one = page->cases[0];
  EXPECT_EQ(one.view.referral.referral_id, first);
  EXPECT_EQ(one.view.referral.content.form.person.family_name, "Påhittad");
  EXPECT_EQ(one.view.referral.content.form.children.count, 1);
  EXPECT_EQ(one.view.referral.content.form.children.details, domain::ChildrenDetails{});
  EXPECT_EQ(one.view.referral.content.form.children.child_perspective_reason, "");
  EXPECT_TRUE(one.view.referral.handler_subjects.empty());
  EXPECT_EQ(one.grounds.at(0).ground.judged_by_subject, "");
  ASSERT_EQ(one.disclosures.size(), 1U);
  EXPECT_EQ(one.disclosures[0].unit_id, "placement-board");
  const auto rest = exporter.Run(Call(Worker()), second, {1, page->next});
  EXPECT_EQ(rest->cases.at(0).view.referral.referral_id, second);
  EXPECT_EQ(rest->next, "") << "another unit's case is that unit's to export";
  EXPECT_EQ(exporter.Run(Call(EkelidenSeat()), first, {}).status(), NotFound());
}

TEST_F(RetentionTest, NothingOfThisIsAnotherUnits) {
  const std::string id = Closed();
  for (const Caller& caller : {EkelidenSeat(), OtherWorker()}) {
    const absl::Status missing = retentions_.Get(Call(caller), NewUuidV4()).status();
    EXPECT_EQ(retentions_.Get(Call(caller), id).status(), missing);
    EXPECT_EQ(retentions_.PlaceHold(Write(caller), {id, "0"}, "other").status(), missing);
    EXPECT_EQ(retentions_.Erase(Write(caller), {id, "0"}, "").status(), missing);
  }
}

}  // namespace
}  // namespace vardkedja::referral
