// The message use cases on a real database and a real vault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "notification-service/test_fixture.h"
#include "notification-service/usecases/get_message.h"
#include "notification-service/usecases/list_messages.h"
#include "notification-service/usecases/mark_acted_on.h"
#include "notification-service/usecases/send_message.h"

namespace vardkedja::notification::usecases {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kSender[] = "alvesta-authority";
constexpr char kRecipient[] = "ekeliden";
constexpr char kText[] = "Kan ni ta emot på måndag?";

class MessagesTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    gate_ = std::make_unique<MessageGate>(*messages_, access_, read_audit_);
    send_ = std::make_unique<SendMessage>(*messages_, *directory_, *content_, access_, *gate_);
    get_ = std::make_unique<GetMessage>(*messages_, *content_, read_audit_, *gate_);
    mark_ = std::make_unique<MarkActedOn>(*messages_, *content_, *gate_);
    list_ = std::make_unique<ListMessages>(*messages_, *content_, access_, read_audit_);
  }

  static SendMessage::Command To(const std::string& unit, const std::string& case_id = "",
                                 const std::string& text = kText) {
    return {.recipient_unit_id = unit,
            .case_id = case_id,
            .in_reply_to = "",
            .content = {.label = "Fråga", .text = text, .attention = "", .reference = ""}};
  }

  // The id of a message that was sent; fails the test when it was not.
  std::string Sent(const SendMessage::Command& command, const std::string& request_id = "r-1",
                   const std::string& from = kSender) {
    const auto sent = send_->Run(Call(from, request_id), command);
    EXPECT_TRUE(sent.ok()) << sent.status();
    return sent.ok() ? sent->message.message_id : "";
  }

  void PermitBoth() {
    access_.Permit(kSender, kCase);
    access_.Permit(kRecipient, kCase);
  }

  std::unique_ptr<MessageGate> gate_;
  std::unique_ptr<SendMessage> send_;
  std::unique_ptr<GetMessage> get_;
  std::unique_ptr<MarkActedOn> mark_;
  std::unique_ptr<ListMessages> list_;
};

TEST_F(MessagesTest, SentAndDeliveredAreOneCommit) {
  const auto sent = send_->Run(Call(kSender, "r-1"), To(kRecipient));
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->message.state, domain::MessageState::kAccepted);
  EXPECT_EQ(sent->message.sent.subject, "subject-of-alvesta-authority");
  EXPECT_EQ(sent->message.delivered->subject, "system");
  EXPECT_EQ(sent->message.opened, std::nullopt);
  EXPECT_EQ(Value("SELECT count(*) FROM message WHERE state = 'ACCEPTED'"), "1");
  EXPECT_EQ(Value("SELECT count(*) FROM audit_entry WHERE resource_id = '" +
                  sent->message.message_id + "' AND permitted"),
            "1");
}

TEST_F(MessagesTest, TheTextIsNotInTheDatabase) {
  Sent(To(kRecipient));
  EXPECT_EQ(
      Value("SELECT count(*) FROM message WHERE position('Kan ni'::bytea IN sealed_content) > 0"),
      "0");
  EXPECT_EQ(Value("SELECT position('Fr'::bytea IN sealed_content) FROM message"), "0");
}

TEST_F(MessagesTest, TheRecipientOpensOnceAndTheSenderSeesIt) {
  const std::string id = Sent(To(kRecipient));
  clock_.Advance(std::chrono::hours(1));
  const auto first = get_->Run(Call(kRecipient), {id});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->content->text, kText);
  EXPECT_EQ(first->message.state, domain::MessageState::kRetrieved);
  EXPECT_EQ(first->message.opened->subject, "subject-of-ekeliden");
  EXPECT_THAT(read_audit_.Take(), IsEmpty()) << "the audit row of the opening is in its commit";
  clock_.Advance(std::chrono::hours(1));
  const auto second = get_->Run(Call(kRecipient), {id});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->message, first->message);
  EXPECT_THAT(read_audit_.Take(), SizeIs(1));
  const auto seen = get_->Run(Call(kSender), {id});
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(seen->message.opened, first->message.opened);
}

TEST_F(MessagesTest, TheSendersReadOpensNothing) {
  const std::string id = Sent(To(kRecipient));
  ASSERT_TRUE(get_->Run(Call(kSender), {id}).ok());
  EXPECT_EQ(Value("SELECT state FROM message"), "ACCEPTED");
}

TEST_F(MessagesTest, AnotherUnitAndAMissingMessageAreAlike) {
  const std::string id = Sent(To(kRecipient));
  const absl::Status other = get_->Run(Call("piva"), {id}).status();
  const absl::Status missing =
      get_->Run(Call("piva"), {"018f3b2a-7c1d-7e00-8000-0123456789ab"}).status();
  EXPECT_EQ(other, missing);
  EXPECT_EQ(other, NotFound());
  EXPECT_EQ(get_->Run(Call("piva"), {"not an id"}).status(), NotFound());
  EXPECT_THAT(read_audit_.Take(), ElementsAre(Field(&audit::Entry::permitted, false),
                                              Field(&audit::Entry::permitted, false),
                                              Field(&audit::Entry::resource_id, "invalid")));
}

TEST_F(MessagesTest, CaseBoundTextIsGatedAtEachRead) {
  PermitBoth();
  const std::string id = Sent(To(kRecipient, kCase));
  ASSERT_TRUE(get_->Run(Call(kRecipient), {id}).ok());
  access_.Revoke(kRecipient, kCase);
  EXPECT_EQ(get_->Run(Call(kRecipient), {id}).status(), NotFound());
  EXPECT_TRUE(get_->Run(Call(kSender), {id}).ok());
}

TEST_F(MessagesTest, NoAnswerAboutTheCaseDisclosesNothing) {
  PermitBoth();
  const std::string id = Sent(To(kRecipient, kCase));
  access_.SetDown(true);
  EXPECT_EQ(Reason(get_->Run(Call(kRecipient), {id}).status()), "AUTHORIZATION_UNAVAILABLE");
  EXPECT_EQ(Reason(list_->Run(Call(kRecipient), {}).status()), "AUTHORIZATION_UNAVAILABLE");
  EXPECT_EQ(Value("SELECT state FROM message"), "ACCEPTED");
}

TEST_F(MessagesTest, NoAuditRowNoAnswer) {
  const std::string id = Sent(To(kRecipient));
  ASSERT_TRUE(get_->Run(Call(kRecipient), {id}).ok());
  read_audit_.SetDown(true);
  EXPECT_FALSE(get_->Run(Call(kRecipient), {id}).ok());
  EXPECT_FALSE(list_->Run(Call(kRecipient), {}).ok());
}

TEST_F(MessagesTest, ACaseTheSenderMayNotSeeDoesNotExist) {
  access_.Permit(kRecipient, kCase);
  EXPECT_EQ(send_->Run(Call(kSender, "r-1"), To(kRecipient, kCase)).status(), NotFound());
  EXPECT_EQ(Value("SELECT count(*) FROM message"), "0");
}

TEST_F(MessagesTest, ARecipientWithoutGroundIsRefusedBeforeAnythingIsStored) {
  access_.Permit(kSender, kCase);
  EXPECT_EQ(Reason(send_->Run(Call(kSender, "r-1"), To(kRecipient, kCase)).status()), "NO_GROUND");
  EXPECT_EQ(Value("SELECT count(*) FROM message"), "0");
}

TEST_F(MessagesTest, BadFieldsAreAllReported) {
  SendMessage::Command command = To("nowhere", "not a case", "");
  command.content.label = std::string(257, 'x');
  const absl::Status status = send_->Run(Call(kSender, "r-1"), command).status();
  const auto detail = GetErrorDetail(status);
  ASSERT_TRUE(detail.has_value());
  EXPECT_THAT(detail->violations, ElementsAre(Field(&FieldViolation::rule, "TOO_LONG"),
                                              Field(&FieldViolation::rule, "REQUIRED"),
                                              Field(&FieldViolation::rule, "NOT_A_UUID"),
                                              Field(&FieldViolation::rule, "UNKNOWN_UNIT")));
  for (const auto& [unit, rule] : {std::pair{"ljungby-social-services", "NOT_PARTICIPATING"},
                                   std::pair{kSender, "OWN_UNIT"}, std::pair{"", "REQUIRED"}}) {
    const auto found = GetErrorDetail(send_->Run(Call(kSender, "r-1"), To(unit)).status());
    ASSERT_TRUE(found.has_value()) << unit;
    EXPECT_THAT(found->violations, ElementsAre(Field(&FieldViolation::rule, rule)));
  }
}

TEST_F(MessagesTest, ARepeatedRequestSendsOnce) {
  const std::string id = Sent(To(kRecipient));
  EXPECT_EQ(Sent(To(kRecipient)), id);
  EXPECT_EQ(Value("SELECT count(*) FROM message"), "1");
  auth::CallContext other_body = Call(kSender, "r-1");
  other_body.request_key->fingerprint = "another";
  EXPECT_EQ(Reason(send_->Run(other_body, To(kRecipient)).status()), "REQUEST_ID_REUSED");
  EXPECT_NE(Sent(To(kRecipient), "r-2"), id);
}

TEST_F(MessagesTest, ARepeatIsAuthorisedAgain) {
  PermitBoth();
  Sent(To(kRecipient, kCase));
  access_.Revoke(kSender, kCase);
  EXPECT_EQ(send_->Run(Call(kSender, "r-1"), To(kRecipient, kCase)).status(), NotFound());
}

TEST_F(MessagesTest, AReplyJoinsTheConversationAndItsCase) {
  PermitBoth();
  const std::string id = Sent(To(kRecipient, kCase));
  SendMessage::Command reply = To(kSender, "", "Ja, kl. 10.");
  reply.in_reply_to = id;
  const auto sent = send_->Run(Call(kRecipient, "r-2"), reply);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->message.conversation_id, id);
  EXPECT_EQ(sent->message.in_reply_to, id);
  EXPECT_EQ(sent->message.case_id, kCase);
  reply.case_id = kOtherCase;
  EXPECT_EQ(Reason(send_->Run(Call(kRecipient, "r-3"), reply).status()), "FIELD_VIOLATIONS");
  reply.case_id = "";
  EXPECT_EQ(send_->Run(Call("piva", "r-4"), reply).status(), NotFound());
  const auto conversation = list_->Run(
      Call(kSender), {.state = std::nullopt, .case_id = "", .conversation_id = id, .cursor = ""});
  ASSERT_TRUE(conversation.ok());
  ASSERT_THAT(conversation->messages, SizeIs(1));
  EXPECT_EQ(conversation->messages[0].content->text, "Ja, kl. 10.");
}

TEST_F(MessagesTest, ListsPageNewestFirstAndCountTheUnopened) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(std::chrono::seconds(1));
    ids.insert(ids.begin(), Sent(To(kRecipient), "r-" + std::to_string(i)));
  }
  std::vector<std::string> seen;
  ListMessages::Command command{
      .state = std::nullopt, .case_id = "", .conversation_id = "", .limit = 2, .cursor = ""};
  int pages = 0;
  do {
    const auto page = list_->Run(Call(kRecipient), command);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->unopened_count, 5);
    for (const MessageView& view : page->messages) seen.push_back(view.message.message_id);
    command.cursor = page->next;
    ++pages;
  } while (!command.cursor.empty());
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(pages, 3);
  ASSERT_TRUE(get_->Run(Call(kRecipient), {ids[0]}).ok());
  command = {.state = domain::MessageState::kRetrieved,
             .case_id = "",
             .conversation_id = "",
             .cursor = ""};
  const auto opened = list_->Run(Call(kRecipient), command);
  ASSERT_TRUE(opened.ok());
  EXPECT_THAT(opened->messages, SizeIs(1));
  EXPECT_EQ(opened->unopened_count, 4);
  command = {
      .box = Box::kSent, .state = std::nullopt, .case_id = "", .conversation_id = "", .cursor = ""};
  EXPECT_THAT(list_->Run(Call(kSender), command)->messages, SizeIs(5));
  EXPECT_THAT(list_->Run(Call(kRecipient), command)->messages, IsEmpty());
}

TEST_F(MessagesTest, AListNeitherShowsNorCountsWhatTheUnitMayNotSeeNow) {
  PermitBoth();
  Sent(To(kRecipient, kCase), "r-1");
  Sent(To(kRecipient), "r-2");
  read_audit_.Take();
  EXPECT_EQ(list_->Run(Call(kRecipient), {})->unopened_count, 2);
  EXPECT_THAT(read_audit_.Take(),
              ElementsAre(Field(&audit::Entry::case_id, std::optional<std::string>(kCase))));
  access_.Revoke(kRecipient, kCase);
  const auto page = list_->Run(Call(kRecipient), {});
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(page->messages, SizeIs(1));
  EXPECT_EQ(page->unopened_count, 1);
}

TEST_F(MessagesTest, BadListParametersAreAllReported) {
  const auto status = list_
                          ->Run(Call(kRecipient), {.state = std::nullopt,
                                                   .case_id = "x",
                                                   .conversation_id = "y",
                                                   .limit = 101,
                                                   .cursor = "z"})
                          .status();
  ASSERT_TRUE(GetErrorDetail(status).has_value());
  EXPECT_THAT(GetErrorDetail(status)->violations, SizeIs(4));
}

TEST_F(MessagesTest, ActingNeedsTheRecipientTheEtagAndHappensOnce) {
  const std::string id = Sent(To(kRecipient));
  EXPECT_EQ(mark_->Run(Call(kSender, "m-0"), {id, "1"}).status(), NotFound());
  EXPECT_EQ(Reason(mark_->Run(Call(kRecipient, "m-1"), {id, ""}).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(mark_->Run(Call(kRecipient, "m-2"), {id, "9"}).status()), "STALE_ETAG");
  const auto acted = mark_->Run(Call(kRecipient, "m-3"), {id, "1"});
  ASSERT_TRUE(acted.ok()) << acted.status();
  EXPECT_EQ(acted->message.version, 2);
  EXPECT_TRUE(acted->message.opened.has_value());
  EXPECT_EQ(acted->message.acted_on->subject, "subject-of-ekeliden");
  const auto replay = mark_->Run(Call(kRecipient, "m-3"), {id, "1"});
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_EQ(replay->message, acted->message);
  EXPECT_EQ(Reason(mark_->Run(Call(kRecipient, "m-4"), {id, "2"}).status()), "ILLEGAL_STATE");
  EXPECT_EQ(Value("SELECT count(*) FROM audit_entry WHERE resource_id = '" + id + "'"), "2");
}

TEST_F(MessagesTest, AMessageWhoseKeyWasDestroyedIsGone) {
  PermitBoth();
  const std::string id = Sent(To(kRecipient, kCase));
  ASSERT_TRUE(vault_->Erase(kCase, "retention").ok());
  EXPECT_EQ(get_->Run(Call(kRecipient), {id}).status(), NotFound());
  EXPECT_THAT(list_->Run(Call(kRecipient), {})->messages, IsEmpty());
}

}  // namespace
}  // namespace vardkedja::notification::usecases
