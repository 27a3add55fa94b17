// Life events on a real PostgreSQL.
#include "referral-service/usecases/life_events.h"

#include <gtest/gtest.h>

#include "referral-service/storage/test_fixture.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::CompleteForm;
using testing::Decider;
using testing::EkelidenSeat;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

constexpr const char* kOtherNumber = "19890201-9804";

class LifeEventsTest : public testing::Fixture {
 protected:
  absl::StatusOr<domain::LifeEvent> Take(const Caller& caller, const std::string& id,
                                         const usecases::DecideLifeEvent& decide) {
    return usecases::TakeLifeEvent(*door_, *life_events_)
        .Run(Write(caller), {id, Etag(id)}, decide);
  }

  static usecases::DecideLifeEvent Correct(domain::PersonCorrection correction,
                                           const std::string& number) {
    return [=](const domain::Step& step) {
      domain::CorrectPersonRequest request;
      request.correction = correction;
      request.person = step.referral.content.form.person;
      request.person.identity_number = number;
      request.text = "Uppgift från folkbokföringen.";
      return domain::CorrectPerson(step, request);
    };
  }

  static usecases::DecideLifeEvent Move(domain::MoveReason reason, const std::string& unit) {
    return [=](const domain::Step& step) {
      return domain::MoveCase(step, {reason, unit, {"worker-2"}, "Överenskommet i dag."});
    };
  }

  static usecases::DecideLifeEvent Protect(bool on) {
    return [=](const domain::Step& step) {
      return domain::SetProtection(step, on, "Skatteverkets markering.");
    };
  }

  std::string PersonOf(const std::string& id) {
    return database_
        .Query("referral", "SELECT person_id::text AS p FROM referral WHERE referral_id = $1::uuid",
               {id})[0]
        .Text("p");
  }

  v1::ReferralEvent Last(const std::string& type) {
    const auto rows = database_.Query(
        "referral", "SELECT payload FROM event WHERE type = $1 ORDER BY recorded_at DESC LIMIT 1",
        {type});
    v1::ReferralEvent event;
    EXPECT_TRUE(!rows.empty() && event.ParseFromString(rows[0].Bytes("payload"))) << type;
    return event;
  }

  static std::set<std::string> Rules(const absl::Status& status) {
    std::set<std::string> rules;
    const auto detail = GetErrorDetail(status);
    if (detail) {
      for (const FieldViolation& one : detail->violations) rules.insert(one.field + " " + one.rule);
    }
    return rules;
  }
};

TEST_F(LifeEventsTest, AReserveNumberBecomesAPersonalNumberAndTheFormerIsKept) {
  const std::string id = DraftAbout("RK123456");
  const std::string before = PersonOf(id);
  const auto event = Take(
      Worker(), id, Correct(domain::PersonCorrection::kReserveNumberReplaced, "19900101-9802"));
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_FALSE(event->former_person.has_value()) << "the answer holds nothing personal";
  EXPECT_NE(PersonOf(id), before);
  EXPECT_EQ(PersonOf(id), PersonOf(DraftAbout("19900101-9802", OtherWorker())))
      << "found as the same person";
  const v1::ReferralEvent told = Last("person_corrected");
  EXPECT_EQ(told.person_id(), PersonOf(id));
  EXPECT_EQ(told.person_corrected().former_person_id(), before);
  const auto list = usecases::ListLifeEvents(*door_, *life_events_).Run(Call(Worker()), id);
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->size(), 1U);
  EXPECT_EQ(list->at(0).former_person->identity_number, "RK123456");
  EXPECT_EQ(list->at(0).text, "Uppgift från folkbokföringen.");
  EXPECT_EQ(Count("SELECT count(*) AS n FROM life_event WHERE position('RK123456'::bytea IN"
                  " content_sealed) > 0"),
            0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral_step WHERE action = 'life_event'"
                  " AND outcome = 'person_corrected' AND from_state = to_state"),
            1);
}

TEST_F(LifeEventsTest, ACorrectionIsRefusedWithAllItsFaults) {
  const std::string id = Submitted();
  EXPECT_EQ(Rules(Take(Worker(), id,
                       Correct(domain::PersonCorrection::kReserveNumberReplaced, kOtherNumber))
                      .status()),
            std::set<std::string>{"correction NO_RESERVE_NUMBER"});
  EXPECT_EQ(Rules(Take(Worker(), id, Correct(domain::PersonCorrection::kSamePerson, "199001019802"))
                      .status()),
            std::set<std::string>{"person.identity_number SAME_NUMBER"});
  const auto nothing =
      Take(Worker(), id, [](const domain::Step& step) { return domain::CorrectPerson(step, {}); });
  EXPECT_TRUE(Rules(nothing.status()).contains("person.identity_number IDENTITY_NUMBER"));
  EXPECT_TRUE(Rules(nothing.status()).contains("correction REQUIRED"));
  EXPECT_TRUE(Rules(nothing.status()).contains("text REQUIRED"));
  EXPECT_TRUE(Rules(nothing.status()).contains("person.given_name REQUIRED"));
  EXPECT_EQ(
      Reason(Take(EkelidenSeat(), id, Correct(domain::PersonCorrection::kWrongPerson, kOtherNumber))
                 .status()),
      "NOT_FOUND");
}

TEST_F(LifeEventsTest, AMoveGivesTheCaseAnotherOwnerAtOnce) {
  const std::string id = Submitted();
  const std::string etag = Etag(id);
  const auth::CallContext call = Write(Worker());
  usecases::TakeLifeEvent take(*door_, *life_events_);
  const auto decide = Move(domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1");
  const auto moved = take.Run(call, {id, etag}, decide);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->former_unit_id, "alvesta-authority");
  EXPECT_EQ(Reason(usecases::GetReferral(*door_).Run(Call(Worker()), id).status()), "NOT_FOUND");
  const auto seen = usecases::GetReferral(*door_).Run(Call(OtherWorker()), id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->referral.municipality_code, "0780");
  EXPECT_EQ(seen->referral.handler_subjects, std::set<std::string>{"worker-2"});
  EXPECT_EQ(seen->referral.content.form.person.given_name, "Tove");
  EXPECT_TRUE(usecases::GetReferral(*door_).Run(Call(EkelidenSeat()), id).ok())
      << "the person's consent stays";
  const auto again = take.Run(call, {id, etag}, decide);
  ASSERT_TRUE(again.ok()) << "a repeated request is answered: " << again.status();
  EXPECT_EQ(again->life_event_id, moved->life_event_id);
  const v1::ReferralEvent told = Last("case_moved");
  EXPECT_EQ(told.owner_unit_id(), "vaxjo-ifo1");
  EXPECT_EQ(told.municipality_code(), "0780");
  EXPECT_EQ(told.case_moved().former_municipality_code(), "0764");
  EXPECT_EQ(told.case_moved().informed_unit_ids_size(), 3);
  EXPECT_EQ(
      Reason(usecases::ListLifeEvents(*door_, *life_events_).Run(Call(Worker()), id).status()),
      "NOT_FOUND");
}

TEST_F(LifeEventsTest, AMoveFitsItsReason) {
  const std::string id = Submitted();
  EXPECT_EQ(Rules(Take(Worker(), id, Move(domain::MoveReason::kUnitMerged, "vaxjo-ifo1")).status()),
            std::set<std::string>{"to_unit_id CONTRADICTION"});
  EXPECT_EQ(
      Rules(Take(Worker(), id, Move(domain::MoveReason::kUnitSplit, "alvesta-authority")).status()),
      std::set<std::string>{"to_unit_id CONTRADICTION"});
  for (const char* unit :
       {"ekeliden", "clinic-region-vaxjo", "ljungby-social-services", "nowhere"}) {
    EXPECT_EQ(
        Rules(Take(Worker(), id, Move(domain::MoveReason::kMovedMunicipality, unit)).status()),
        std::set<std::string>{"to_unit_id NOT_A_MUNICIPAL_UNIT"})
        << unit;
  }
  const std::string other = Draft(OtherWorker());
  ASSERT_TRUE(
      Take(OtherWorker(), other, Move(domain::MoveReason::kUnitMerged, "vaxjo-child-family")).ok());
  const std::string closed = Submitted();
  ASSERT_TRUE(Step(Worker(), closed, domain::Withdraw).ok());
  EXPECT_EQ(
      Reason(Take(Worker(), closed, Move(domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1"))
                 .status()),
      "ILLEGAL_STATE");
}

TEST_F(LifeEventsTest, ProtectionHoldsAtOnceAndOnlyANamedHandlerLiftsIt) {
  const std::string id = Submitted();
  const auto name = [&](const Caller& caller) {
    return usecases::GetReferral(*door_)
        .Run(Call(caller), id)
        ->referral.content.form.person.given_name;
  };
  EXPECT_EQ(name(EkelidenSeat()), "Tove");
  // Anyone of the owner's unit may protect; the decider is no named handler.
  ASSERT_TRUE(Take(Decider(), id, Protect(true)).ok());
  EXPECT_EQ(name(EkelidenSeat()), "");
  EXPECT_EQ(name(Worker()), "Tove");
  EXPECT_TRUE(Last("protection_set").protection_set().protected_identity());
  EXPECT_EQ(Last("protection_set").protection_set().legal_sex(), common::v1::LEGAL_SEX_UNSPECIFIED);
  EXPECT_EQ(Reason(Take(Worker(), id, Protect(true)).status()), "ILLEGAL_STATE");
  EXPECT_EQ(Reason(Take(Decider(), id, Protect(false)).status()), "NOT_FOUND");
  EXPECT_EQ(Reason(Take(Decider(), id, Correct(domain::PersonCorrection::kSamePerson, kOtherNumber))
                       .status()),
            "NOT_FOUND");
  ASSERT_TRUE(Take(Worker(), id, Protect(false)).ok());
  EXPECT_EQ(name(EkelidenSeat()), "Tove");
  EXPECT_EQ(Last("protection_set").protection_set().legal_sex(), common::v1::LEGAL_SEX_FEMALE);
}

TEST_F(LifeEventsTest, ADeathIsDatedAndTellsWhoAGroundNames) {
  const std::string id = Submitted();
  const auto died = [&](const std::string& date) {
    return Take(Worker(), id,
                [&](const domain::Step& step) { return domain::RecordDeath(step, date, ""); });
  };
  EXPECT_EQ(Rules(died("").status()), std::set<std::string>{"death_date REQUIRED"});
  EXPECT_EQ(Rules(died("2026-11-24").status()), std::set<std::string>{"death_date IN_THE_FUTURE"});
  const auto event = died("2026-11-22");
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(Last("person_died").person_died().death_date(), "2026-11-22");
  EXPECT_EQ(Last("person_died").person_died().informed_unit_ids_size(), 3);
  EXPECT_EQ(StateOf(id), "submitted");
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                return domain::Close(step, "deceased");
              }).ok());
}

TEST_F(LifeEventsTest, TwoRecordsThatAreOnePersonDoNotBecomeTwoOpenCasesOfOneUnit) {
  const std::string kept = DraftAbout(kOtherNumber);
  const std::string id = DraftAbout("19900101-9802");
  const std::string before = PersonOf(id);
  const auto same = Correct(domain::PersonCorrection::kSamePerson, kOtherNumber);
  const absl::Status refused = Take(Worker(), id, same).status();
  EXPECT_EQ(Reason(refused), "REFERRAL_EXISTS");
  EXPECT_EQ(GetErrorDetail(refused)->metadata["referral_id"], kept);
  EXPECT_EQ(PersonOf(id), before);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM life_event"), 0);
  ASSERT_TRUE(Step(Worker(), kept, domain::Withdraw).ok());
  ASSERT_TRUE(Take(Worker(), id, same).ok());
  EXPECT_EQ(PersonOf(id), PersonOf(kept));
}

TEST_F(LifeEventsTest, AMoveToAUnitThatHasACaseOfThePersonIsRefusedWithoutTellingWhich) {
  ASSERT_FALSE(DraftAbout(kOtherNumber, OtherWorker()).empty());
  const std::string id = DraftAbout(kOtherNumber);
  const absl::Status refused =
      Take(Worker(), id, Move(domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1")).status();
  EXPECT_EQ(Reason(refused), "REFERRAL_EXISTS");
  EXPECT_TRUE(GetErrorDetail(refused)->metadata.empty());
  EXPECT_TRUE(usecases::GetReferral(*door_).Run(Call(Worker()), id).ok()) << "it has not moved";
}

TEST_F(LifeEventsTest, ACorrectionThatWouldMakeTwoLiveCasesOfOnePersonIsRefused) {
  ASSERT_FALSE(Assessed({"ekeliden"}).empty());
  const std::string other = SubmittedAbout(kOtherNumber, OtherWorker());
  ASSERT_TRUE(Step(EkelidenSeat(), other, domain::Acknowledge).ok());
  ASSERT_TRUE(Step(EkelidenSeat(), other, [](const domain::Step& step) {
                return domain::ProposeAssessment(
                    step, {{"novus"}, domain::BedKind::kRegular, "Bedömning.", ""});
              }).ok());
  ASSERT_TRUE(Step(testing::NovusSeat(), other, domain::ConfirmAssessment).ok());
  const std::string number = CompleteForm().person.identity_number;
  const auto same = Correct(domain::PersonCorrection::kSamePerson, number);
  EXPECT_EQ(Reason(Take(OtherWorker(), other, same).status()), "LIVE_CASE_EXISTS");
  EXPECT_EQ(StateOf(other), "assessed");
}

TEST_F(LifeEventsTest, OfTwoPlacedRecordsOfOnePersonOneEndsAndThenTheyAreOne) {
  const std::string kept = Decided({"ekeliden"});
  MoveIn(kept, "ekeliden");
  const std::string twice = Decided({"novus"});
  MoveIn(twice, "novus");
  // The second one's number is not known to be the first one's; another municipality owns it.
  ASSERT_TRUE(
      Take(Worker(), twice, Move(domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1")).ok());
  const std::string number = CompleteForm().person.identity_number;
  const auto same = Correct(domain::PersonCorrection::kSamePerson, number);
  const absl::Status refused = Take(OtherWorker(), twice, same).status();
  EXPECT_EQ(Reason(refused), "LIVE_CASE_EXISTS");
  EXPECT_EQ(GetErrorDetail(refused)->metadata["resolved_by"], "owners");
  placement::v1::PlacementEvent event;
  event.set_case_id(twice);
  event.set_facility_id("novus");
  event.set_facility_unit_id("novus");
  event.mutable_stay_corrected()->set_reason_code("wrong_person");
  Tell("told", event.SerializeAsString(), twice);
  EXPECT_EQ(StateOf(twice), "offered");
  EXPECT_EQ(Reason(Take(OtherWorker(), twice, same).status()), "LIVE_CASE_EXISTS");
  ASSERT_TRUE(Step(OtherWorker(), twice, [](const domain::Step& step) {
                return domain::Close(step, "other_solution");
              }).ok());
  const auto corrected = Take(OtherWorker(), twice, same);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(PersonOf(twice), PersonOf(kept));
}

TEST_F(LifeEventsTest, TheFormerOwnersFeedTellsThatTheCaseLeft) {
  const std::string id = Submitted();
  ASSERT_TRUE(Take(Worker(), id, Move(domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1")).ok());
  const auto feed = usecases::ListChanges(*door_, *index_).Run(Call(Worker()), {});
  ASSERT_TRUE(feed.ok()) << feed.status();
  EXPECT_EQ(feed->changes.back().what, "left");
}

TEST_F(LifeEventsTest, ACaseHasAHundredLifeEventsAtMost) {
  const std::string id = Submitted();
  database_.Query("referral",
                  "INSERT INTO life_event (life_event_id, referral_id, version, kind, reason_code,"
                  " unit_id, subject, former_unit_id, content_sealed, recorded_at)"
                  " SELECT gen_random_uuid(), $1::uuid, 1000 + n, 'protection_set', 'set',"
                  " 'alvesta-authority', 'worker-1', '', '', now() FROM generate_series(1, 100) n",
                  {id});
  EXPECT_EQ(Reason(Take(Worker(), id, Protect(true)).status()), "TOO_MANY_LIFE_EVENTS");
}

TEST_F(LifeEventsTest, AStaleEtagChangesNothing) {
  const std::string id = Submitted();
  EXPECT_EQ(Reason(usecases::TakeLifeEvent(*door_, *life_events_)
                       .Run(Write(Worker()), {id, "1"}, Protect(true))
                       .status()),
            "STALE_ETAG");
  EXPECT_EQ(Count("SELECT count(*) AS n FROM life_event"), 0);
}

TEST_F(LifeEventsTest, ADecisionStaysWithTheMunicipalityThatMadeItAndFurtherOnesAreTheNewOwners) {
  const std::string id = Decided({"novus"});
  ASSERT_TRUE(Take(Worker(), id, Move(domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1")).ok());
  const auto decisions = [&] {
    return usecases::GetReferral(*door_).Run(Call(OtherWorker()), id)->referral.decisions;
  };
  ASSERT_EQ(decisions().size(), 1U);
  EXPECT_EQ(decisions()[0].municipality_code, "0764");
  EXPECT_EQ(decisions()[0].deciding_organisation_id, "alvesta");
  Caller decider = OtherWorker();
  decider.role = auth::Role::kDecider;
  const auto extended = Step(decider, id, [](const domain::Step& step) {
    domain::ExtendRequest request;
    request.to_date = FormatDate(step.today() + std::chrono::days(300));
    request.law_section = "SoL 11:1";
    request.delegation_point = "2.1";
    request.motivation = "Behovet kvarstår.";
    return domain::ExtendDecision(step, request);
  });
  ASSERT_TRUE(extended.ok()) << extended.status();
  ASSERT_EQ(decisions().size(), 2U);
  EXPECT_EQ(decisions()[0].municipality_code, "0764");
  EXPECT_EQ(decisions()[1].municipality_code, "0780");
  EXPECT_EQ(decisions()[1].deciding_organisation_id, "vaxjo");
  const v1::ReferralEvent told = Last("decision_made");
  EXPECT_EQ(told.municipality_code(), "0780");
  EXPECT_TRUE(told.decision_made().extension()) << "the person keeps the place in the queue";
}

TEST_F(LifeEventsTest, WhatTheFormerOwnerProposedIsTheNewOwnersOnceItDecides) {
  const std::string id = Answered({"novus"});
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                domain::ProposeDecisionRequest request;
                request.facility_id = "novus";
                request.law_section = "SoL 11:1";
                request.to_date = FormatDate(step.today() + std::chrono::days(180));
                return domain::ProposeDecision(step, request);
              }).ok());
  ASSERT_TRUE(Take(Worker(), id, Move(domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1")).ok());
  Caller decider = OtherWorker();
  decider.role = auth::Role::kDecider;
  const auto made = Step(decider, id, [](const domain::Step& step) {
    return domain::MakeDecision(step, {domain::Outcome::kGrant, "2.1", "", ""});
  });
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->referral.decisions.at(0).municipality_code, "0780");
  EXPECT_EQ(made->referral.decisions.at(0).deciding_organisation_id, "vaxjo");
}

TEST_F(LifeEventsTest, TheDatabaseRefusesAChangeOfWhatWasDecided) {
  const std::string id = Decided({"novus"});
  const auto refused = [&](const char* sql) {
    return pg::ViolatedConstraint(pool_->Write(sql, {id}).status());
  };
  EXPECT_EQ(refused("UPDATE decision SET municipality_code = '0780' WHERE referral_id = $1::uuid"),
            "decision_once");
  EXPECT_EQ(refused("UPDATE decision SET to_date = to_date + 1 WHERE referral_id = $1::uuid"),
            "decision_once");
}

}  // namespace
}  // namespace vardkedja::referral
