// What the simulation looks at after each step and at the end of a history.
#include <algorithm>
#include <array>

#include "tests/simulation/region.h"

namespace vardkedja::placement::simulation {
namespace {

using std::chrono::days;

// The dates around today that are compared.
constexpr days kBack(10);
constexpr days kAhead(60);

// The service's tables in the words of Model::Facts.
constexpr char kFacts[] =
    "SELECT 'entry ' || e.entry_id || ' ' || e.state || ' ' || COALESCE(e.left_reason, '-')"
    "       || CASE WHEN e.passed THEN ' passed ' ELSE ' not-passed ' END || e.decision_date"
    "       || ' ' || COALESCE(e.decision_to::text, '-') || ' offered '"
    "       || COALESCE((SELECT o.bed_id FROM offer o WHERE o.offer_id = e.open_offer_id), '-')"
    "       || CASE WHEN e.park_reason IS NULL THEN ''"
    "               ELSE ' parked ' || COALESCE(e.parked_until::text, '-') END"
    "       AS fact FROM queue_entry e"
    " UNION ALL "
    "SELECT 'offer ' || o.entry_id || ' ' || o.bed_id || ' ' || o.state || ' ' || o.available_from"
    "       || ' reserved '"
    "       || COALESCE((SELECT r.from_date || ' ' || COALESCE(r.to_date::text, '-')"
    "            FROM reservation r WHERE r.offer_id = o.offer_id AND r.state = 'active'), '-')"
    "       || ' before ' || o.eligible_before"
    "  FROM offer o"
    " UNION ALL "
    "SELECT 'override ' || q.entry_id || ' ' || q.bed_id || ' ' || q.available_from || ' ' || "
    "q.state"
    "  FROM queue_override q"
    " UNION ALL "
    "SELECT 'corrected ' || s.stay_id || ' v' || s.version FROM stay s WHERE s.state = 'corrected'"
    " UNION ALL "
    "SELECT 'stay ' || COALESCE(s.entry_id::text, 'external') || ' ' || s.bed_id || ' ' || "
    "s.move_in || ' '"
    "       || COALESCE(s.departure::text, '-') || ' ' || COALESCE(s.planned_departure::text, '-')"
    "       || ' v' || s.version"
    "  FROM stay s WHERE s.state <> 'corrected'"
    " UNION ALL "
    "SELECT 'transfer ' || t.transfer_id || ' ' || t.state || ' ' || t.move || ' v' || t.version"
    "  FROM transfer t"
    " UNION ALL "
    "SELECT 'hold ' || h.bed_id || ' ' || h.from_date || ' ' || h.to_date || ' ' || h.state"
    "  FROM bed_hold h"
    " UNION ALL "
    "SELECT 'home ' || l.from_stay_id || ' ' || l.bed_id || ' ' || l.state || ' ' || l.home_from"
    "       || ' ' || l.return_date || ' reserved '"
    "       || COALESCE((SELECT COALESCE(r.to_date::text, '-') FROM reservation r"
    "            WHERE r.alternation_id = l.alternation_id AND r.state = 'active'"
    "              AND r.bed_id = l.bed_id AND r.from_date = l.return_date), 'over')"
    "       || ' v' || l.version"
    "  FROM alternation l"
    " UNION ALL "
    "SELECT 'closure ' || c.bed_id || ' ' || c.from_date || ' ' || COALESCE(c.to_date::text, '-')"
    "  FROM bed_closure c";

// Half-open periods share time; one of no length lies inside the other.
#define COLLIDE(a, b)                                                                \
  "((" a ".during && " b ".during) OR (isempty(" a ".during) AND " b ".move_in < " a \
  ".move_in AND (" b ".departure IS NULL OR " a ".move_in < " b ".departure)))"

struct Invariant {
  const char* name;
  const char* breaches;  // gives a row per breach
};
constexpr std::array<Invariant, 21> kInvariants = {{
    {"two stays in one bed at the same time",
     "SELECT a.bed_id AS what FROM stay a JOIN stay b ON a.bed_id = b.bed_id"
     " AND a.stay_id <> b.stay_id WHERE a.state <> 'corrected' AND b.state <> 'corrected'"
     " AND " COLLIDE("a", "b")},
    {"one person in two beds at the same time",
     "SELECT a.bed_id AS what FROM stay a JOIN stay b ON a.person_id = b.person_id"
     " AND a.stay_id <> b.stay_id WHERE a.state <> 'corrected' AND b.state <> 'corrected'"
     " AND " COLLIDE("a", "b")},
    {"two reservations of one bed or of one person",
     "SELECT a.bed_id AS what FROM reservation a JOIN reservation b ON a.ctid <> b.ctid"
     " AND (a.bed_id = b.bed_id OR a.person_id = b.person_id) AND a.during && b.during"
     " WHERE a.state = 'active' AND b.state = 'active'"},
    {"a decision without its place",
     "SELECT d.decision_id AS what FROM decision d WHERE d.entry_id IS NULL AND NOT EXISTS"
     " (SELECT 1 FROM stay s WHERE s.case_id = d.case_id)"},
    {"an entry without a decision",
     "SELECT e.entry_id::text AS what FROM queue_entry e WHERE NOT EXISTS"
     " (SELECT 1 FROM decision d WHERE d.entry_id = e.entry_id)"},
    {"an open offer that its entry does not know, or the other way round",
     "SELECT e.entry_id::text AS what FROM queue_entry e FULL JOIN"
     " (SELECT offer_id, entry_id FROM offer WHERE state = 'open') o"
     " ON o.offer_id = e.open_offer_id AND o.entry_id = e.entry_id"
     " WHERE (e.entry_id IS NULL OR o.offer_id IS NULL)"
     " AND (o.offer_id IS NOT NULL OR e.open_offer_id IS NOT NULL)"},
    {"an accepted offer, its reservation and its entry that disagree",
     "SELECT o.offer_id::text AS what FROM offer o JOIN queue_entry e USING (entry_id)"
     " WHERE (o.state = 'accepted') <> EXISTS (SELECT 1 FROM reservation r"
     "         WHERE r.offer_id = o.offer_id AND r.state = 'active')"
     " OR o.state = 'accepted' AND e.state <> 'reserved'"},
    {"a placed entry without its one stay",
     "SELECT e.entry_id::text AS what FROM queue_entry e WHERE (e.state = 'placed')"
     " <> ((SELECT count(*) FROM stay s WHERE s.entry_id = e.entry_id"
     "         AND s.continues_stay_id IS NULL AND s.state <> 'corrected') = 1)"},
    {"who is at home without the one reservation of the return, or the other way round",
     "SELECT l.alternation_id::text AS what FROM alternation l WHERE (l.state = 'at_home')"
     " <> ((SELECT count(*) FROM reservation r WHERE r.alternation_id = l.alternation_id"
     "       AND r.state = 'active') = 1)"},
    {"who is at home or back, and the stays before and after, that disagree",
     "SELECT l.alternation_id::text AS what FROM alternation l"
     " JOIN stay s ON s.stay_id = l.from_stay_id LEFT JOIN stay n ON n.stay_id = l.to_stay_id"
     " WHERE l.state <> 'corrected' AND (s.state = 'corrected' OR n.state = 'corrected'"
     " OR s.departure <> l.home_from OR (s.discharge_reason = 8) <> (l.state <> 'ended')"
     " OR n.continues_stay_id <> s.stay_id OR n.entry_id <> s.entry_id"
     " OR n.move_in <= l.home_from OR n.move_in <> l.ended_on)"},
    {"a move, and the stays before and after, that disagree",
     "SELECT n.stay_id::text AS what FROM stay n JOIN stay s ON s.stay_id = n.continues_stay_id"
     " WHERE n.state <> 'corrected' AND (s.state = 'corrected' OR s.departure > n.move_in"
     " OR s.discharge_reason = 7 AND s.departure <> n.move_in)"},
    {"a transfer that is done, and the stays before and after, that disagree",
     "SELECT t.transfer_id::text AS what FROM transfer t JOIN stay s ON s.stay_id = t.from_stay_id"
     " JOIN stay n ON n.stay_id = t.to_stay_id WHERE t.state = 'done'"
     " AND (s.state = 'corrected' OR n.state = 'corrected' OR s.departure <> t.move"
     " OR n.move_in <> t.move OR s.discharge_reason <> 6)"},
    {"an offer that passed somebody over without two seats",
     "SELECT o.offer_id::text AS what FROM offer o LEFT JOIN queue_override q"
     " ON q.override_id = o.override_id AND q.offer_id = o.offer_id AND q.state = 'confirmed'"
     " WHERE q.override_id IS NULL AND (o.eligible_before > 0 OR o.override_id IS NOT NULL)"},
    {"two holds of one bed at the same time",
     "SELECT a.bed_id AS what FROM bed_hold a JOIN bed_hold b ON a.bed_id = b.bed_id"
     " AND a.hold_id <> b.hold_id WHERE a.during && b.during"},
    {"a hold or a parking without its one timer",
     "SELECT x.key AS what FROM ("
     " SELECT h.hold_id::text AS key, 'hold-expiry' AS kind, h.state = 'held' AS due FROM bed_hold "
     "h"
     " UNION ALL SELECT e.entry_id::text, 'park-end', e.parked_until IS NOT NULL FROM queue_entry e"
     ") x WHERE x.due <> ((SELECT count(*) FROM job j WHERE j.kind = x.kind AND j.key = x.key"
     "                      AND j.state = 'scheduled') = 1)"},
    {"a place promised or lived in by who is parked",
     "SELECT e.entry_id::text AS what FROM queue_entry e WHERE e.park_reason IS NOT NULL"
     " AND (e.state <> 'waiting' OR EXISTS (SELECT 1 FROM offer o WHERE o.entry_id = e.entry_id"
     "       AND o.state IN ('open', 'accepted')))"},
    {"an open offer without its one timer",
     "SELECT o.offer_id::text AS what FROM offer o WHERE (o.state = 'open')"
     " <> ((SELECT count(*) FROM job j WHERE j.kind = 'offer-expiry'"
     "       AND j.key = o.offer_id::text AND j.state = 'scheduled' AND j.run_at = o.deadline) = "
     "1)"},
    {"a queue whose steps do not add up to who waits in it",
     "SELECT e.entry_id::text AS what FROM queue_entry e LEFT JOIN (SELECT entry_id,"
     " sum(change) AS stands FROM queue_step GROUP BY entry_id) s USING (entry_id)"
     " WHERE COALESCE(s.stands, 0) <> (e.state = 'waiting')::int"},
    {"a timer that failed", "SELECT j.kind AS what FROM job j WHERE j.state = 'failed'"},
    {"a live transfer whose stay or offer is over",
     "SELECT t.transfer_id::text AS what FROM transfer t JOIN stay s ON s.stay_id = t.from_stay_id"
     " JOIN offer o ON o.offer_id = t.offer_id WHERE t.state IN ('planned', 'confirmed')"
     " AND (s.state <> 'active' OR o.state <> 'accepted')"},
    {"an event lost or doubled",
     "SELECT x.type || ' ' || x.there || ' instead of ' || x.due AS what FROM ("
     " SELECT v.type, v.due, (SELECT count(*) FROM event n WHERE n.type = v.type) AS there FROM"
     " (VALUES ('offer_made', (SELECT count(*) FROM offer)),"
     "  ('offer_expired', (SELECT count(*) FROM offer WHERE state = 'expired')),"
     "  ('offer_declined', (SELECT count(*) FROM offer WHERE state = 'declined')),"
     "  ('reservation_ended', (SELECT count(*) FROM offer WHERE state = 'given_back'"
     "                          OR state = 'withdrawn' AND move_in IS NOT NULL)),"
     "  ('enrolled', (SELECT count(*) FROM stay WHERE NOT transferred_in AND purchaser IS NULL"
     "                 AND continues_stay_id IS NULL AND corrects_stay_id IS NULL)),"
     "  ('transfer_done', (SELECT count(*) FROM stay WHERE transferred_in"
     "                      AND continues_stay_id IS NULL AND corrects_stay_id IS NULL)),"
     "  ('discharged', (SELECT count(*) FROM stay_history WHERE kind = 'discharged')),"
     "  ('discharge_undone', (SELECT count(*) FROM stay_history"
     "                         WHERE kind IN ('discharge_undone', 'transfer_undone'))),"
     "  ('stay_moved', (SELECT count(*) FROM stay_history WHERE kind = 'moved_out')),"
     "  ('stay_corrected', (SELECT count(*) FROM stay WHERE state = 'corrected')),"
     "  ('override_proposed', (SELECT count(*) FROM queue_override)),"
     "  ('override_settled', (SELECT count(*) FROM queue_override WHERE state <> 'proposed')),"
     "  ('went_home', (SELECT count(*) FROM alternation)),"
     "  ('returned_from_home', (SELECT count(*) FROM alternation WHERE to_stay_id IS NOT NULL)),"
     "  ('external_stay_recorded', (SELECT count(*) + count(departure) FROM stay"
     "                               WHERE purchaser IS NOT NULL)),"
     "  ('bed_hold', (SELECT count(*) + count(*) FILTER (WHERE state <> 'held') FROM bed_hold))"
     " ) AS v (type, due)) x WHERE x.there <> x.due"},
}};
#undef COLLIDE

}  // namespace

std::string Region::LearnId(const std::string& sql, const pg::Params& params) {
  const auto rows = pool_->Read(sql, params);
  if (!rows.ok() || rows->empty()) {
    missing_.push_back("the service has no row for: " + sql + " " +
                       (rows.ok() ? "" : rows.status().ToString()));
    return "missing";
  }
  return (*rows)[0].Text("id");
}

std::string Region::LearnStayId(const Stay& stay) {
  const auto at = [](int index) { return static_cast<std::size_t>(index); };
  if (stay.corrects >= 0) {
    return LearnId("SELECT stay_id::text AS id FROM stay WHERE corrects_stay_id = $1",
                   {model_.stays[at(stay.corrects)].id});
  }
  if (stay.entry < 0) {
    return LearnId(
        "SELECT stay_id::text AS id FROM stay WHERE bed_id = $1 AND purchaser IS NOT NULL"
        " ORDER BY stay_id DESC LIMIT 1",
        {model_.beds[at(stay.bed)].id});
  }
  // The newest: a stay goes on after a move or a time at home.
  return LearnId(
      "SELECT stay_id::text AS id FROM stay WHERE entry_id = $1 ORDER BY stay_id DESC LIMIT 1",
      {model_.entries[at(stay.entry)].id});
}

void Region::LearnIds() {
  for (Entry& entry : model_.entries) {
    if (!entry.id.empty()) continue;
    entry.id = LearnId(
        "SELECT entry_id::text AS id FROM queue_entry WHERE case_id = $1 AND facility_id = $2"
        " AND bed_kind = $3 ORDER BY entry_id DESC LIMIT 1",
        {model_.cases[static_cast<std::size_t>(entry.person_case)].id, entry.facility,
         static_cast<int>(entry.kind)});
  }
  const auto entry_id = [&](int entry) {
    return model_.entries[static_cast<std::size_t>(entry)].id;
  };
  for (Offer& offer : model_.offers) {
    if (!offer.id.empty()) continue;
    offer.id = LearnId(
        "SELECT offer_id::text AS id FROM offer WHERE entry_id = $1 AND bed_id = $2"
        " ORDER BY offer_id DESC LIMIT 1",
        {entry_id(offer.entry), model_.beds[static_cast<std::size_t>(offer.bed)].id});
  }
  for (Stay& stay : model_.stays) {
    if (stay.id.empty()) stay.id = LearnStayId(stay);
  }
  for (Transfer& transfer : model_.transfers) {
    if (!transfer.id.empty()) continue;
    transfer.id = LearnId(
        "SELECT transfer_id::text AS id FROM transfer WHERE from_stay_id = $1"
        " ORDER BY transfer_id DESC LIMIT 1",
        {model_.stays[static_cast<std::size_t>(transfer.stay)].id});
  }
  for (Override& one : model_.overrides) {
    if (!one.id.empty()) continue;
    one.id = LearnId(
        "SELECT override_id::text AS id FROM queue_override WHERE entry_id = $1"
        " ORDER BY override_id DESC LIMIT 1",
        {entry_id(one.entry)});
  }
  for (Hold& hold : model_.holds) {
    if (!hold.id.empty()) continue;
    hold.id = LearnId(
        "SELECT hold_id::text AS id FROM bed_hold WHERE bed_id = $1 ORDER BY hold_id DESC LIMIT 1",
        {model_.beds[static_cast<std::size_t>(hold.bed)].id});
  }
  for (Home& home : model_.homes) {
    if (!home.id.empty()) continue;
    home.id = LearnId("SELECT alternation_id::text AS id FROM alternation WHERE from_stay_id = $1",
                      {model_.stays[static_cast<std::size_t>(home.stay)].id});
  }
  for (Bed& bed : model_.beds) {
    for (Closure& closure : bed.closures) {
      if (!closure.id.empty()) continue;
      closure.id = LearnId(
          "SELECT closure_id::text AS id FROM bed_closure WHERE bed_id = $1"
          " ORDER BY closure_id DESC LIMIT 1",
          {bed.id});
    }
  }
}

std::vector<std::string> Region::FactsOfService() {
  std::vector<std::string> facts;
  const auto rows = pool_->Read(kFacts);
  if (!rows.ok()) return {rows.status().ToString()};
  for (const pg::Row& row : *rows) facts.push_back(row.Text("fact"));
  std::sort(facts.begin(), facts.end());
  return facts;
}

std::string Region::CompareFacts() {
  const std::vector<std::string> model = model_.Facts();
  const std::vector<std::string> service = FactsOfService();
  std::string problem;
  std::vector<std::string> only;
  std::set_difference(model.begin(), model.end(), service.begin(), service.end(),
                      std::back_inserter(only));
  for (const std::string& fact : only) problem += "\nonly in the model:   " + fact;
  only.clear();
  std::set_difference(service.begin(), service.end(), model.begin(), model.end(),
                      std::back_inserter(only));
  for (const std::string& fact : only) problem += "\nonly in the service: " + fact;
  return problem;
}

std::map<std::string, int> Region::CountsOfModel() const {
  std::map<std::string, int> counts;
  for (int bed = 0; bed < static_cast<int>(model_.beds.size()); ++bed) {
    const Bed& one = model_.beds[static_cast<std::size_t>(bed)];
    for (Date date = Today() - kBack; date < Today() + kAhead; date += days(1)) {
      std::string state = model_.StateOf(bed, date);
      if (one.extra && state != "occupied") continue;
      if (one.extra) state = "extra";
      ++counts[one.facility + (one.kind == domain::BedKind::kIntake ? " intake " : " regular ") +
               FormatDate(date) + " " + state];
    }
  }
  return counts;
}

std::string Region::CompareCounts(const usecases::AvailabilityAnswer& answer,
                                  const std::map<std::string, int>& due) const {
  std::map<std::string, int> there;
  std::string problem;
  for (const domain::DayCount& count : answer.days) {
    const std::string where =
        count.facility_id.value +
        (count.bed_kind == domain::BedKind::kIntake ? " intake " : " regular ") +
        FormatDate(count.date) + " ";
    const std::map<std::string, int> states = {
        {"occupied", count.occupied}, {"closed", count.closed},   {"reserved", count.reserved},
        {"held", count.held},         {"offered", count.offered}, {"free", count.free}};
    int sum = 0;
    for (const auto& [state, beds] : states) {
      sum += beds;
      if (beds > 0) there[where + state] = beds;
    }
    if (count.extra_occupied > 0) there[where + "extra"] = count.extra_occupied;
    if (sum != count.beds) problem += "\na bed without exactly one state: " + where;
  }
  std::map<std::string, int> both = there;
  both.insert(due.begin(), due.end());
  for (const auto& [what, ignored] : both) {
    const auto model = due.find(what);
    const int beds = model == due.end() ? 0 : model->second;
    if (there[what] == beds) continue;
    problem += "\n" + what + ": the model counts " + std::to_string(beds) + ", the service " +
               std::to_string(there[what]) + ", as of " + FormatInstant(answer.as_of);
  }
  return problem;
}

std::string Region::CompareAvailability() {
  const usecases::AvailabilityQuestion now{{}, {}, Today() - kBack, Today() + kAhead, {}};
  const auto answer = usecases::ReadBeds(store_).Availability(As("novus"), now);
  if (!answer.ok()) return "\navailability: " + answer.status().ToString();
  const std::map<std::string, int> due = CountsOfModel();
  memories_.push_back({clock_.Now(), due, model_.Positions()});
  return CompareCounts(*answer, due) + CompareMemories();
}

std::string Region::CompareMemories() {
  // The last one and some of those before: the same answer for ever.
  std::string problem;
  const std::size_t stride = std::max<std::size_t>(memories_.size() / 4, 1);
  for (std::size_t i = memories_.size() - 1; i < memories_.size(); i -= stride) {
    const Date then = StockholmDate(memories_[i].at);
    const usecases::AvailabilityQuestion asked{
        {}, {}, then - kBack, then + kAhead, memories_[i].at};
    const auto answer = usecases::ReadBeds(store_).Availability(As("novus"), asked);
    if (!answer.ok()) return problem + "\navailability: " + answer.status().ToString();
    problem += CompareCounts(*answer, memories_[i].counts) + ComparePositions(memories_[i]);
  }
  return problem;
}

// Some of those who waited then: what the history says about that instant.
std::string Region::ComparePositions(const Memory& memory) {
  constexpr int kSome = 4;
  std::string problem;
  int asked = 0;
  for (const auto& [entry, position] : memory.positions) {
    if (++asked > kSome) break;
    const auto answer =
        usecases::ExplainPosition(store_, disclosure_).Run(As(kOwner), domain::EntryId(entry));
    if (!answer.ok()) return problem + "\nposition: " + answer.status().ToString();
    const auto then =
        std::find_if(answer->positions.begin(), answer->positions.end(),
                     [&](const domain::PositionChange& change) { return change.at <= memory.at; });
    if (then == answer->positions.end() && answer->more_positions) continue;
    const int told = then == answer->positions.end() ? 0 : then->position;
    if (told == position) continue;
    problem += "\nentry " + entry + " stood at " + std::to_string(position) + " at " +
               FormatInstant(memory.at) + ", its history says " + std::to_string(told);
  }
  return problem;
}

std::string Region::CheckInvariants() {
  std::string problem = CompareAvailability();
  for (const Invariant& invariant : kInvariants) {
    const auto rows = pool_->Read(invariant.breaches);
    if (!rows.ok()) return std::string(invariant.name) + ": " + rows.status().ToString();
    for (const pg::Row& row : *rows) {
      problem += "\n" + std::string(invariant.name) + ": " + row.Text("what");
    }
  }
  const auto decisions = pool_->Read(
      "SELECT count(*) AS n, count(*) FILTER (WHERE e.state = 'waiting') AS queued,"
      " count(*) FILTER (WHERE e.state = 'reserved') AS accepted,"
      " count(*) FILTER (WHERE e.state = 'placed' OR d.entry_id IS NULL) AS placed,"
      " count(*) FILTER (WHERE e.state = 'left') AS closed"
      " FROM decision d LEFT JOIN queue_entry e USING (entry_id)");
  if (!decisions.ok()) return decisions.status().ToString();
  const pg::Row row = (*decisions)[0];
  const auto sum = row.Int("queued") + row.Int("accepted") + row.Int("placed") + row.Int("closed");
  if (sum != row.Int("n") || sum != static_cast<std::int64_t>(decisions_)) {
    problem += "\ngranted decisions: " + std::to_string(decisions_) + ", accounted for " +
               std::to_string(sum);
  }
  return problem;
}

}  // namespace vardkedja::placement::simulation
