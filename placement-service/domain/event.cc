#include "placement-service/domain/event.h"

#include <utility>

namespace vardkedja::placement::domain {
namespace {

// What the envelope needs of the case, from a stay.
QueueEntry CaseOf(const Stay& stay) {
  QueueEntry entry;
  entry.id = stay.entry_id;
  entry.case_id = stay.case_id;
  entry.case_number = stay.case_number;
  entry.person_id = stay.person_id;
  entry.owner_unit = stay.owner_unit;
  entry.decision_id = stay.decision_id;
  entry.facility_id = stay.facility_id;
  entry.bed_kind = stay.bed_kind;
  return entry;
}

}  // namespace

Event EntryEvent(const QueueEntry& entry, const Facility& facility, Happening happening) {
  return {"entry",  entry.id.value, entry.version,       entry,
          facility, entry.bed_kind, std::move(happening)};
}

Event OfferEvent(const Offer& offer, const QueueEntry& entry, const Facility& facility,
                 Happening happening) {
  return {"offer",  offer.id.value, offer.version,       entry,
          facility, entry.bed_kind, std::move(happening)};
}

Event OverrideEvent(const QueueOverride& proposal, const QueueEntry& entry,
                    const Facility& facility, Happening happening) {
  return {"override", proposal.id.value, proposal.version,    entry,
          facility,   entry.bed_kind,    std::move(happening)};
}

Event ExternalStayEvent(const ExternalStay& stay, const Facility& facility) {
  return {
      "external_stay",           stay.id.value, stay.version, std::nullopt, facility, stay.bed_kind,
      ExternalStayRecorded{stay}};
}

Event HoldEvent(const Hold& hold, const Bed& bed, const Facility& facility) {
  return {"hold", hold.id.value, hold.version, std::nullopt, facility, bed.kind, BedHold{hold}};
}

Event StayEvent(const Stay& stay, const Facility& facility, Happening happening) {
  return {"stay",   stay.id.value, stay.version,        CaseOf(stay),
          facility, stay.bed_kind, std::move(happening)};
}

Event AlternationEvent(const Alternation& alternation, const Stay& stay, const Facility& facility,
                       Happening happening) {
  return {"alternation", alternation.id.value, alternation.version, CaseOf(stay),
          facility,      stay.bed_kind,        std::move(happening)};
}

Event CarePeriodEvent(const CarePeriod& period, const QueueEntry& entry, const Facility& facility,
                      Happening happening) {
  return {"care_period", period.id.value, period.version,      entry,
          facility,      entry.bed_kind,  std::move(happening)};
}

Event TransferEvent(const Transfer& transfer, const Stay& stay, const Facility& facility,
                    Happening happening) {
  return {"transfer", transfer.id.value, transfer.version,    CaseOf(stay),
          facility,   stay.bed_kind,     std::move(happening)};
}

}  // namespace vardkedja::placement::domain
