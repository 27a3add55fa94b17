// What an event of another service means here: whom to tell, and which deadlines begin or end. The
// reading of payloads is apart from the writing (apply.h), so that it is tested without a database.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "notification-service/domain/deadline.h"
#include "notification-service/domain/derivation.h"
#include "vardkedja/eventlog/v1/event_log.pb.h"

namespace vardkedja::notification::events {

// A period begins; without an end where the rule has a length of its own.
struct PeriodStarts {
  domain::DeadlineKind kind;
  std::string subject_id;
  Date start;
  std::optional<Date> end;

  bool operator==(const PeriodStarts&) const = default;
};

// The period of one decision or ground ends.
struct PeriodEnds {
  domain::DeadlineKind kind;
  std::string subject_id;
  domain::DeadlineState outcome;

  bool operator==(const PeriodEnds&) const = default;
};

// All periods of this kind of the case end, except that of one decision.
struct CasePeriodsEnd {
  domain::DeadlineKind kind;
  std::string except_subject_id;
  domain::DeadlineState outcome;

  bool operator==(const CasePeriodsEnd&) const = default;
};

// The open periods of this kind that the same case had before that of one decision end.
struct EarlierPeriodsEnd {
  domain::DeadlineKind kind;
  std::string subject_id;
  domain::DeadlineState outcome;

  bool operator==(const EarlierPeriodsEnd&) const = default;
};

// The period of one decision ended by something that turned out not to have happened: it goes on.
struct PeriodReopens {
  domain::DeadlineKind kind;
  std::string subject_id;

  bool operator==(const PeriodReopens&) const = default;
};

// What is open of the case reminds its owner as of this event.
struct CaseOwnerChanges {
  bool operator==(const CaseOwnerChanges&) const = default;
};

using DeadlineChange = std::variant<PeriodStarts, PeriodEnds, CasePeriodsEnd, EarlierPeriodsEnd,
                                    PeriodReopens, CaseOwnerChanges>;

struct Impact {
  std::string case_id;
  std::string case_number;
  std::string owner_unit_id;
  domain::EventFacts facts;
  // A facility whose unit the event does not name: resolved by the directory, as kFacility.
  std::string facility_id;
  std::vector<DeadlineChange> deadlines;
  bool erased = false;  // the case is: what its messages say goes too
};

// Errors: UNIMPLEMENTED for a type this binary does not know or the table does not decide about;
// INVALID_ARGUMENT for a payload that does not parse or contradicts itself.
absl::StatusOr<Impact> ReadReferralEvent(const eventlog::v1::Event& event);
absl::StatusOr<Impact> ReadPlacementEvent(const eventlog::v1::Event& event);

}  // namespace vardkedja::notification::events
