// What the reports need from outside. Implementations are thread-safe.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "reporting-service/domain/cost_allocation.h"
#include "reporting-service/domain/facts.h"

namespace vardkedja::reporting::usecases {

// The tables of domain::Facts, so that a report loads only what it counts.
enum class FactKind {
  kMunicipalities,
  kFacilities,
  kBeds,
  kClosures,
  kHolds,
  kCases,
  kSteps,
  kDecisions,
  kQueueEntries,
  kOffers,
  kAlerts,
  kStays,
  kExternalStays,
  kLeaves,
  kInterruptions,
};

struct Snapshot {
  Instant as_of{};
  domain::Positions positions;
  domain::Facts facts;
};

class FactStore {
 public:
  virtual ~FactStore() = default;

  // What was known at `as_of`; at the watermark when absent, which is the context's now, or the
  // latest known event when that is later. Answering fixes it: the same instant has the same facts
  // ever after. OUT_OF_RANGE, reason AS_OF_BEYOND_WATERMARK, for an instant beyond the watermark;
  // UNAVAILABLE, reason REBUILDING, while the facts do not reach that far.
  virtual absl::StatusOr<Snapshot> Load(const auth::CallContext& context,
                                        std::optional<Instant> as_of,
                                        const std::set<FactKind>& kinds) = 0;

  // The substitutes of decisions and interruptions (domain::Wait::reference) that have one.
  virtual absl::StatusOr<std::map<std::string, std::string>> SubstituteIds(
      const auth::CallContext& context, const std::vector<std::string>& references) = 0;
};

// Dated reference data. Only what was recorded by `as_of` counts.
class AgreementStore {
 public:
  virtual ~AgreementStore() = default;

  virtual absl::StatusOr<std::optional<domain::Agreement>> Find(const auth::CallContext& context,
                                                                const std::string& agreement_id,
                                                                Instant as_of) = 0;
  // The one in force on a date; the latest to come into force when there are several.
  virtual absl::StatusOr<std::optional<domain::Agreement>> FindInForce(
      const auth::CallContext& context, Date date, Instant as_of) = 0;

  // The facilities' cost of a year in printed order; empty when none is recorded.
  virtual absl::StatusOr<std::vector<domain::FacilityCost>> Outcome(
      const auth::CallContext& context, int year, Instant as_of) = 0;

  // Days after the planned date that still count as in time, on a date; 0 when nothing is recorded.
  virtual absl::StatusOr<int> ToleranceDays(const auth::CallContext& context, Date date,
                                            Instant as_of) = 0;
};

}  // namespace vardkedja::reporting::usecases
