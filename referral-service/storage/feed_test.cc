// Every write that changes what a municipality's own system sees moves the case in its feed. Each
// method of the contract that writes is either done here or stands in the list of those that change
// nothing of the kind; a new one fails the test until it does.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/audit/postgres_trail.h"
#include "lib/auth/policy.h"
#include "lib/id/uuid.h"
#include "lib/jobs/jobs.h"
#include "referral-service/storage/postgres_archive.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/postgres_history.h"
#include "referral-service/storage/postgres_meetings.h"
#include "referral-service/storage/postgres_reorganisations.h"
#include "referral-service/storage/postgres_reroutes.h"
#include "referral-service/storage/postgres_retention.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/attachments.h"
#include "referral-service/usecases/child_concerns.h"
#include "referral-service/usecases/export_case.h"
#include "referral-service/usecases/life_events.h"
#include "referral-service/usecases/meetings.h"
#include "referral-service/usecases/rerouting.h"
#include "vardkedja/placement/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::Decider;
using testing::EkelidenSeat;
using testing::EkelidenStaff;
using testing::NovusSeat;
using testing::OtherWorker;
using testing::Worker;
using usecases::DocumentKind;
using usecases::PlanStore;

constexpr const char* kOwner = "alvesta-authority";

// What writes and yet changes nothing that the owner of a case reads of it.
const std::map<std::string, std::string> kSilent = {
    {"BeginAttachment", "a file is shown once it is complete"},
    {"AppendChunk", "a file is shown once it is complete"},
    {"ReorganiseUnit", "each case that follows is told"}};

class FeedTest : public testing::Fixture {
 protected:
  // What the feed of the unit tells of the case that it has not told before.
  std::set<std::string> Told(const std::string& id, const Caller& owner) {
    std::string& cursor = cursors_[owner.unit];
    std::set<std::string> told;
    for (bool more = true; more;) {
      const auto feed = usecases::ListChanges(*door_, *index_).Run(Call(owner), {1000, cursor});
      EXPECT_TRUE(feed.ok()) << feed.status();
      if (!feed.ok()) break;
      for (const auto& change : feed->changes) {
        if (change.referral_id == id) told.insert(change.what);
      }
      cursor = feed->next;
      more = feed->more;
    }
    return told;
  }

  // The write is told to the owner as `what`.
  template <class Act>
  void Moves(const std::string& method, const std::string& what, const std::string& id,
             const Act& act, const Caller& owner = Worker()) {
    Told(id, owner);
    const absl::Status done = StatusOf(act());
    EXPECT_TRUE(done.ok()) << method << ": " << done;
    EXPECT_TRUE(Told(id, owner).contains(what)) << method;
    shown_.insert(method);
  }

  template <class T>
  static absl::Status StatusOf(const absl::StatusOr<T>& result) {
    return result.status();
  }

  // A step of the case.
  void Steps(const std::string& method, const Caller& caller, const std::string& id,
             const usecases::DecideStep& decide) {
    Moves(method, "case", id, [&] { return Fixture::Step(caller, id, decide); });
  }

  void Writes(const std::string& method, const Caller& caller, const std::string& id,
              DocumentKind kind, const usecases::ReviseDocument& revise) {
    Moves(method, "document", id, [&] {
      const auto etag = Count(
          "SELECT coalesce(max(version), 0) AS n FROM case_document WHERE referral_id = $1::uuid"
          " AND kind = $2",
          {id, kDocuments.at(kind)});
      return documents_->Write(Write(caller), {id, std::to_string(etag)}, kind, revise);
    });
  }

  void Plans(const std::string& method, const std::string& id, PlanStore::What what,
             const usecases::RevisePlans& revise) {
    Moves(method, "plans", id, [&] {
      const auto etag = Count(
          "SELECT coalesce(max(version), 0) AS n FROM plans WHERE referral_id = $1::uuid", {id});
      return usecases::WritePlans(*door_, *plans_)
          .Run(Write(Worker()), {id, std::to_string(etag)}, what, revise);
    });
  }

  void Happens(const std::string& method, const std::string& id,
               const usecases::DecideLifeEvent& decide, const std::string& what = "case") {
    Moves(method, what, id, [&] {
      return usecases::TakeLifeEvent(*door_, *life_events_)
          .Run(Write(Worker()), {id, Etag(id)}, decide);
    });
  }

  // As placement-service tells it.
  void Placement(const std::string& name, const std::string& id, const std::string& facility,
                 const std::function<void(placement::v1::PlacementEvent&)>& fill) {
    Told(id, Worker());
    placement::v1::PlacementEvent payload;
    payload.set_case_id(id);
    payload.set_facility_id(facility);
    payload.set_facility_unit_id(facility);
    fill(payload);
    Tell(name, payload.SerializeAsString(), id);
    EXPECT_TRUE(Told(id, Worker()).contains("case")) << name;
  }

  void ToThePlacement(const std::string& id);
  void DuringTheStay(const std::string& id);
  void Documents(const std::string& id);
  void Retention(const std::string& id);
  void OneWholeCase();
  void SentBackAndAway();

  const std::map<DocumentKind, std::string> kDocuments = {
      {DocumentKind::kCoordinatedPlan, "coordinated_plan"},
      {DocumentKind::kCostSplit, "cost_split"},
      {DocumentKind::kOutcomes, "outcomes"},
      {DocumentKind::kChildren, "children"}};
  storage::PostgresAttachments files_{*pool_, *vault_};
  storage::PostgresHistory history_{*pool_};
  audit::PostgresTrail trail_{*pool_, *ring_, ""};
  storage::PostgresRetention retention_store_{*pool_, *vault_};
  storage::PostgresArchive archive_{*pool_, *vault_};
  storage::PostgresReroutes reroutes_{*pool_};
  storage::PostgresMeetings meetings_{*pool_, *vault_};
  usecases::Attachments attachments_{*door_, files_};
  usecases::Rerouting rerouting_{*door_, reroutes_};
  usecases::Retentions retentions_{*door_, retention_store_};
  std::map<std::string, std::string> cursors_;  // by unit
  std::set<std::string> shown_;
};

void FeedTest::ToThePlacement(const std::string& id) {
  Moves("RecordGround", "ground", id,
        [&]() -> absl::StatusOr<usecases::GroundView> { return Consent(id); });
  Steps("UpdateReferral", Worker(), id, [](const domain::Step& step) {
    domain::Form form = testing::CompleteForm();
    form.wishes_and_goals = "Vill ha en egen bostad.";
    return domain::Update(step, {form, {"wishes_and_goals"}});
  });
  Steps("SubmitReferral", Worker(), id, testing::Submit);
  Steps("ChangeCriteria", Worker(), id, [](const domain::Step& step) {
    return domain::ChangeCriteria(step, {{.external_placement = true}, "Nytt underlag."});
  });
  Steps("AcknowledgeReferral", EkelidenSeat(), id, domain::Acknowledge);
  Moves("RecordMeeting", "meeting", id, [&] {
    domain::NewMeeting meeting;
    meeting.date = "2026-11-23";
    meeting.form = domain::MeetingForm::kVideo;
    meeting.attendance = {{"ekeliden", false}};
    meeting.items = {{id, "Gicks igenom."}};
    return usecases::BoardMeetings(*door_, meetings_).Record(Write(EkelidenSeat()), meeting);
  });
  Steps("RequestInformation", EkelidenSeat(), id,
        [](const domain::Step& step) { return domain::RequestInformation(step, "Medicinering?"); });
  Steps("ProvideInformation", Worker(), id,
        [](const domain::Step& step) { return domain::ProvideInformation(step, "Ingen."); });
  Steps("ProposeAssessment", EkelidenSeat(), id, [](const domain::Step& step) {
    return domain::ProposeAssessment(
        step, {{"ekeliden", "novus"}, domain::BedKind::kRegular, "Bedömning.", ""});
  });
  Steps("ConfirmAssessment", NovusSeat(), id, domain::ConfirmAssessment);
  Steps("BookStudyVisit", Worker(), id, [](const domain::Step& step) {
    return domain::BookStudyVisit(step, {"ekeliden", step.now + std::chrono::hours(48)});
  });
  clock_.Advance(std::chrono::hours(72));
  Steps("RecordStudyVisit", Worker(), id, [](const domain::Step& step) {
    return domain::RecordStudyVisit(step, {domain::VisitOutcome::kDone, true, ""});
  });
  Steps("RecordAnswer", Worker(), id, [](const domain::Step& step) {
    return domain::RecordAnswer(step, {domain::Outcome::kYes, ""});
  });
  Steps("ProposeDecision", Worker(), id, [](const domain::Step& step) {
    domain::ProposeDecisionRequest request;
    request.facility_id = "ekeliden";
    request.law_section = "SoL 11:1";
    request.to_date = FormatDate(step.today() + std::chrono::days(180));
    return domain::ProposeDecision(step, request);
  });
  Steps("MakeDecision", Decider(), id, [](const domain::Step& step) {
    return domain::MakeDecision(step, {domain::Outcome::kGrant, "4.12", "", ""});
  });
}

void FeedTest::Documents(const std::string& id) {
  const Instant now = clock_.Now();
  Writes("DeclareAcutePlacement", Worker(), id, DocumentKind::kCostSplit,
         usecases::DeclareAcute("", "Ingen säker bostad i natt.", now));
  Writes("RecordCostSplit", Worker(), id, DocumentKind::kCostSplit,
         usecases::WriteCostSplit({{{kOwner, 5000}, {"ekeliden", 5000}}, 184'200, "2026-11-20", ""},
                                  now));
  constexpr auto kPlan = DocumentKind::kCoordinatedPlan;
  Writes(
      "AssessCoordinatedPlanNeed", EkelidenStaff(), id, kPlan,
      usecases::AssessPlanNeed({domain::PlanAskedBy::kPerson, "Flera insatser.", {kOwner}}, now));
  Writes("RecordCoordinatedPlanAgreement", Worker(), id, kPlan,
         usecases::RecordPlanAgreement(true, "Muntligt.", now));
  domain::MeetingRequest meeting;
  meeting.meeting_time = now + std::chrono::hours(48);
  meeting.form = domain::PlanMeetingForm::kVideo;
  meeting.video_link = "https://video.alvesta.example/rum/42";
  meeting.invited_unit_ids = {"clinic-region-vaxjo"};
  Writes("CallCoordinatedPlanMeeting", Worker(), id, kPlan,
         usecases::CallPlanMeeting(meeting, now));
  Writes("RecordCoordinatedPlan", EkelidenStaff(), id, kPlan,
         usecases::WritePlanContent(
             {"\"Jag vill hem.\"", {{"Boendestöd.", kOwner, ""}}, "", kOwner, "2027-01-15"}, now));
  Writes("FollowUpCoordinatedPlan", Worker(), id, kPlan,
         usecases::FollowUpPlan({"", "Bra.", ""}, now));
  domain::InquiryRequest inquiry;
  inquiry.answer = domain::ChildrenAnswer::kHasChildren;
  inquiry.children = {{7, "Mormor.", "Berättat.", "Saknar.", "Mormor."}};
  Writes("RecordChildrenInquiry", Worker(), id, DocumentKind::kChildren,
         usecases::RecordChildrenInquiry(inquiry, now));
  Writes("PlanChildContact", Worker(), id, DocumentKind::kChildren,
         usecases::PlanChildContact(
             {{domain::ContactKind::kVisit, now + std::chrono::hours(24), "På plats."}}, now));
}

void FeedTest::DuringTheStay(const std::string& id) {
  Placement("offer_made", id, "ekeliden", [](auto& event) { event.mutable_offer_made(); });
  Placement("enrolled", id, "ekeliden",
            [](auto& event) { event.mutable_enrolled()->set_move_in_date("2026-11-26"); });
  Steps("ExtendDecision", Decider(), id, [](const domain::Step& step) {
    return domain::ExtendDecision(
        step, {"", "2027-08-01", "SoL 11:1", "4.12", "worker-1", "Behöver mer tid."});
  });
  Plans("RecordImplementationPlan", id, PlanStore::What::kImplementationPlan,
        usecases::RevisePlan({"ekeliden", "Mål", "Vad", "2026-12-24"}, clock_.Now()));
  Plans("RecordHomeSupport", id, PlanStore::What::kHomeSupport,
        usecases::ReplaceHomeSupport(
            {{"", domain::HomeSupportKind::kHousing, kOwner, "SoL 11:1", "2026-12-24"}},
            clock_.Now()));
  const auto plans = usecases::GetPlans(*door_, *plans_).Run(Call(Worker()), id);
  ASSERT_TRUE(plans.ok()) << plans.status();
  Plans("StartHomeSupportPart", id, PlanStore::What::kHomeSupport,
        usecases::StartPart(plans->home_support.at(0).part_id, "", clock_.Now()));
  domain::OutcomeRequest outcome;
  outcome.point = domain::OutcomePoint::kStart;
  outcome.outcome_date = "2026-11-26";
  outcome.codes = {1, 2, 1, 2};
  Writes("RecordOutcome", EkelidenStaff(), id, DocumentKind::kOutcomes,
         usecases::RecordOutcome(outcome, clock_.Now()));
  Placement("discharged", id, "ekeliden", [](auto& event) { event.mutable_discharged(); });
  Placement("enrolled", id, "novus",
            [](auto& event) { event.mutable_enrolled()->set_move_in_date("2026-11-26"); });
  Writes("RecordIndividualFollowUp", Worker(), id, DocumentKind::kOutcomes,
         usecases::RecordIndividualFollowUp("2026-11-26", "Trivs.", clock_.Now()));
  Placement("discharged", id, "novus", [](auto& event) { event.mutable_discharged(); });
}

void FeedTest::Retention(const std::string& id) {
  const auto etag = [&] {
    return std::to_string(retentions_.Get(Call(Worker()), id)->retention.version);
  };
  Moves("PlaceRetentionHold", "retention", id, [&] {
    return retentions_.PlaceHold(Write(Decider()), {id, etag()}, "legal_process");
  });
  Moves("ReleaseRetentionHold", "retention", id, [&] {
    return retentions_.ReleaseHold(Write(Decider()), {id, etag()});
  });
  const usecases::ExportPorts ports{*door_,           *index_,       *grounds_, *plans_,
                                    *document_store_, files_,        history_,  trail_,
                                    *concerns_,       *life_events_, archive_};
  const auto exported = usecases::ExportArchive(ports).Run(Call(Decider()), id, "");
  ASSERT_TRUE(exported.ok()) << exported.status();
  Moves("ConfirmArchive", "retention", id, [&] {
    return retentions_.ConfirmArchive(Write(Decider()), {id, etag()},
                                      {exported->etag, "SE/AK-12:7"});
  });
  clock_.Advance(std::chrono::hours(24 * 365 * 6));
  Told(id, Worker());
  ASSERT_EQ(storage::FlagErasureDue(*pool_, clock_.Now(), pg::kNoDeadline).value(), 1);
  EXPECT_TRUE(Told(id, Worker()).contains("retention")) << "it may be erased from now on";
  Moves("EraseCase", "retention", id, [&] {
    return retentions_.Erase(Write(Decider()), {id, etag()}, "");
  });
}

void FeedTest::OneWholeCase() {
  const std::string id = Draft();
  EXPECT_EQ(Told(id, Worker()), std::set<std::string>{"case"});
  shown_.insert("CreateReferral");
  ToThePlacement(id);
  Documents(id);
  Moves("ReportChildConcern", "child_concern", id, [&] {
    return usecases::ReportChildConcern(*door_, *concerns_)
        .Run(Write(Worker()), id, "vaxjo-child-family", "Oro.");
  });

  domain::Attachment announced;
  announced.file_name = "plan.txt";
  announced.category = "plan";
  announced.byte_size = 4;
  const auto begun = attachments_.Begin(Write(Worker()), id, announced);
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_TRUE(attachments_.Append(Write(Worker()), begun->attachment_id, 0, "plan").ok());
  EXPECT_TRUE(Told(id, Worker()).empty()) << "nothing to see yet";
  Moves("CompleteAttachment", "attachment", id,
        [&] { return attachments_.Complete(Write(Worker()), begun->attachment_id); });
  DuringTheStay(id);

  Happens("SetProtection", id,
          [](const domain::Step& step) { return domain::SetProtection(step, true, "Markering."); });
  Happens("RecordDeath", id,
          [](const domain::Step& step) { return domain::RecordDeath(step, "2026-11-26", ""); });
  Happens("CorrectPerson", id, [](const domain::Step& step) {
    domain::CorrectPersonRequest request;
    request.correction = domain::PersonCorrection::kWrongPerson;
    request.person = step.referral.content.form.person;
    request.person.identity_number = "19890201-9804";
    request.text = "Enligt handling.";
    return domain::CorrectPerson(step, request);
  });
  Moves("RevokeGround", "ground", id, [&] {
    const auto grounds = usecases::ListGrounds(*ground_door_).Run(Call(Worker()), id);
    return usecases::RevokeGround(*ground_door_)
        .Run(Write(Worker()), grounds->at(0).ground.ground_id, "1");
  });
  Steps("CloseReferral", Worker(), id,
        [](const domain::Step& step) { return domain::Close(step, "executed"); });

  Retention(id);
}

void FeedTest::SentBackAndAway() {
  const std::string kept = SubmittedAbout("19890201-9804", OtherWorker());
  const std::string id = SubmittedAbout("19890201-9804", Worker());
  Moves("ResolveDuplicate", "case", id, [&] {
    return usecases::ResolveDuplicate(*door_).Run(Write(EkelidenSeat()), {id, Etag(id)}, kept,
                                                  "Ett annat går vidare.");
  });
  Steps("WithdrawReferral", Worker(), id, domain::Withdraw);
  const std::string none = Submitted();
  Steps("AcknowledgeReferral", EkelidenSeat(), none, domain::Acknowledge);
  Steps("ProposeAssessment", EkelidenSeat(), none, [](const domain::Step& step) {
    return domain::ProposeAssessment(step, {{}, {}, "", "needs_more_health_care"});
  });
  Steps("DeclareNoSuitablePlace", NovusSeat(), none, [](const domain::Step& step) {
    return domain::DeclareNoSuitablePlace(step, {"needs_more_health_care", "Sluten vård."});
  });

  const std::string handed = Submitted();
  domain::NewGround all;
  all.kind = domain::GroundKind::kHarmTest;
  all.recipient_unit_ids = {"vaxjo-ifo1"};
  const std::set<std::string> categories = domain::AllCategories();
  all.categories = {categories.begin(), categories.end()};
  all.text = "Prövad.";
  ASSERT_TRUE(usecases::RecordGround(*ground_door_).Run(Write(Worker()), handed, all).ok());
  std::string reroute;
  const auto hand_over = [&] {
    const auto begun = rerouting_.HandOver(Write(Worker()), {handed, Etag(handed)},
                                           {"vaxjo-ifo1", "wrong_municipality"});
    if (begun.ok()) reroute = begun->reroute_id;
    return begun;
  };
  Moves("HandOver", "case", handed, hand_over);
  Moves("WithdrawHandOver", "case", handed,
        [&] { return rerouting_.Withdraw(Write(Worker()), reroute, "1"); });
  Moves("HandOver", "case", handed, hand_over);
  Moves("DeclineHandOver", "case", handed,
        [&] { return rerouting_.Decline(Write(OtherWorker()), reroute, "1", "not_ours"); });
  Moves("HandOver", "case", handed, hand_over);
  Told(handed, OtherWorker());
  Moves("TakeOver", "left", handed,
        [&] { return rerouting_.TakeOver(Write(OtherWorker()), reroute, "1"); });
  EXPECT_TRUE(Told(handed, OtherWorker()).contains("case")) << "the new owner's feed begins";

  const std::string moves = Submitted();
  Happens(
      "MoveCase", moves,
      [](const domain::Step& step) {
        return domain::MoveCase(
            step, {domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1", {"worker-2"}, "Flytt."});
      },
      "left");
}

TEST_F(FeedTest, EveryWriteThatTheOwnerSeesMovesTheCase) {
  OneWholeCase();
  SentBackAndAway();
  const auth::Policy policy = auth::Policy::FromDescriptors();
  for (const std::string& method : auth::LinkedMethods()) {
    const auth::AccessRule* rule = policy.Find(method);
    if (!method.starts_with("/vardkedja.referral.v1.") || rule == nullptr || !rule->write) continue;
    const std::string name = method.substr(method.rfind('/') + 1);
    EXPECT_NE(shown_.contains(name), kSilent.contains(name)) << name;
  }
}

}  // namespace
}  // namespace vardkedja::referral
