#include "referral-service/events/publish_documents.h"

#include <set>
#include <string>
#include <variant>

#include "referral-service/events/payload.h"

namespace vardkedja::referral::events {
namespace {

void AddAll(const std::set<std::string>& units,
            google::protobuf::RepeatedPtrField<std::string>* out) {
  for (const std::string& unit : units) out->Add(std::string(unit));
}

// The units that a live ground of the case names.
std::set<std::string> InformedUnits(const domain::Referral& referral, Date today) {
  std::set<std::string> units;
  for (const domain::DisclosureGround& ground : referral.grounds) {
    if (!domain::IsLive(ground, today)) continue;
    units.insert(ground.recipient_unit_ids.begin(), ground.recipient_unit_ids.end());
  }
  return units;
}

// Fills the oneof of one event.
class Fill {
 public:
  explicit Fill(v1::ReferralEvent& out) : out_(out) {}

  void operator()(const domain::CoordinatedPlanNeededEvent& event) {
    AddAll(event.party_unit_ids, out_.mutable_coordinated_plan_needed()->mutable_party_unit_ids());
  }
  void operator()(const domain::CoordinatedPlanCalledEvent& event) {
    v1::CoordinatedPlanCalled& called = *out_.mutable_coordinated_plan_called();
    called.set_meeting_id(event.meeting.meeting_id);
    SetTime(event.meeting.meeting_time, called.mutable_meeting_time());
    AddAll(event.meeting.invited_unit_ids, called.mutable_invited_unit_ids());
  }
  void operator()(const domain::CoordinatedPlanRecordedEvent& event) {
    AddAll(event.party_unit_ids,
           out_.mutable_coordinated_plan_recorded()->mutable_party_unit_ids());
  }
  void operator()(const domain::CostSplitRecordedEvent& event) {
    AddAll(event.unit_ids, out_.mutable_cost_split_recorded()->mutable_unit_ids());
  }
  void operator()(const domain::AcutePlacementDeclaredEvent& event) {
    out_.mutable_acute_placement_declared()->set_placement_date(FormatDate(event.placement_date));
  }
  void operator()(const domain::OutcomeRecordedEvent& event) {
    v1::OutcomeRecorded& recorded = *out_.mutable_outcome_recorded();
    recorded.set_point_code(std::string(domain::Name(event.outcome.point)));
    recorded.set_outcome_date(FormatDate(event.outcome.outcome_date));
    recorded.set_housing(event.outcome.codes.housing);
    recorded.set_occupation(event.outcome.codes.occupation);
    recorded.set_use(event.outcome.codes.use);
    recorded.set_symptoms(event.outcome.codes.symptoms);
    if (event.outcome.inpatient_days) recorded.set_inpatient_days(*event.outcome.inpatient_days);
    if (event.outcome.self_rated_life) {
      recorded.set_self_rated_life(*event.outcome.self_rated_life);
    }
  }

 private:
  v1::ReferralEvent& out_;
};

}  // namespace

eventlog::NewEvent OfDocument(const domain::Referral& referral, std::string_view kind,
                              std::int64_t version, const domain::DocumentEvent& fact,
                              const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  std::visit(Fill(payload), fact);
  return Pack(payload, kind, referral.referral_id, version, envelope);
}

eventlog::NewEvent ChildConcernReported(const domain::Referral& referral,
                                        const std::string& concern_id,
                                        const std::string& recipient_unit_id,
                                        const Envelope& envelope) {
  v1::ReferralEvent payload = Header(referral, envelope);
  payload.mutable_child_concern_reported()->set_concern_id(concern_id);
  payload.mutable_child_concern_reported()->set_recipient_unit_id(recipient_unit_id);
  return Pack(payload, "child_concern", concern_id, 1, envelope);
}

eventlog::NewEvent OfLifeEvent(const domain::LifeChange& change, const Envelope& envelope) {
  const domain::Referral& after = change.after;
  const domain::Person& person = after.content.form.person;
  const auto sex = static_cast<common::v1::LegalSex>(
      after.protected_identity ? domain::LegalSex::kUnspecified : person.legal_sex);
  const auto band = static_cast<common::v1::AgeBand>(
      domain::AgeBandOf(person, StockholmDate(after.submitted_at.value_or(envelope.now))));
  v1::ReferralEvent payload = Header(after, envelope);
  google::protobuf::RepeatedPtrField<std::string>* informed = nullptr;
  switch (change.event.kind) {
    case domain::LifeEventKind::kPersonCorrected: {
      v1::PersonCorrected& corrected = *payload.mutable_person_corrected();
      corrected.set_former_person_id(change.event.former_person_id);
      corrected.set_reason_code(change.event.reason_code);
      corrected.set_legal_sex(sex);
      corrected.set_age_band(band);
      informed = corrected.mutable_informed_unit_ids();
      break;
    }
    case domain::LifeEventKind::kDied:
      payload.mutable_person_died()->set_death_date(FormatDate(*change.event.event_date));
      informed = payload.mutable_person_died()->mutable_informed_unit_ids();
      break;
    case domain::LifeEventKind::kMoved: {
      v1::CaseMoved& moved = *payload.mutable_case_moved();
      moved.set_former_unit_id(change.event.former_unit_id);
      moved.set_former_municipality_code(change.former_municipality_code);
      moved.set_reason_code(change.event.reason_code);
      informed = moved.mutable_informed_unit_ids();
      break;
    }
    case domain::LifeEventKind::kProtectionSet: {
      v1::ProtectionSet& protection = *payload.mutable_protection_set();
      protection.set_protected_identity(after.protected_identity);
      protection.set_legal_sex(sex);
      protection.set_age_band(band);
      informed = protection.mutable_informed_unit_ids();
      break;
    }
  }
  AddAll(InformedUnits(after, StockholmDate(envelope.now)), informed);
  return Pack(payload, "referral", after.referral_id, after.version, envelope);
}

}  // namespace vardkedja::referral::events
