#include "notification-service/domain/message.h"

#include <utility>

namespace vardkedja::notification::domain {
namespace {

constexpr size_t kLabelCharactersMax = 256;
constexpr size_t kTextCharactersMax = 20'000;
constexpr size_t kContentFields = 4;
constexpr size_t kLengthBytes = 4;

constexpr std::array<std::pair<MessageState, std::string_view>, 8> kStateCodes = {{
    {MessageState::kNew, "NEW"},
    {MessageState::kSubmitted, "SUBMITTED"},
    {MessageState::kWaitingForReceipt, "WAITING_FOR_RECEIPT"},
    {MessageState::kAccepted, "ACCEPTED"},
    {MessageState::kRejected, "REJECTED"},
    {MessageState::kScheduledForResend, "SCHEDULED_FOR_RESEND"},
    {MessageState::kRetrieved, "RETRIEVED"},
    {MessageState::kMessageExchangeError, "MESSAGE_EXCHANGE_ERROR"},
}};

constexpr std::array<std::pair<MessageKind, std::string_view>, 3> kKindCodes = {{
    {MessageKind::kFreeText, "FREE_TEXT"},
    {MessageKind::kDerived, "DERIVED"},
    {MessageKind::kReminder, "REMINDER"},
}};

constexpr std::array<std::pair<MessageAction, std::string_view>, 10> kActionCodes = {{
    {MessageAction::kDeliver, "deliver"},
    {MessageAction::kSubmit, "submit"},
    {MessageAction::kAwaitReceipt, "await_receipt"},
    {MessageAction::kAccept, "accept"},
    {MessageAction::kReject, "reject"},
    {MessageAction::kRetryLater, "retry_later"},
    {MessageAction::kFail, "fail"},
    {MessageAction::kResend, "resend"},
    {MessageAction::kOpen, "open"},
    {MessageAction::kActOn, "act_on"},
}};

template <typename Enum, size_t kSize>
std::string_view Find(const std::array<std::pair<Enum, std::string_view>, kSize>& codes,
                      Enum value) {
  for (const auto& [known, code] : codes) {
    if (known == value) return code;
  }
  return {};
}

template <typename Enum, size_t kSize>
std::optional<Enum> Find(const std::array<std::pair<Enum, std::string_view>, kSize>& codes,
                         std::string_view text) {
  for (const auto& [value, code] : codes) {
    if (code == text) return value;
  }
  return std::nullopt;
}

// The request's bytes are valid UTF-8 (protobuf checks), so characters are the bytes that do not
// continue another.
size_t Characters(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

void CheckLength(std::string_view field, std::string_view value, bool required, size_t max,
                 std::vector<FieldViolation>& violations) {
  if (required && value.empty()) {
    violations.push_back({std::string(field), "REQUIRED", "is required", "måste anges"});
  }
  if (Characters(value) > max) {
    violations.push_back({std::string(field), "TOO_LONG",
                          "has at most " + std::to_string(max) + " characters",
                          "får ha högst " + std::to_string(max) + " tecken"});
  }
}

absl::Status IllegalState(const Message& message) {
  std::string allowed;
  for (const Transition& transition : kTransitions) {
    if (transition.from != message.state) continue;
    if (transition.action == MessageAction::kActOn && message.acted_on.has_value()) continue;
    if (!allowed.empty()) allowed += ",";
    allowed += Code(transition.action);
  }
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "the message's state does not allow the action",
      ErrorDetail{
          .reason = "ILLEGAL_STATE",
          .metadata = {{"state", std::string(Code(message.state))}, {"allowed_actions", allowed}},
          .violations = {},
          .retry_after = std::nullopt});
}

}  // namespace

std::string_view Code(MessageState state) { return Find(kStateCodes, state); }
std::string_view Code(MessageKind kind) { return Find(kKindCodes, kind); }
std::string_view Code(MessageAction action) { return Find(kActionCodes, action); }

std::optional<MessageState> ParseMessageState(std::string_view code) {
  return Find(kStateCodes, code);
}

std::optional<MessageKind> ParseMessageKind(std::string_view code) {
  return Find(kKindCodes, code);
}

std::optional<MessageState> Next(MessageState state, MessageAction action) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == state && transition.action == action) return transition.to;
  }
  return std::nullopt;
}

std::string EncodeContent(const MessageContent& content) {
  std::string bytes;
  for (const std::string* field :
       {&content.label, &content.text, &content.attention, &content.reference}) {
    const auto length = static_cast<uint32_t>(field->size());
    for (size_t i = 0; i < kLengthBytes; ++i) {
      bytes.push_back(static_cast<char>((length >> (8 * i)) & 0xFFU));
    }
    bytes += *field;
  }
  return bytes;
}

absl::StatusOr<MessageContent> DecodeContent(std::string_view bytes) {
  std::array<std::string, kContentFields> fields;
  for (std::string& field : fields) {
    if (bytes.size() < kLengthBytes) return absl::DataLossError("message content is cut short");
    uint32_t length = 0;
    for (size_t i = 0; i < kLengthBytes; ++i) {
      length |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    bytes.remove_prefix(kLengthBytes);
    if (bytes.size() < length) return absl::DataLossError("message content is cut short");
    field = std::string(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (!bytes.empty()) return absl::DataLossError("message content is too long");
  return MessageContent{.label = std::move(fields[0]),
                        .text = std::move(fields[1]),
                        .attention = std::move(fields[2]),
                        .reference = std::move(fields[3])};
}

const std::string& VaultSubject(const Message& message) {
  return message.case_id.empty() ? message.conversation_id : message.case_id;
}

std::vector<FieldViolation> CheckContent(const MessageContent& content) {
  std::vector<FieldViolation> violations;
  CheckLength("label", content.label, true, kLabelCharactersMax, violations);
  CheckLength("text", content.text, true, kTextCharactersMax, violations);
  CheckLength("attention", content.attention, false, kLabelCharactersMax, violations);
  CheckLength("reference", content.reference, false, kLabelCharactersMax, violations);
  return violations;
}

absl::Status Deliver(Message& message, const Fact& fact) {
  const std::optional<MessageState> next = Next(message.state, MessageAction::kDeliver);
  if (!next) return IllegalState(message);
  message.state = *next;
  message.delivered = fact;
  return absl::OkStatus();
}

absl::Status FailForGood(Message& message) {
  const std::optional<MessageState> next = Next(message.state, MessageAction::kFail);
  if (!next) return IllegalState(message);
  message.state = *next;
  return absl::OkStatus();
}

bool Open(Message& message, const Fact& fact) {
  const std::optional<MessageState> next = Next(message.state, MessageAction::kOpen);
  if (!next) return false;
  message.state = *next;
  message.opened = fact;
  return true;
}

absl::Status ActOn(Message& message, const Fact& fact) {
  const std::optional<MessageState> next = Next(message.state, MessageAction::kActOn);
  if (!next || message.acted_on.has_value()) return IllegalState(message);
  message.state = *next;
  if (!message.opened.has_value()) message.opened = fact;
  message.acted_on = fact;
  return absl::OkStatus();
}

}  // namespace vardkedja::notification::domain
