// What the model says of held beds, parking, places sold outside the chain, extra places and
// alternating stays.
#include <algorithm>

#include "tests/simulation/model.h"
#include "tests/simulation/periods.h"

namespace vardkedja::placement::simulation {

using std::chrono::days;

std::vector<Model::Reserved> Model::Reservations(int but_home, int but_offer) const {
  std::vector<Reserved> all;
  for (int i = 0; i < static_cast<int>(offers.size()); ++i) {
    const Offer& offer = offers[At(i)];
    if (i == but_offer || offer.state != "accepted") continue;
    all.push_back({offer.bed, offer.entry, *offer.move_in, offer.reserved_to});
  }
  for (int i = 0; i < static_cast<int>(homes.size()); ++i) {
    const Home& home = homes[At(i)];
    if (i == but_home || home.state != "at_home") continue;
    all.push_back({home.bed, stays[At(home.stay)].entry, home.back, home.reserved_to});
  }
  return all;
}

std::string Model::WhyNotReservable(int bed, int entry, Date from, MaybeDate to, int but_home,
                                    int but_offer) const {
  const std::string& person = PersonOf(entries[At(entry)]);
  std::string why = "OK";
  for (const Reserved& other : Reservations(but_home, but_offer)) {
    if (!Collide(from, EndOf(to), other.from, EndOf(other.to))) continue;
    if (other.bed == bed) return "BED_RESERVED";
    if (PersonOf(entries[At(other.entry)]) == person) why = "PERSON_RESERVED_ELSEWHERE";
  }
  return why;
}

std::string Model::WhyNotFree(int bed, Date from, MaybeDate to) const {
  const Date end = EndOf(to);
  for (const Offer& offer : offers) {
    if (offer.bed == bed && offer.state == "open" && offer.from < end) return "BED_OFFERED";
  }
  if (from < beds[At(bed)].from) return "BED_CLOSED";
  for (const Closure& closure : beds[At(bed)].closures) {
    if (closure.to != closure.from && Collide(from, end, closure.from, EndOf(closure.to))) {
      return "BED_CLOSED";
    }
  }
  for (const Stay& stay : stays) {
    if (stay.in == EndOfStay(stay)) continue;  // counts for the bed moved to
    if (stay.bed == bed && Collide(from, end, stay.in, EndOfStay(stay))) return "BED_OCCUPIED";
  }
  for (const Reserved& reserved : Reservations()) {
    if (reserved.bed == bed && Collide(from, end, reserved.from, EndOf(reserved.to))) {
      return "BED_RESERVED";
    }
  }
  for (const Hold& hold : holds) {
    if (hold.bed == bed && hold.to != hold.from && Collide(from, end, hold.from, hold.to)) {
      return "BED_HELD";
    }
  }
  return "OK";
}

std::string Model::HoldBed(int bed, Date from, Date to) {
  if (from < Today() || to <= from || to - from > days(92)) return "FIELD_VIOLATIONS";
  const std::string why_not = WhyNotFree(bed, from, to);
  if (why_not != "OK") return why_not;
  holds.push_back({"", bed, from, to});
  ++beds[At(bed)].version;
  return "OK";
}

std::string Model::Release(int index) {
  Hold& hold = holds[At(index)];
  if (hold.state != "held") return "ILLEGAL_STATE";
  hold.state = "released";
  hold.to = std::clamp(Today(), hold.from, hold.to);
  ++beds[At(hold.bed)].version;
  return "OK";
}

std::string Model::Park(int index, MaybeDate until) {
  Entry& entry = entries[At(index)];
  if (entry.state != "waiting" || entry.parked || entry.open_offer >= 0) return "ILLEGAL_STATE";
  if (until && *until <= Today()) return "FIELD_VIOLATIONS";
  entry.parked = true;
  entry.parked_until = until;
  return "OK";
}

std::string Model::Resume(int index) {
  Entry& entry = entries[At(index)];
  if (entry.state != "waiting" || !entry.parked) return "ILLEGAL_STATE";
  entry.parked = false;
  entry.parked_until.reset();
  return "OK";
}

void Model::AddExtraPlace(const Bed& bed) { beds.push_back(bed); }

std::string Model::Sell(int bed, Date from, MaybeDate until) {
  if (from > Today() || (until && *until <= from)) return "FIELD_VIOLATIONS";
  const std::string why_not = WhyNotFree(bed, from, until);
  if (why_not != "OK") return why_not;
  if (FirstEligible(bed, Today()) >= 0) return "QUEUE_WAITS";
  for (const Stay& stay : stays) {
    if (stay.bed == bed && Collide(from, kNever, stay.in, EndOf(stay.out))) return "BED_OCCUPIED";
  }
  Stay sold;
  sold.entry = -1;
  sold.bed = bed;
  sold.in = from;
  sold.planned_out = until;
  stays.push_back(sold);
  return "OK";
}

std::string Model::EndSale(int index, Date departure) {
  Stay& stay = stays[At(index)];
  if (stay.out) return "ILLEGAL_STATE";
  if (departure > Today() || departure < stay.in) return "FIELD_VIOLATIONS";
  stay.out = departure;
  ++stay.version;
  return "OK";
}

std::string Model::CheckReturn(const Stay& stay, int bed, Date from, Date back) const {
  const Bed& to = beds[At(bed)];
  const Bed& left = beds[At(stay.bed)];
  if (back < Today() || back <= from || back - from > days(92) || back >= EndOf(stay.planned_out) ||
      to.facility != left.facility || to.kind != left.kind) {
    return "FIELD_VIOLATIONS";
  }
  return Covers(entries[At(stay.entry)], back) ? "OK" : "NO_DECISION";
}

std::string Model::GoHome(int index, Date from, Date back, int bed) {
  Stay& stay = stays[At(index)];
  if (stay.out) return "ILLEGAL_STATE";
  if (from > Today() || from < stay.in) return "FIELD_VIOLATIONS";
  if (stay.transfer >= 0) return "TRANSFER_PLANNED";
  std::string why = CheckReturn(stay, bed, from, back);
  if (why == "OK") why = WhyNotOfferable(bed, back, index);
  const MaybeDate covered_to = entries[At(stay.entry)].covered_to;
  if (why == "OK") why = WhyNotReservable(bed, stay.entry, back, covered_to, -1);
  if (why != "OK") return why;
  stay.out = from;
  stay.ended_by = "home";
  ++stay.version;
  homes.push_back({"", index, bed, "at_home", from, back, covered_to});
  return "OK";
}

std::string Model::ChangeReturn(int index, Date back, int bed) {
  Home& home = homes[At(index)];
  if (home.state != "at_home") return "ILLEGAL_STATE";
  const Stay& stay = stays[At(home.stay)];
  std::string why = CheckReturn(stay, bed, home.from, back);
  if (why == "OK") why = WhyNotOfferable(bed, back, -1, index);
  const MaybeDate covered_to = entries[At(stay.entry)].covered_to;
  if (why == "OK") why = WhyNotReservable(bed, stay.entry, back, covered_to, index);
  if (why != "OK") return why;
  home.back = back;
  home.bed = bed;
  home.reserved_to = covered_to;
  ++home.version;
  return "OK";
}

std::string Model::Return(int index, Date date) {
  Home& home = homes[At(index)];
  if (home.state != "at_home") return "ILLEGAL_STATE";
  const Stay before = stays[At(home.stay)];
  if (date > Today() || date <= home.from) return "FIELD_VIOLATIONS";
  if (!Covers(entries[At(before.entry)], date)) return "NO_DECISION";
  if (IsClosed(home.bed, date)) return "BED_CLOSED";
  if (date < home.back) {
    const std::string why_not = WhyNotFree(home.bed, date, home.back);
    if (why_not != "OK") return why_not;
  }
  for (const Stay& stay : stays) {
    if (stay.bed == home.bed && Collide(date, kNever, stay.in, EndOf(stay.out))) {
      return "BED_OCCUPIED";
    }
  }
  if (PersonLivesIn(PersonOf(entries[At(before.entry)]), date, {}, -1)) {
    return "PERSON_PLACED_ELSEWHERE";
  }
  home.state = "returned";
  home.ended = date;
  home.to = static_cast<int>(stays.size());
  ++home.version;
  Stay stay;
  stay.entry = before.entry;
  stay.bed = home.bed;
  stay.offer = before.offer;
  stay.in = date;
  stay.planned_out = before.planned_out;
  stay.before = home.stay;
  stays.push_back(stay);
  return "OK";
}

std::string Model::DischargeFromHome(int index, Date date) {
  Home& home = homes[At(index)];
  if (home.state != "at_home") return "ILLEGAL_STATE";
  if (date > Today() || date < home.from) return "FIELD_VIOLATIONS";
  home.state = "ended";
  home.ended = date;
  ++home.version;
  stays[At(home.stay)].ended_by = "discharge";
  ++stays[At(home.stay)].version;
  return "OK";
}

}  // namespace vardkedja::placement::simulation
