#include "placement-service/usecases/weekly_view.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::usecases {
namespace {

using std::chrono::days;

constexpr int kMostDays = 92;
constexpr int kMostRows = 50;
constexpr days kBedDays(7);

absl::Status CheckQuestion(const WeeklyQuestion& question, Instant now) {
  std::vector<FieldViolation> broken;
  if (question.since && (*question.since > now || now - *question.since > days(kMostDays))) {
    broken.push_back({"since", "RANGE", "Must be at most 92 days ago and not ahead.",
                      "Får vara högst 92 dagar tillbaka och inte framåt."});
  }
  if (question.limit < 1 || question.limit > kMostRows) {
    broken.push_back({"limit", "RANGE", "Must be 1 to 50, or 0 for 25.",
                      "Måste vara 1 till 50, eller 0 för 25."});
  }
  if (question.horizon_days < 1 || question.horizon_days > kMostDays) {
    broken.push_back({"horizon_days", "RANGE", "Must be 1 to 92, or 0 for 14.",
                      "Måste vara 1 till 92, eller 0 för 14."});
  }
  return broken.empty() ? absl::OkStatus() : InvalidFields(std::move(broken));
}

// One more row was asked for than is shown.
template <class Row>
bool Cut(std::vector<Row>& rows, int limit) {
  const bool more = static_cast<int>(rows.size()) > limit;
  if (more) rows.resize(static_cast<std::size_t>(limit));
  return more;
}

// What the tables say, before anybody is asked about cases.
struct Gathered {
  std::vector<domain::Facility> facilities;
  std::vector<domain::QueueRule> rules;
  std::vector<QueueRow> attention;
  struct Queue {
    QueueAnswer answer;
    std::vector<QueueRow> rows;
  };
  std::vector<Queue> queues;
  std::vector<OfferRecord> offers;
  std::vector<MovementRow> departures;
  std::vector<MovementRow> arrivals;
  std::vector<DeadlineRow> deadlines;
  std::vector<ChangeRow> changes;
};

class Gatherer {
 public:
  Gatherer(Store& store, const auth::CallContext& ctx, const WeeklyQuestion& question,
           WeeklyAnswer& answer)
      : store_(store), ctx_(ctx), question_(question), answer_(answer) {
    query_.facility_id =
        question.facility ? std::optional<std::string>(question.facility->value) : std::nullopt;
    query_.today = StockholmDate(ctx.now);
    query_.until = query_.today + days(question.horizon_days);
    query_.since = answer.since;
    query_.limit = question.limit + 1;
  }

  absl::StatusOr<Gathered> Run() {
    VK_ASSIGN_OR_RETURN(all_.facilities, store_.Facilities(ctx_));
    VK_ASSIGN_OR_RETURN(all_.rules, store_.Rules(ctx_));
    VK_RETURN_IF_ERROR(CheckKnown());
    VK_RETURN_IF_ERROR(GatherQueues());
    VK_RETURN_IF_ERROR(GatherOffers());
    VK_RETURN_IF_ERROR(GatherDates());
    return std::move(all_);
  }

 private:
  absl::Status CheckKnown() const {
    if (!question_.facility) return absl::OkStatus();
    const auto known =
        std::any_of(all_.facilities.begin(), all_.facilities.end(),
                    [this](const domain::Facility& one) { return one.id == *question_.facility; });
    return known ? absl::OkStatus() : NotFound();
  }

  using Kinds = std::set<std::pair<domain::FacilityId, domain::BedKind>>;

  // Whoever waits for a kind of place that the facility does not have must be seen here first.
  absl::Status AddQueuesWithoutBeds(Kinds& kinds) {
    for (const domain::Facility& facility : all_.facilities) {
      if (question_.facility && *question_.facility != facility.id) continue;
      for (const domain::BedKind kind : domain::kBedKinds) {
        if (kinds.contains({facility.id, kind})) continue;
        VK_ASSIGN_OR_RETURN(const int waiting, store_.CountWaiting(ctx_, facility.id, kind));
        if (waiting > 0) kinds.insert({facility.id, kind});
      }
    }
    return absl::OkStatus();
  }

  // A queue for each kind of place that a facility has, and the beds of the week.
  absl::Status GatherQueues() {
    VK_ASSIGN_OR_RETURN(all_.attention, store_.Attention(ctx_, query_));
    answer_.attention.more = Cut(all_.attention, question_.limit);
    AvailabilityQuestion beds;
    beds.facility = question_.facility;
    beds.from = query_.today;
    beds.to = query_.today + kBedDays;
    VK_ASSIGN_OR_RETURN(AvailabilityAnswer counts, ReadBeds(store_).Availability(ctx_, beds));
    answer_.beds = std::move(counts.days);
    Kinds kinds;
    for (const domain::DayCount& day : answer_.beds) kinds.insert({day.facility_id, day.bed_kind});
    VK_RETURN_IF_ERROR(AddQueuesWithoutBeds(kinds));
    for (const auto& [facility, kind] : kinds) {
      QueuePage page;
      page.facility_id = facility;
      page.kind = kind;
      page.scope.all = true;
      page.limit = question_.limit;
      Gathered::Queue queue;
      queue.answer.facility_id = facility;
      queue.answer.kind = kind;
      VK_ASSIGN_OR_RETURN(queue.rows, store_.ListQueue(ctx_, page));
      VK_ASSIGN_OR_RETURN(queue.answer.waiting, store_.CountWaiting(ctx_, facility, kind));
      if (static_cast<int>(queue.rows.size()) == page.limit) {
        queue.answer.next = queue.rows.back().entry.id.value;
      }
      all_.queues.push_back(std::move(queue));
    }
    return absl::OkStatus();
  }

  absl::Status GatherOffers() {
    OfferPage page;
    page.scope.all = true;
    page.facility_id = query_.facility_id;
    page.state = domain::OfferState::kOpen;
    page.limit = question_.limit;
    VK_ASSIGN_OR_RETURN(all_.offers, store_.ListOffers(ctx_, page));
    if (static_cast<int>(all_.offers.size()) == page.limit) {
      answer_.next_offer = all_.offers.back().offer.id.value;
    }
    return absl::OkStatus();
  }

  absl::Status GatherDates() {
    VK_ASSIGN_OR_RETURN(all_.departures, store_.Departures(ctx_, query_));
    answer_.departures.more = Cut(all_.departures, question_.limit);
    VK_ASSIGN_OR_RETURN(all_.arrivals, store_.Arrivals(ctx_, query_));
    answer_.arrivals.more = Cut(all_.arrivals, question_.limit);
    VK_ASSIGN_OR_RETURN(all_.deadlines, store_.Deadlines(ctx_, query_));
    answer_.deadlines.more = Cut(all_.deadlines, question_.limit);
    VK_ASSIGN_OR_RETURN(all_.changes, store_.Changes(ctx_, query_));
    answer_.changes.more = Cut(all_.changes, question_.limit);
    VK_ASSIGN_OR_RETURN(answer_.change_counts, store_.ChangeCounts(ctx_, query_));
    return absl::OkStatus();
  }

  Store& store_;
  const auth::CallContext& ctx_;
  const WeeklyQuestion& question_;
  WeeklyAnswer& answer_;
  WeeklyQuery query_;
  Gathered all_;
};

std::vector<std::string> CasesOf(const Gathered& all) {
  std::vector<std::string> cases;
  const auto add = [&cases](const std::string& id) {
    if (!id.empty()) cases.push_back(id);
  };
  for (const QueueRow& row : all.attention) add(row.entry.case_id.value);
  for (const auto& queue : all.queues) {
    for (const QueueRow& row : queue.rows) add(row.entry.case_id.value);
  }
  for (const OfferRecord& record : all.offers) add(record.entry.case_id.value);
  for (const MovementRow& row : all.departures) add(row.case_id);
  for (const MovementRow& row : all.arrivals) add(row.case_id);
  for (const DeadlineRow& row : all.deadlines) add(row.case_id);
  for (const ChangeRow& row : all.changes) add(row.case_id);
  return cases;
}

// Shows what may be seen, and remembers what was shown.
class Shower {
 public:
  Shower(const auth::CallContext& ctx, const Gathered& all, Disclosure::Decisions permitted,
         Disclosure::Descriptions descriptions)
      : ctx_(ctx),
        all_(all),
        permitted_(std::move(permitted)),
        descriptions_(std::move(descriptions)) {}

  void Show(WeeklyAnswer& answer) {
    for (const QueueRow& row : all_.attention) {
      if (Sees(row.entry.case_id.value, row.entry.id.value)) {
        answer.attention.rows.push_back(Entry(row));
      }
    }
    for (const auto& queue : all_.queues) answer.queues.push_back(Queue(queue));
    for (const OfferRecord& record : all_.offers) {
      if (!Sees(record.entry.case_id.value, record.offer.id.value)) continue;
      OfferAnswer offer;
      offer.disclosed = true;
      offer.who = Who(record.entry.case_id.value);
      offer.actions =
          domain::AllowedActions(domain::OfferTable(), record.offer.state,
                                 PartiesOf(ctx_, record.entry.owner_unit, record.facility.unit));
      offer.record = record;
      answer.offers.push_back(std::move(offer));
    }
    Movements(all_.departures, answer.departures);
    Movements(all_.arrivals, answer.arrivals);
    // A deadline or a change of a case that may not be seen is none of the board's.
    Rows(all_.deadlines, answer.deadlines);
    Rows(all_.changes, answer.changes);
  }
  const std::vector<std::pair<std::string, auth::AccessDecision>>& reads() const { return reads_; }

 private:
  bool Sees(const std::string& case_id, const std::string& resource_id) {
    const auto found = permitted_.find(case_id);
    if (found == permitted_.end()) return false;
    // One row of the trail however many sections show it.
    if (shown_.insert(resource_id).second) reads_.emplace_back(resource_id, found->second);
    return true;
  }
  auth::CaseDescription Who(const std::string& case_id) const {
    const auto found = descriptions_.find(case_id);
    return found == descriptions_.end() ? auth::CaseDescription() : found->second;
  }
  domain::UnitId UnitOf(const domain::FacilityId& id) const {
    for (const domain::Facility& one : all_.facilities) {
      if (one.id == id) return one.unit;
    }
    return {};
  }
  EntryAnswer Entry(const QueueRow& row) const {
    EntryAnswer answer;
    answer.entry = row.entry;
    answer.position = row.position;
    answer.who = Who(row.entry.case_id.value);
    answer.actions = domain::AvailableActions(
        row.entry, PartiesOf(ctx_, row.entry.owner_unit, UnitOf(row.entry.facility_id)));
    return answer;
  }
  std::optional<domain::RuleColumn> ColumnBetween(const QueueRow& before,
                                                  const QueueRow& row) const {
    for (const domain::QueueRule& rule : all_.rules) {
      if (rule.version != row.entry.rule_version) continue;
      return domain::DecidingColumn(rule, before.entry.sort_key, row.entry.sort_key);
    }
    return std::nullopt;
  }
  QueueAnswer Queue(const Gathered::Queue& queue) {
    QueueAnswer answer = queue.answer;
    for (std::size_t i = 0; i < queue.rows.size(); ++i) {
      const QueueRow& row = queue.rows[i];
      if (!Sees(row.entry.case_id.value, row.entry.id.value)) continue;
      RankedEntry ranked{Entry(row), std::nullopt};
      if (i > 0) ranked.column = ColumnBetween(queue.rows[i - 1], row);
      answer.entries.push_back(std::move(ranked));
    }
    return answer;
  }
  // That a bed becomes empty or is reserved is said of the bed; of whom only when it may be seen.
  void Movements(const std::vector<MovementRow>& rows, Section<MovementAnswer>& section) {
    for (const MovementRow& row : rows) {
      MovementAnswer answer{row, {}};
      if (Sees(row.case_id, row.resource_id)) {
        answer.who = Who(row.case_id);
      } else {
        answer.row.resource_id.clear();
      }
      section.rows.push_back(std::move(answer));
    }
  }
  template <class Row, class Answer>
  void Rows(const std::vector<Row>& rows, Section<Answer>& section) {
    for (const Row& row : rows) {
      if (!row.case_id.empty() && !Sees(row.case_id, row.resource_id)) continue;
      section.rows.push_back({row, Who(row.case_id)});
    }
  }

  const auth::CallContext& ctx_;
  const Gathered& all_;
  const Disclosure::Decisions permitted_;
  const Disclosure::Descriptions descriptions_;
  std::set<std::string> shown_;
  std::vector<std::pair<std::string, auth::AccessDecision>> reads_;
};

}  // namespace

absl::StatusOr<WeeklyAnswer> WeeklyView::Run(const auth::CallContext& ctx,
                                             const WeeklyQuestion& question) const {
  if (ctx.acting_unit != domain::kBoardUnit) return domain::UnitNotYours();
  VK_RETURN_IF_ERROR(CheckQuestion(question, ctx.now));
  WeeklyAnswer answer;
  answer.since = question.since.value_or(ctx.now - days(7));
  VK_ASSIGN_OR_RETURN(const Gathered all, Gatherer(store_, ctx, question, answer).Run());
  VK_ASSIGN_OR_RETURN(Disclosure::Decisions permitted, disclosure_.Permitted(ctx, CasesOf(all)));
  std::vector<std::string> cases;
  for (const auto& [case_id, decision] : permitted) cases.push_back(case_id);
  VK_ASSIGN_OR_RETURN(Disclosure::Descriptions descriptions, disclosure_.Describe(ctx, cases));
  Shower shower(ctx, all, std::move(permitted), std::move(descriptions));
  shower.Show(answer);
  VK_RETURN_IF_ERROR(disclosure_.RecordReads(ctx, shower.reads()));
  return answer;
}

}  // namespace vardkedja::placement::usecases
