#include "notification-service/domain/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace vardkedja::notification::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr Instant kNow{std::chrono::microseconds{1'795'000'000'000'000}};
const Fact kFact{.time = kNow, .subject = "subject-1"};

// Written out a second time on purpose: the table in the header is compared with the rows that the
// description of the exchange gives.
const std::map<std::pair<std::string, std::string>, std::string> kExpected = {
    {{"NEW", "deliver"}, "ACCEPTED"},
    {{"NEW", "submit"}, "SUBMITTED"},
    {{"NEW", "fail"}, "MESSAGE_EXCHANGE_ERROR"},
    {{"SUBMITTED", "await_receipt"}, "WAITING_FOR_RECEIPT"},
    {{"SUBMITTED", "retry_later"}, "SCHEDULED_FOR_RESEND"},
    {{"SUBMITTED", "fail"}, "MESSAGE_EXCHANGE_ERROR"},
    {{"WAITING_FOR_RECEIPT", "accept"}, "ACCEPTED"},
    {{"WAITING_FOR_RECEIPT", "reject"}, "REJECTED"},
    {{"WAITING_FOR_RECEIPT", "retry_later"}, "SCHEDULED_FOR_RESEND"},
    {{"SCHEDULED_FOR_RESEND", "submit"}, "SUBMITTED"},
    {{"SCHEDULED_FOR_RESEND", "fail"}, "MESSAGE_EXCHANGE_ERROR"},
    {{"MESSAGE_EXCHANGE_ERROR", "resend"}, "SCHEDULED_FOR_RESEND"},
    {{"REJECTED", "resend"}, "SCHEDULED_FOR_RESEND"},
    {{"ACCEPTED", "open"}, "RETRIEVED"},
    {{"ACCEPTED", "act_on"}, "RETRIEVED"},
    {{"RETRIEVED", "act_on"}, "RETRIEVED"},
};

TEST(MessageStateTest, EveryStateAndActionIsDecided) {
  for (const MessageState state : kMessageStates) {
    for (const MessageAction action : kMessageActions) {
      const auto expected = kExpected.find({std::string(Code(state)), std::string(Code(action))});
      const std::optional<MessageState> next = Next(state, action);
      ASSERT_EQ(next.has_value(), expected != kExpected.end()) << Code(state) << Code(action);
      if (next) {
        EXPECT_EQ(Code(*next), expected->second);
      }
    }
  }
}

TEST(MessageStateTest, CodesAreDistinctAndParseBack) {
  std::set<std::string_view> codes;
  for (const MessageState state : kMessageStates) {
    EXPECT_TRUE(codes.insert(Code(state)).second);
    EXPECT_EQ(ParseMessageState(Code(state)), state);
  }
  EXPECT_EQ(ParseMessageState("new"), std::nullopt);
  EXPECT_EQ(ParseMessageState(""), std::nullopt);
  for (const MessageKind kind :
       {MessageKind::kFreeText, MessageKind::kDerived, MessageKind::kReminder}) {
    EXPECT_EQ(ParseMessageKind(Code(kind)), kind);
  }
}

TEST(MessageTest, FourFactsInOrder) {
  Message message;
  EXPECT_FALSE(Open(message, kFact));
  ASSERT_TRUE(Deliver(message, kFact).ok());
  EXPECT_EQ(message.state, MessageState::kAccepted);
  EXPECT_EQ(message.delivered, kFact);
  EXPECT_FALSE(Deliver(message, kFact).ok());
  EXPECT_TRUE(Open(message, kFact));
  EXPECT_EQ(message.state, MessageState::kRetrieved);
  const Fact later{.time = kNow + std::chrono::hours(1), .subject = "subject-2"};
  EXPECT_FALSE(Open(message, later));
  EXPECT_EQ(message.opened, kFact);
  ASSERT_TRUE(ActOn(message, later).ok());
  EXPECT_EQ(message.acted_on, later);
  EXPECT_EQ(message.opened, kFact);
}

TEST(MessageTest, ActingImpliesOpening) {
  Message message;
  ASSERT_TRUE(Deliver(message, kFact).ok());
  ASSERT_TRUE(ActOn(message, kFact).ok());
  EXPECT_EQ(message.state, MessageState::kRetrieved);
  EXPECT_EQ(message.opened, kFact);
}

TEST(MessageTest, ActingTwiceSaysStateAndAllowedActions) {
  Message message;
  ASSERT_TRUE(Deliver(message, kFact).ok());
  ASSERT_TRUE(ActOn(message, kFact).ok());
  const absl::Status again = ActOn(message, kFact);
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  const auto detail = GetErrorDetail(again);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "ILLEGAL_STATE");
  EXPECT_EQ(detail->metadata.at("state"), "RETRIEVED");
  EXPECT_EQ(detail->metadata.at("allowed_actions"), "");
}

TEST(MessageTest, AFailedExchangeIsNotDelivered) {
  Message message;
  ASSERT_TRUE(FailForGood(message).ok());
  EXPECT_EQ(message.state, MessageState::kMessageExchangeError);
  EXPECT_EQ(message.delivered, std::nullopt);
  EXPECT_FALSE(ActOn(message, kFact).ok());
}

TEST(MessageContentTest, EncodesAndDecodes) {
  const MessageContent content{.label = "Ärende",
                               .text = std::string("rad\n\0två", 9),
                               .attention = "",
                               .reference = std::string(256, 'r')};
  const std::string bytes = EncodeContent(content);
  const absl::StatusOr<MessageContent> decoded = DecodeContent(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, content);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeContent(bytes.substr(0, length)).ok()) << length;
  }
  EXPECT_FALSE(DecodeContent(bytes + "x").ok());
}

TEST(MessageContentTest, LengthsAreInCharacters) {
  std::string label;
  for (int i = 0; i < 256; ++i) label += "å";
  EXPECT_THAT(CheckContent({.label = label, .text = "t", .attention = "", .reference = ""}),
              IsEmpty());
  EXPECT_THAT(CheckContent({.label = label + "å", .text = "", .attention = "", .reference = ""}),
              ElementsAre(Field(&FieldViolation::rule, "TOO_LONG"),
                          Field(&FieldViolation::rule, "REQUIRED")));
  const MessageContent all{.label = "",
                           .text = std::string(20'001, 't'),
                           .attention = label + "x",
                           .reference = label + "x"};
  EXPECT_THAT(CheckContent(all), ElementsAre(Field(&FieldViolation::field, "label"),
                                             Field(&FieldViolation::field, "text"),
                                             Field(&FieldViolation::field, "attention"),
                                             Field(&FieldViolation::field, "reference")));
}

TEST(MessageTest, VaultSubjectIsTheCaseOrElseTheConversation) {
  Message message;
  message.conversation_id = "conversation";
  EXPECT_EQ(VaultSubject(message), "conversation");
  message.case_id = "case";
  EXPECT_EQ(VaultSubject(message), "case");
}

}  // namespace
}  // namespace vardkedja::notification::domain
