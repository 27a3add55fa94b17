// The board's weekly view: every section in one answer, each bounded, all cases asked about at
// once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/ports.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::usecases {

struct WeeklyQuestion {
  std::optional<Instant> since{};  // seven days ago when absent, at most 92
  std::optional<domain::FacilityId> facility{};
  int limit = 25;  // rows looked at per section
  int horizon_days = 14;
};

template <class Row>
struct Section {
  std::vector<Row> rows;
  bool more = false;
};

struct RankedEntry {
  EntryAnswer entry;
  std::optional<domain::RuleColumn> column;  // puts the one directly before it there
};
struct QueueAnswer {
  domain::FacilityId facility_id;
  domain::BedKind kind = domain::BedKind::kUnspecified;
  int waiting = 0;
  std::vector<RankedEntry> entries;
  std::string next;  // entry id; empty at the end
};

// With the case, as far as it may be seen; else an empty `who`.
struct MovementAnswer {
  MovementRow row;
  auth::CaseDescription who;
};
struct DeadlineAnswer {
  DeadlineRow row;
  auth::CaseDescription who;
};
struct ChangeAnswer {
  ChangeRow row;
  auth::CaseDescription who;
};

struct WeeklyAnswer {
  Instant since{};
  Section<EntryAnswer> attention;
  std::vector<QueueAnswer> queues;
  std::vector<domain::DayCount> beds;
  std::vector<OfferAnswer> offers;
  std::string next_offer;
  Section<MovementAnswer> departures;
  Section<MovementAnswer> arrivals;
  Section<DeadlineAnswer> deadlines;
  Section<ChangeAnswer> changes;
  std::map<std::string, int> change_counts;
};

// Only the board: UNIT_NOT_YOURS. FIELD_VIOLATIONS; NOT_FOUND for an unknown facility.
class WeeklyView {
 public:
  WeeklyView(Store& store, const Disclosure& disclosure) : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<WeeklyAnswer> Run(const auth::CallContext& ctx,
                                   const WeeklyQuestion& question) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

}  // namespace vardkedja::placement::usecases
