// Children as relatives and concerns about them, on a real PostgreSQL.
#include <gtest/gtest.h>

#include "lib/auth/policy.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/child_concerns.h"
#include "vardkedja/referral/v1/children_service.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::CompleteForm;
using testing::EkelidenSeat;
using testing::EkelidenStaff;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

Caller ChildFamily() {
  return {"vaxjo", "vaxjo-child-family", auth::Role::kSocialWorker, "", "worker-9"};
}

class ChildrenTest : public testing::Fixture {
 protected:
  absl::StatusOr<usecases::StoredDocument> Ask(const Caller& caller, const std::string& id,
                                               const std::string& etag,
                                               const domain::InquiryRequest& request) {
    return documents_->Write(Write(caller), {id, etag}, usecases::DocumentKind::kChildren,
                             usecases::RecordChildrenInquiry(request, clock_.Now()));
  }

  absl::StatusOr<usecases::ConcernView> Report(const Caller& caller, const std::string& id,
                                               const std::string& to = "vaxjo-child-family",
                                               const std::string& text = "Oro för barnet.") {
    return usecases::ReportChildConcern(*door_, *concerns_).Run(Write(caller), id, to, text);
  }

  absl::StatusOr<usecases::ConcernView> Get(const Caller& caller, const std::string& concern) {
    return usecases::GetChildConcern(*door_, *concerns_).Run(Call(caller), concern);
  }
};

TEST_F(ChildrenTest, TheQuestionIsAskedAndContactPlanned) {
  const std::string id = Submitted();
  domain::InquiryRequest inquiry;
  inquiry.answer = domain::ChildrenAnswer::kHasChildren;
  inquiry.children = {{7, "Mormor.", "Berättat av föräldern.", "Saknar.", "Mormor."}};
  const auto asked = Ask(Worker(), id, "0", inquiry);
  ASSERT_TRUE(asked.ok()) << asked.status();
  const Instant later = clock_.Now() + std::chrono::hours(48);
  const Instant sooner = clock_.Now() + std::chrono::hours(24);
  const auto planned = documents_->Write(
      Write(Worker()), {id, "1"}, usecases::DocumentKind::kChildren,
      usecases::PlanChildContact({{domain::ContactKind::kVisit, later, "På plats."},
                                  {domain::ContactKind::kVideoCall, sooner, "Kväll."}},
                                 clock_.Now()));
  ASSERT_TRUE(planned.ok()) << planned.status();
  const auto read = documents_->Read(Call(Worker()), id, usecases::DocumentKind::kChildren);
  ASSERT_TRUE(read.ok()) << read.status();
  const auto& children = std::get<domain::ChildrenAsRelatives>(read->content);
  EXPECT_EQ(children.children.at(0).age, 7);
  EXPECT_EQ(FormatDate(*children.asked_date), "2026-11-23");
  ASSERT_EQ(children.contacts.size(), 2U);
  EXPECT_EQ(children.contacts[0].contact_time, sooner);
  // The consent of the fixture does not name children.
  EXPECT_EQ(
      Reason(
          documents_->Read(Call(EkelidenSeat()), id, usecases::DocumentKind::kChildren).status()),
      "NOT_FOUND");
}

TEST_F(ChildrenTest, ContactIsPlannedAheadAndWhatBecamePastStays) {
  const std::string id = Submitted();
  domain::InquiryRequest inquiry;
  inquiry.answer = domain::ChildrenAnswer::kNone;
  ASSERT_TRUE(Ask(Worker(), id, "0", inquiry).ok());
  const Instant first = clock_.Now() + std::chrono::hours(24);
  const auto plan = [&](const std::string& etag, std::vector<domain::ContactRequest> contacts) {
    return documents_->Write(Write(Worker()), {id, etag}, usecases::DocumentKind::kChildren,
                             usecases::PlanChildContact(std::move(contacts), clock_.Now()));
  };
  const auto past =
      plan("1", {{domain::ContactKind::kVisit, clock_.Now() - std::chrono::hours(1), ""}});
  const auto detail = GetErrorDetail(past.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->violations[0].field, "contacts[0].contact_time");
  EXPECT_EQ(detail->violations[0].rule, "IN_THE_PAST");
  ASSERT_TRUE(plan("1", {{domain::ContactKind::kVisit, first, ""}}).ok());
  clock_.Advance(std::chrono::hours(48));
  EXPECT_TRUE(plan("2", {{domain::ContactKind::kVisit, first, ""},
                         {domain::ContactKind::kVisit, clock_.Now() + std::chrono::hours(1), ""}})
                  .ok());
}

TEST_F(ChildrenTest, AnInquiryIsWholeOrRefusedWithAllItsFaults) {
  const std::string id = Submitted();
  const auto rules = [&](const domain::InquiryRequest& request) {
    std::set<std::string> broken;
    const auto detail = GetErrorDetail(Ask(Worker(), id, "0", request).status());
    if (detail) {
      for (const FieldViolation& one : detail->violations)
        broken.insert(one.field + " " + one.rule);
    }
    return broken;
  };
  EXPECT_EQ(rules({}), std::set<std::string>{"answer REQUIRED"});
  EXPECT_EQ(rules({domain::ChildrenAnswer::kHasChildren, "2026-11-24", {}}),
            (std::set<std::string>{"asked_date IN_THE_FUTURE", "children REQUIRED"}));
  EXPECT_EQ(rules({domain::ChildrenAnswer::kNone, "", {{18, "", "", "", ""}}}),
            (std::set<std::string>{"children CONTRADICTION", "children[0].age OUT_OF_RANGE"}));
  EXPECT_TRUE(rules({domain::ChildrenAnswer::kDeclined, "", {}}).empty());
}

TEST_F(ChildrenTest, AConcernGoesAtOnceWithoutConsentAndTellsWhoTheParentIs) {
  domain::Form form = CompleteForm();
  form.person.protected_identity = true;
  const auto made = usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}});
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string id = made->referral.referral_id;
  const auto sent = Report(Worker(), id);
  ASSERT_TRUE(sent.ok()) << "a draft without any ground: " << sent.status();
  const std::string concern = sent->concern.concern_id;
  const auto received = Get(ChildFamily(), concern);
  ASSERT_TRUE(received.ok()) << received.status();
  EXPECT_EQ(received->content.text, "Oro för barnet.");
  EXPECT_EQ(received->content.parent_name, "Tove Påhittad");
  EXPECT_EQ(received->content.parent_identity_number, form.person.identity_number);
  EXPECT_TRUE(received->content.protected_identity);
  EXPECT_EQ(Reason(usecases::GetReferral(*door_).Run(Call(ChildFamily()), id).status()),
            "NOT_FOUND")
      << "a concern opens no case";
  const auto nobody = Get(OtherWorker(), concern);
  EXPECT_EQ(nobody.status(), Get(OtherWorker(), "none").status());
  EXPECT_EQ(Reason(nobody.status()), "NOT_FOUND");
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'child_concern_reported'"), 1);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM child_concern WHERE position('Tove'::bytea IN"
                  " content_sealed) > 0"),
            0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE rule_id = 'child_concern.duty'"
                  " AND permitted AND case_id = $1",
                  {id}),
            1);
}

TEST_F(ChildrenTest, TheSenderIsNotToldWhoTheParentIs) {
  const std::string id = Assessed({"ekeliden"});
  const auto sent = Report(EkelidenStaff(), id);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->content.parent_name, "");
  EXPECT_EQ(Get(EkelidenStaff(), sent->concern.concern_id)->content.parent_identity_number, "");
  EXPECT_EQ(Get(Worker(), sent->concern.concern_id)->content.parent_name, "Tove Påhittad");
}

TEST_F(ChildrenTest, AConcernNeedsAKnownRecipientATextAndSightOfTheCase) {
  const std::string id = Submitted();
  EXPECT_EQ(Reason(Report(Worker(), id, "nowhere", "").status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(Report(OtherWorker(), id).status()), "NOT_FOUND");
  const auth::CallContext call = Write(Worker());
  usecases::ReportChildConcern report(*door_, *concerns_);
  const auto first = report.Run(call, id, "vaxjo-child-family", "Oro.");
  const auto again = report.Run(call, id, "vaxjo-child-family", "Oro.");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->concern.concern_id, first->concern.concern_id);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM child_concern"), 1);
}

TEST_F(ChildrenTest, AConcernGoesToSocialServicesAlone) {
  const std::string id = Assessed({"ekeliden"});
  for (const char* unit : {"ekeliden", "placement-board", "clinic-region-vaxjo", "nowhere",
                           "ljungby-social-services"}) {
    const auto detail = GetErrorDetail(Report(EkelidenStaff(), id, unit).status());
    ASSERT_TRUE(detail.has_value()) << unit;
    ASSERT_EQ(detail->violations.size(), 1U) << unit;
    EXPECT_EQ(detail->violations[0].field, "recipient_unit_id");
    EXPECT_EQ(detail->violations[0].rule, "NOT_SOCIAL_SERVICES");
  }
  EXPECT_EQ(Count("SELECT count(*) AS n FROM child_concern"), 0);
}

TEST_F(ChildrenTest, WithoutANamedRecipientItGoesToTheHomeMunicipalityWhenThatIsNoSecret) {
  const auto living_in = [&](const std::string& code, const std::string& number) {
    domain::Form form = CompleteForm();
    form.person.identity_number = number;
    form.person.home_municipality_code = code;
    const auto made = usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}});
    EXPECT_TRUE(made.ok()) << made.status();
    return made->referral.referral_id;
  };
  const std::string id = living_in("0764", "R9000001");
  const auto sent = Report(Worker(), id, "");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->concern.recipient_unit_id, "alvesta-authority");
  ASSERT_TRUE(pool_
                  ->Write("UPDATE referral SET protected_identity = true, version = version + 1"
                          " WHERE referral_id = $1::uuid",
                          {id})
                  .ok());
  const auto detail = GetErrorDetail(Report(Worker(), id, "").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->violations[0].rule, "REQUIRED");
  EXPECT_EQ(Reason(Report(Worker(), living_in("0780", "R9000002"), "").status()),
            "FIELD_VIOLATIONS")
      << "Växjö has three";
}

TEST_F(ChildrenTest, ReceivedConcernsAreListedNewestFirst) {
  std::vector<std::string> wanted;
  const std::string id = Submitted();
  for (int i = 0; i < 3; ++i) {
    wanted.insert(wanted.begin(), Report(Worker(), id)->concern.concern_id);
    clock_.Advance(std::chrono::minutes(1));
  }
  usecases::ListChildConcerns list(*door_, *concerns_);
  std::vector<std::string> found;
  std::string cursor;
  do {
    const auto page = list.Run(Call(ChildFamily()), {2, cursor});
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& concern : page->concerns) found.push_back(concern.concern_id);
    cursor = page->next;
  } while (!cursor.empty());
  EXPECT_EQ(found, wanted);
  EXPECT_TRUE(list.Run(Call(Worker()), {})->concerns.empty()) << "the sender received none";
  EXPECT_EQ(Reason(list.Run(Call(Worker()), {0, "x"}).status()), "FIELD_VIOLATIONS");
}

TEST_F(ChildrenTest, TheOwnersFeedTellsOfAConcern) {
  const std::string id = Submitted();
  ASSERT_TRUE(Report(Worker(), id).ok());
  const auto feed = usecases::ListChanges(*door_, *index_).Run(Call(Worker()), {});
  ASSERT_TRUE(feed.ok()) << feed.status();
  EXPECT_EQ(feed->changes.back().what, "child_concern");
}

// A sounding board for colleagues: the form's fields, and no case.
TEST(ChildRepresentativeTest, CallsNothingThatIsAboutACase) {
  static_cast<void>(v1::ReportChildConcernRequest::descriptor());
  const auth::Policy policy = auth::Policy::FromDescriptors();
  std::set<std::string> may;
  for (const std::string& method : auth::LinkedMethods()) {
    const auth::AccessRule* rule = policy.Find(method);
    const bool own = method.starts_with("/vardkedja.referral.v1.");
    if (own && rule != nullptr && rule->roles.contains(auth::Role::kChildRepresentative)) {
      may.insert(method);
    }
  }
  EXPECT_EQ(may, std::set<std::string>{"/vardkedja.referral.v1.FormService/GetFormVersion"});
}

}  // namespace
}  // namespace vardkedja::referral
