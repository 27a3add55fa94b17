// What the model says of moves between beds, and of what was recorded and was not so.
#include <algorithm>

#include "tests/simulation/model.h"
#include "tests/simulation/periods.h"

namespace vardkedja::placement::simulation {

using std::chrono::days;

std::string Model::MoveBed(int index, int bed, Date date) {
  Stay& stay = stays[At(index)];
  const Bed& left = beds[At(stay.bed)];
  const Bed& to = beds[At(bed)];
  if (stay.out) return "ILLEGAL_STATE";
  if (bed == stay.bed || to.facility != left.facility) return "FIELD_VIOLATIONS";
  if (date > Today() || date < stay.in) return "FIELD_VIOLATIONS";
  if (to.kind != left.kind && FirstEligible(bed, date) >= 0) return "QUEUE_WAITS";
  const std::string why_not = WhyNotOfferable(bed, date);
  if (why_not != "OK") return why_not;
  for (const Stay& other : stays) {
    if (other.bed == bed && Collide(date, kNever, other.in, EndOf(other.out))) {
      return "BED_OCCUPIED";
    }
  }
  if (PersonLivesIn(PersonOf(entries[At(stay.entry)]), date, {}, index)) {
    return "PERSON_PLACED_ELSEWHERE";
  }
  Stay next = stay;
  next.id.clear();
  next.bed = bed;
  next.in = date;
  next.before = index;
  next.corrects = -1;
  next.version = 1;
  if (stay.transfer >= 0) {
    transfers[At(stay.transfer)].stay = static_cast<int>(stays.size());
    ++transfers[At(stay.transfer)].version;
  }
  stay.out = date;
  stay.ended_by = "move";
  stay.transfer = -1;
  ++stay.version;
  stays.push_back(next);
  return "OK";
}

// The bed is promised to nobody, nobody has lived in it since, and the person nowhere else.
std::string Model::WhyNotToGoOn(int index) const {
  Stay going_on = stays[At(index)];
  const Date from = std::max(*going_on.out, Today());
  const std::string promised = WhyPromised(going_on.bed, from, -1, -1);
  if (promised != "OK") return promised;
  going_on.out.reset();
  return WhyNotLivable(going_on, index);
}

void Model::GoOn(int index) {
  stays[At(index)].out.reset();
  stays[At(index)].ended_by.clear();
  ++stays[At(index)].version;
}

std::string Model::UndoDischarge(int index) {
  if (stays[At(index)].ended_by != "discharge") return "ILLEGAL_STATE";
  const bool from_home =
      std::any_of(homes.begin(), homes.end(), [&](const Home& home) { return home.stay == index; });
  if (from_home) return "PART_OF_A_MOVE";
  const std::string why_not = WhyNotToGoOn(index);
  if (why_not == "OK") GoOn(index);
  return why_not;
}

Model::Neighbour Model::Before(int index) const {
  Neighbour found{stays[At(index)].before};
  for (const Transfer& transfer : transfers) {
    if (transfer.to == index) found.stay = transfer.stay;
  }
  found.near =
      std::none_of(homes.begin(), homes.end(), [&](const Home& home) { return home.to == index; });
  return found;
}

Model::Neighbour Model::After(int index) const {
  Neighbour found;
  for (int i = 0; i < static_cast<int>(stays.size()); ++i) {
    if (stays[At(i)].before == index && !stays[At(i)].gone) found.stay = i;
  }
  for (const Transfer& transfer : transfers) {
    if (transfer.stay == index && transfer.to >= 0) found.stay = transfer.to;
  }
  found.near = std::none_of(homes.begin(), homes.end(),
                            [&](const Home& home) { return home.stay == index; });
  return found;
}

std::string Model::WhyNotLivable(const Stay& stay, int but_stay) const {
  const std::string& person = PersonOf(entries[At(stay.entry)]);
  const auto collides = [&](bool by_bed, bool of_a_day) {
    for (int i = 0; i < static_cast<int>(stays.size()); ++i) {
      const Stay& other = stays[At(i)];
      const bool same_person = other.entry >= 0 && PersonOf(entries[At(other.entry)]) == person;
      if (i == but_stay || !(by_bed ? other.bed == stay.bed : same_person)) continue;
      if (of_a_day != (stay.out == stay.in || other.out == other.in)) continue;
      if (Collide(stay.in, EndOf(stay.out), other.in, EndOf(other.out))) return true;
    }
    return false;
  };
  // Time that is shared is named before a date that lies within the other's stay.
  for (const bool of_a_day : {false, true}) {
    if (collides(/*by_bed=*/true, of_a_day)) return "BED_OCCUPIED";
    if (collides(/*by_bed=*/false, of_a_day)) return "PERSON_PLACED_ELSEWHERE";
  }
  return "OK";
}

// Whatever spoke of the wrong stay speaks of the right one.
void Model::Relink(int wrong, int right) {
  for (Stay& stay : stays) {
    if (stay.before != wrong || stay.gone) continue;
    stay.before = right;
    ++stay.version;
  }
  for (Transfer& transfer : transfers) {
    if (transfer.stay == wrong && transfer.state != "cancelled") {
      transfer.stay = right;
      ++transfer.version;
    }
    if (transfer.to == wrong) {
      transfer.to = right;
      transfer.move = stays[At(right)].in;
      ++transfer.version;
    }
  }
  for (Home& home : homes) {
    if (home.stay == wrong) {
      home.stay = right;
      home.from = *stays[At(right)].out;
      ++home.version;
    }
    if (home.to == wrong) {
      home.to = right;
      home.ended = stays[At(right)].in;
      ++home.version;
    }
  }
}

void Model::TakeAway(int index) {
  Stay& stay = stays[At(index)];
  stay.gone = true;
  stay.entry = stay.bed = stay.transfer = -1;
  ++stay.version;
}

std::string Model::Replace(std::vector<Right> rights) {
  const Model unchanged = *this;
  for (const auto& [wrong, right] : rights) TakeAway(wrong);
  for (std::size_t i = 0; i < rights.size(); ++i) {
    auto& [wrong, right] = rights[i];
    const std::string why_not = WhyNotLivable(right);
    if (why_not != "OK") {
      *this = unchanged;
      return why_not;
    }
    right.id.clear();
    right.version = 1;
    right.corrects = wrong;
    const int index = static_cast<int>(stays.size());
    if (i + 1 < rights.size() && rights[i + 1].second.before == wrong) {
      rights[i + 1].second.before = index;
    }
    stays.push_back(right);
    Relink(wrong, index);
  }
  return "OK";
}

std::string Model::CorrectBed(int index, int bed) {
  const Stay& stay = stays[At(index)];
  const Bed& to = beds[At(bed)];
  if (bed == stay.bed || to.facility != beds[At(stay.bed)].facility) return "FIELD_VIOLATIONS";
  const Neighbour before = Before(index);
  const bool never_moved = before.stay >= 0 && before.near && stays[At(before.stay)].bed == bed;
  if (!never_moved && to.kind != beds[At(stay.bed)].kind) return "FIELD_VIOLATIONS";
  if (!Covers(entries[At(stay.entry)], stay.in)) return "NO_DECISION";
  Stay right = stay;
  right.bed = bed;
  return Replace({{index, right}});
}

std::string Model::WhyNotDates(int index, MaybeDate in, MaybeDate out) const {
  const Stay& stay = stays[At(index)];
  const Neighbour before = Before(index);
  const Neighbour after = After(index);
  bool wrong = (!in && !out) || (out && !stay.out) || in.value_or(stay.in) > Today();
  const MaybeDate departure = out ? out : stay.out;
  wrong = wrong || (departure && (*departure < in.value_or(stay.in) || *departure > Today()));
  if (in && before.stay >= 0) {
    const Stay& other = stays[At(before.stay)];
    wrong = wrong || (before.near ? *in < other.in : *in <= *other.out);
  }
  if (out && after.stay >= 0 && after.near) {
    wrong = wrong || *out > EndOf(stays[At(after.stay)].out);
  }
  for (const Home& home : homes) {
    if (home.stay != index || !out) continue;
    Date latest = home.back - days(1);
    if (home.ended) latest = std::min(latest, *home.ended - days(home.to >= 0 ? 1 : 0));
    wrong = wrong || *out < home.back - days(92) || *out > latest;
  }
  return wrong ? "FIELD_VIOLATIONS" : "OK";
}

std::string Model::CorrectDates(int index, MaybeDate in, MaybeDate out) {
  const std::string why_not = WhyNotDates(index, in, out);
  if (why_not != "OK") return why_not;
  Stay right = stays[At(index)];
  right.in = in.value_or(right.in);
  if (out) right.out = out;
  const Neighbour before = Before(index);
  const Neighbour after = After(index);
  const bool with_before = in && before.stay >= 0 && before.near;
  const bool with_after = out && after.stay >= 0 && after.near;
  if (!Covers(entries[At(right.entry)], right.in)) return "NO_DECISION";
  if (with_after && !Covers(entries[At(stays[At(after.stay)].entry)], *out)) return "NO_DECISION";
  std::vector<Right> rights;
  if (with_before) {
    rights.emplace_back(before.stay, stays[At(before.stay)]);
    rights.back().second.out = in;
  }
  rights.emplace_back(index, right);
  if (with_after) {
    rights.emplace_back(after.stay, stays[At(after.stay)]);
    rights.back().second.in = *out;
  }
  return Replace(std::move(rights));
}

std::vector<int> Model::PartsOf(int offer) const {
  std::vector<int> parts;
  for (int i = 0; i < static_cast<int>(stays.size()); ++i) {
    if (stays[At(i)].offer == offer && !stays[At(i)].gone) parts.push_back(i);
  }
  return parts;
}

// All stays on the offer never were, nor the times at home between them; the place is reserved as
// it was before.
std::string Model::TakeBack(int offer) {
  for (const int part : PartsOf(offer)) {
    for (Home& home : homes) {
      if (home.stay != part) continue;
      home.state = "corrected";
      ++home.version;
    }
    TakeAway(part);
  }
  return Restore(offer);
}

std::string Model::Restore(int index) {
  Offer& offer = offers[At(index)];
  const std::string why_not =
      WhyNotReservable(offer.bed, offer.entry, *offer.move_in, offer.reserved_to, -1, index);
  if (why_not != "OK") return why_not;
  Entry& entry = entries[At(offer.entry)];
  if (IsReplaced(entry)) return "ILLEGAL_STATE";
  offer.state = "accepted";
  ++offer.version;
  entry.state = "reserved";
  return "OK";
}

std::string Model::CorrectPerson(int index) {
  const int offer = stays[At(index)].offer;
  const std::vector<int> parts = PartsOf(offer);
  const auto is_part = [&](int stay) {
    return std::find(parts.begin(), parts.end(), stay) != parts.end();
  };
  for (const Transfer& transfer : transfers) {
    if (transfer.state == "cancelled") continue;
    if (is_part(transfer.stay) || is_part(transfer.to)) return "PART_OF_A_MOVE";
  }
  const Model unchanged = *this;
  const std::string why_not = TakeBack(offer);
  if (why_not != "OK") *this = unchanged;
  return why_not;
}

std::string Model::UndoTransfer(int index, const std::string& unit) {
  const Transfer transfer = transfers[At(index)];
  if (unit != transfer.from_facility && unit != beds[At(offers[At(transfer.offer)].bed)].facility) {
    return "UNIT_NOT_YOURS";
  }
  if (transfer.state != "done") return "ILLEGAL_STATE";
  const std::vector<int> parts = PartsOf(transfer.offer);
  for (const Transfer& other : transfers) {
    const bool leaves = std::find(parts.begin(), parts.end(), other.stay) != parts.end();
    if (other.state != "cancelled" && leaves) return "PART_OF_A_MOVE";
  }
  const Model unchanged = *this;
  std::string why_not = TakeBack(transfer.offer);
  if (why_not == "OK") why_not = WhyNotToGoOn(transfer.stay);
  if (why_not != "OK") {
    *this = unchanged;
    return why_not;
  }
  GoOn(transfer.stay);
  transfers[At(index)].state = "cancelled";
  transfers[At(index)].to = -1;
  ++transfers[At(index)].version;
  return "OK";
}

}  // namespace vardkedja::placement::simulation
