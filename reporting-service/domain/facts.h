// What reporting knows at one `as_of`: facts without persons, from the events of the other
// services. A person is a pseudonymous id that serves only to count unique people. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/time/time.h"

namespace vardkedja::reporting::domain {

// Numbered as vardkedja.common.v1.BedKind.
enum class BedKind { kUnspecified = 0, kRegular = 1, kIntake = 2, kStepOut = 3 };

// Numbered as vardkedja.common.v1.LegalSex.
enum class LegalSex { kUnknown = 0, kFemale = 1, kMale = 2 };

// Numbered as vardkedja.common.v1.AgeBand.
enum class AgeBand { kUnknown = 0, k18To24, k25To34, k35To44, k45To54, k55To64, k65Plus };

// How far the log of each source was read: the last event counted; 0 for none.
struct Positions {
  std::int64_t referral = 0;
  std::int64_t placement = 0;
  std::int64_t notification = 0;

  bool operator==(const Positions&) const = default;
};

struct Municipality {
  std::string code;  // four digits
  std::string name;
  std::string organisation_id;
  bool participating = false;
};

struct Facility {
  std::string facility_id;
  std::string name;
};

struct Bed {
  std::string bed_id;
  std::string facility_id;
  BedKind kind = BedKind::kUnspecified;
  Date operational_from{};
  std::optional<Date> operational_to;  // first day it is not
  bool extra = false;                  // above the ordinary places: never counted as available
};

struct Closure {
  std::string closure_id;
  std::string bed_id;
  Date from{};
  std::optional<Date> to;  // first open day
};

// A bed held empty for an expected person (domain.md, 6).
struct Hold {
  std::string hold_id;
  std::string bed_id;
  Date from{};
  std::optional<Date> to;  // first day no longer held
};

struct Case {
  std::string case_id;
  std::string person_id;
  std::string municipality_code;
  Instant submitted_at{};  // first submission
  LegalSex legal_sex = LegalSex::kUnknown;
  AgeBand age_band = AgeBand::kUnknown;
};

// The steps of the routine and the gates that can be passed with an exception (domain.md, 4).
enum class StepKind {
  kSubmitted = 1,
  kAcknowledged,
  kInformationRequested,
  kInformationProvided,
  kAssessmentProposed,
  kAssessed,
  kSentBack,
  kStudyVisitBooked,
  kStudyVisitRecorded,
  kAnswered,
  kDecisionProposed,
  kDecisionMade,
  kAssistanceRefused,
  kClosed,
  kEnrolled,
  kTransferPlanned,
  kDischargePlanned,
};

struct Step {
  std::string case_id;
  StepKind kind = StepKind::kSubmitted;
  Instant at{};
  std::int64_t seq = 0;  // position in its log: the order in which steps of one source happened
  std::string code;      // outcome, answer or reason, by kind
  bool exception = false;
  bool transfer = false;  // of a decision: for a person already placed
};

struct Decision {
  std::string decision_id;
  std::string case_id;
  std::string person_id;
  std::string municipality_code;
  std::string facility_id;
  BedKind kind = BedKind::kUnspecified;
  Date decision_date{};
  std::optional<Date> planned_move_in;
  bool transfer = false;
  std::string extends_decision_id = {};  // the one whose period it extends; empty for others
};

struct QueueEntry {
  std::string entry_id;
  std::string case_id;
  std::string decision_id;
  std::string facility_id;
  BedKind kind = BedKind::kUnspecified;
  bool transfer = false;
  Date decision_date{};
  Date queued_on{};
  std::optional<Date> left_on;
  std::string left_reason;  // "placed", or the reason code of the event
};

enum class OfferOutcome { kOpen = 0, kAccepted, kDeclined, kExpired };

struct Offer {
  std::string offer_id;
  std::string entry_id;
  std::string case_id;
  std::string decision_id;
  std::string facility_id;
  BedKind kind = BedKind::kUnspecified;
  std::string bed_id;
  Date made_on{};
  bool override_rule = false;
  OfferOutcome outcome = OfferOutcome::kOpen;
  std::optional<Date> answered_on;
  std::string decline_code;           // "person:wants_other_facility"
  std::optional<Date> released_on{};  // accepted, and given back without a move-in
};

struct Alert {
  std::string entry_id;
  std::string facility_id;
  BedKind kind = BedKind::kUnspecified;
  std::string code;  // "passed" or "waiting_long"
  Date on{};
};

struct Stay {
  std::string stay_id;
  std::string case_id;
  std::string person_id;
  std::string decision_id;
  std::string facility_id;
  BedKind kind = BedKind::kUnspecified;
  std::string bed_id;
  Date move_in{};
  std::optional<Date> departure;
};

// A place sold to a purchaser outside the chain: no case, no person.
struct ExternalStay {
  std::string external_stay_id;
  std::string facility_id;
  BedKind kind = BedKind::kUnspecified;
  std::string bed_id;
  std::string purchaser;
  std::int64_t ore_per_day = 0;
  Date move_in{};
  std::optional<Date> departure;
};

struct Leave {
  std::string stay_id;
  Date from{};
  std::optional<Date> to;  // first night back
};

struct Interruption {
  std::string stay_id;
  Date from{};
  std::optional<Date> resumed;
};

// Everything known at one vector of log positions.
struct Facts {
  std::vector<Municipality> municipalities;
  std::vector<Facility> facilities;
  std::vector<Bed> beds;
  std::vector<Closure> closures;
  std::vector<Hold> holds;
  std::vector<Case> cases;
  std::vector<Step> steps;
  std::vector<Decision> decisions;
  std::vector<QueueEntry> queue_entries;
  std::vector<Offer> offers;
  std::vector<Alert> alerts;
  std::vector<Stay> stays;
  std::vector<ExternalStay> external_stays;
  std::vector<Leave> leaves;
  std::vector<Interruption> interruptions;
};

}  // namespace vardkedja::reporting::domain
