// The case: from a draft of the commission form to its closing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/time/time.h"
#include "referral-service/domain/access_policy.h"
#include "referral-service/domain/disclosure.h"
#include "referral-service/domain/form.h"
#include "referral-service/domain/role.h"
#include "referral-service/domain/state_machine.h"

namespace vardkedja::referral::domain {

struct Assessment {
  std::vector<std::string> path_facility_ids;
  std::vector<std::string> path_unit_ids;  // aligned with the facilities
  BedKind bed_kind = BedKind::kRegular;
  std::string proposed_by_seat;  // empty: nothing is proposed
  bool proposed_by_deputy = false;
  std::string confirmed_by_seat;
  bool confirmed_by_deputy = false;
  std::string no_suitable_place_reason_code;

  bool operator==(const Assessment&) const = default;
};

struct StudyVisit {
  std::string visit_id;
  std::string facility_id;
  std::optional<Instant> visit_time;  // none when waived without a booking
  Outcome outcome = Outcome::kNone;   // kNeedsMet and kNeedsNotMet: done
  Instant recorded_at{};

  bool operator==(const StudyVisit&) const = default;
};

enum class DecisionStatus { kProposed, kGranted, kRefused };

// A decision on assistance (biståndsbeslut). Proposer and decider are stored apart.
struct Decision {
  std::string decision_id;
  DecisionStatus status = DecisionStatus::kProposed;
  std::string facility_id;
  std::string facility_unit_id;
  BedKind bed_kind = BedKind::kRegular;
  std::optional<Date> decision_date;  // set when decided; the period begins here
  Date to_date{};                     // first day not covered
  std::optional<Date> planned_move_in_date;
  std::string law_section;
  std::string delegation_point;
  std::string proposer_subject;
  std::string decider_subject;
  std::string deciding_organisation_id;
  std::string deciding_reference;  // of a decision made by another organisation than the owner's
  std::string municipality_code;   // whose decision it is, for good; empty while proposed
  bool transfer = false;
  std::string refusal_reason_code;
  Instant recorded_at{};

  bool operator==(const Decision&) const = default;
};

// Where the person is, as placement-service tells.
struct Whereabouts {
  std::string facility_id;  // empty: nowhere in the chain
  std::string unit_id;
  std::optional<Date> move_in_date;
  std::string transfer_to_facility_id;
  std::set<std::string> former_unit_ids;

  bool operator==(const Whereabouts&) const = default;
};

// Free text of the case; encrypted at rest together with the form.
struct Notes {
  std::string question;
  std::string answer;
  std::string assessment_text;
  std::string alternatives;
  std::string alternatives_shown;
  std::string criteria_reason;
  std::map<std::string, std::string> visit_reasons;  // by visit id
  std::map<std::string, std::string> motivations;    // by decision id
  std::string prior_decision_date;
  std::string order_exception_reason;

  bool operator==(const Notes&) const = default;
};

struct Content {
  Form form;
  Notes notes;

  bool operator==(const Content&) const = default;
};

// One case. `version` grows by one with each committed change and is the etag.
struct Referral {
  std::string referral_id;
  std::string case_number;
  std::int64_t version = 0;
  State state = State::kDraft;
  std::string owner_unit_id;
  std::string owner_organisation_id;
  std::string municipality_code;
  std::string person_id;  // empty until an identity number is known
  bool protected_identity = false;
  std::set<std::string> handler_subjects;
  int form_version = 0;
  Ground ground = Ground::kUnspecified;
  Criteria criteria;
  Instant created_at{};
  Instant updated_at{};
  Instant state_since{};  // kept by the database; granted and offered count as one
  std::optional<Instant> submitted_at;
  std::optional<Instant> information_requested_at;
  std::optional<Instant> information_provided_at;
  std::optional<Instant> answered_at;
  Outcome answer = Outcome::kNone;
  Assessment assessment;
  std::vector<StudyVisit> study_visits;  // oldest first
  std::vector<Decision> decisions;       // oldest first
  Whereabouts whereabouts;
  std::string close_reason_code;
  std::optional<Instant> erased_at;  // then there is no content any more
  bool reroute_open = false;         // handed over to another unit, which has not answered
  std::vector<DisclosureGround> grounds;
  bool awaits_cost_split = true;  // no cost split is written and the placement is not acute
  Content content;
};

// A hand-over of a misdirected case from its owner to another unit. `version` is its etag.
struct Reroute {
  std::string reroute_id;
  std::string referral_id;
  std::string case_number;
  int version = 1;
  RerouteState state = RerouteState::kOpen;
  std::string from_unit_id;
  std::string to_unit_id;
  std::string reason_code;
  std::string decline_reason_code;
  Date respond_by{};  // the last day for an answer
  Instant handed_over_at{};
  std::optional<Instant> ended_at;

  bool operator==(const Reroute&) const = default;
};

// Neither discharged nor closed.
bool IsOpen(State state);

// What the access policy judges.
CaseFacts FactsOf(const Referral& referral);

// Who acts, after access was decided.
struct Actor {
  std::string unit_id;
  std::string organisation_id;
  std::string subject;
  std::set<Role> roles;
  std::string seat;  // empty without a seat
  bool deputy = false;
  Side side = Side::kNone;
};

// Facts that other services learn of; events/publish turns them into payloads. The names are those
// of vardkedja.referral.v1.ReferralEvent.
struct SubmittedEvent {
  Ground ground = Ground::kUnspecified;
  Criteria criteria;
  LegalSex legal_sex = LegalSex::kUnspecified;
  AgeBand age_band = AgeBand::kUnspecified;
  bool exception = false;
};
struct AcknowledgedEvent {};
struct InformationRequestedEvent {};
struct InformationProvidedEvent {};
struct AssessmentProposedEvent {};
struct AssessedEvent {};
struct SentBackEvent {};
struct StudyVisitBookedEvent {
  StudyVisit visit;
};
struct StudyVisitRecordedEvent {
  StudyVisit visit;
};
struct AnsweredEvent {};
struct DecisionProposedEvent {
  Decision decision;
};
struct DecisionMadeEvent {
  Decision decision;
  std::string former_decision_id;  // for the same facility; empty for the first
  bool extension = false;          // nothing more is to be executed than by the former
};
struct AssistanceRefusedEvent {
  Decision decision;
};
struct CriteriaChangedEvent {};
struct ClosedEvent {};
struct HandedOverEvent {
  Reroute reroute;
};
struct HandOverEndedEvent {
  Reroute reroute;
};
struct TakenOverEvent {
  Reroute reroute;
};

using CaseEvent = std::variant<SubmittedEvent, AcknowledgedEvent, InformationRequestedEvent,
                               InformationProvidedEvent, AssessmentProposedEvent, AssessedEvent,
                               SentBackEvent, StudyVisitBookedEvent, StudyVisitRecordedEvent,
                               AnsweredEvent, DecisionProposedEvent, DecisionMadeEvent,
                               AssistanceRefusedEvent, CriteriaChangedEvent, ClosedEvent,
                               HandedOverEvent, HandOverEndedEvent, TakenOverEvent>;

// A decided change of one case, to be committed whole.
struct Change {
  Referral after;
  State from = State::kDraft;
  Action action = Action::kUpdate;
  Outcome outcome = Outcome::kNone;
  bool exception = false;            // a routine gate was passed with a reason
  bool content_changed = false;      // the encrypted part is to be written again
  std::optional<StudyVisit> visit;   // the visit that was added or changed
  std::optional<Decision> decision;  // the decision that was added or changed
  std::vector<CaseEvent> events;
  std::vector<std::string> changed_fields;  // see ChangedFields
};

}  // namespace vardkedja::referral::domain
