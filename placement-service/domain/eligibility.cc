#include "placement-service/domain/eligibility.h"

#include <array>

namespace vardkedja::placement::domain {
namespace {

struct LackText {
  Lack lack;
  std::string_view code;
  std::string_view sv;
  std::string_view en;
};

constexpr std::array<LackText, 11> kTexts = {{
    {Lack::kReserved, "reserved", "Har redan en reserverad plats.",
     "Has a reserved place already."},
    {Lack::kPlaced, "placed", "Har redan flyttat in.", "Has moved in already."},
    {Lack::kCaseClosed, "case_closed", "Ärendet är återkallat eller avslutat.",
     "The case was withdrawn or closed."},
    {Lack::kGround, "ground",
     "Samtycke eller annan grund saknas för en enhet som behöver se ärendet.",
     "Consent or another ground is missing for a unit that needs to see the case."},
    {Lack::kOfferOpen, "offer_open", "Har ett erbjudande som inte är besvarat.",
     "Has an offer that is not answered."},
    {Lack::kDecisionNotYet, "decision_not_yet", "Beslutet gäller inte än den dagen.",
     "The decision is not in force yet on that date."},
    {Lack::kDecisionEnded, "decision_ended", "Beslutet gäller inte längre den dagen.",
     "The decision is no longer in force on that date."},
    {Lack::kOtherQueue, "other_queue", "Platsen hör till en annan kö.",
     "The bed belongs to another queue."},
    {Lack::kBedOfferedBefore, "bed_offered_before", "Har redan fått erbjudande om den platsen.",
     "Was offered that bed before."},
    {Lack::kParked, "parked", "Är parkerat och tar ingen plats för närvarande.",
     "Is parked and takes no place for now."},
    {Lack::kIntakeClosed, "intake_closed", "Planerat intag är stängt den dagen.",
     "Planned intake is closed on that date."},
}};

const LackText& Texts(Lack lack) { return kTexts[static_cast<std::size_t>(lack)]; }

std::optional<Lack> LackOfState(const QueueEntry& entry) {
  switch (entry.state) {
    case EntryState::kWaiting:
      return std::nullopt;
    case EntryState::kReserved:
      return Lack::kReserved;
    case EntryState::kPlaced:
      return Lack::kPlaced;
    case EntryState::kLeft:
      if (entry.left_reason == kLeftGroundEnded) return Lack::kGround;
      // Its date says so below.
      if (entry.left_reason == kLeftDecisionEnded) return std::nullopt;
      return Lack::kCaseClosed;
  }
  return std::nullopt;
}

}  // namespace

std::string_view Code(Lack lack) { return Texts(lack).code; }
std::string_view TextSv(Lack lack) { return Texts(lack).sv; }
std::string_view TextEn(Lack lack) { return Texts(lack).en; }

std::vector<Lack> WhatIsMissing(const QueueEntry& entry, const Facility& facility, Date date,
                                const std::optional<BedInQuestion>& bed) {
  std::vector<Lack> missing;
  if (const std::optional<Lack> lack = LackOfState(entry)) missing.push_back(*lack);
  if (entry.open_offer) missing.push_back(Lack::kOfferOpen);
  if (entry.parking) missing.push_back(Lack::kParked);
  if (date < entry.facts.decision_date) missing.push_back(Lack::kDecisionNotYet);
  if (entry.decision_to && *entry.decision_to <= date) missing.push_back(Lack::kDecisionEnded);
  if (IntakeClosedOn(facility, date) && !IsAcute(entry.facts.criteria)) {
    missing.push_back(Lack::kIntakeClosed);
  }
  if (!bed) return missing;
  if (bed->facility_id != entry.facility_id || bed->kind != entry.bed_kind) {
    missing.push_back(Lack::kOtherQueue);
  }
  if (bed->offered_before) missing.push_back(Lack::kBedOfferedBefore);
  return missing;
}

}  // namespace vardkedja::placement::domain
