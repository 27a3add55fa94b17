// Places sold outside the chain: one bed to one, whoever pays, and never past those who wait.
#include "placement-service/usecases/external_stays.h"

#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using domain::ExternalCorrectionReason;
using std::chrono::days;
using usecases::ReadExternalStays;

class ExternalStaysTest : public PlacementFixture {
 protected:
  absl::StatusOr<usecases::ExternalStayAnswer> Begin(const std::string& bed,
                                                     std::optional<Date> move_in = {},
                                                     std::optional<Date> planned = {},
                                                     const std::string& unit = "novus") {
    return usecases::BeginExternalStay(store_).Run(
        Writing(unit), {domain::BedId(bed), {"kalmar", "K-2026/17", 250'000}, move_in, planned});
  }
  absl::StatusOr<usecases::ExternalStayAnswer> End(const usecases::ExternalStayAnswer& stay,
                                                   Date departure) {
    return usecases::EndExternalStay(store_).Run(
        Writing("novus"),
        {stay.record.stay.id, std::to_string(stay.record.stay.version), departure});
  }
  absl::StatusOr<usecases::ExternalStayAnswer> Correct(const usecases::ExternalStayAnswer& stay,
                                                       const domain::ExternalCorrection& what) {
    return usecases::CorrectExternalStay(store_).Run(
        Writing("novus"), {stay.record.stay.id, std::to_string(stay.record.stay.version), what});
  }
  domain::DayCount NovusOn(Date date) {
    return usecases::ReadBeds(store_)
        .Availability(As("novus"),
                      {domain::FacilityId("novus"), domain::BedKind::kRegular, date, {}, {}})
        ->days.at(0);
  }
};

TEST_F(ExternalStaysTest, OccupiesTheBedUntilTheDepartureAndEarnsItsDays) {
  EXPECT_EQ(ReasonOf(Begin("novus-01", {}, {}, "ekeliden").status()), "UNIT_NOT_YOURS");
  const auto begun = Begin("novus-01", Today() - days(3), Today() + days(7));
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->bed_days, 3);
  EXPECT_EQ(begun->revenue_ore, 750'000);
  EXPECT_EQ(begun->actions, (std::vector<std::string>{"EndExternalStay", "CorrectExternalStay"}));
  EXPECT_EQ(NovusOn(Today()).occupied, 1);
  EXPECT_EQ(NovusOn(Today() + days(7)).free, 2);
  EXPECT_EQ(ReasonOf(Begin("novus-01").status()), "BED_OCCUPIED");

  EXPECT_EQ(ReasonOf(End(*begun, Today() + days(1)).status()), "FIELD_VIOLATIONS");
  const auto ended = End(*begun, Today() - days(1));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->revenue_ore, 500'000);
  EXPECT_EQ(NovusOn(Today()).free, 2);
  EXPECT_EQ(ReasonOf(End(*ended, Today()).status()), "ILLEGAL_STATE");

  const auto events = Events("external_stay_recorded");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].external_stay_recorded().state_code(), "active");
  EXPECT_EQ(events[1].external_stay_recorded().departure_date(), FormatDate(Today() - days(1)));
  EXPECT_EQ(events[1].external_stay_recorded().ore_per_day(), 250'000);
  EXPECT_EQ(events[1].case_id(), "");
  EXPECT_EQ(events[1].person_id(), "");
}

TEST_F(ExternalStaysTest, OneBedIsNeverGivenToTwoWhicheverComesFirst) {
  PlayedCase person = NewCase();
  PlaceIn(person, "novus", "novus-01");
  EXPECT_EQ(ReasonOf(Begin("novus-01").status()), "BED_OCCUPIED");
  const auto sold = Begin("novus-02", Today() - days(1));
  ASSERT_TRUE(sold.ok()) << sold.status();
  EXPECT_EQ(ReasonOf(usecases::MakeOffer(store_, disclosure_)
                         .Run(Writing("novus"), {domain::BedId("novus-02"), {}})
                         .status()),
            "BED_OCCUPIED");
  // The database itself.
  const auto twice = pool_->Write(
      "INSERT INTO stay (stay_id, facility_id, bed_kind, bed_id, state, move_in, transferred_in,"
      " purchaser, purchaser_reference, ore_per_day) VALUES (gen_random_uuid(), 'novus', 1,"
      " 'novus-01', 'active', $1, false, 'kalmar', '', 1)",
      {Today() + days(1)});
  EXPECT_EQ(pg::ViolatedConstraint(twice.status()), "stay_bed");
  const auto both =
      pool_->Write("UPDATE stay SET person_id = 'someone' WHERE purchaser IS NOT NULL", {});
  EXPECT_EQ(pg::ViolatedConstraint(both.status()), "stay_of_case_or_purchaser");
  const auto agreed =
      pool_->Write("UPDATE stay SET agreement_exception = 1 WHERE purchaser IS NOT NULL", {});
  EXPECT_EQ(pg::ViolatedConstraint(agreed.status()), "stay_agreement_of_case");
}

TEST_F(ExternalStaysTest, NothingIsSoldPastThoseWhoWaitNorWhatIsPromised) {
  PlayedCase person = NewCase();
  Decide(person, "novus", Today() - days(1));
  EXPECT_EQ(ReasonOf(Begin("novus-01").status()), "QUEUE_WAITS");
  const auto offer = MakeOffer("novus-01");
  EXPECT_EQ(ReasonOf(Begin("novus-01").status()), "BED_OFFERED");
  EXPECT_TRUE(Begin("novus-02", {}, Today() + days(5)).ok()) << "nobody else waits";
  ASSERT_TRUE(Accept(offer.record.offer.id, Today() + days(4)).ok());
  EXPECT_EQ(ReasonOf(Begin("novus-01", {}, Today() + days(5)).status()), "BED_RESERVED");
  EXPECT_TRUE(Begin("novus-01", {}, Today() + days(4)).ok());
}

TEST_F(ExternalStaysTest, AReferenceIsNoIdentityNumber) {
  const usecases::BeginExternalStay begin(store_);
  const auto refused = begin.Run(
      Writing("novus"), {domain::BedId("novus-01"), {"Kalmar kommun", "19840514-2384", 0}, {}, {}});
  std::vector<std::string> fields;
  const auto detail = GetErrorDetail(refused.status());
  ASSERT_TRUE(detail.has_value());
  for (const auto& one : detail->violations) fields.push_back(one.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"purchaser", "purchaser_reference", "ore_per_day"}));
}

TEST_F(ExternalStaysTest, AMemberOfTheChainBuysNoPlace) {
  const auto sold = [&](const std::string& purchaser) {
    return usecases::BeginExternalStay(store_)
        .Run(Writing("novus"), {domain::BedId("novus-01"), {purchaser, "", 0}, {}, {}})
        .status();
  };
  const auto refused = GetErrorDetail(sold("alvesta"));
  ASSERT_TRUE(refused.has_value());
  ASSERT_EQ(refused->violations.size(), 2u) << "the price as well";
  EXPECT_EQ(refused->violations[1].rule, "CHAIN_MEMBER");
  // Listed in the directory, but not taking part.
  EXPECT_EQ(GetErrorDetail(sold("kalmar"))->violations.size(), 1u);

  const auto begun = Begin("novus-01");
  ASSERT_TRUE(begun.ok()) << begun.status();
  const auto corrected = Correct(
      *begun, {.reason = ExternalCorrectionReason::kWrongTerms, .terms = {"alvesta", "", 0}});
  EXPECT_EQ(GetErrorDetail(corrected.status())->violations.at(0).rule, "CHAIN_MEMBER");
  const auto past = pool_->Write(
      "INSERT INTO stay (stay_id, facility_id, bed_kind, bed_id, state, move_in, transferred_in,"
      " purchaser, purchaser_reference, ore_per_day) VALUES (gen_random_uuid(), 'novus', 1,"
      " 'novus-02', 'active', '2026-11-01', false, 'alvesta', '', 1)",
      {});
  EXPECT_EQ(pg::ViolatedConstraint(past.status()), "stay_purchaser_outside");
  // Who joins the chain later was outside it then: the record can still be put right.
  database_.Query("placement", "INSERT INTO chain_member (organisation_id) VALUES ('kalmar')");
  EXPECT_TRUE(Correct(*begun, {.reason = ExternalCorrectionReason::kWrongBed,
                               .bed = domain::BedId("novus-02")})
                  .ok());
}

TEST_F(ExternalStaysTest, WhatWasWrongIsMarkedAndReplaced) {
  const auto begun = Begin("novus-01", Today() - days(3));
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(ReasonOf(Correct(*begun, {.reason = ExternalCorrectionReason::kWrongBed,
                                      .bed = domain::BedId("ekeliden-01")})
                         .status()),
            "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Correct(*begun,
                             {.reason = ExternalCorrectionReason::kWrongTerms, .move_in = Today()})
                         .status()),
            "FIELD_VIOLATIONS");
  const auto moved = Correct(
      *begun, {.reason = ExternalCorrectionReason::kWrongBed, .bed = domain::BedId("novus-02")});
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->record.stay.corrects, begun->record.stay.id);
  EXPECT_EQ(moved->revenue_ore, 750'000);
  const auto wrong = ReadExternalStays(store_).Get(As("novus"), begun->record.stay.id);
  EXPECT_EQ(wrong->record.stay.state, domain::StayState::kCorrected);
  EXPECT_EQ(wrong->revenue_ore, 0);
  EXPECT_TRUE(wrong->actions.empty());

  const auto priced = Correct(
      *moved, {.reason = ExternalCorrectionReason::kWrongTerms, .terms = {"", "", 300'000}});
  ASSERT_TRUE(priced.ok()) << priced.status();
  EXPECT_EQ(priced->revenue_ore, 900'000);
  EXPECT_EQ(priced->record.stay.terms.purchaser, "kalmar");
  const auto gone = Correct(*priced, {.reason = ExternalCorrectionReason::kNoSuchStay});
  ASSERT_TRUE(gone.ok()) << gone.status();
  EXPECT_EQ(gone->record.stay.id, priced->record.stay.id);
  EXPECT_EQ(NovusOn(Today()).free, 2);
  EXPECT_EQ(Events("external_stay_recorded").size(), 6u);
}

TEST_F(ExternalStaysTest, TheFacilityAndTheBoardReadThemAndToOthersTheyDoNotExist) {
  const auto begun = Begin("novus-01");
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_TRUE(Begin("novus-02", Today() - days(1)).ok());
  const ReadExternalStays reads(store_);
  EXPECT_TRUE(reads.Get(As("placement-board"), begun->record.stay.id).ok());
  EXPECT_EQ(ReasonOf(reads.Get(As("ekeliden"), begun->record.stay.id).status()), "NOT_FOUND");
  EXPECT_TRUE(reads.List(As("ekeliden"), {})->stays.empty());
  usecases::ExternalStayPage page;
  page.limit = 1;
  const auto first = reads.List(As("placement-board"), page);
  ASSERT_TRUE(first.ok()) << first.status();
  page.before = first->next;
  const auto second = reads.List(As("novus"), page);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->stays.at(0).record.stay.bed_id.value, "novus-02");
  // They are no stays of cases.
  EXPECT_TRUE(usecases::ReadStays(stays_).List(As("placement-board"), {})->stays.empty());
  EXPECT_EQ(ReasonOf(usecases::ReadStays(stays_).Get(As("novus"), begun->record.stay.id).status()),
            "NOT_FOUND");
}

}  // namespace
}  // namespace vardkedja::placement
