// Messages between units: kinds, the states of the exchange as a table, and the four facts
// (domain.md, section 7). Pure; thread-safe. Time and subject are parameters.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/status/status.h"
#include "lib/time/time.h"

namespace vardkedja::notification::domain {

// The subject of what the suite itself does.
inline constexpr std::string_view kSystemSubject = "system";

enum class MessageKind { kFreeText, kDerived, kReminder };

// As in the national secure digital communication (SDK, Digg).
enum class MessageState {
  kNew,
  kSubmitted,
  kWaitingForReceipt,
  kAccepted,
  kRejected,
  kScheduledForResend,
  kRetrieved,
  kMessageExchangeError,
};

// What moves a message from one state to another.
enum class MessageAction {
  kDeliver,       // inside the suite: straight into the recipient's inbox
  kSubmit,        // handed over to the outside exchange
  kAwaitReceipt,  // the exchange has taken it
  kAccept,        // the recipient's system has sent its receipt
  kReject,        // the recipient's system refused it
  kRetryLater,    // no receipt in time, or a transient failure
  kFail,          // failed for good
  kResend,        // an operator asks for a new attempt
  kOpen,          // someone at the recipient read it
  kActOn,         // the recipient recorded that it has acted
};

struct Transition {
  MessageState from;
  MessageAction action;
  MessageState to;
};

// Every allowed transition; what is not in it is refused. kActOn leaves the state as it is when the
// message was opened before, and implies opening it when it was not.
inline constexpr std::array<Transition, 16> kTransitions = {{
    {MessageState::kNew, MessageAction::kDeliver, MessageState::kAccepted},
    {MessageState::kNew, MessageAction::kSubmit, MessageState::kSubmitted},
    {MessageState::kNew, MessageAction::kFail, MessageState::kMessageExchangeError},
    {MessageState::kSubmitted, MessageAction::kAwaitReceipt, MessageState::kWaitingForReceipt},
    {MessageState::kSubmitted, MessageAction::kRetryLater, MessageState::kScheduledForResend},
    {MessageState::kSubmitted, MessageAction::kFail, MessageState::kMessageExchangeError},
    {MessageState::kWaitingForReceipt, MessageAction::kAccept, MessageState::kAccepted},
    {MessageState::kWaitingForReceipt, MessageAction::kReject, MessageState::kRejected},
    {MessageState::kWaitingForReceipt, MessageAction::kRetryLater,
     MessageState::kScheduledForResend},
    {MessageState::kScheduledForResend, MessageAction::kSubmit, MessageState::kSubmitted},
    {MessageState::kScheduledForResend, MessageAction::kFail, MessageState::kMessageExchangeError},
    {MessageState::kMessageExchangeError, MessageAction::kResend,
     MessageState::kScheduledForResend},
    {MessageState::kRejected, MessageAction::kResend, MessageState::kScheduledForResend},
    {MessageState::kAccepted, MessageAction::kOpen, MessageState::kRetrieved},
    {MessageState::kAccepted, MessageAction::kActOn, MessageState::kRetrieved},
    {MessageState::kRetrieved, MessageAction::kActOn, MessageState::kRetrieved},
}};

inline constexpr std::array<MessageState, 8> kMessageStates = {
    MessageState::kNew,
    MessageState::kSubmitted,
    MessageState::kWaitingForReceipt,
    MessageState::kAccepted,
    MessageState::kRejected,
    MessageState::kScheduledForResend,
    MessageState::kRetrieved,
    MessageState::kMessageExchangeError,
};

inline constexpr std::array<MessageAction, 10> kMessageActions = {
    MessageAction::kDeliver, MessageAction::kSubmit, MessageAction::kAwaitReceipt,
    MessageAction::kAccept,  MessageAction::kReject, MessageAction::kRetryLater,
    MessageAction::kFail,    MessageAction::kResend, MessageAction::kOpen,
    MessageAction::kActOn,
};

// The stored codes: "NEW", "SUBMITTED", ... and "FREE_TEXT", "DERIVED", "REMINDER".
std::string_view Code(MessageState state);
std::string_view Code(MessageKind kind);
std::string_view Code(MessageAction action);
std::optional<MessageState> ParseMessageState(std::string_view code);
std::optional<MessageKind> ParseMessageKind(std::string_view code);

// The state after the action; nothing when the table does not allow it.
std::optional<MessageState> Next(MessageState state, MessageAction action);

// One of the four facts.
struct Fact {
  Instant time{};
  std::string subject;  // opaque id, or kSystemSubject

  bool operator==(const Fact&) const = default;
};

// What a unit writes. Personal data: encrypted at rest, never in a log or an event.
struct MessageContent {
  std::string label;      // 1 to 256 characters
  std::string text;       // 1 to 20 000 characters
  std::string attention;  // at most 256 characters
  std::string reference;  // at most 256 characters

  bool operator==(const MessageContent&) const = default;
};

// The content as one string of bytes, to be sealed whole; and back. Decoding anything that Encode
// did not write is a DATA_LOSS.
std::string EncodeContent(const MessageContent& content);
absl::StatusOr<MessageContent> DecodeContent(std::string_view bytes);

struct Message {
  std::string message_id;       // UUIDv7
  std::string conversation_id;  // id of the first message
  std::string in_reply_to;      // empty unless a reply
  MessageKind kind = MessageKind::kFreeText;
  MessageState state = MessageState::kNew;
  std::string sender_unit_id;  // empty unless free text
  std::string recipient_unit_id;
  std::string case_id;          // empty when bound to no case
  std::string case_number;      // derived and reminders
  std::string template_code;    // derived and reminders
  std::string source_event_id;  // derived: the event; reminders: the deadline and day
  std::string sealed_content;   // free text: MessageContent under lib/vault
  Fact sent;
  std::optional<Fact> delivered;
  std::optional<Fact> opened;
  std::optional<Fact> acted_on;
  int64_t version = 1;

  bool operator==(const Message&) const = default;
};

// The key of the vault's data key: the case, or the conversation when it is bound to none.
const std::string& VaultSubject(const Message& message);

// Every broken rule of a written message at once; empty when it may be sent.
std::vector<FieldViolation> CheckContent(const MessageContent& content);

// Records delivery into an inbox of the suite.
absl::Status Deliver(Message& message, const Fact& fact);

// Records that delivery is not possible at all: visible to operators, can be sent again.
absl::Status FailForGood(Message& message);

// Records the first opening. Returns whether anything changed: opening again changes nothing.
bool Open(Message& message, const Fact& fact);

// Records that the recipient has acted; opens the message when it was not open. A second time is an
// illegal state.
absl::Status ActOn(Message& message, const Fact& fact);

}  // namespace vardkedja::notification::domain
