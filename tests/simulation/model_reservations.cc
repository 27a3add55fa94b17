// What the model says of accepted offers until the move-in.
#include <algorithm>

#include "tests/simulation/model.h"
#include "tests/simulation/periods.h"

namespace vardkedja::placement::simulation {

using std::chrono::days;

std::string Model::CheckMoveInDate(const Offer& offer, Date move_in) const {
  constexpr days kWithin(31);
  const bool fits = move_in >= Today() && move_in <= std::max(offer.from, Today()) + kWithin;
  return fits ? "OK" : "FIELD_VIOLATIONS";
}

void Model::CancelTransferOn(int offer) {
  for (Stay& stay : stays) {
    if (stay.transfer < 0 || transfers[At(stay.transfer)].offer != offer) continue;
    transfers[At(stay.transfer)].state = "cancelled";
    ++transfers[At(stay.transfer)].version;
    stay.transfer = -1;
  }
}

std::string Model::GiveBack(int index, bool bed_usable) {
  Offer& offer = offers[At(index)];
  if (offer.state != "accepted") return "ILLEGAL_STATE";
  offer.state = "given_back";
  entries[At(offer.entry)].state = "waiting";
  CancelTransferOn(index);
  if (!entries[At(offer.entry)].units_without_ground.empty()) Leave(offer.entry, "ground_ended");
  if (bed_usable) NextFor(Offer(offer));
  return "OK";
}

std::string Model::ChangeMoveIn(int index, Date move_in, int bed) {
  Offer& offer = offers[At(index)];
  const Entry& entry = entries[At(offer.entry)];
  if (offer.state != "accepted") return "ILLEGAL_STATE";
  const Bed& to = beds[At(bed)];
  const bool fits = to.facility == entry.facility && to.kind == entry.kind;
  const bool before_move = std::all_of(stays.begin(), stays.end(), [&](const Stay& stay) {
    if (stay.transfer < 0) return true;
    const Transfer& transfer = transfers[At(stay.transfer)];
    return transfer.offer != index || move_in <= transfer.move;
  });
  if (!fits || !before_move || CheckMoveInDate(offer, move_in) != "OK") return "FIELD_VIOLATIONS";
  if (!Covers(entry, move_in)) return "NO_DECISION";
  std::string why = WhyNotOfferable(bed, move_in, -1, -1, index);
  const bool had_it =
      bed != offer.bed && std::any_of(offers.begin(), offers.end(), [&](const Offer& other) {
        return other.entry == offer.entry && other.bed == bed && other.state != "withdrawn";
      });
  if (why == "OK" && had_it) why = "BED_OFFERED_BEFORE";
  if (why == "OK") {
    why = WhyNotReservable(bed, offer.entry, move_in, entry.covered_to, -1, index);
  }
  if (why != "OK") return why;
  offer.bed = bed;
  offer.from = std::min(offer.from, move_in);
  offer.move_in = move_in;
  offer.reserved_to = entry.covered_to;
  ++offer.version;
  return "OK";
}

}  // namespace vardkedja::placement::simulation
