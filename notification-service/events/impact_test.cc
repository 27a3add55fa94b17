#include "notification-service/events/impact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::notification::events {
namespace {

using domain::DeadlineKind;
using domain::DeadlineState;
using domain::PlanMessages;
using domain::PlannedMessage;
using domain::Source;
using placement::v1::PlacementEvent;
using referral::v1::ReferralEvent;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::VariantWith;

std::set<std::string> EventTypes(const google::protobuf::Descriptor& descriptor) {
  std::set<std::string> types;
  const google::protobuf::OneofDescriptor& oneof = *descriptor.FindOneofByName("event");
  for (int i = 0; i < oneof.field_count(); ++i) types.insert(oneof.field(i)->name());
  return types;
}

std::set<std::string> DecidedTypes(Source source) {
  std::set<std::string> types;
  for (const domain::DerivationRule& rule : domain::DerivationRules()) {
    if (rule.source == source) types.emplace(rule.event_type);
  }
  return types;
}

// Names a unit where the event has a list of units of its own.
void NameUnit(const std::string& type, const std::string& unit, ReferralEvent& payload) {
  if (type == "coordinated_plan_needed") {
    payload.mutable_coordinated_plan_needed()->add_party_unit_ids(unit);
  } else if (type == "coordinated_plan_called") {
    payload.mutable_coordinated_plan_called()->add_invited_unit_ids(unit);
  } else if (type == "coordinated_plan_recorded") {
    payload.mutable_coordinated_plan_recorded()->add_party_unit_ids(unit);
  } else if (type == "cost_split_recorded") {
    payload.mutable_cost_split_recorded()->add_unit_ids(unit);
  } else if (type == "child_concern_reported") {
    payload.mutable_child_concern_reported()->set_recipient_unit_id(unit);
  } else if (type == "person_corrected") {
    payload.mutable_person_corrected()->add_informed_unit_ids(unit);
  } else if (type == "person_died") {
    payload.mutable_person_died()->add_informed_unit_ids(unit);
  } else if (type == "case_moved") {
    payload.mutable_case_moved()->add_informed_unit_ids(unit);
  } else if (type == "protection_set") {
    payload.mutable_protection_set()->add_informed_unit_ids(unit);
  } else if (type == "acute_placement_declared") {
    payload.mutable_acute_placement_declared()->set_placement_date("2026-03-01");
  }
}

// A new event type needs a decision: a row with recipients, or one that says nobody.
TEST(RecipientTableTest, DecidesAboutExactlyTheEventTypesThatExist) {
  EXPECT_EQ(DecidedTypes(Source::kReferral), EventTypes(*ReferralEvent::descriptor()));
  EXPECT_EQ(DecidedTypes(Source::kPlacement), EventTypes(*PlacementEvent::descriptor()));
}

ReferralEvent Referral(const std::string& type) {
  ReferralEvent event;
  event.set_case_id("0b9d2f1e-6d7c-4d0e-9a55-0123456789ab");
  event.set_owner_unit_id("alvesta-authority");
  event.set_case_number("VK-2026-000001");
  const auto* field = event.GetDescriptor()->FindFieldByName(type);
  event.GetReflection()->MutableMessage(&event, field);
  return event;
}

PlacementEvent Placement(const std::string& type) {
  PlacementEvent event;
  event.set_case_id("0b9d2f1e-6d7c-4d0e-9a55-0123456789ab");
  event.set_owner_unit_id("alvesta-authority");
  event.set_case_number("VK-2026-000001");
  event.set_decision_id("decision-1");
  event.set_facility_id("novus");
  event.set_facility_unit_id("novus");
  const auto* field = event.GetDescriptor()->FindFieldByName(type);
  event.GetReflection()->MutableMessage(&event, field);
  return event;
}

template <class Payload>
eventlog::v1::Event Wrap(const Payload& payload, const std::string& type) {
  eventlog::v1::Event event;
  event.set_event_id("018f3b2a-7c1d-7e00-8000-0123456789ab");
  event.set_type(type);
  event.set_payload(payload.SerializeAsString());
  event.mutable_occurred_at()->set_seconds(1'772'000'000);  // 2026-02-25
  return event;
}

// The recipients of every type, when a timer acts, written out a second time: owner, board,
// facility, the two of a transfer, former recipients, home support.
TEST(RecipientTableTest, RecipientsAreAsAgreed) {
  const std::map<std::string, std::set<std::string>> referral = {
      {"submitted", {"placement-board"}},
      {"acknowledged", {"alvesta-authority"}},
      {"information_requested", {"alvesta-authority"}},
      {"information_provided", {"placement-board"}},
      {"assessment_proposed", {"placement-board"}},
      {"assessed", {"alvesta-authority"}},
      {"sent_back", {"alvesta-authority"}},
      {"study_visit_booked", {"alvesta-authority", "facility of the event"}},
      {"study_visit_recorded", {"alvesta-authority", "placement-board"}},
      {"answered", {"placement-board"}},
      {"decision_proposed", {"alvesta-authority"}},
      {"decision_made", {"placement-board", "facility of the event"}},
      {"assistance_refused", {"placement-board"}},
      {"ground_recorded", {}},
      {"ground_ended", {"alvesta-authority", "piva"}},
      {"ground_recipient_merged", {"alvesta-authority"}},
      {"criteria_changed", {}},
      {"implementation_plan_recorded", {}},
      {"home_support_recorded", {"clinic-region-vaxjo"}},
      {"coordinated_plan_needed", {"clinic-region-vaxjo"}},
      {"coordinated_plan_called", {"clinic-region-vaxjo"}},
      {"coordinated_plan_recorded", {"clinic-region-vaxjo"}},
      {"cost_split_recorded", {"clinic-region-vaxjo"}},
      {"child_concern_reported", {"alvesta-authority", "clinic-region-vaxjo"}},
      {"person_corrected", {"clinic-region-vaxjo"}},
      {"person_died", {"clinic-region-vaxjo"}},
      {"case_moved", {"alvesta-authority", "clinic-region-vaxjo"}},
      {"protection_set", {"clinic-region-vaxjo"}},
      {"acute_placement_declared", {}},
      {"outcome_recorded", {}},
      {"closed", {}},
      {"erasure_due", {"alvesta-authority"}},
      {"erased", {}},
      {"handed_over", {"vaxjo-ifo1"}},
      {"hand_over_ended", {"alvesta-authority", "vaxjo-ifo1"}},
      {"taken_over", {"vaxjo-ifo1", "placement-board"}},
  };
  for (const std::string& type : EventTypes(*ReferralEvent::descriptor())) {
    ReferralEvent payload = Referral(type);
    if (type == "decision_made") payload.mutable_decision_made()->set_decision_date("2026-03-01");
    if (type == "ground_ended") payload.mutable_ground_ended()->add_recipient_unit_ids("piva");
    if (type == "home_support_recorded") {
      payload.mutable_home_support_recorded()->add_parts()->set_unit_id("clinic-region-vaxjo");
    }
    NameUnit(type, "clinic-region-vaxjo", payload);
    if (type == "handed_over") payload.mutable_handed_over()->set_to_unit_id("vaxjo-ifo1");
    if (type == "hand_over_ended") payload.mutable_hand_over_ended()->set_to_unit_id("vaxjo-ifo1");
    if (type == "taken_over") {
      payload.mutable_taken_over()->set_former_owner_unit_id("vaxjo-ifo1");
      payload.mutable_taken_over()->set_submitted(true);
    }
    absl::StatusOr<Impact> impact = ReadReferralEvent(Wrap(payload, type));
    ASSERT_TRUE(impact.ok()) << type << impact.status();
    impact->facts.units[domain::Recipient::kFacility] = {"facility of the event"};
    std::set<std::string> told;
    for (const PlannedMessage& planned : PlanMessages(impact->facts)) {
      told.insert(planned.recipient_unit_id);
    }
    ASSERT_TRUE(referral.contains(type)) << type;
    EXPECT_EQ(told, referral.at(type)) << type;
  }
}

TEST(RecipientTableTest, TheBoardLearnsNothingOfADraftThatIsTakenOver) {
  ReferralEvent payload = Referral("taken_over");
  payload.mutable_taken_over()->set_former_owner_unit_id("vaxjo-ifo1");
  const auto impact = ReadReferralEvent(Wrap(payload, "taken_over"));
  ASSERT_TRUE(impact.ok()) << impact.status();
  EXPECT_THAT(PlanMessages(impact->facts), ElementsAre(PlannedMessage{"vaxjo-ifo1", "taken_over"}));
}

// Of that type, with both facilities' units where it names them.
PlacementEvent BetweenFacilities(const std::string& type) {
  PlacementEvent payload = Placement(type);
  if (type == "transfer_planned") {
    payload.mutable_transfer_planned()->set_to_facility_unit_id("ekeliden");
  }
  if (type == "transfer_confirmed") {
    payload.mutable_transfer_confirmed()->set_from_facility_unit_id("novus");
    payload.mutable_transfer_confirmed()->set_to_facility_unit_id("ekeliden");
  }
  if (type == "transfer_cancelled") {
    payload.mutable_transfer_cancelled()->set_from_facility_unit_id("novus");
    payload.mutable_transfer_cancelled()->set_to_facility_unit_id("ekeliden");
  }
  if (type == "transfer_done") {
    payload.mutable_transfer_done()->set_from_facility_unit_id("ekeliden");
    payload.mutable_transfer_done()->set_to_facility_unit_id("novus");
  }
  return payload;
}

// Who is told of which event.
std::map<std::string, std::set<std::string>> AgreedOfPlacement() {
  const std::string owner = "alvesta-authority";
  return {
      {"facility_registered", {}},
      {"bed_registered", {}},
      {"bed_closed", {}},
      {"queued", {owner, "placement-board"}},
      {"dequeued", {}},
      {"queue_alert", {"placement-board"}},
      {"offer_made", {owner}},
      {"offer_expiring", {owner}},
      {"offer_accepted", {"novus", "placement-board"}},
      {"offer_declined", {"novus", "placement-board"}},
      {"offer_expired", {owner, "novus", "placement-board"}},
      {"reservation_ended", {owner, "novus", "placement-board"}},
      {"reservation_changed", {owner, "novus", "placement-board"}},
      {"move_in_overdue", {owner, "novus", "placement-board"}},
      {"enrolled", {owner, "placement-board", "novus"}},
      {"transfer_planned", {owner, "novus", "ekeliden"}},
      {"transfer_confirmed", {owner, "novus", "ekeliden"}},
      {"transfer_cancelled", {owner, "novus", "ekeliden", "placement-board"}},
      {"transfer_done", {owner, "novus", "ekeliden", "placement-board"}},
      {"discharge_planned", {owner}},
      {"discharge_plan_cleared", {owner}},
      {"discharge_undone", {owner, "placement-board"}},
      {"discharged", {owner, "placement-board"}},
      {"override_proposed", {"placement-board"}},
      {"override_settled", {"placement-board"}},
      {"entry_parked", {owner, "placement-board"}},
      {"entry_resumed", {owner, "placement-board"}},
      {"leave_recorded", {}},
      {"interruption_recorded", {owner, "placement-board"}},
      {"agreement_recorded", {owner, "novus"}},
      {"contact_planned", {owner, "novus"}},
      {"absence_corrected", {owner, "placement-board"}},
      {"stay_moved", {owner, "placement-board"}},
      {"care_period_began", {}},
      {"placement_reconsidered", {"novus", "placement-board"}},
      {"stay_corrected", {owner, "placement-board"}},
      {"went_home", {owner, "placement-board"}},
      {"return_changed", {owner}},
      {"returned_from_home", {owner, "placement-board"}},
      {"return_overdue", {owner, "novus", "placement-board"}},
      {"incident_recorded", {owner}},
      {"bed_hold", {}},
      {"external_stay_recorded", {}},
      {"bed_conflict", {owner, "novus", "placement-board"}},
  };
}

TEST(RecipientTableTest, OfACorrectionThatFollowsAnotherOnlyTheFacilityIsTold) {
  PlacementEvent payload = BetweenFacilities("stay_corrected");
  payload.mutable_stay_corrected()->set_with_stay_id("stay-2");
  const auto impact = ReadPlacementEvent(Wrap(payload, "stay_corrected"));
  ASSERT_TRUE(impact.ok()) << impact.status();
  const std::vector<PlannedMessage> planned = PlanMessages(impact->facts);
  ASSERT_EQ(planned.size(), 1U);
  EXPECT_EQ(planned[0].recipient_unit_id, "novus");
}

TEST(RecipientTableTest, RecipientsOfPlacementEventsAreAsAgreed) {
  const std::map<std::string, std::set<std::string>> expected = AgreedOfPlacement();
  for (const std::string& type : EventTypes(*PlacementEvent::descriptor())) {
    const PlacementEvent payload = BetweenFacilities(type);
    const absl::StatusOr<Impact> impact = ReadPlacementEvent(Wrap(payload, type));
    ASSERT_TRUE(impact.ok()) << type << impact.status();
    std::set<std::string> told;
    for (const PlannedMessage& planned : PlanMessages(impact->facts)) {
      told.insert(planned.recipient_unit_id);
    }
    ASSERT_TRUE(expected.contains(type)) << type;
    EXPECT_EQ(told, expected.at(type)) << type;
  }
}

TEST(ReadEventTest, UnknownTypesAreParkedAndBrokenPayloadsRefused) {
  EXPECT_EQ(ReadReferralEvent(Wrap(ReferralEvent(), "submitted")).status().code(),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(ReadReferralEvent(Wrap(Referral("submitted"), "reopened")).status().code(),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(ReadPlacementEvent(Wrap(PlacementEvent(), "queued")).status().code(),
            absl::StatusCode::kUnimplemented);
  eventlog::v1::Event broken = Wrap(Referral("submitted"), "submitted");
  broken.set_payload("\xff\xff");
  EXPECT_EQ(ReadReferralEvent(broken).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadPlacementEvent(broken).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DeadlinesOfEventsTest, ADecisionOpensTheExecutionClockAndItsPeriod) {
  ReferralEvent payload = Referral("decision_made");
  payload.mutable_decision_made()->set_decision_id("decision-1");
  payload.mutable_decision_made()->set_facility_id("novus");
  payload.mutable_decision_made()->set_decision_date("2026-03-01");
  payload.mutable_decision_made()->set_to_date("2026-09-01");
  const absl::StatusOr<Impact> impact = ReadReferralEvent(Wrap(payload, "decision_made"));
  ASSERT_TRUE(impact.ok());
  EXPECT_EQ(impact->facility_id, "novus");
  EXPECT_THAT(
      impact->deadlines,
      ElementsAre(
          VariantWith<PeriodStarts>(PeriodStarts{DeadlineKind::kExecution, "decision-1",
                                                 MakeDate(2026, 3, 1), std::nullopt}),
          VariantWith<CasePeriodsEnd>(
              CasePeriodsEnd{DeadlineKind::kDecisionPeriod, "decision-1", DeadlineState::kMet}),
          VariantWith<PeriodStarts>(PeriodStarts{DeadlineKind::kDecisionPeriod, "decision-1",
                                                 MakeDate(2026, 3, 1), MakeDate(2026, 9, 1)})));
}

TEST(DeadlinesOfEventsTest, AnExtensionMovesThePeriodAndExecutesNothing) {
  ReferralEvent payload = Referral("decision_made");
  payload.mutable_decision_made()->set_decision_id("decision-2");
  payload.mutable_decision_made()->set_decision_date("2026-08-01");
  payload.mutable_decision_made()->set_to_date("2026-12-01");
  payload.mutable_decision_made()->set_extension(true);
  const absl::StatusOr<Impact> impact = ReadReferralEvent(Wrap(payload, "decision_made"));
  ASSERT_TRUE(impact.ok());
  EXPECT_THAT(impact->deadlines,
              ElementsAre(VariantWith<CasePeriodsEnd>(CasePeriodsEnd{
                              DeadlineKind::kDecisionPeriod, "decision-2", DeadlineState::kMet}),
                          VariantWith<PeriodStarts>(PeriodStarts{DeadlineKind::kDecisionPeriod,
                                                                 "decision-2", MakeDate(2026, 8, 1),
                                                                 MakeDate(2026, 12, 1)})));
}

TEST(DeadlinesOfEventsTest, ATransfersDecisionLeavesTheEarlierPeriodRunning) {
  ReferralEvent payload = Referral("decision_made");
  payload.mutable_decision_made()->set_decision_date("2026-03-01");
  payload.mutable_decision_made()->set_transfer(true);
  const absl::StatusOr<Impact> impact = ReadReferralEvent(Wrap(payload, "decision_made"));
  ASSERT_TRUE(impact.ok());
  EXPECT_EQ(impact->deadlines.size(), 1U);
}

TEST(DeadlinesOfEventsTest, ATransfersNewDecisionEndsThePeriodOfTheOneItFollows) {
  ReferralEvent payload = Referral("decision_made");
  payload.mutable_decision_made()->set_decision_date("2026-03-01");
  payload.mutable_decision_made()->set_transfer(true);
  payload.mutable_decision_made()->set_extension(true);
  payload.mutable_decision_made()->set_former_decision_id("decision-1");
  const absl::StatusOr<Impact> impact = ReadReferralEvent(Wrap(payload, "decision_made"));
  ASSERT_TRUE(impact.ok());
  EXPECT_THAT(impact->deadlines,
              ElementsAre(VariantWith<PeriodEnds>(
                  PeriodEnds{DeadlineKind::kDecisionPeriod, "decision-1", DeadlineState::kMet})));
}

TEST(RecipientTableTest, OfALeftQueueOnlyTheEndOfTheDecisionIsTold) {
  PlacementEvent payload = Placement("dequeued");
  for (const char* reason : {"withdrawn", "case_closed", "ground_ended"}) {
    payload.mutable_dequeued()->set_reason_code(reason);
    const auto impact = ReadPlacementEvent(Wrap(payload, "dequeued"));
    ASSERT_TRUE(impact.ok()) << impact.status();
    EXPECT_THAT(PlanMessages(impact->facts), IsEmpty()) << reason;
  }
  payload.mutable_dequeued()->set_reason_code("decision_ended");
  const auto impact = ReadPlacementEvent(Wrap(payload, "dequeued"));
  ASSERT_TRUE(impact.ok()) << impact.status();
  EXPECT_THAT(PlanMessages(impact->facts),
              ElementsAre(PlannedMessage{"alvesta-authority", "decision_ended"},
                          PlannedMessage{"placement-board", "decision_ended"}));
}

TEST(RecipientTableTest, AReservationThatEndsWithItsDecisionIsToldToTheFacilityOnly) {
  PlacementEvent payload = Placement("reservation_ended");
  payload.mutable_reservation_ended()->set_reason_code("decision_ended");
  const auto impact = ReadPlacementEvent(Wrap(payload, "reservation_ended"));
  ASSERT_TRUE(impact.ok()) << impact.status();
  EXPECT_THAT(PlanMessages(impact->facts),
              ElementsAre(PlannedMessage{"novus", "reservation_ended"}))
      << "owner and board are told that the decision ended";
}

TEST(DeadlinesOfEventsTest, ADecisionWithoutADateIsRefused) {
  EXPECT_FALSE(ReadReferralEvent(Wrap(Referral("decision_made"), "decision_made")).ok());
}

TEST(DeadlinesOfEventsTest, GroundsWithATermAreWatched) {
  ReferralEvent payload = Referral("ground_recorded");
  payload.mutable_ground_recorded()->set_ground_id("ground-1");
  EXPECT_THAT(ReadReferralEvent(Wrap(payload, "ground_recorded"))->deadlines, IsEmpty());
  payload.mutable_ground_recorded()->set_to_date("2027-02-01");
  EXPECT_THAT(
      ReadReferralEvent(Wrap(payload, "ground_recorded"))->deadlines,
      ElementsAre(VariantWith<PeriodStarts>(PeriodStarts{
          DeadlineKind::kGroundTerm, "ground-1", MakeDate(2026, 2, 25), MakeDate(2027, 2, 1)})));
  ReferralEvent ended = Referral("ground_ended");
  ended.mutable_ground_ended()->set_ground_id("ground-1");
  ended.mutable_ground_ended()->set_reason_code("revoked");
  EXPECT_THAT(ReadReferralEvent(Wrap(ended, "ground_ended"))->deadlines,
              ElementsAre(VariantWith<PeriodEnds>(
                  PeriodEnds{DeadlineKind::kGroundTerm, "ground-1", DeadlineState::kCancelled})));
}

TEST(DeadlinesOfEventsTest, AnAcutePlacementsCostSplitIsWatchedUntilItIsWritten) {
  ReferralEvent acute = Referral("acute_placement_declared");
  EXPECT_FALSE(ReadReferralEvent(Wrap(acute, "acute_placement_declared")).ok());
  acute.mutable_acute_placement_declared()->set_placement_date("2026-02-25");
  EXPECT_THAT(
      ReadReferralEvent(Wrap(acute, "acute_placement_declared"))->deadlines,
      ElementsAre(VariantWith<PeriodStarts>(PeriodStarts{DeadlineKind::kCostSplit, acute.case_id(),
                                                         MakeDate(2026, 2, 25), std::nullopt})));
  EXPECT_THAT(
      ReadReferralEvent(Wrap(Referral("cost_split_recorded"), "cost_split_recorded"))->deadlines,
      ElementsAre(VariantWith<PeriodEnds>(
          PeriodEnds{DeadlineKind::kCostSplit, acute.case_id(), DeadlineState::kMet})));
}

TEST(DeadlinesOfEventsTest, MovingInExecutesTheDecision) {
  EXPECT_THAT(ReadPlacementEvent(Wrap(Placement("enrolled"), "enrolled"))->deadlines,
              ElementsAre(VariantWith<EarlierPeriodsEnd>(EarlierPeriodsEnd{
                              DeadlineKind::kExecution, "decision-1", DeadlineState::kMet}),
                          VariantWith<PeriodEnds>(PeriodEnds{DeadlineKind::kExecution, "decision-1",
                                                             DeadlineState::kMet})));
  EXPECT_THAT(ReadPlacementEvent(Wrap(Placement("transfer_done"), "transfer_done"))->deadlines,
              ElementsAre(VariantWith<EarlierPeriodsEnd>(EarlierPeriodsEnd{
                              DeadlineKind::kExecution, "decision-1", DeadlineState::kMet}),
                          VariantWith<PeriodEnds>(PeriodEnds{DeadlineKind::kExecution, "decision-1",
                                                             DeadlineState::kMet}),
                          VariantWith<CasePeriodsEnd>(CasePeriodsEnd{
                              DeadlineKind::kInterruption, "", DeadlineState::kCancelled}),
                          VariantWith<CasePeriodsEnd>(CasePeriodsEnd{
                              DeadlineKind::kDecisionPeriod, "decision-1", DeadlineState::kMet})));
}

TEST(DeadlinesOfEventsTest, ACarePeriodIsWatchedUntilTheNextBeginsOrTheStayEnds) {
  PlacementEvent began = Placement("care_period_began");
  began.mutable_care_period_began()->set_care_period_id("period-2");
  began.mutable_care_period_began()->set_kind_code("reconsideration");
  began.mutable_care_period_began()->set_start_date("2026-03-01");
  EXPECT_THAT(
      ReadPlacementEvent(Wrap(began, "care_period_began"))->deadlines,
      ElementsAre(VariantWith<CasePeriodsEnd>(
                      CasePeriodsEnd{DeadlineKind::kLvm, "period-2", DeadlineState::kMet}),
                  VariantWith<CasePeriodsEnd>(CasePeriodsEnd{DeadlineKind::kReconsideration,
                                                             "period-2", DeadlineState::kMet}),
                  VariantWith<PeriodStarts>(PeriodStarts{DeadlineKind::kReconsideration, "period-2",
                                                         MakeDate(2026, 3, 1), std::nullopt})));
  for (const char* type : {"discharged", "stay_corrected"}) {
    EXPECT_THAT(ReadPlacementEvent(Wrap(Placement(type), type))->deadlines,
                IsSupersetOf({VariantWith<CasePeriodsEnd>(CasePeriodsEnd{
                                  DeadlineKind::kLvm, "", DeadlineState::kCancelled}),
                              VariantWith<CasePeriodsEnd>(CasePeriodsEnd{
                                  DeadlineKind::kReconsideration, "", DeadlineState::kCancelled})}))
        << type;
  }
}

// The decision is executed and its period watched as if the person were there.
TEST(DeadlinesOfEventsTest, ATimeAtHomeMovesNoDeadline) {
  for (const char* type : {"went_home", "return_changed", "returned_from_home", "return_overdue"}) {
    EXPECT_THAT(ReadPlacementEvent(Wrap(Placement(type), type))->deadlines, IsEmpty()) << type;
  }
}

TEST(DeadlinesOfEventsTest, AnInterruptionIsWatchedUntilItIsResumedOrTheStayEnds) {
  PlacementEvent broken_off = Placement("interruption_recorded");
  broken_off.mutable_interruption_recorded()->set_stay_id("stay-1");
  broken_off.mutable_interruption_recorded()->set_date("2026-03-01");
  EXPECT_THAT(
      ReadPlacementEvent(Wrap(broken_off, "interruption_recorded"))->deadlines,
      ElementsAre(VariantWith<PeriodStarts>(PeriodStarts{
          DeadlineKind::kInterruption, "stay-1/2026-03-01", MakeDate(2026, 3, 1), std::nullopt})));
  broken_off.mutable_interruption_recorded()->set_resumed(true);
  EXPECT_THAT(ReadPlacementEvent(Wrap(broken_off, "interruption_recorded"))->deadlines,
              ElementsAre(VariantWith<CasePeriodsEnd>(
                  CasePeriodsEnd{DeadlineKind::kInterruption, "", DeadlineState::kMet})));
  EXPECT_THAT(ReadPlacementEvent(Wrap(Placement("discharged"), "discharged"))->deadlines,
              Contains(VariantWith<CasePeriodsEnd>(
                  CasePeriodsEnd{DeadlineKind::kInterruption, "", DeadlineState::kCancelled})));
  PlacementEvent corrected = Placement("stay_corrected");
  EXPECT_THAT(ReadPlacementEvent(Wrap(corrected, "stay_corrected"))->deadlines,
              AllOf(Contains(VariantWith<CasePeriodsEnd>(CasePeriodsEnd{
                        DeadlineKind::kInterruption, "", DeadlineState::kCancelled})),
                    Contains(VariantWith<PeriodReopens>(
                        PeriodReopens{DeadlineKind::kExecution, "decision-1"})),
                    Contains(VariantWith<PeriodReopens>(
                        PeriodReopens{DeadlineKind::kDecisionPeriod, "decision-1"}))));
  corrected.mutable_stay_corrected()->set_replacement_stay_id("stay-2");
  EXPECT_THAT(ReadPlacementEvent(Wrap(corrected, "stay_corrected"))->deadlines, IsEmpty());
}

TEST(DeadlinesOfEventsTest, ACorrectedInterruptionIsWatchedFromItsRightDay) {
  const auto deadlines = [](const char* kind, const char* right_kind, const char* right_from,
                            bool goes_on) {
    PlacementEvent payload = Placement("absence_corrected");
    auto* corrected = payload.mutable_absence_corrected();
    corrected->set_stay_id("stay-1");
    corrected->set_kind_code(kind);
    corrected->set_from_date("2026-03-01");
    corrected->set_right_kind_code(right_kind);
    corrected->set_right_from_date(right_from);
    corrected->set_goes_on(goes_on);
    return ReadPlacementEvent(Wrap(payload, "absence_corrected"))->deadlines;
  };
  const auto ends = VariantWith<PeriodEnds>(
      PeriodEnds{DeadlineKind::kInterruption, "stay-1/2026-03-01", DeadlineState::kCancelled});
  const auto starts = VariantWith<PeriodStarts>(PeriodStarts{
      DeadlineKind::kInterruption, "stay-1/2026-03-04", MakeDate(2026, 3, 4), std::nullopt});
  EXPECT_THAT(deadlines("interruption", "", "", false), ElementsAre(ends));
  EXPECT_THAT(deadlines("interruption", "leave", "2026-03-01", true), ElementsAre(ends));
  EXPECT_THAT(deadlines("interruption", "interruption", "2026-03-04", true),
              ElementsAre(ends, starts));
  EXPECT_THAT(deadlines("leave", "interruption", "2026-03-04", true), ElementsAre(starts));
  EXPECT_THAT(deadlines("leave", "leave", "2026-03-04", true), IsEmpty());
  // Not resumed after all: the period that was met runs again.
  EXPECT_THAT(deadlines("interruption", "interruption", "2026-03-01", true),
              ElementsAre(ends, VariantWith<PeriodReopens>(PeriodReopens{
                                    DeadlineKind::kInterruption, "stay-1/2026-03-01"})));
}

TEST(DeadlinesOfEventsTest, AnUndoneDischargeLetsWhatRanRunAgain) {
  PlacementEvent undone = Placement("discharge_undone");
  EXPECT_THAT(ReadPlacementEvent(Wrap(undone, "discharge_undone"))->deadlines,
              ElementsAre(VariantWith<PeriodReopens>(
                  PeriodReopens{DeadlineKind::kDecisionPeriod, "decision-1"})));
  undone.mutable_discharge_undone()->set_stay_id("stay-1");
  undone.mutable_discharge_undone()->set_interrupted_date("2026-03-01");
  EXPECT_THAT(ReadPlacementEvent(Wrap(undone, "discharge_undone"))->deadlines,
              Contains(VariantWith<PeriodReopens>(
                  PeriodReopens{DeadlineKind::kInterruption, "stay-1/2026-03-01"})));
}

// A declined or expired offer closes nothing (domain.md, section 8).
TEST(DeadlinesOfEventsTest, OffersCloseNothing) {
  for (const char* type : {"offer_declined", "offer_expired", "offer_accepted", "dequeued"}) {
    EXPECT_THAT(ReadPlacementEvent(Wrap(Placement(type), type))->deadlines, IsEmpty()) << type;
  }
}

}  // namespace
}  // namespace vardkedja::notification::events
