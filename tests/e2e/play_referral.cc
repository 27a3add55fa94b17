#include "tests/e2e/play.h"

namespace vardkedja::e2e {
namespace {

namespace rf = referral::v1;

using CoordinatedPlans = rf::CoordinatedPlanService::Stub;
using CostSplits = rf::CostSplitService::Stub;
using Grounds = rf::GroundService::Stub;
using Plans = rf::PlanService::Stub;
using Referrals = rf::ReferralService::Stub;

// A request on an existing case, with its newest etag.
template <class Request>
Request On(const Case& c) {
  Request request;
  request.set_request_id(NewRequestId());
  request.set_referral_id(c.referral_id);
  request.set_etag(c.etag);
  return request;
}

// A request on a coordinated plan as it is.
template <class Request>
Request OnPlan(const rf::CoordinatedPlan& plan) {
  Request request;
  request.set_request_id(NewRequestId());
  request.set_referral_id(plan.referral_id());
  request.set_etag(plan.etag());
  return request;
}

constexpr int kDecisionDays = 180;

}  // namespace

namespace cast {

Actor AlvestaWorker() {
  return {"Socialsekreterare, Alvesta", "alvesta-authority", "alvesta", "social_worker", ""};
}
Actor AlvestaDecider() {
  return {"Beslutsfattare, Alvesta", "alvesta-authority", "alvesta", "decider", ""};
}
Actor VaxjoWorker(int unit) {
  const std::string number = std::to_string(unit);
  return {"Socialsekreterare, Växjö IFO " + number, "vaxjo-ifo" + number, "vaxjo", "social_worker",
          ""};
}
Actor VaxjoDecider(int unit) {
  const std::string number = std::to_string(unit);
  return {"Beslutsfattare, Växjö IFO " + number, "vaxjo-ifo" + number, "vaxjo", "decider", ""};
}
Actor EkelidenSeat() {
  return {"Remissgruppen, Ekelidens plats", "placement-board", "region-kronoberg", "board_member",
          "ekeliden"};
}
Actor NovusSeat() {
  return {"Remissgruppen, Novus plats", "placement-board", "vaxjo", "board_member", "novus"};
}
Actor NovusDeputy() {
  return {"Remissgruppen, samordnare Novus", "placement-board", "vaxjo", "board_deputy", "novus"};
}
Actor EkelidenStaff() {
  return {"Personal, Ekeliden", "ekeliden", "region-kronoberg", "facility_staff", ""};
}
Actor NovusStaff() { return {"Personal, Novus", "novus", "vaxjo", "facility_staff", ""}; }
Actor ClinicClinician() {
  return {"Mottagningen, Växjö", "clinic-region-vaxjo", "region-kronoberg", "clinician", ""};
}
Actor Statistician() {
  return {"Statistiker, regionen", "clinic-region-vaxjo", "region-kronoberg", "statistician", ""};
}

}  // namespace cast

std::string TestIdentityNumber(Date born, int birth_number) {
  std::string digits = FormatDate(born);
  std::erase(digits, '-');
  digits += std::to_string(birth_number);
  int sum = 0;
  for (std::size_t i = 2; i < digits.size(); ++i) {
    const int doubled = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += doubled / 10 + doubled % 10;
  }
  return digits + std::to_string((10 - sum % 10) % 10);
}

rf::CommissionForm Play::Form(const Case& c, const FormFacts& facts) {
  rf::CommissionForm form;
  rf::PersonDetails& person = *form.mutable_person();
  person.set_identity_number(c.person.identity_number);
  person.set_given_name(c.person.given_name);
  person.set_family_name(c.person.family_name);
  person.set_legal_sex(c.person.woman ? common::v1::LEGAL_SEX_FEMALE : common::v1::LEGAL_SEX_MALE);
  person.set_home_municipality_code(c.person.municipality_code);
  person.set_registration_municipality_code(c.person.municipality_code);
  form.set_ground(facts.lvm_investigation ? common::v1::GROUND_LVM_INVESTIGATION
                                          : common::v1::GROUND_VOLUNTARY);
  form.set_lvm_investigation(facts.lvm_investigation);
  rf::Need& alcohol = *form.add_needs();
  alcohol.set_kind_code("alcohol");
  alcohol.set_level(rf::NEED_LEVEL_SUBSTANTIAL);
  alcohol.set_text("Dagligt bruk sedan ett år, egna försök att sluta har inte räckt.");
  rf::Need& housing = *form.add_needs();
  housing.set_kind_code("housing");
  housing.set_level(rf::NEED_LEVEL_SOME);
  housing.set_text("Andrahandskontrakt som löper ut.");
  if (facts.child_perspective) {
    form.mutable_children()->set_count(2);
    form.mutable_children()->set_child_perspective(true);
    form.mutable_children()->set_child_perspective_reason(
        "Barnen bor växelvis och har märkt av bruket.");
  }
  form.set_wishes_and_goals("Vill bli nykter och komma tillbaka till arbetet.");
  form.set_earlier_interventions("Öppenvård i åtta månader med kort varaktig effekt.");
  return form;
}

void Play::Refer(Case& c, const FormFacts& facts) {
  rf::CreateReferralRequest request;
  request.set_request_id(NewRequestId());
  *request.mutable_form() = Form(c, facts);
  const rf::Referral made = stage_.Must(c.worker, &Referrals::CreateReferral, request);
  c.referral_id = made.referral_id();
  c.etag = made.etag();
  c.number = made.case_number();
}

void Play::ReferByRest(Case& c, const FormFacts& facts) {
  const nlohmann::json children =
      facts.child_perspective
          ? nlohmann::json{{"count", 2},
                           {"childPerspective", true},
                           {"childPerspectiveReason", "Barnen bor växelvis hos personen."}}
          : nlohmann::json::object();
  const nlohmann::json body = {
      {"requestId", NewRequestId()},
      {"form",
       {{"person",
         {{"identityNumber", c.person.identity_number},
          {"givenName", c.person.given_name},
          {"familyName", c.person.family_name},
          {"legalSex", c.person.woman ? "LEGAL_SEX_FEMALE" : "LEGAL_SEX_MALE"},
          {"homeMunicipalityCode", c.person.municipality_code},
          {"registrationMunicipalityCode", c.person.municipality_code}}},
        {"ground", "GROUND_VOLUNTARY"},
        {"needs",
         {{{"kindCode", "narcotics"},
           {"level", "NEED_LEVEL_SUBSTANTIAL"},
           {"text", "Bruk flera gånger i veckan."}}}},
        {"children", children},
        {"wishesAndGoals", "Vill ha en vardag som håller."}}}};
  const nlohmann::json made = stage_.Rest(c.worker, "POST", "/referral/v1/referrals", body);
  c.referral_id = made.at("referralId");
  c.etag = made.at("etag");
  c.number = made.at("caseNumber");
}

void Play::Consent(Case& c) {
  rf::RecordGroundRequest request;
  request.set_request_id(NewRequestId());
  request.set_referral_id(c.referral_id);
  request.set_kind(rf::GROUND_KIND_CONSENT);
  request.set_consent_form(rf::CONSENT_FORM_WRITTEN);
  for (const char* unit : {"placement-board", "ekeliden", "novus"}) {
    request.add_recipient_unit_ids(unit);
  }
  for (const auto category : {rf::INFORMATION_CATEGORY_IDENTITY, rf::INFORMATION_CATEGORY_NEEDS,
                              rf::INFORMATION_CATEGORY_PLAN, rf::INFORMATION_CATEGORY_PLACEMENT,
                              rf::INFORMATION_CATEGORY_MESSAGES}) {
    request.add_categories(category);
  }
  const rf::DisclosureGround ground = stage_.Must(c.worker, &Grounds::RecordGround, request);
  c.ground_id = ground.ground_id();
  c.ground_etag = ground.etag();
  Refresh(c);
}

void Play::Revoke(Case& c) {
  rf::RevokeGroundRequest request;
  request.set_request_id(NewRequestId());
  request.set_ground_id(c.ground_id);
  request.set_etag(c.ground_etag);
  stage_.Must(c.worker, &Grounds::RevokeGround, request);
  Refresh(c);
}

void Play::Submit(Case& c) {
  c.etag =
      stage_.Must(c.worker, &Referrals::SubmitReferral, On<rf::SubmitReferralRequest>(c)).etag();
}

void Play::Acknowledge(Case& c, const Actor& seat) {
  c.etag = stage_.Must(seat, &Referrals::AcknowledgeReferral, On<rf::AcknowledgeReferralRequest>(c))
               .etag();
}

void Play::AskForMore(Case& c, const Actor& seat, std::string_view question) {
  auto request = On<rf::RequestInformationRequest>(c);
  request.set_question(std::string(question));
  c.etag = stage_.Must(seat, &Referrals::RequestInformation, request).etag();
}

void Play::Provide(Case& c, std::string_view answer) {
  auto request = On<rf::ProvideInformationRequest>(c);
  request.set_answer(std::string(answer));
  c.etag = stage_.Must(c.worker, &Referrals::ProvideInformation, request).etag();
}

void Play::Propose(Case& c, const Actor& seat, const std::vector<std::string>& path) {
  auto request = On<rf::ProposeAssessmentRequest>(c);
  for (const std::string& facility : path) request.add_path_facility_ids(facility);
  request.set_bed_kind(common::v1::BED_KIND_REGULAR);
  request.set_text("Behoven kan mötas i vårdkedjan.");
  c.etag = stage_.Must(seat, &Referrals::ProposeAssessment, request).etag();
}

void Play::Confirm(Case& c, const Actor& seat) {
  c.etag =
      stage_.Must(seat, &Referrals::ConfirmAssessment, On<rf::ConfirmAssessmentRequest>(c)).etag();
}

void Play::SendBack(Case& c, const Actor& proposer, const Actor& other) {
  auto proposal = On<rf::ProposeAssessmentRequest>(c);
  proposal.set_no_suitable_place_reason_code("needs_more_health_care");
  proposal.set_text("Behöver mer sjukvård än vad kedjan kan ge.");
  c.etag = stage_.Must(proposer, &Referrals::ProposeAssessment, proposal).etag();
  auto declaration = On<rf::DeclareNoSuitablePlaceRequest>(c);
  declaration.set_reason_code("needs_more_health_care");
  declaration.set_alternatives("Avgiftning på sjukhus först, därefter ny bedömning.");
  c.etag = stage_.Must(other, &Referrals::DeclareNoSuitablePlace, declaration).etag();
}

void Play::Visit(Case& c, const Actor& staff, std::string_view facility, bool needs_can_be_met) {
  auto booking = On<rf::BookStudyVisitRequest>(c);
  booking.set_facility_id(std::string(facility));
  booking.mutable_visit_time()->set_seconds(
      std::chrono::duration_cast<std::chrono::seconds>(stage_.Now().time_since_epoch()).count() +
      60);
  c.etag = stage_.Must(c.worker, &Referrals::BookStudyVisit, booking).etag();
  auto record = On<rf::RecordStudyVisitRequest>(c);
  record.set_outcome(rf::STUDY_VISIT_OUTCOME_DONE);
  record.set_needs_can_be_met(needs_can_be_met);
  if (!needs_can_be_met) record.set_reason("Behöver mer sjukvård än vad verksamheten kan ge.");
  c.etag = stage_.Must(staff, &Referrals::RecordStudyVisit, record).etag();
}

void Play::WaiveVisit(Case& c, std::string_view reason) {
  auto record = On<rf::RecordStudyVisitRequest>(c);
  record.set_outcome(rf::STUDY_VISIT_OUTCOME_WAIVED);
  record.set_reason(std::string(reason));
  c.etag = stage_.Must(c.worker, &Referrals::RecordStudyVisit, record).etag();
}

void Play::Answer(Case& c, rf::AnswerKind kind) {
  auto request = On<rf::RecordAnswerRequest>(c);
  request.set_kind(kind);
  request.set_alternatives_shown("Öppenvård och stödboende har visats.");
  c.etag = stage_.Must(c.worker, &Referrals::RecordAnswer, request).etag();
}

void Play::Decide(Case& c, std::string_view facility, int planned_in_days) {
  using std::chrono::days;
  Refresh(c);
  auto proposal = On<rf::ProposeDecisionRequest>(c);
  proposal.set_facility_id(std::string(facility));
  proposal.set_bed_kind(common::v1::BED_KIND_REGULAR);
  proposal.set_law_section("SoL 11:1");
  proposal.set_to_date(FormatDate(stage_.Today() + days(kDecisionDays)));
  proposal.set_planned_move_in_date(FormatDate(stage_.Today() + days(planned_in_days)));
  proposal.set_motivation("Behovet kan inte tillgodoses i öppenvård.");
  c.etag = stage_.Must(c.worker, &Referrals::ProposeDecision, proposal).etag();
  auto decision = On<rf::MakeDecisionRequest>(c);
  decision.set_outcome(rf::DECISION_OUTCOME_GRANT);
  decision.set_delegation_point("4.12");
  decision.set_motivation("Beviljas enligt förslaget.");
  c.etag = stage_.Must(c.decider, &Referrals::MakeDecision, decision).etag();
}

void Play::WritePlan(Case& c, const Actor& staff, std::string_view facility) {
  rf::GetPlansRequest read;
  read.set_referral_id(c.referral_id);
  rf::RecordImplementationPlanRequest request;
  request.set_request_id(NewRequestId());
  request.set_referral_id(c.referral_id);
  request.set_etag(stage_.Must(staff, &Plans::GetPlans, read).etag());
  rf::ImplementationPlan& plan = *request.mutable_implementation_plan();
  plan.set_facility_id(std::string(facility));
  plan.set_goals("Nykterhet, dygnsrytm och en första kontakt med arbetslivet.");
  plan.set_activities("Återfallsprevention två gånger i veckan, egen läkare.");
  plan.set_follow_up_date(FormatDate(stage_.Today() + std::chrono::days(30)));
  stage_.Must(staff, &Plans::RecordImplementationPlan, request);
}

void Play::SplitCost(const Case& c, std::string_view other_unit) {
  rf::RecordCostSplitRequest request;
  request.set_request_id(NewRequestId());
  request.set_referral_id(c.referral_id);
  request.set_etag("0");
  const auto add = [&](const std::string& unit, int basis_points) {
    rf::CostShare& share = *request.add_shares();
    share.set_unit_id(unit);
    share.set_basis_points(basis_points);
  };
  add(c.worker.unit, other_unit.empty() ? 10'000 : 5'000);
  if (!other_unit.empty()) add(std::string(other_unit), 5'000);
  request.set_price_per_day_ore(184'200);
  request.set_agreed_date(FormatDate(stage_.Today()));
  stage_.Must(c.worker, &CostSplits::RecordCostSplit, request);
}

void Play::CoordinatePlan(const Case& c, const Actor& staff) {
  rf::AssessCoordinatedPlanNeedRequest need;
  need.set_request_id(NewRequestId());
  need.set_referral_id(c.referral_id);
  need.set_etag("0");
  need.set_asked_by(rf::PLAN_ASKED_BY_PERSON);
  need.set_reason("Insatser från båda huvudmännen efter hemgången.");
  need.add_party_unit_ids(c.worker.unit);
  need.add_party_unit_ids("clinic-region-vaxjo");
  rf::CoordinatedPlan plan = stage_.Must(staff, &CoordinatedPlans::AssessCoordinatedPlanNeed, need);
  auto agreement = OnPlan<rf::RecordCoordinatedPlanAgreementRequest>(plan);
  agreement.set_agreed(true);
  agreement.set_text("Muntligt vid samtal.");
  plan = stage_.Must(c.worker, &CoordinatedPlans::RecordCoordinatedPlanAgreement, agreement);
  auto call = OnPlan<rf::CallCoordinatedPlanMeetingRequest>(plan);
  call.mutable_meeting_time()->set_seconds(
      std::chrono::duration_cast<std::chrono::seconds>(stage_.Now().time_since_epoch()).count() +
      86'400);
  call.set_form(rf::PLAN_MEETING_FORM_VIDEO);
  call.set_video_link("https://video." + c.worker.organisation + ".example/rum/1");
  plan = stage_.Must(c.worker, &CoordinatedPlans::CallCoordinatedPlanMeeting, call);
  auto writing = OnPlan<rf::RecordCoordinatedPlanRequest>(plan);
  rf::PlanContent& content = *writing.mutable_content();
  content.set_goals("\"Jag vill tillbaka till jobbet.\"");
  rf::PlanIntervention& care = *content.add_interventions();
  care.set_what("Öppenvård varje vecka.");
  care.set_unit_id("clinic-region-vaxjo");
  content.set_responsible_unit_id(c.worker.unit);
  content.set_follow_up_date(FormatDate(stage_.Today() + std::chrono::days(60)));
  stage_.Must(c.worker, &CoordinatedPlans::RecordCoordinatedPlan, writing);
}

void Play::PlanHome(Case& c) {
  rf::GetPlansRequest read;
  read.set_referral_id(c.referral_id);
  rf::RecordHomeSupportRequest request;
  request.set_request_id(NewRequestId());
  request.set_referral_id(c.referral_id);
  request.set_etag(stage_.Must(c.worker, &Plans::GetPlans, read).etag());
  const auto add = [&](rf::HomeSupportKind kind, const std::string& unit, const char* law) {
    rf::HomeSupportItem& part = *request.add_parts();
    part.set_kind(kind);
    part.set_unit_id(unit);
    part.set_law_section(law);
    part.set_start_date(FormatDate(stage_.Today() + std::chrono::days(14)));
  };
  add(rf::HOME_SUPPORT_KIND_HOUSING_SUPPORT, c.worker.unit, "SoL 11:1");
  add(rf::HOME_SUPPORT_KIND_OPEN_CARE, "clinic-region-vaxjo", "HSL 8:1");
  stage_.Must(c.worker, &Plans::RecordHomeSupport, request);
}

void Play::StartHomeSupport(Case& c, int part) {
  rf::GetPlansRequest read;
  read.set_referral_id(c.referral_id);
  const rf::Plans plans = stage_.Must(c.worker, &Plans::GetPlans, read);
  rf::StartHomeSupportPartRequest request;
  request.set_request_id(NewRequestId());
  request.set_referral_id(c.referral_id);
  request.set_etag(plans.etag());
  request.set_part_id(plans.home_support(part).part_id());
  request.set_start_date(FormatDate(stage_.Today()));
  stage_.Must(c.worker, &Plans::StartHomeSupportPart, request);
}

void Play::Close(Case& c) {
  stage_.Await("the departure of case " + c.person.key + " in the referral service",
               [&] { return State(c) == rf::REFERRAL_STATE_DISCHARGED; });
  Refresh(c);
  auto request = On<rf::CloseReferralRequest>(c);
  request.set_reason_code("executed");
  c.etag = stage_.Must(c.worker, &Referrals::CloseReferral, request).etag();
}

rf::Referral Play::Read(const Case& c, const Actor& reader) {
  rf::GetReferralRequest request;
  request.set_referral_id(c.referral_id);
  return stage_.Must(reader, &Referrals::GetReferral, request);
}

rf::ReferralState Play::State(const Case& c) { return Read(c, c.worker).state(); }

void Play::Refresh(Case& c) { c.etag = Read(c, c.worker).etag(); }

}  // namespace vardkedja::e2e
