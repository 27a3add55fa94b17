// One commit on PostgreSQL. Internal to storage/, apart from RunInSession.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/commit/commit.h"
#include "lib/pg/pool.h"
#include "placement-service/domain/seat.h"
#include "placement-service/storage/queries.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::storage {

// Who causes a commit; unit and seat are empty for timers and consumed events.
struct Cause {
  Instant now{};
  std::string actor_unit;
  std::string traceparent;
  domain::Seat seat{};  // of the board, when the unit is that
};

class PostgresSession final : public usecases::Session {
 public:
  // `tx` outlives it.
  PostgresSession(pg::Transaction& tx, Cause cause);

  // Writes down what is now known about the beds that were locked, and gives the events and audit
  // rows gathered so far, for the end of the commit.
  absl::StatusOr<commit::Write> Finish();

  Instant now() const override { return cause_.now; }
  absl::StatusOr<std::optional<domain::Facility>> LockFacility(
      const domain::FacilityId& id) override;
  absl::Status LockBedsPromisedTo(const domain::CaseId& id) override;
  absl::StatusOr<std::optional<usecases::BedRecord>> LockBed(const domain::BedId& id) override;
  absl::StatusOr<std::optional<usecases::OfferRecord>> LockOffer(
      const domain::OfferId& id) override;
  absl::StatusOr<std::optional<domain::QueueEntry>> LockEntry(const domain::EntryId& id) override;
  absl::StatusOr<std::vector<domain::QueueEntry>> LockEntriesOf(const domain::CaseId& id) override;
  absl::StatusOr<std::optional<domain::QueueEntry>> LockFirstEligible(
      const usecases::BedRecord& bed, Date available_from) override;
  absl::StatusOr<std::vector<domain::QueueEntry>> LockPassed(
      const domain::QueueEntry& entry) override;
  absl::StatusOr<std::vector<domain::QueueEntry>> LockRankedByOther(int rule_version,
                                                                    int limit) override;
  absl::StatusOr<std::optional<usecases::OverrideRecord>> LockOverride(
      const domain::OverrideId& id) override;
  absl::StatusOr<std::optional<usecases::HoldRecord>> LockHold(const domain::HoldId& id) override;
  absl::StatusOr<std::optional<usecases::StayRecord>> LockStay(const domain::StayId& id) override;
  absl::StatusOr<std::optional<usecases::ExternalStayRecord>> LockExternalStay(
      const domain::StayId& id) override;
  absl::StatusOr<std::optional<usecases::TransferRecord>> LockTransfer(
      const domain::TransferId& id) override;
  absl::StatusOr<std::optional<usecases::AlternationRecord>> LockAlternation(
      const domain::AlternationId& id) override;

  absl::StatusOr<std::optional<usecases::CarePeriodRecord>> LockCarePeriod(
      const domain::CarePeriodId& id) override;
  absl::StatusOr<std::optional<domain::CarePeriod>> LockOpenCarePeriod(
      const domain::EntryId& id) override;
  absl::StatusOr<std::optional<domain::CarePeriod>> LastCarePeriod(
      const domain::EntryId& id) override;
  absl::StatusOr<std::vector<domain::CarePeriodRule>> CarePeriodRules() override;
  absl::StatusOr<std::vector<usecases::UnwatchedStay>> UnwatchedStays() override;
  absl::StatusOr<bool> AddCarePeriodRule(const domain::CarePeriodRule& rule) override;
  absl::StatusOr<bool> AddDeadlineRule(const domain::DeadlineRule& rule) override;
  absl::Status AddCarePeriod(const domain::CarePeriod& period) override;
  absl::Status ChangeCarePeriod(const domain::CarePeriod& period) override;

  absl::StatusOr<std::optional<domain::QueueEntry>> FindEntry(const domain::EntryId& id) override;
  absl::StatusOr<std::set<domain::BedId>> AnsweredBeds(const domain::EntryId& id) override;
  absl::StatusOr<std::vector<domain::BedCalendar>> Calendars(const domain::FacilityId& facility,
                                                             domain::BedKind kind) override;
  absl::StatusOr<std::optional<domain::Facility>> FindFacility(
      const domain::FacilityId& id) override;
  absl::StatusOr<std::vector<domain::QueueRule>> Rules() override;
  absl::StatusOr<std::optional<domain::OfferId>> FindLiveOffer(const domain::EntryId& id) override;
  absl::StatusOr<std::optional<domain::StayId>> FindStayMovingOn(
      const domain::OfferId& id) override;
  absl::StatusOr<std::vector<usecases::PlanWhileClosed>> PlansWhileClosed(
      const domain::BedId& bed) override;
  absl::StatusOr<int> CountEligibleBefore(const usecases::BedRecord& bed, Date available_from,
                                          const domain::QueueEntry& entry) override;
  absl::StatusOr<std::vector<domain::HoldId>> LiveHolds(const domain::BedId& bed,
                                                        Date date) override;
  absl::StatusOr<bool> KnowsDecision(const domain::DecisionId& id) override;
  absl::StatusOr<std::optional<domain::EntryId>> FindEntryLivedOn(
      const domain::CaseId& case_id, const domain::FacilityId& facility_id,
      domain::BedKind kind) override;
  absl::StatusOr<bool> HasStayAfter(const domain::BedId& bed, Date move_in) override;

  absl::StatusOr<std::vector<domain::Price>> Prices(const domain::FacilityId& id) override;

  absl::StatusOr<bool> AddFacility(const domain::Facility& facility) override;
  absl::StatusOr<bool> AddBed(const domain::Bed& bed) override;
  absl::StatusOr<bool> AddRule(const domain::QueueRule& rule) override;
  absl::StatusOr<bool> AddChainMember(const std::string& organisation) override;
  absl::StatusOr<bool> IsChainMember(const std::string& organisation) override;
  absl::Status ChangeFacility(const domain::Facility& facility) override;
  absl::Status AddFacilityFact(const domain::FacilityId& id,
                               const domain::FacilityFact& fact) override;
  absl::Status AddIntakeClosure(const domain::FacilityId& id,
                                const domain::IntakeClosure& closure) override;
  absl::Status ChangeIntakeClosure(const domain::IntakeClosure& closure) override;
  absl::Status PutPrice(const domain::FacilityId& id, const domain::Price& price) override;
  absl::Status ChangeBed(const domain::Bed& bed) override;
  absl::Status AddClosure(const domain::Closure& closure) override;
  absl::Status ChangeClosure(const domain::Closure& closure) override;
  absl::Status AddGround(const std::string& ground_id, const domain::CaseId& case_id,
                         const std::vector<std::string>& units) override;
  absl::Status ChangeOwner(const domain::CaseId& case_id, const domain::UnitId& owner) override;
  absl::Status ChangePerson(const domain::CaseId& case_id, const domain::PersonId& person) override;
  absl::Status MarkGroundEnded(const std::string& ground_id) override;
  absl::StatusOr<std::set<std::string>> CoveredUnits(const domain::CaseId& case_id) override;
  absl::Status AddDecision(const domain::DecisionId& id, const domain::CaseId& case_id,
                           const std::optional<domain::EntryId>& entry,
                           const std::optional<Date>& decision_to) override;
  absl::Status AddEntry(const domain::QueueEntry& entry) override;
  absl::Status ChangeEntry(const domain::QueueEntry& entry) override;
  absl::Status AddHistory(const domain::EntryId& id, const usecases::HistoryRecord& fact) override;
  absl::Status AddOverride(const domain::QueueOverride& proposal) override;
  absl::Status ChangeOverride(const domain::QueueOverride& proposal) override;
  absl::Status AddHold(const domain::Hold& hold) override;
  absl::Status ChangeHold(const domain::Hold& hold) override;
  absl::Status AddOffer(const domain::Offer& offer) override;
  absl::Status ChangeOffer(const domain::Offer& offer) override;
  absl::Status Reserve(const domain::Offer& offer, const domain::QueueEntry& entry) override;
  absl::Status ChangeReservation(const domain::Offer& offer,
                                 const domain::QueueEntry& entry) override;
  absl::Status ConsumeReservation(const domain::OfferId& id) override;
  absl::Status RestoreReservation(const domain::OfferId& id) override;
  absl::Status ReleaseReservation(const domain::OfferId& id) override;
  absl::Status AddStay(const domain::Stay& stay) override;
  absl::Status ChangeStay(const domain::Stay& stay) override;
  absl::Status AddExternalStay(const domain::ExternalStay& stay) override;
  absl::Status ChangeExternalStay(const domain::ExternalStay& stay) override;
  absl::Status AddAbsence(const domain::StayId& id, const domain::Absence& absence) override;
  absl::Status EndAbsence(const domain::StayId& id, const domain::Absence& absence, Date end,
                          bool departed) override;
  absl::StatusOr<std::vector<domain::AbsencePeriod>> Absences(const domain::StayId& id) override;
  absl::Status MarkAbsenceCorrected(const domain::StayId& id, const domain::AbsencePeriod& wrong,
                                    domain::AbsenceCorrectionReason reason) override;
  absl::Status AddAbsencePeriod(const domain::StayId& id,
                                const domain::AbsencePeriod& absence) override;
  absl::StatusOr<usecases::StayLinks> FindLinks(const domain::StayId& id) override;
  absl::Status RelinkStay(const domain::StayId& wrong, const domain::Stay& right) override;
  absl::Status CarryTransfer(const domain::StayId& from, const domain::StayId& to) override;
  absl::StatusOr<std::optional<domain::StayFact>> FindStayFact(const domain::StayId& id,
                                                               int ordinal) override;
  absl::StatusOr<bool> IsFactCorrected(const domain::StayId& id, int ordinal) override;
  absl::StatusOr<std::optional<domain::Absence>> ReopenAbsence(const domain::StayId& id) override;
  absl::StatusOr<std::optional<domain::Closure>> FindClosure(const domain::BedId& bed,
                                                             const domain::ClosureId& id) override;
  absl::Status AddStayFact(const domain::StayId& id, const domain::StayFact& fact) override;
  absl::StatusOr<std::optional<domain::Agreement>> FindAgreement(
      const domain::OfferId& id) override;
  absl::StatusOr<std::optional<domain::ContactPlan>> FindContactPlan(
      const domain::OfferId& id) override;
  absl::Status AddAgreement(const domain::OfferId& id, const domain::Agreement& agreement) override;
  absl::Status AddContactPlan(const domain::OfferId& id, const domain::ContactPlan& plan) override;
  absl::Status AddTransfer(const domain::Transfer& transfer) override;
  absl::Status ChangeTransfer(const domain::Transfer& transfer) override;
  absl::Status AddAlternation(const domain::Alternation& alternation) override;
  absl::Status ChangeAlternation(const domain::Alternation& alternation) override;
  absl::Status ReserveReturn(const domain::Alternation& alternation, const domain::PersonId& person,
                             const std::optional<Date>& to) override;
  absl::Status EndReturnReservation(const domain::Alternation& alternation) override;

  void Publish(domain::Event event) override;
  void Audit(audit::Entry entry) override { write_.audit.push_back(std::move(entry)); }
  absl::Status SetTimer(std::string_view kind, const std::string& key, Instant at,
                        const std::string& payload) override;
  absl::Status CancelTimer(std::string_view kind, const std::string& key) override;

 private:
  // Runs a write that must meet exactly one row, and gives a violated constraint its reason.
  absl::Status WriteOne(const std::string& sql, const pg::Params& params);
  absl::StatusOr<pg::Result> ExecuteOne(const std::string& sql, const pg::Params& params);
  // The same of a stay; notes the beds of other stays of the person whose date it takes or frees.
  absl::Status WriteStayRow(const std::string& sql, const pg::Params& params);
  // Whether an insert that yields to an existing row inserted.
  absl::StatusOr<bool> InsertIfAbsent(const std::string& sql, const pg::Params& params);
  absl::StatusOr<std::vector<domain::QueueEntry>> Entries(const std::string& rest,
                                                          const pg::Params& params);

  pg::Transaction& tx_;
  const Cause cause_;
  const Run run_;
  commit::Write write_;
  std::set<std::string> beds_;  // whose facts may have changed
};

// Runs `body` within a transaction that timers or consumers opened, and appends its events.
absl::Status RunInSession(pg::Transaction& tx, Cause cause,
                          const std::function<absl::Status(usecases::Session&)>& body);

}  // namespace vardkedja::placement::storage
