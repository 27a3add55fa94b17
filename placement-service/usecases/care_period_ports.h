// What the use cases of care periods need from outside; parts of Session and Store (ports.h).
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/domain/care_period.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/queue_entry.h"

namespace vardkedja::placement::usecases {

struct CarePeriodRecord {
  domain::CarePeriod period;
  domain::QueueEntry entry;
  domain::Facility facility;
};

// Somebody lives on the entry, or is at home for a planned time, and nothing watches it.
struct UnwatchedStay {
  domain::EntryId entry;
  domain::StayId stay;
  Date move_in{};
};

class CarePeriodWrites {
 public:
  virtual ~CarePeriodWrites() = default;

  // Lock and read; nothing when there is none. The entry is locked first.
  virtual absl::StatusOr<std::optional<CarePeriodRecord>> LockCarePeriod(
      const domain::CarePeriodId& id) = 0;
  virtual absl::StatusOr<std::optional<domain::CarePeriod>> LockOpenCarePeriod(
      const domain::EntryId& id) = 0;
  // Of the entry, the one that began last.
  virtual absl::StatusOr<std::optional<domain::CarePeriod>> LastCarePeriod(
      const domain::EntryId& id) = 0;
  virtual absl::StatusOr<std::vector<domain::CarePeriodRule>> CarePeriodRules() = 0;
  virtual absl::StatusOr<std::vector<UnwatchedStay>> UnwatchedStays() = 0;
  // False when it was there already, and then nothing is changed.
  virtual absl::StatusOr<bool> AddCarePeriodRule(const domain::CarePeriodRule& rule) = 0;
  virtual absl::StatusOr<bool> AddDeadlineRule(const domain::DeadlineRule& rule) = 0;
  virtual absl::Status AddCarePeriod(const domain::CarePeriod& period) = 0;
  virtual absl::Status ChangeCarePeriod(const domain::CarePeriod& period) = 0;
};

class CarePeriodReads {
 public:
  virtual ~CarePeriodReads() = default;
  virtual absl::StatusOr<std::optional<CarePeriodRecord>> FindCarePeriod(
      const auth::CallContext& ctx, const domain::CarePeriodId& id) = 0;
  // The 100 latest, newest first.
  virtual absl::StatusOr<std::vector<CarePeriodRecord>> ListCarePeriods(
      const auth::CallContext& ctx, const domain::EntryId& id) = 0;
};

}  // namespace vardkedja::placement::usecases
