// What the model says of places offered to one person, by the queue's order or out of it.
#include <algorithm>
#include <tuple>

#include "tests/simulation/model.h"
#include "tests/simulation/periods.h"

namespace vardkedja::placement::simulation {
namespace {

using std::chrono::days;

constexpr days kLatestFreeAhead(92);

}  // namespace

Model::Place Model::ChoosePlace(int index, Date by) const {
  const Entry& entry = entries[At(index)];
  bool covered = false;
  for (Date date = Today(); date <= by; date += days(1)) {
    if (!Covers(entry, date)) continue;
    covered = true;
    int first = -1;
    for (int i = 0; i < static_cast<int>(beds.size()); ++i) {
      const Bed& one = beds[At(i)];
      const bool fits = one.facility == entry.facility && one.kind == entry.kind;
      if (!fits || HadOffer(index, i) || WhyNotOfferable(i, date) != "OK") continue;
      const auto order = [&](int of) { return std::tuple(beds[At(of)].extra, beds[At(of)].id); };
      if (first < 0 || order(i) < order(first)) first = i;
    }
    if (first >= 0) return {"OK", first, date};
  }
  return {covered ? "NO_FREE_PLACE" : "NO_DECISION"};
}

std::string Model::OfferPlace(int entry, Date by) {
  if (by < Today() || by > Today() + kLatestFreeAhead) return "FIELD_VIOLATIONS";
  if (!CanBeOffered(entries[At(entry)])) return "ILLEGAL_STATE";
  const Place place = ChoosePlace(entry, by);
  if (place.why_not != "OK") return place.why_not;
  if (FirstEligible(place.bed, place.from) != entry) return "NOT_FIRST";
  Offered(entry, place.bed, place.from);
  return "OK";
}

int Model::CountEligibleBefore(int entry, int bed, Date from) const {
  int before = 0;
  for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
    if (IsEligible(i, bed, from) && StandsBefore(entries[At(i)], entries[At(entry)])) ++before;
  }
  return before;
}

// A bed that is held for compulsory care is free for somebody who comes under it.
std::string Model::WhyNotForOverride(int entry, int bed, Date from) const {
  const std::string why_not = WhyNotOfferable(bed, from);
  const bool usable = why_not == "BED_HELD" && entries[At(entry)].criteria.lvm_section_27;
  return usable ? "OK" : why_not;
}

std::string Model::ProposeOverride(int index, int bed, Date from, const std::string& seat) {
  const Entry& entry = entries[At(index)];
  if (from < Today()) return "FIELD_VIOLATIONS";
  if (bed < 0) {
    if (from > Today() + kLatestFreeAhead) return "FIELD_VIOLATIONS";
    if (!CanBeOffered(entry)) return "ILLEGAL_STATE";
    const Place place = ChoosePlace(index, from);
    if (place.why_not != "OK") return place.why_not;
    bed = place.bed;
    from = place.from;
  }
  const Bed& to = beds[At(bed)];
  if (to.facility != entry.facility || to.kind != entry.kind) return "FIELD_VIOLATIONS";
  if (!CanBeOffered(entry)) return "ILLEGAL_STATE";
  if (!Covers(entry, from)) return "NO_DECISION";
  const std::string why_not = WhyNotForOverride(index, bed, from);
  if (why_not != "OK") return why_not;
  if (CountEligibleBefore(index, bed, from) == 0 && WhyNotOfferable(bed, from) == "OK") {
    return "OVERRIDE_NOT_NEEDED";
  }
  const bool proposed = std::any_of(overrides.begin(), overrides.end(), [&](const Override& other) {
    return other.entry == index && other.state == "proposed";
  });
  if (proposed) return "OVERRIDE_PROPOSED";
  overrides.push_back({"", index, bed, from, "proposed", seat});
  return "OK";
}

std::string Model::Settle(int index, bool confirm, const std::string& seat) {
  Override& proposal = overrides[At(index)];
  if (proposal.state != "proposed") return "ILLEGAL_STATE";
  if (!confirm) {
    proposal.state = "rejected";
    return "OK";
  }
  if (seat == proposal.seat) return "SAME_SEAT";
  const Entry& entry = entries[At(proposal.entry)];
  const Date from = std::max(proposal.from, Today());
  if (!CanBeOffered(entry)) return "ILLEGAL_STATE";
  if (!Covers(entry, from)) return "NO_DECISION";
  const std::string why_not = WhyNotForOverride(proposal.entry, proposal.bed, from);
  if (why_not != "OK") return why_not;
  if (HadOffer(proposal.entry, proposal.bed)) return "BED_OFFERED_BEFORE";
  for (Hold& hold : holds) {
    const bool live = hold.bed == proposal.bed && hold.state == "held" && hold.to > from;
    if (!live || !entry.criteria.lvm_section_27) continue;
    hold.state = "used";
    hold.to = std::clamp(Today(), hold.from, hold.to);
    ++beds[At(hold.bed)].version;
  }
  const int passed_over = CountEligibleBefore(proposal.entry, proposal.bed, from);
  Offered(proposal.entry, proposal.bed, from);
  offers.back().passed_over = passed_over;
  proposal.state = "confirmed";
  return "OK";
}

}  // namespace vardkedja::placement::simulation
