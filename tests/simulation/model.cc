#include "tests/simulation/model.h"

#include <algorithm>
#include <tuple>

#include "placement-service/domain/queue_entry.h"
#include "tests/simulation/periods.h"

namespace vardkedja::placement::simulation {
namespace {

using std::chrono::days;

Instant EndOfDecision(const Entry& entry) {
  return domain::DecisionEndsAt(domain::EntryId(entry.id), *entry.covered_to);
}

bool IsLive(const Entry& entry) { return entry.state == "waiting" || entry.state == "reserved"; }

std::string Text(const MaybeDate& date) { return date ? FormatDate(*date) : "-"; }

}  // namespace

const std::string& Model::PersonOf(const Entry& entry) const {
  return cases[At(entry.person_case)].person;
}

bool Model::StandsBefore(const Entry& a, const Entry& b) const {
  const auto key = [](const Entry& entry) {
    return std::tuple(!entry.criteria.lvm_investigation, !entry.criteria.child_perspective,
                      !entry.criteria.lvm_section_27, !entry.criteria.external_placement,
                      entry.decided, entry.submitted, entry.id);
  };
  return key(a) < key(b);
}

bool Model::IsClosed(int bed, Date date) const {
  if (date < beds[At(bed)].from) return true;
  for (const Closure& closure : beds[At(bed)].closures) {
    if (closure.from <= date && date < EndOf(closure.to)) return true;
  }
  return false;
}

// A date counts once per person: where the stay goes on, else where the person came last.
bool Model::DateCountsElsewhere(const Stay& stay) const {
  if (stay.entry < 0) return false;
  return std::any_of(stays.begin(), stays.end(), [&](const Stay& other) {
    if (other.entry < 0 || other.in > stay.in) return false;
    if (PersonOf(entries[At(other.entry)]) != PersonOf(entries[At(stay.entry)])) return false;
    return EndOf(other.out) > stay.in || (other.in == stay.in && &other > &stay);
  });
}

Date Model::EndOfStay(const Stay& stay) const {
  const Date one_day = stay.in + days(1);
  if (stay.out == stay.in && DateCountsElsewhere(stay)) return stay.in;
  if (stay.out) return std::max(*stay.out, one_day);
  Date planned = EndOf(stay.planned_out);
  if (stay.transfer >= 0) planned = std::min(planned, transfers[At(stay.transfer)].move);
  if (planned == kNever || planned < Today()) return kNever;
  return std::max({planned, Today() + days(1), one_day});
}

std::string Model::WhyNotOfferable(int bed, Date from, int but_stay, int but_home,
                                   int but_offer) const {
  const std::string promised = WhyPromised(bed, from, but_home, but_offer);
  if (promised == "BED_OFFERED") return promised;
  if (IsClosed(bed, from)) return "BED_CLOSED";
  for (int i = 0; i < static_cast<int>(stays.size()); ++i) {
    const Stay& stay = stays[At(i)];
    if (i != but_stay && stay.bed == bed && EndOfStay(stay) > from) return "BED_OCCUPIED";
  }
  return promised;
}

std::string Model::WhyPromised(int bed, Date from, int but_home, int but_offer) const {
  for (const Offer& offer : offers) {
    if (offer.bed == bed && offer.state == "open") return "BED_OFFERED";
  }
  for (const Reserved& reserved : Reservations(but_home, but_offer)) {
    if (reserved.bed == bed && EndOf(reserved.to) > from) return "BED_RESERVED";
  }
  for (const Hold& hold : holds) {
    if (hold.bed == bed && hold.to != hold.from && hold.to > from) return "BED_HELD";
  }
  return "OK";
}

bool Model::IsReplaced(const Entry& entry) const {
  return std::any_of(entries.begin(), entries.end(), [&](const Entry& other) {
    return other.person_case == entry.person_case && other.facility == entry.facility &&
           other.kind == entry.kind && IsLive(other);
  });
}

bool Model::HadOffer(int entry, int bed) const {
  return std::any_of(offers.begin(), offers.end(), [&](const Offer& offer) {
    return offer.entry == entry && offer.bed == bed && offer.state != "withdrawn";
  });
}

bool Model::CanBeOffered(const Entry& entry) const {
  return entry.state == "waiting" && entry.open_offer < 0 && !entry.parked;
}

bool Model::IsEligible(int index, int bed, Date from) const {
  const Entry& entry = entries[At(index)];
  return CanBeOffered(entry) && Covers(entry, from) && entry.facility == beds[At(bed)].facility &&
         entry.kind == beds[At(bed)].kind && !HadOffer(index, bed);
}

int Model::FirstEligible(int bed, Date from) const {
  int first = -1;
  for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
    if (!IsEligible(i, bed, from)) continue;
    if (first < 0 || StandsBefore(entries[At(i)], entries[At(first)])) first = i;
  }
  return first;
}

void Model::Offered(int entry, int bed, Date from) {
  Offer offer;
  offer.entry = entry;
  offer.bed = bed;
  offer.from = from;
  offer.deadline = now + std::chrono::hours(72);
  entries[At(entry)].open_offer = static_cast<int>(offers.size());
  offers.push_back(offer);
}

void Model::NextFor(const Offer& ended) {
  const int bed = ended.bed;
  const Date from = std::max(ended.from, Today());
  if (WhyNotOfferable(bed, from) != "OK") return;
  const int next = FirstEligible(bed, from);
  if (next >= 0) Offered(next, bed, from);
}

void Model::Leave(int index, const std::string& reason) {
  entries[At(index)].state = "left";
  entries[At(index)].left_reason = reason;
  entries[At(index)].open_offer = -1;
  entries[At(index)].parked = false;
  for (int i = 0; i < static_cast<int>(offers.size()); ++i) {
    Offer& offer = offers[At(i)];
    if (offer.entry != index || (offer.state != "open" && offer.state != "accepted")) continue;
    offer.state = "withdrawn";
    CancelTransferOn(i);
    NextFor(Offer(offer));
    return;
  }
}

int Model::Decide(const Decision& decision, Instant submitted) {
  for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
    Entry& entry = entries[At(i)];
    const bool waits_for_ground = entry.state == "left" && entry.left_reason == "ground_ended";
    if (entry.state != "waiting" && entry.state != "reserved" && !waits_for_ground) continue;
    if (entry.person_case != decision.person_case || entry.facility != decision.facility ||
        entry.kind != decision.kind) {
      continue;
    }
    entry.decided = std::min(entry.decided, decision.date);
    const Date later = std::max(EndOf(entry.covered_to), EndOf(decision.to));
    entry.covered_to = later == kNever ? MaybeDate() : MaybeDate(later);
    return -1;
  }
  for (int i = 0; i < static_cast<int>(stays.size()); ++i) {
    const Stay& stay = stays[At(i)];
    if (stay.entry < 0) continue;
    const bool at_home = std::any_of(homes.begin(), homes.end(), [i](const Home& home) {
      return home.stay == i && home.state == "at_home";
    });
    Entry& entry = entries[At(stay.entry)];
    const Bed& bed = beds[At(stay.bed)];  // perhaps of another kind than was waited for
    if ((stay.out && !at_home) || entry.person_case != decision.person_case ||
        bed.facility != decision.facility || bed.kind != decision.kind) {
      continue;
    }
    const Date later = std::max(EndOf(entry.covered_to), EndOf(decision.to));
    entry.covered_to = later == kNever ? MaybeDate() : MaybeDate(later);
    return -1;
  }
  Entry entry;
  entry.person_case = decision.person_case;
  entry.facility = decision.facility;
  entry.kind = decision.kind;
  entry.criteria = decision.criteria;
  entry.decided = decision.date;
  entry.submitted = submitted;
  entry.covered_to = decision.to;
  entries.push_back(entry);
  return static_cast<int>(entries.size()) - 1;
}

void Model::ChangeCriteria(int person_case, const domain::Criteria& criteria) {
  for (Entry& entry : entries) {
    if (entry.person_case == person_case && entry.state != "placed") entry.criteria = criteria;
  }
}

void Model::RecordGround(int person_case, const std::string& ground,
                         const std::set<std::string>& units) {
  cases[At(person_case)].grounds[ground] = {units, false};
  for (Entry& entry : entries) {
    if (entry.person_case != person_case) continue;
    for (const std::string& unit : units) entry.units_without_ground.erase(unit);
    const bool returns = entry.state == "left" && entry.left_reason == "ground_ended" &&
                         entry.units_without_ground.empty();
    if (returns && !IsReplaced(entry)) {
      entry.state = "waiting";
      entry.left_reason.clear();
    }
  }
}

void Model::EndGround(int person_case, const std::string& ground) {
  Case& owner = cases[At(person_case)];
  owner.grounds[ground].ended = true;
  std::set<std::string> lost = owner.grounds[ground].units;
  for (const auto& [id, other] : owner.grounds) {
    if (other.ended) continue;
    for (const std::string& unit : other.units) lost.erase(unit);
  }
  for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
    Entry& entry = entries[At(i)];
    if (entry.person_case != person_case) continue;
    for (const std::string& unit : lost) {
      if (unit == "placement-board" || unit == entry.facility) {
        entry.units_without_ground.insert(unit);
      }
    }
    if (entry.state == "waiting" && !entry.units_without_ground.empty()) Leave(i, "ground_ended");
  }
}

void Model::CloseCase(int person_case, const std::string& reason) {
  cases[At(person_case)].closed = true;
  for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
    Entry& entry = entries[At(i)];
    if (entry.person_case != person_case || entry.state == "placed") continue;
    if (entry.state == "left") {
      entry.left_reason = reason;
    } else {
      Leave(i, reason);
    }
  }
}

std::string Model::MakeOffer(int bed, Date from) {
  if (from < Today()) return "FIELD_VIOLATIONS";
  const std::string why_not = WhyNotOfferable(bed, from);
  if (why_not != "OK") return why_not;
  const int first = FirstEligible(bed, from);
  if (first < 0) return "QUEUE_EMPTY";
  Offered(first, bed, from);
  return "OK";
}

std::string Model::Accept(int index, Date move_in) {
  Offer& offer = offers[At(index)];
  Entry& entry = entries[At(offer.entry)];
  if (offer.state != "open") return "ILLEGAL_STATE";
  if (move_in < offer.from || CheckMoveInDate(offer, move_in) != "OK") return "FIELD_VIOLATIONS";
  if (!Covers(entry, move_in)) return "NO_DECISION";
  const std::string reservable =
      WhyNotReservable(offer.bed, offer.entry, move_in, entry.covered_to, -1);
  if (reservable != "OK") return reservable;
  offer.state = "accepted";
  ++offer.version;
  offer.move_in = move_in;
  offer.reserved_to = entry.covered_to;
  entry.state = "reserved";
  entry.open_offer = -1;
  for (Entry& other : entries) {
    if (CanBeOffered(other) && other.facility == entry.facility && other.kind == entry.kind &&
        StandsBefore(other, entry)) {
      other.passed = true;
    }
  }
  return "OK";
}

std::string Model::Decline(int index, bool bed_usable) {
  Offer& offer = offers[At(index)];
  if (offer.state != "open") return "ILLEGAL_STATE";
  offer.state = "declined";
  entries[At(offer.entry)].open_offer = -1;
  if (bed_usable) NextFor(Offer(offer));
  return "OK";
}

bool Model::PersonLivesIn(const std::string& person, Date from, MaybeDate to, int but_stay) const {
  for (int i = 0; i < static_cast<int>(stays.size()); ++i) {
    const Stay& stay = stays[At(i)];
    if (i == but_stay || stay.entry < 0 || PersonOf(entries[At(stay.entry)]) != person) continue;
    if (Collide(from, EndOf(to), stay.in, EndOf(stay.out))) return true;
  }
  return false;
}

std::string Model::CheckMoveIn(const Offer& offer, Date move_in, int ending_stay) const {
  const Entry& entry = entries[At(offer.entry)];
  if (move_in > Today()) return "FIELD_VIOLATIONS";
  if (!Covers(entry, move_in)) return "NO_DECISION";
  if (IsClosed(offer.bed, move_in)) return "BED_CLOSED";
  for (const Stay& stay : stays) {
    if (stay.bed == offer.bed && Collide(move_in, kNever, stay.in, EndOf(stay.out))) {
      return "BED_OCCUPIED";
    }
  }
  if (PersonLivesIn(PersonOf(entry), move_in, {}, ending_stay)) return "PERSON_PLACED_ELSEWHERE";
  return "OK";
}

void Model::MoveIn(int index, Date move_in) {
  Offer& offer = offers[At(index)];
  offer.state = "consumed";
  ++offer.version;
  entries[At(offer.entry)].state = "placed";
  Stay stay;
  stay.entry = offer.entry;
  stay.bed = offer.bed;
  stay.offer = index;
  stay.in = move_in;
  stays.push_back(stay);
}

std::string Model::Enrol(int index, Date move_in) {
  if (offers[At(index)].state != "accepted") return "ILLEGAL_STATE";
  const std::string checked = CheckMoveIn(offers[At(index)], move_in, -1);
  if (checked == "OK") MoveIn(index, move_in);
  return checked;
}

std::string Model::PlanTransfer(int stay_index, int offer_index, Date meeting, Date move) {
  Stay& stay = stays[At(stay_index)];
  const Offer& offer = offers[At(offer_index)];
  const Entry& entry = entries[At(offer.entry)];
  if (entry.person_case != entries[At(stay.entry)].person_case) return "NOT_FOUND";
  if (stay.out) return "ILLEGAL_STATE";
  if (offer.state != "accepted") return "OFFER_MISMATCH";
  if (stay.transfer >= 0 && transfers[At(stay.transfer)].offer != offer_index) {
    return "OFFER_MISMATCH";
  }
  if (move < Today() || move < stay.in || move < *offer.move_in || meeting > move) {
    return "FIELD_VIOLATIONS";
  }
  if (!Covers(entry, move)) return "NO_DECISION";
  if (stay.transfer < 0) {
    stay.transfer = static_cast<int>(transfers.size());
    transfers.emplace_back();
    transfers.back().version = 0;
  }
  Transfer& transfer = transfers[At(stay.transfer)];
  transfer.stay = stay_index;
  transfer.offer = offer_index;
  transfer.state = "planned";
  transfer.from_facility = beds[At(stay.bed)].facility;
  transfer.move = move;
  transfer.by_from = transfer.by_to = false;
  ++transfer.version;
  ++stay.version;
  return "OK";
}

std::string Model::Confirm(int index, const std::string& unit) {
  Transfer& transfer = transfers[At(index)];
  const std::string& from = transfer.from_facility;
  const std::string& to = beds[At(offers[At(transfer.offer)].bed)].facility;
  if (unit != from && unit != to) return "UNIT_NOT_YOURS";
  if (transfer.state != "planned") return "ILLEGAL_STATE";
  const bool for_from = unit == from && !transfer.by_from;
  const bool for_to = unit == to && !transfer.by_to;
  if (!for_from && !for_to) return "ILLEGAL_STATE";
  transfer.by_from = transfer.by_from || for_from;
  transfer.by_to = transfer.by_to || for_to;
  if (transfer.by_from && transfer.by_to) transfer.state = "confirmed";
  ++transfer.version;
  return "OK";
}

std::string Model::Complete(int index, Date move) {
  Transfer& transfer = transfers[At(index)];
  if (transfer.state != "confirmed") return "ILLEGAL_STATE";
  Stay& stay = stays[At(transfer.stay)];
  if (move > Today() || move < stay.in) return "FIELD_VIOLATIONS";
  const std::string checked = CheckMoveIn(offers[At(transfer.offer)], move, transfer.stay);
  if (checked != "OK") return checked;
  stay.out = move;
  stay.ended_by = "transfer";
  stay.transfer = -1;
  ++stay.version;
  transfer.state = "done";
  transfer.move = move;
  transfer.to = static_cast<int>(stays.size());
  ++transfer.version;
  MoveIn(transfer.offer, move);
  return "OK";
}

std::string Model::PlanDischarge(int index, Date planned) {
  Stay& stay = stays[At(index)];
  if (stay.out) return "ILLEGAL_STATE";
  if (planned < Today()) return "FIELD_VIOLATIONS";
  stay.planned_out = planned;
  ++stay.version;
  return "OK";
}

std::string Model::ClearPlan(int index) {
  Stay& stay = stays[At(index)];
  if (stay.out || !stay.planned_out) return "ILLEGAL_STATE";
  stay.planned_out.reset();
  ++stay.version;
  return "OK";
}

std::string Model::Discharge(int index, Date departure) {
  Stay& stay = stays[At(index)];
  if (stay.out) return "ILLEGAL_STATE";
  if (departure > Today() || departure < stay.in) return "FIELD_VIOLATIONS";
  stay.out = departure;
  stay.ended_by = "discharge";
  ++stay.version;
  if (stay.transfer >= 0) {
    transfers[At(stay.transfer)].state = "cancelled";
    ++transfers[At(stay.transfer)].version;
    stay.transfer = -1;
  }
  return "OK";
}

std::string Model::CloseBed(int index, Date from, MaybeDate to) {
  Bed& bed = beds[At(index)];
  if (to && *to <= from) return "FIELD_VIOLATIONS";
  for (const Closure& closure : bed.closures) {
    const bool taken_back = closure.to == closure.from;
    if (!taken_back && Collide(from, EndOf(to), closure.from, EndOf(closure.to))) {
      return "BED_CLOSED";
    }
  }
  bed.closures.push_back({"", from, to});
  ++bed.version;
  return "OK";
}

std::string Model::Reopen(int index, int closure_index, Date open) {
  Bed& bed = beds[At(index)];
  Closure& closure = bed.closures[At(closure_index)];
  if (EndOf(closure.to) <= Today() || closure.to == closure.from) return "NOT_FOUND";
  if (open < Today() || open > EndOf(closure.to)) return "FIELD_VIOLATIONS";
  closure.to = std::max(open, closure.from);
  ++bed.version;
  return "OK";
}

std::optional<Instant> Model::NextDeadline() const {
  std::optional<Instant> next;
  for (const Offer& offer : offers) {
    if (offer.state == "open" && (!next || offer.deadline < *next)) next = offer.deadline;
  }
  for (const Hold& hold : holds) {
    if (hold.state == "held" && (!next || StartOfDay(hold.to) < *next)) next = StartOfDay(hold.to);
  }
  for (const Entry& entry : entries) {
    if (!entry.parked || !entry.parked_until) continue;
    const Instant ends = StartOfDay(*entry.parked_until);
    if (!next || ends < *next) next = ends;
  }
  for (const Entry& entry : entries) {
    if (!IsLive(entry) || !entry.covered_to) continue;
    const Instant ends = std::max(now, EndOfDecision(entry));
    if (!next || ends < *next) next = ends;
  }
  return next;
}

void Model::ExpireDue() {
  const std::size_t known = offers.size();
  for (std::size_t i = 0; i < known; ++i) {
    if (offers[i].state != "open" || offers[i].deadline > now) continue;
    offers[i].state = "expired";
    entries[At(offers[i].entry)].open_offer = -1;
    NextFor(Offer(offers[i]));
  }
  for (Hold& hold : holds) {
    if (hold.state != "held" || StartOfDay(hold.to) > now) continue;
    hold.state = "expired";
    ++beds[At(hold.bed)].version;
  }
  for (Entry& entry : entries) {
    if (entry.parked_until && StartOfDay(*entry.parked_until) <= now) entry.parked = false;
    if (!entry.parked) entry.parked_until.reset();
  }
  for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
    const Entry& entry = entries[At(i)];
    if (!IsLive(entry) || !entry.covered_to || EndOfDecision(entry) > now) continue;
    Leave(i, "decision_ended");
  }
}

std::string Model::StateOf(int bed, Date date) const {
  for (const Stay& stay : stays) {
    if (stay.bed == bed && stay.in <= date && date < EndOfStay(stay)) return "occupied";
  }
  if (IsClosed(bed, date)) return "closed";
  for (const Reserved& reserved : Reservations()) {
    const bool begun = reserved.from <= date || date >= Today();
    if (reserved.bed == bed && begun && date < EndOf(reserved.to)) return "reserved";
  }
  for (const Hold& hold : holds) {
    // Released before it began it holds nothing.
    const bool begun = hold.from <= date || (date >= Today() && hold.from < hold.to);
    if (hold.bed == bed && begun && date < hold.to) return "held";
  }
  for (const Offer& offer : offers) {
    if (offer.bed == bed && offer.state == "open" && offer.from <= date) return "offered";
  }
  return "free";
}

std::map<std::string, int> Model::Positions() const {
  std::map<std::string, int> positions;
  for (const Entry& entry : entries) {
    if (entry.state != "waiting") continue;
    positions[entry.id] =
        1 + static_cast<int>(std::count_if(entries.begin(), entries.end(), [&](const Entry& other) {
          return other.state == "waiting" && other.facility == entry.facility &&
                 other.kind == entry.kind && StandsBefore(other, entry);
        }));
  }
  return positions;
}

std::vector<std::string> Model::Facts() const {
  std::vector<std::string> facts;
  for (const Entry& entry : entries) {
    const std::string bed =
        entry.open_offer >= 0 ? beds[At(offers[At(entry.open_offer)].bed)].id : "-";
    facts.push_back("entry " + entry.id + " " + entry.state + " " +
                    (entry.left_reason.empty() ? "-" : entry.left_reason) +
                    (entry.passed ? " passed " : " not-passed ") + FormatDate(entry.decided) + " " +
                    Text(entry.covered_to) + " offered " + bed +
                    (entry.parked ? " parked " + Text(entry.parked_until) : ""));
  }
  for (const Offer& offer : offers) {
    const bool taken = offer.state == "accepted";
    facts.push_back("offer " + entries[At(offer.entry)].id + " " + beds[At(offer.bed)].id + " " +
                    offer.state + " " + FormatDate(offer.from) + " reserved " +
                    (taken ? Text(offer.move_in) + " " + Text(offer.reserved_to) : "-") +
                    " before " + std::to_string(offer.passed_over));
  }
  for (const Override& one : overrides) {
    facts.push_back("override " + entries[At(one.entry)].id + " " + beds[At(one.bed)].id + " " +
                    FormatDate(one.from) + " " + one.state);
  }
  for (const Stay& stay : stays) {
    if (stay.gone) {
      facts.push_back("corrected " + stay.id + " v" + std::to_string(stay.version));
      continue;
    }
    facts.push_back("stay " + (stay.entry < 0 ? "external" : entries[At(stay.entry)].id) + " " +
                    beds[At(stay.bed)].id + " " + FormatDate(stay.in) + " " + Text(stay.out) + " " +
                    Text(stay.planned_out) + " v" + std::to_string(stay.version));
  }
  for (const Transfer& transfer : transfers) {
    facts.push_back("transfer " + transfer.id + " " + transfer.state + " " +
                    FormatDate(transfer.move) + " v" + std::to_string(transfer.version));
  }
  for (const Hold& hold : holds) {
    facts.push_back("hold " + beds[At(hold.bed)].id + " " + FormatDate(hold.from) + " " +
                    FormatDate(hold.to) + " " + hold.state);
  }
  for (const Home& home : homes) {
    const bool reserved = home.state == "at_home";
    facts.push_back("home " + stays[At(home.stay)].id + " " + beds[At(home.bed)].id + " " +
                    home.state + " " + FormatDate(home.from) + " " + FormatDate(home.back) +
                    " reserved " + (reserved ? Text(home.reserved_to) : "over") + " v" +
                    std::to_string(home.version));
  }
  for (const Bed& bed : beds) {
    for (const Closure& closure : bed.closures) {
      facts.push_back("closure " + bed.id + " " + FormatDate(closure.from) + " " +
                      Text(closure.to));
    }
  }
  std::sort(facts.begin(), facts.end());
  return facts;
}

}  // namespace vardkedja::placement::simulation
