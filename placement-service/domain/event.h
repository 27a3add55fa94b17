// What happened, as placement-service tells the others: the values behind PlacementEvent. Ids and
// codes only. `events/publish.h` turns them into bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "placement-service/domain/alternation.h"
#include "placement-service/domain/care_period.h"
#include "placement-service/domain/external_stay.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/hold.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/queue_override.h"
#include "placement-service/domain/stay.h"
#include "placement-service/domain/stay_correction.h"
#include "placement-service/domain/transfer.h"

namespace vardkedja::placement::domain {

struct FacilityRegistered {};
struct BedRegistered {
  Bed bed;
};
struct BedClosed {
  Closure closure;
};
struct Queued {};
struct Dequeued {
  std::string reason;
};
struct QueueAlert {
  std::string kind;  // "passed" or "waiting_long"
};
struct OfferMade {
  Offer offer;
};
struct OfferExpiring {
  Offer offer;
};
struct BedConflict {
  // One of the three is whom it is about.
  std::string offer_id{};
  std::string alternation_id{};
  std::string stay_id{};
  BedId bed_id{};
  Date due{};
  std::optional<ClosureId> closure{};  // none: somebody else lives there
};
struct OfferAccepted {
  Offer offer;
};
struct OfferDeclined {
  Offer offer;
};
struct OfferExpired {
  Offer offer;
};
struct Enrolled {
  Stay stay;
  bool transfer = false;
  std::optional<Date> planned_move_in;
};
struct TransferPlanned {
  Transfer transfer;
  Facility to;
};
struct TransferConfirmed {
  Transfer transfer;
  FacilityId by;
  UnitId from_unit;
  UnitId to_unit;
};
struct TransferDone {
  Transfer transfer;
  Stay from;
  UnitId from_unit;
  Stay to;
  UnitId to_unit;
};
struct DischargePlanned {
  Stay stay;
};
struct Discharged {
  Stay stay;
};
struct OverrideProposed {
  QueueOverride proposal;
};
struct OverrideSettled {
  QueueOverride proposal;
};
struct EntryParked {};
struct EntryResumed {};
struct AbsenceRecorded {
  Absence absence;
  std::optional<Date> ended;  // the person is back
};
struct StayMoved {
  Stay from;
  Stay to;
};
struct IncidentRecorded {
  StayId stay_id;
};
struct StayCorrected {
  Stay wrong;
  std::optional<Stay> right;
  std::optional<StayId> with;  // the one that was corrected, when this one follows it
};
struct AbsenceCorrected {
  AbsencePeriod wrong;
  std::optional<AbsencePeriod> right;
  AbsenceCorrectionReason reason = AbsenceCorrectionReason::kNone;
};
struct TransferCancelled {
  Transfer transfer;
  UnitId from_unit;
  UnitId to_unit;
};
struct ExternalStayRecorded {
  ExternalStay stay;
};
struct WentHome {
  Stay stay;
  Alternation alternation;
};
struct ReturnChanged {
  Alternation alternation;
};
struct ReturnedFromHome {
  Alternation alternation;
  Stay stay;
};
struct ReturnOverdue {
  Alternation alternation;
};
struct ReservationEnded {
  Offer offer;
  std::string reason;  // of an entry that left; empty when it was given back
};
struct ReservationChanged {
  Offer offer;
};
struct MoveInOverdue {
  Offer offer;
  Date due{};
};
struct DischargePlanCleared {
  StayId stay_id;
};
struct DischargeUndone {
  Stay stay;
  Date departure{};
  std::optional<Date> interrupted;  // since when, if that goes on
};
struct CarePeriodBegan {
  CarePeriod period;
};
struct PlacementReconsidered {
  CarePeriod period;
};
struct AgreementRecorded {
  OfferId offer_id;
  bool complete = false;
};
struct ContactPlanned {
  OfferId offer_id;
};
struct BedHold {
  Hold hold;
};

using Happening =
    std::variant<FacilityRegistered, BedRegistered, BedClosed, Queued, Dequeued, QueueAlert,
                 OfferMade, OfferExpiring, BedConflict, OfferAccepted, OfferDeclined, OfferExpired,
                 Enrolled, TransferPlanned, TransferConfirmed, TransferDone, DischargePlanned,
                 Discharged, OverrideProposed, OverrideSettled, EntryParked, EntryResumed,
                 AbsenceRecorded, StayMoved, IncidentRecorded, TransferCancelled, StayCorrected,
                 ExternalStayRecorded, BedHold, WentHome, ReturnChanged, ReturnedFromHome,
                 ReturnOverdue, ReservationEnded, ReservationChanged, MoveInOverdue,
                 DischargePlanCleared, DischargeUndone, AbsenceCorrected, CarePeriodBegan,
                 PlacementReconsidered, AgreementRecorded, ContactPlanned>;

struct Event {
  // "facility", "bed", "external_stay", "hold", "entry", "override", "offer", "stay", "transfer",
  // "alternation", "care_period", "agreement" or "contact_plan", and the version it made; a notice
  // that changes nothing is one of its own.
  std::string aggregate_type;
  std::string aggregate_id;
  std::int64_t version = 1;
  // The case; absent for facilities and beds.
  std::optional<QueueEntry> entry;
  Facility facility;
  BedKind bed_kind = BedKind::kUnspecified;
  Happening happening;
};

// The usual envelopes.
Event EntryEvent(const QueueEntry& entry, const Facility& facility, Happening happening);
Event OfferEvent(const Offer& offer, const QueueEntry& entry, const Facility& facility,
                 Happening happening);
Event OverrideEvent(const QueueOverride& proposal, const QueueEntry& entry,
                    const Facility& facility, Happening happening);
Event ExternalStayEvent(const ExternalStay& stay, const Facility& facility);
Event HoldEvent(const Hold& hold, const Bed& bed, const Facility& facility);
Event StayEvent(const Stay& stay, const Facility& facility, Happening happening);
// `stay` names the case and decision.
Event AlternationEvent(const Alternation& alternation, const Stay& stay, const Facility& facility,
                       Happening happening);
Event CarePeriodEvent(const CarePeriod& period, const QueueEntry& entry, const Facility& facility,
                      Happening happening);
// `stay` names the case and decision, `facility` the one in the envelope.
Event TransferEvent(const Transfer& transfer, const Stay& stay, const Facility& facility,
                    Happening happening);

}  // namespace vardkedja::placement::domain
