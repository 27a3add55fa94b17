#include "reporting-service/events/consume_referral.h"

#include <string>
#include <utility>
#include <vector>

#include "lib/eventlog/consumer.h"
#include "lib/status/status.h"
#include "reporting-service/events/time.h"
#include "reporting-service/storage/fact_writer.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::reporting::events {
namespace {

using domain::StepKind;
using referral::v1::ReferralEvent;
using storage::FactWriter;

// A step that several kinds of event share.
struct StepOf {
  StepKind kind;
  std::string code = {};
  bool exception = false;
  bool transfer = false;
};

absl::Status Take(FactWriter& facts, const eventlog::v1::Event& event, const ReferralEvent& payload,
                  StepOf step) {
  return facts.Put(domain::Step{payload.case_id(), step.kind, ToInstant(event.occurred_at()),
                                event.seq(), std::move(step.code), step.exception, step.transfer});
}

// The first submission makes the case; a later one is a step only.
absl::Status OnSubmitted(FactWriter& facts, const eventlog::v1::Event& event,
                         const ReferralEvent& payload) {
  VK_ASSIGN_OR_RETURN(const auto known, facts.Current<domain::Case>("case_id", payload.case_id()));
  if (known.empty()) {
    const referral::v1::Submitted& submitted = payload.submitted();
    VK_RETURN_IF_ERROR(facts.Put(domain::Case{
        payload.case_id(), payload.person_id(), payload.municipality_code(),
        ToInstant(submitted.submitted_at()), static_cast<domain::LegalSex>(submitted.legal_sex()),
        static_cast<domain::AgeBand>(submitted.age_band())}));
  }
  return Take(facts, event, payload,
              {.kind = StepKind::kSubmitted, .exception = payload.submitted().exception()});
}

absl::Status OnDecisionMade(FactWriter& facts, const eventlog::v1::Event& event,
                            const ReferralEvent& payload) {
  const referral::v1::DecisionMade& made = payload.decision_made();
  domain::Decision decision;
  decision.decision_id = made.decision_id();
  decision.case_id = payload.case_id();
  decision.person_id = payload.person_id();
  decision.municipality_code = payload.municipality_code();
  decision.facility_id = made.facility_id();
  decision.kind = static_cast<domain::BedKind>(made.bed_kind());
  VK_ASSIGN_OR_RETURN(decision.decision_date, RequiredDate("decision_date", made.decision_date()));
  decision.transfer = made.transfer();
  // No step of the routine: what was planned and decided stays as it is. Whose it is counts.
  if (made.extension()) {
    decision.extends_decision_id = made.former_decision_id();
    VK_RETURN_IF_ERROR(facts.Put(decision));
    return facts.EnsureSubstitute(decision.decision_id);
  }
  VK_ASSIGN_OR_RETURN(decision.planned_move_in,
                      OptionalDate("planned_move_in_date", made.planned_move_in_date()));
  VK_RETURN_IF_ERROR(facts.Put(decision));
  VK_RETURN_IF_ERROR(facts.EnsureSubstitute(decision.decision_id));
  return Take(facts, event, payload,
              {.kind = StepKind::kDecisionMade, .transfer = decision.transfer});
}

// Owner, person and what is withheld of a protected identity are dated: reports as of an earlier
// instant stay as they were. A decision stays with the municipality that made it.
absl::Status OnLifeEvent(FactWriter& facts, const ReferralEvent& payload) {
  VK_ASSIGN_OR_RETURN(std::vector<domain::Case> known,
                      facts.Current<domain::Case>("case_id", payload.case_id()));
  for (domain::Case& one : known) {
    one.person_id = payload.person_id();
    one.municipality_code = payload.municipality_code();
    if (payload.has_person_corrected()) {
      one.legal_sex = static_cast<domain::LegalSex>(payload.person_corrected().legal_sex());
      one.age_band = static_cast<domain::AgeBand>(payload.person_corrected().age_band());
    }
    if (payload.has_protection_set()) {
      one.legal_sex = static_cast<domain::LegalSex>(payload.protection_set().legal_sex());
      one.age_band = static_cast<domain::AgeBand>(payload.protection_set().age_band());
    }
    VK_RETURN_IF_ERROR(facts.Put(one));
  }
  if (!payload.has_person_corrected()) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(std::vector<domain::Decision> decisions,
                      facts.Current<domain::Decision>("case_id", payload.case_id()));
  for (domain::Decision& decision : decisions) {
    decision.person_id = payload.person_id();
    VK_RETURN_IF_ERROR(facts.Put(decision));
  }
  return absl::OkStatus();
}

absl::Status Apply(FactWriter& facts, const eventlog::v1::Event& event,
                   const ReferralEvent& payload) {
  const auto take = [&](StepOf step) { return Take(facts, event, payload, std::move(step)); };
  switch (payload.event_case()) {
    case ReferralEvent::kSubmitted:
      return OnSubmitted(facts, event, payload);
    case ReferralEvent::kAcknowledged:
      return take({StepKind::kAcknowledged});
    case ReferralEvent::kInformationRequested:
      return take({StepKind::kInformationRequested});
    case ReferralEvent::kInformationProvided:
      return take({StepKind::kInformationProvided});
    case ReferralEvent::kAssessmentProposed:
      return take({StepKind::kAssessmentProposed});
    case ReferralEvent::kAssessed:
      return take({StepKind::kAssessed});
    case ReferralEvent::kSentBack:
      return take({StepKind::kSentBack, payload.sent_back().reason_code()});
    case ReferralEvent::kStudyVisitBooked:
      return take({StepKind::kStudyVisitBooked});
    case ReferralEvent::kStudyVisitRecorded:
      return take({StepKind::kStudyVisitRecorded, payload.study_visit_recorded().outcome_code(),
                   payload.study_visit_recorded().exception()});
    case ReferralEvent::kAnswered:
      return take({StepKind::kAnswered, payload.answered().answer_code()});
    case ReferralEvent::kDecisionProposed:
      return take({StepKind::kDecisionProposed});
    case ReferralEvent::kDecisionMade:
      return OnDecisionMade(facts, event, payload);
    case ReferralEvent::kAssistanceRefused:
      return take({StepKind::kAssistanceRefused, payload.assistance_refused().reason_code()});
    case ReferralEvent::kClosed:
      return take({StepKind::kClosed, payload.closed().reason_code()});
    case ReferralEvent::kPersonCorrected:
    case ReferralEvent::kCaseMoved:
    case ReferralEvent::kProtectionSet:
    case ReferralEvent::kTakenOver:
      return OnLifeEvent(facts, payload);
    case ReferralEvent::kHandedOver:
    case ReferralEvent::kHandOverEnded:
    case ReferralEvent::kErasureDue:
    case ReferralEvent::kErased:  // what is counted here holds no person
    case ReferralEvent::kGroundRecorded:
    case ReferralEvent::kGroundEnded:
    case ReferralEvent::kGroundRecipientMerged:
    case ReferralEvent::kCriteriaChanged:
    case ReferralEvent::kImplementationPlanRecorded:
    case ReferralEvent::kHomeSupportRecorded:
    case ReferralEvent::kCoordinatedPlanNeeded:
    case ReferralEvent::kCoordinatedPlanCalled:
    case ReferralEvent::kCoordinatedPlanRecorded:
    case ReferralEvent::kCostSplitRecorded:
    case ReferralEvent::kAcutePlacementDeclared:
    case ReferralEvent::kOutcomeRecorded:
    case ReferralEvent::kChildConcernReported:
    case ReferralEvent::kPersonDied:
      return absl::OkStatus();
    case ReferralEvent::EVENT_NOT_SET:
      break;
  }
  return eventlog::UnknownEvent();
}

}  // namespace

absl::Status ConsumeReferral(pg::Transaction& tx, const eventlog::v1::Event& event) {
  ReferralEvent payload;
  if (!payload.ParseFromString(event.payload())) {
    return MakeError(absl::StatusCode::kInvalidArgument, "the payload does not parse",
                     "EVENT_MALFORMED");
  }
  VK_ASSIGN_OR_RETURN(FactWriter facts, FactWriter::Begin(tx, "referral", event.seq(),
                                                          ToInstant(event.occurred_at())));
  return Apply(facts, event, payload);
}

}  // namespace vardkedja::reporting::events
