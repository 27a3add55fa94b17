// What the use cases need from outside. The only implementation that keeps anything is
// storage/postgres_store.h; `Session` is one commit, so that a timer, a consumed event and a call
// run the same code.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/audit/entry.h"
#include "lib/auth/call_context.h"
#include "placement-service/domain/alternation.h"
#include "placement-service/domain/availability.h"
#include "placement-service/domain/event.h"
#include "placement-service/domain/explanation.h"
#include "placement-service/domain/external_stay.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/hold.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/position_history.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/queue_override.h"
#include "placement-service/domain/queue_rule.h"
#include "placement-service/domain/stay.h"
#include "placement-service/domain/stay_correction.h"
#include "placement-service/domain/stay_life.h"
#include "placement-service/domain/transfer.h"
#include "placement-service/usecases/agreement_ports.h"
#include "placement-service/usecases/care_period_ports.h"
#include "placement-service/usecases/place_ports.h"
#include "placement-service/usecases/stay_links.h"

namespace vardkedja::placement::usecases {

// A bed with its facility and its closures that have not ended.
struct BedRecord {
  domain::Bed bed;
  domain::Facility facility;
  domain::BedCalendar calendar;
  std::vector<domain::Closure> closures;
};

struct OfferRecord {
  domain::Offer offer;
  domain::QueueEntry entry;
  domain::Facility facility;
};

struct ExternalStayRecord {
  domain::ExternalStay stay;
  domain::Facility facility;
};

struct StayRecord {
  domain::Stay stay;
  domain::Facility facility;
  std::optional<domain::Transfer> transfer;          // planned or confirmed
  std::optional<domain::AlternationId> alternation;  // the time at home that it ended with
  std::optional<Date> conflict_from;  // the bed is reserved for another or closed from then on
  int leave_days = 0;                 // bed-days so far or in all that were spent on leave
  bool has_absences = false;          // leave or interruptions that hold
  bool has_incidents = false;         // relapses or tests that hold
};

// A transfer with the stay it ends and the accepted offer it uses.
struct TransferRecord {
  domain::Transfer transfer;
  StayRecord from;
  OfferRecord to;
};

// A time at home with the stay before it.
struct AlternationRecord {
  domain::Alternation alternation;
  StayRecord from;
  bool conflict = false;  // by the plan the reserved bed is lived in on the day, or closed
};

// Who lives in a bed, or has it reserved, for a time in which it is closed. One of the three ids.
struct PlanWhileClosed {
  domain::ClosureId closure;
  Date from{};  // the first date of both
  std::optional<domain::OfferId> offer;
  std::optional<domain::AlternationId> alternation;
  std::optional<domain::StayId> stay;
};

struct HistoryRecord {
  Instant at{};
  std::string kind;  // see QueueHistory in queue_service.proto
  std::optional<domain::Criteria> criteria;
  std::optional<domain::OfferId> offer_id;
  std::string reason_code{};
};

struct OverrideRecord {
  domain::QueueOverride proposal;
  domain::QueueEntry entry;
  domain::Facility facility;
  int eligible_before = 0;  // of the offer it made
};

struct HoldRecord {
  domain::Hold hold;
  domain::Bed bed;
  domain::Facility facility;
};

// Kinds of timers; the key is the id of the offer, the entry, the hold, the time at home or the
// closure.
inline constexpr char kOfferReminder[] = "offer-reminder";
inline constexpr char kOfferExpiry[] = "offer-expiry";
inline constexpr char kConflictWatch[] = "conflict-watch";
inline constexpr char kClosureWatch[] = "closure-watch";
inline constexpr char kReturnWatch[] = "return-watch";
inline constexpr char kDecisionEnd[] = "decision-end";
inline constexpr char kWaitingLong[] = "waiting-long";
inline constexpr char kParkEnd[] = "park-end";
inline constexpr char kHoldExpiry[] = "hold-expiry";
inline constexpr char kRuleInForce[] = "rule-in-force";  // the key is the rule's version

// One commit. Rows are locked in the order facility, bed, hold, override, offer, entry, stay,
// transfer, alternation, reservation, care period, so that sessions never wait for each other in a
// circle. Not thread-safe. A body that uses it may be run more than once and acts through it only.
class Session : public AgreementWrites, public CarePeriodWrites, public PlaceReads {
 public:
  // Domain time of the call, the timer or the event.
  virtual Instant now() const = 0;

  // Lock and read; nothing when there is no such row. A bed that an open or accepted offer promises
  // to the case is locked by the first, in the order of ids.
  virtual absl::StatusOr<std::optional<domain::Facility>> LockFacility(
      const domain::FacilityId& id) = 0;
  virtual absl::Status LockBedsPromisedTo(const domain::CaseId& id) = 0;
  virtual absl::StatusOr<std::optional<BedRecord>> LockBed(const domain::BedId& id) = 0;
  virtual absl::StatusOr<std::optional<OfferRecord>> LockOffer(const domain::OfferId& id) = 0;
  virtual absl::StatusOr<std::optional<domain::QueueEntry>> LockEntry(
      const domain::EntryId& id) = 0;
  // All of a case, oldest first.
  virtual absl::StatusOr<std::vector<domain::QueueEntry>> LockEntriesOf(
      const domain::CaseId& id) = 0;
  // The first in the queue who is not parked, has no open offer, was not offered this bed before,
  // and whose decision covers the date.
  virtual absl::StatusOr<std::optional<domain::QueueEntry>> LockFirstEligible(
      const BedRecord& bed, Date available_from) = 0;
  // Those who wait before this entry and were not told so yet; at most 100.
  virtual absl::StatusOr<std::vector<domain::QueueEntry>> LockPassed(
      const domain::QueueEntry& entry) = 0;
  // The entries that wait with a key of another rule version; at most `limit`.
  virtual absl::StatusOr<std::vector<domain::QueueEntry>> LockRankedByOther(int rule_version,
                                                                            int limit) = 0;
  virtual absl::StatusOr<std::optional<OverrideRecord>> LockOverride(
      const domain::OverrideId& id) = 0;
  virtual absl::StatusOr<std::optional<HoldRecord>> LockHold(const domain::HoldId& id) = 0;
  virtual absl::StatusOr<std::optional<StayRecord>> LockStay(const domain::StayId& id) = 0;
  virtual absl::StatusOr<std::optional<ExternalStayRecord>> LockExternalStay(
      const domain::StayId& id) = 0;
  virtual absl::StatusOr<std::optional<TransferRecord>> LockTransfer(
      const domain::TransferId& id) = 0;
  virtual absl::StatusOr<std::optional<AlternationRecord>> LockAlternation(
      const domain::AlternationId& id) = 0;

  // Read without a lock.
  virtual absl::StatusOr<std::optional<domain::Facility>> FindFacility(
      const domain::FacilityId& id) = 0;
  virtual absl::StatusOr<std::vector<domain::QueueRule>> Rules() = 0;
  virtual absl::StatusOr<std::optional<domain::OfferId>> FindLiveOffer(
      const domain::EntryId& id) = 0;  // open or accepted
  // The stay whose planned or confirmed transfer uses this offer.
  virtual absl::StatusOr<std::optional<domain::StayId>> FindStayMovingOn(
      const domain::OfferId& id) = 0;
  // What is planned in the bed for today or later while it is closed; no places sold outside the
  // chain.
  virtual absl::StatusOr<std::vector<PlanWhileClosed>> PlansWhileClosed(
      const domain::BedId& bed) = 0;
  // Of this bed, also one that has ended.
  virtual absl::StatusOr<std::optional<domain::Closure>> FindClosure(
      const domain::BedId& bed, const domain::ClosureId& id) = 0;
  // How many could be offered the bed from that date (see LockFirstEligible) and stand before the
  // entry; at most domain::kExactPositions.
  virtual absl::StatusOr<int> CountEligibleBefore(const BedRecord& bed, Date available_from,
                                                  const domain::QueueEntry& entry) = 0;
  // The holds of a bed that cover the date or begin later.
  virtual absl::StatusOr<std::vector<domain::HoldId>> LiveHolds(const domain::BedId& bed,
                                                                Date date) = 0;
  virtual absl::StatusOr<bool> KnowsDecision(const domain::DecisionId& id) = 0;
  // The entry of the stay that goes on there, also when the person is at home for a planned time.
  virtual absl::StatusOr<std::optional<domain::EntryId>> FindEntryLivedOn(
      const domain::CaseId& case_id, const domain::FacilityId& facility_id,
      domain::BedKind kind) = 0;
  // A stay in this bed that began after `move_in`, or ended after it.
  virtual absl::StatusOr<bool> HasStayAfter(const domain::BedId& bed, Date move_in) = 0;

  // By kind and date, the 100 latest.
  virtual absl::StatusOr<std::vector<domain::Price>> Prices(const domain::FacilityId& id) = 0;

  // Reference data: false when it was there already, and then nothing is changed.
  virtual absl::StatusOr<bool> AddFacility(const domain::Facility& facility) = 0;
  virtual absl::StatusOr<bool> AddBed(const domain::Bed& bed) = 0;
  virtual absl::StatusOr<bool> AddRule(const domain::QueueRule& rule) = 0;
  virtual absl::StatusOr<bool> AddChainMember(const std::string& organisation) = 0;

  // Write. A row that is not there any more in the version before is a defect: rows are locked.
  virtual absl::Status ChangeFacility(const domain::Facility& facility) = 0;
  virtual absl::Status AddFacilityFact(const domain::FacilityId& id,
                                       const domain::FacilityFact& fact) = 0;
  // INTAKE_CLOSED when it overlaps another.
  virtual absl::Status AddIntakeClosure(const domain::FacilityId& id,
                                        const domain::IntakeClosure& closure) = 0;
  virtual absl::Status ChangeIntakeClosure(const domain::IntakeClosure& closure) = 0;
  // In place of a price of the same kind and date.
  virtual absl::Status PutPrice(const domain::FacilityId& id, const domain::Price& price) = 0;
  // The end of its use, and the version, which is the etag of all that hangs on the bed.
  virtual absl::Status ChangeBed(const domain::Bed& bed) = 0;
  // BED_CLOSED when it overlaps another closure.
  virtual absl::Status AddClosure(const domain::Closure& closure) = 0;
  virtual absl::Status ChangeClosure(const domain::Closure& closure) = 0;
  // Grounds for disclosure, as far as the queue needs them: whom they cover. Repeatable.
  virtual absl::Status AddGround(const std::string& ground_id, const domain::CaseId& case_id,
                                 const std::vector<std::string>& units) = 0;
  // Entries and stays of the case, ended ones included, are the new owner's.
  virtual absl::Status ChangeOwner(const domain::CaseId& case_id, const domain::UnitId& owner) = 0;
  // Entries, active reservations and stays of the case are that person's. ALREADY_EXISTS when the
  // person would be in two beds: then what is recorded is wrong, and somebody must look.
  virtual absl::Status ChangePerson(const domain::CaseId& case_id,
                                    const domain::PersonId& person) = 0;
  virtual absl::Status MarkGroundEnded(const std::string& ground_id) = 0;
  // Units that some live ground of the case covers.
  virtual absl::StatusOr<std::set<std::string>> CoveredUnits(const domain::CaseId& case_id) = 0;
  virtual absl::Status AddDecision(const domain::DecisionId& id, const domain::CaseId& case_id,
                                   const std::optional<domain::EntryId>& entry,
                                   const std::optional<Date>& decision_to) = 0;
  virtual absl::Status AddEntry(const domain::QueueEntry& entry) = 0;
  virtual absl::Status ChangeEntry(const domain::QueueEntry& entry) = 0;
  virtual absl::Status AddHistory(const domain::EntryId& id, const HistoryRecord& fact) = 0;
  // OVERRIDE_PROPOSED when one is proposed for the entry already.
  virtual absl::Status AddOverride(const domain::QueueOverride& proposal) = 0;
  virtual absl::Status ChangeOverride(const domain::QueueOverride& proposal) = 0;
  // BED_HELD when it overlaps another hold.
  virtual absl::Status AddHold(const domain::Hold& hold) = 0;
  virtual absl::Status ChangeHold(const domain::Hold& hold) = 0;
  // BED_OFFERED_BEFORE when the entry has answered an offer of the same bed.
  virtual absl::Status AddOffer(const domain::Offer& offer) = 0;
  virtual absl::Status ChangeOffer(const domain::Offer& offer) = 0;
  // BED_RESERVED or PERSON_RESERVED_ELSEWHERE when it overlaps another.
  virtual absl::Status Reserve(const domain::Offer& offer, const domain::QueueEntry& entry) = 0;
  // As the offer says now. The same refusals.
  virtual absl::Status ChangeReservation(const domain::Offer& offer,
                                         const domain::QueueEntry& entry) = 0;
  virtual absl::Status ConsumeReservation(const domain::OfferId& id) = 0;
  // BED_RESERVED or PERSON_RESERVED_ELSEWHERE when another has been made meanwhile.
  virtual absl::Status RestoreReservation(const domain::OfferId& id) = 0;
  virtual absl::Status ReleaseReservation(const domain::OfferId& id) = 0;
  // BED_OCCUPIED or PERSON_PLACED_ELSEWHERE when it overlaps another.
  virtual absl::Status AddStay(const domain::Stay& stay) = 0;
  virtual absl::Status ChangeStay(const domain::Stay& stay) = 0;
  // BED_OCCUPIED when it overlaps another stay of any kind.
  virtual absl::Status AddExternalStay(const domain::ExternalStay& stay) = 0;
  virtual absl::Status ChangeExternalStay(const domain::ExternalStay& stay) = 0;
  // ABSENCE_OVERLAPS when an earlier absence covers the date.
  virtual absl::Status AddAbsence(const domain::StayId& id, const domain::Absence& absence) = 0;
  virtual absl::Status EndAbsence(const domain::StayId& id, const domain::Absence& absence,
                                  Date end, bool departed) = 0;
  // Those that hold, oldest first.
  virtual absl::StatusOr<std::vector<domain::AbsencePeriod>> Absences(const domain::StayId& id) = 0;
  virtual absl::Status MarkAbsenceCorrected(const domain::StayId& id,
                                            const domain::AbsencePeriod& wrong,
                                            domain::AbsenceCorrectionReason reason) = 0;
  // ABSENCE_OVERLAPS when another covers a date of it.
  virtual absl::Status AddAbsencePeriod(const domain::StayId& id,
                                        const domain::AbsencePeriod& absence) = 0;
  virtual absl::StatusOr<StayLinks> FindLinks(const domain::StayId& id) = 0;
  // What hung together with the wrong stay hangs together with the right one; a done transfer is
  // dated by the move-in of the stay that it led to.
  virtual absl::Status RelinkStay(const domain::StayId& wrong, const domain::Stay& right) = 0;
  // A planned transfer goes on from the next stay.
  virtual absl::Status CarryTransfer(const domain::StayId& from, const domain::StayId& to) = 0;
  virtual absl::StatusOr<std::optional<domain::StayFact>> FindStayFact(const domain::StayId& id,
                                                                       int ordinal) = 0;
  virtual absl::StatusOr<bool> IsFactCorrected(const domain::StayId& id, int ordinal) = 0;
  // What the departure ended goes on; nothing when there was none.
  virtual absl::StatusOr<std::optional<domain::Absence>> ReopenAbsence(
      const domain::StayId& id) = 0;
  virtual absl::Status AddStayFact(const domain::StayId& id, const domain::StayFact& fact) = 0;
  virtual absl::Status AddTransfer(const domain::Transfer& transfer) = 0;
  virtual absl::Status ChangeTransfer(const domain::Transfer& transfer) = 0;
  virtual absl::Status AddAlternation(const domain::Alternation& alternation) = 0;
  virtual absl::Status ChangeAlternation(const domain::Alternation& alternation) = 0;
  // Of the bed and day planned now, up to `to`. BED_RESERVED or PERSON_RESERVED_ELSEWHERE when it
  // overlaps another.
  virtual absl::Status ReserveReturn(const domain::Alternation& alternation,
                                     const domain::PersonId& person,
                                     const std::optional<Date>& to) = 0;
  // Used by the return, or given back.
  virtual absl::Status EndReturnReservation(const domain::Alternation& alternation) = 0;

  // The tail of the commit.
  virtual void Publish(domain::Event event) = 0;
  virtual void Audit(audit::Entry entry) = 0;
  virtual absl::Status SetTimer(std::string_view kind, const std::string& key, Instant at,
                                const std::string& payload) = 0;
  virtual absl::Status CancelTimer(std::string_view kind, const std::string& key) = 0;
};

// Whose rows a list may contain before each case is asked about: the board sees all, a facility's
// unit its facility's, an owner its own.
struct Scope {
  bool all = false;
  std::string unit;
};

struct QueuePage {
  domain::FacilityId facility_id;
  domain::BedKind kind = domain::BedKind::kRegular;
  Scope scope;
  std::optional<std::string> case_id;  // then the scope does not narrow
  std::string after;                   // entry id, the last one seen; empty for the first page
  int limit = 25;
};

struct QueueRow {
  domain::QueueEntry entry;
  int position = 0;  // domain::kExactPositions + 1 when beyond
};

struct OfferPage {
  Scope scope;
  std::optional<std::string> facility_id;
  std::optional<domain::OfferState> state;
  std::optional<std::string> case_id;
  std::string before;  // offer id, the last one seen; empty for the first page
  int limit = 25;
};

struct OverridePage {
  Scope scope;
  std::optional<std::string> facility_id;
  std::optional<domain::OverrideState> state;
  std::optional<std::string> case_id;
  std::string before;  // override id, the last one seen; empty for the first page
  int limit = 25;
};

struct HoldPage {
  std::optional<std::string> facility_id;
  std::optional<domain::HoldState> state;
  std::string before;  // hold id, the last one seen; empty for the first page
  int limit = 25;
};

// Where a fact stands in the timeline of its case: by time, and within one commit by what led to
// what.
struct TimelinePosition {
  Instant at{};
  int source = 0;  // 1 overrides, 2 the queue, 3 stays
  std::string row_id;
  int ordinal = 0;
};

struct TimelineRow {
  TimelinePosition position;
  std::string resource;  // "entry", "offer", "override" or "stay"
  std::string resource_id;
  std::string kind;
  domain::FacilityId facility_id;
  domain::BedId bed_id;  // empty for none
  std::optional<Date> on;
  std::string code;
  std::string consequence;
  std::string unit_id;  // empty when a timer or an event did it
  std::string seat;
  bool deputy = false;
};

struct TimelineQuery {
  domain::CaseId case_id;
  std::string unit;            // that asks
  bool all_incidents = false;  // else those at its own facility
  bool overrides = false;
  bool own_stays_only = false;  // of its own facility, and nothing else
  std::optional<TimelinePosition> after;
  int limit = 25;
};

struct FacilityHistoryPage {
  domain::FacilityId facility_id;
  std::string before;  // fact id, the last one seen; empty for the first page
  int limit = 25;
};

struct StayPage {
  Scope scope;
  std::optional<std::string> facility_id;
  std::optional<domain::StayState> state;
  std::optional<std::string> case_id;
  bool in_conflict = false;  // only those
  std::string before;        // stay id, the last one seen; empty for the first page
  int limit = 25;
};

struct AlternationPage {
  Scope scope;
  std::optional<std::string> facility_id;
  std::optional<domain::AlternationState> state;
  std::optional<std::string> case_id;
  std::string before;  // alternation id, the last one seen; empty for the first page
  int limit = 25;
};

struct ExternalStayPage {
  std::optional<std::string> unit;  // only of its facility
  std::optional<std::string> facility_id;
  std::optional<domain::StayState> state;
  std::string before;  // stay id, the last one seen; empty for the first page
  int limit = 25;
};

// What the board's weekly view asks for.
struct WeeklyQuery {
  std::optional<std::string> facility_id;
  Date today{};
  Date until{};  // dates up to and with this one
  Instant since{};
  int limit = 25;  // rows of each section
};

// Somebody is expected to leave or to come; see Movement in board_service.proto.
struct MovementRow {
  Date date{};
  std::string kind;
  domain::FacilityId facility_id;
  domain::BedKind bed_kind = domain::BedKind::kUnspecified;
  domain::BedId bed_id;
  bool overdue = false;
  std::string case_id;  // empty when there is none
  std::string resource_id;
};

// See BoardDeadline and BoardChange in board_service.proto.
struct DeadlineRow {
  Date date{};
  std::string kind;
  domain::FacilityId facility_id;
  domain::BedId bed_id;
  bool overdue = false;
  std::string case_id;  // empty when it is about a bed alone
  std::string resource_id;
};
struct ChangeRow {
  Instant at{};
  std::string kind;
  domain::FacilityId facility_id;
  domain::BedId bed_id;
  std::string case_id;  // empty when it is about a facility
  std::string resource_id;
};

struct CalendarQuery {
  std::optional<domain::FacilityId> facility_id;
  std::optional<domain::BedKind> kind;
  Date today{};
  domain::Period asked;
  std::optional<Instant> as_of;  // what was known then; what is known now when absent
  std::string care_level{};      // empty for all
};

// What an entry's position and its history are computed from, as of one moment.
struct PositionFacts {
  std::vector<domain::BeforeCount> before_by_column;  // empty when it does not wait
  std::vector<domain::QueueStep> steps;               // newest first; empty beyond kExactPositions
  std::map<std::string, int> before_key;              // see domain::PositionHistory
  bool more = false;                                  // there are older steps
};

// Someone directly before an entry.
struct Neighbour {
  int distance = 0;  // 1 stands directly before
  std::string case_id;
  std::string sort_key;
};

// Thread-safe. Reads take the call's deadline.
class Store : public AgreementReads, public CarePeriodReads {
 public:
  // The resource id of an earlier call with the same request id. REQUEST_ID_REUSED.
  virtual absl::StatusOr<std::optional<std::string>> FindReplay(const auth::CallContext& ctx) = 0;
  // Runs `body` in one commit together with the request id, events and audit rows; the body returns
  // the id of the resource that the call is about. When the same request was committed meanwhile,
  // the id that it had is returned and nothing is done.
  using Body = std::function<absl::StatusOr<std::string>(Session&)>;
  virtual absl::StatusOr<std::string> Commit(const auth::CallContext& ctx, const Body& body) = 0;

  virtual absl::StatusOr<std::vector<domain::Facility>> Facilities(
      const auth::CallContext& ctx) = 0;
  virtual absl::StatusOr<std::vector<domain::Price>> Prices(const auth::CallContext& ctx,
                                                            const domain::FacilityId& id) = 0;
  // Newest first.
  virtual absl::StatusOr<std::vector<domain::FacilityFact>> FacilityHistory(
      const auth::CallContext& ctx, const FacilityHistoryPage& page) = 0;
  virtual absl::StatusOr<std::vector<BedRecord>> Beds(const auth::CallContext& ctx,
                                                      const CalendarQuery& query) = 0;
  virtual absl::StatusOr<std::optional<BedRecord>> FindBed(const auth::CallContext& ctx,
                                                           const domain::BedId& id) = 0;
  virtual absl::StatusOr<std::vector<domain::QueueRule>> Rules(const auth::CallContext& ctx) = 0;

  virtual absl::StatusOr<std::optional<domain::QueueEntry>> FindEntry(
      const auth::CallContext& ctx, const domain::EntryId& id) = 0;
  // All of a case, newest first.
  virtual absl::StatusOr<std::vector<domain::QueueEntry>> EntriesOf(const auth::CallContext& ctx,
                                                                    const domain::CaseId& id) = 0;
  // Whether the entry was offered this bed and the offer was not taken back.
  virtual absl::StatusOr<bool> WasOffered(const auth::CallContext& ctx, const domain::EntryId& id,
                                          const domain::BedId& bed) = 0;
  virtual absl::StatusOr<std::vector<QueueRow>> ListQueue(const auth::CallContext& ctx,
                                                          const QueuePage& page) = 0;
  // Waiting in one queue, at most domain::kExactPositions + 1.
  virtual absl::StatusOr<int> CountWaiting(const auth::CallContext& ctx,
                                           const domain::FacilityId& facility_id,
                                           domain::BedKind kind) = 0;
  // How many wait before, by the column that decides; in the order of the rule.
  virtual absl::StatusOr<std::vector<domain::BeforeCount>> CountBefore(
      const auth::CallContext& ctx, const domain::QueueRule& rule,
      const domain::QueueEntry& entry) = 0;
  // The newest `limit` steps of the entry's queue since it first waited.
  virtual absl::StatusOr<PositionFacts> Position(const auth::CallContext& ctx,
                                                 const domain::QueueRule& rule,
                                                 const domain::QueueEntry& entry, int limit) = 0;
  // The nearest first.
  virtual absl::StatusOr<std::vector<Neighbour>> DirectlyBefore(const auth::CallContext& ctx,
                                                                const domain::QueueEntry& entry,
                                                                int limit) = 0;
  virtual absl::StatusOr<std::vector<HistoryRecord>> History(const auth::CallContext& ctx,
                                                             const domain::EntryId& id) = 0;

  virtual absl::StatusOr<std::optional<OfferRecord>> FindOffer(const auth::CallContext& ctx,
                                                               const domain::OfferId& id) = 0;
  virtual absl::StatusOr<std::vector<OfferRecord>> ListOffers(const auth::CallContext& ctx,
                                                              const OfferPage& page) = 0;
  virtual absl::StatusOr<std::optional<OverrideRecord>> FindOverride(
      const auth::CallContext& ctx, const domain::OverrideId& id) = 0;
  virtual absl::StatusOr<std::vector<OverrideRecord>> ListOverrides(const auth::CallContext& ctx,
                                                                    const OverridePage& page) = 0;
  virtual absl::StatusOr<std::optional<HoldRecord>> FindHold(const auth::CallContext& ctx,
                                                             const domain::HoldId& id) = 0;
  virtual absl::StatusOr<std::vector<HoldRecord>> ListHolds(const auth::CallContext& ctx,
                                                            const HoldPage& page) = 0;
  virtual absl::StatusOr<std::optional<StayRecord>> FindStay(const auth::CallContext& ctx,
                                                             const domain::StayId& id) = 0;
  virtual absl::StatusOr<std::vector<StayRecord>> ListStays(const auth::CallContext& ctx,
                                                            const StayPage& page) = 0;
  virtual absl::StatusOr<std::optional<ExternalStayRecord>> FindExternalStay(
      const auth::CallContext& ctx, const domain::StayId& id) = 0;
  virtual absl::StatusOr<std::vector<ExternalStayRecord>> ListExternalStays(
      const auth::CallContext& ctx, const ExternalStayPage& page) = 0;
  // The 500 latest, oldest first.
  virtual absl::StatusOr<std::vector<domain::StayFact>> StayHistory(const auth::CallContext& ctx,
                                                                    const domain::StayId& id) = 0;
  virtual absl::StatusOr<std::optional<TransferRecord>> FindTransfer(
      const auth::CallContext& ctx, const domain::TransferId& id) = 0;
  // Oldest first.
  virtual absl::StatusOr<std::vector<TimelineRow>> Timeline(const auth::CallContext& ctx,
                                                            const TimelineQuery& query) = 0;

  virtual absl::StatusOr<std::optional<AlternationRecord>> FindAlternation(
      const auth::CallContext& ctx, const domain::AlternationId& id) = 0;
  virtual absl::StatusOr<std::vector<AlternationRecord>> ListAlternations(
      const auth::CallContext& ctx, const AlternationPage& page) = 0;

  // The sections of the weekly view, each at most `limit` rows in the order of its field there.
  virtual absl::StatusOr<std::vector<QueueRow>> Attention(const auth::CallContext& ctx,
                                                          const WeeklyQuery& query) = 0;
  virtual absl::StatusOr<std::vector<MovementRow>> Departures(const auth::CallContext& ctx,
                                                              const WeeklyQuery& query) = 0;
  virtual absl::StatusOr<std::vector<MovementRow>> Arrivals(const auth::CallContext& ctx,
                                                            const WeeklyQuery& query) = 0;
  virtual absl::StatusOr<std::vector<DeadlineRow>> Deadlines(const auth::CallContext& ctx,
                                                             const WeeklyQuery& query) = 0;
  virtual absl::StatusOr<std::vector<ChangeRow>> Changes(const auth::CallContext& ctx,
                                                         const WeeklyQuery& query) = 0;
  // How many of the latest 10 000 changes are of each kind.
  virtual absl::StatusOr<std::map<std::string, int>> ChangeCounts(const auth::CallContext& ctx,
                                                                  const WeeklyQuery& query) = 0;
};

}  // namespace vardkedja::placement::usecases
