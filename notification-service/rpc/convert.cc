#include "notification-service/rpc/convert.h"

#include <array>
#include <string>
#include <utility>

#include "lib/status/status.h"
#include "notification-service/domain/derivation.h"
#include "notification-service/usecases/mark_acted_on.h"

namespace vardkedja::notification::rpc {
namespace {

constexpr std::array<std::pair<domain::MessageState, v1::MessageState>, 8> kStates = {{
    {domain::MessageState::kNew, v1::MESSAGE_STATE_NEW},
    {domain::MessageState::kSubmitted, v1::MESSAGE_STATE_SUBMITTED},
    {domain::MessageState::kWaitingForReceipt, v1::MESSAGE_STATE_WAITING_FOR_RECEIPT},
    {domain::MessageState::kAccepted, v1::MESSAGE_STATE_ACCEPTED},
    {domain::MessageState::kRejected, v1::MESSAGE_STATE_REJECTED},
    {domain::MessageState::kScheduledForResend, v1::MESSAGE_STATE_SCHEDULED_FOR_RESEND},
    {domain::MessageState::kRetrieved, v1::MESSAGE_STATE_RETRIEVED},
    {domain::MessageState::kMessageExchangeError, v1::MESSAGE_STATE_MESSAGE_EXCHANGE_ERROR},
}};

v1::MessageState ToProto(domain::MessageState state) {
  for (const auto& [known, proto] : kStates) {
    if (known == state) return proto;
  }
  return v1::MESSAGE_STATE_UNSPECIFIED;
}

v1::MessageKind ToProto(domain::MessageKind kind) {
  switch (kind) {
    case domain::MessageKind::kFreeText:
      return v1::MESSAGE_KIND_FREE_TEXT;
    case domain::MessageKind::kDerived:
      return v1::MESSAGE_KIND_DERIVED;
    case domain::MessageKind::kReminder:
      return v1::MESSAGE_KIND_REMINDER;
  }
  return v1::MESSAGE_KIND_UNSPECIFIED;
}

void SetFact(const domain::Fact& fact, v1::MessageFact& proto) {
  const auto since_epoch = fact.time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  proto.mutable_time()->set_seconds(seconds.count());
  proto.mutable_time()->set_nanos(static_cast<int32_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - seconds).count()));
  proto.set_subject(fact.subject);
}

void SetTexts(const usecases::MessageView& view, bool with_text, v1::Message& proto) {
  if (view.content) {
    proto.set_label(view.content->label);
    proto.set_attention(view.content->attention);
    proto.set_reference(view.content->reference);
    if (with_text) proto.set_text(view.content->text);
    return;
  }
  const domain::Template* entry = domain::FindTemplate(view.message.template_code);
  if (entry == nullptr) return;
  const std::string& number = view.message.case_number;
  proto.set_verb_code(std::string(entry->verb));
  proto.set_label(domain::Render(entry->label_sv, number));
  proto.set_text(domain::Render(entry->text_sv, number));
  proto.set_text_en(domain::Render(entry->text_en, number));
}

}  // namespace

v1::Organisation ToProto(const domain::Organisation& organisation) {
  v1::Organisation proto;
  proto.set_organisation_id(organisation.organisation_id);
  proto.set_name(organisation.name);
  proto.set_kind_code(organisation.kind);
  proto.set_municipality_code(organisation.municipality_code);
  proto.set_participating(organisation.participating);
  return proto;
}

v1::Unit ToProto(const usecases::UnitEntry& entry) {
  v1::Unit proto;
  proto.set_unit_id(entry.unit.unit_id);
  proto.set_organisation_id(entry.unit.organisation_id);
  proto.set_name(entry.unit.name);
  proto.set_kind_code(entry.unit.kind);
  proto.set_functional_address(entry.unit.functional_address);
  proto.set_facility_id(entry.unit.facility_id);
  proto.set_host_organisation_id(entry.unit.host_organisation_id);
  proto.set_participating(entry.participating);
  for (const domain::Seat& seat : entry.unit.seats) {
    v1::Seat& added = *proto.add_seats();
    added.set_seat(seat.seat);
    added.set_facility_id(seat.facility_id);
    added.set_holder_role_code(seat.holder_role);
    added.set_deputy_role_code(seat.deputy_role);
  }
  return proto;
}

v1::Message ToProto(const usecases::MessageView& view, bool with_text) {
  const domain::Message& message = view.message;
  v1::Message proto;
  proto.set_message_id(message.message_id);
  proto.set_conversation_id(message.conversation_id);
  proto.set_in_reply_to_message_id(message.in_reply_to);
  proto.set_kind(ToProto(message.kind));
  proto.set_state(ToProto(message.state));
  proto.set_sender_unit_id(message.sender_unit_id);
  proto.set_recipient_unit_id(message.recipient_unit_id);
  proto.set_case_id(message.case_id);
  proto.set_case_number(message.case_number);
  if (message.kind == domain::MessageKind::kDerived) {
    proto.set_source_event_id(message.source_event_id);
  }
  SetTexts(view, with_text, proto);
  SetFact(message.sent, *proto.mutable_sent());
  if (message.delivered) SetFact(*message.delivered, *proto.mutable_delivered());
  if (message.opened) SetFact(*message.opened, *proto.mutable_opened());
  if (message.acted_on) SetFact(*message.acted_on, *proto.mutable_acted_on());
  proto.set_etag(usecases::MessageEtag(message.version));
  return proto;
}

v1::Deadline ToProto(const domain::Deadline& deadline, Date today) {
  v1::Deadline proto;
  proto.set_deadline_id(deadline.deadline_id);
  proto.set_kind_code(std::string(domain::Code(deadline.kind)));
  proto.set_case_id(deadline.case_id);
  proto.set_case_number(deadline.case_number);
  proto.set_unit_id(deadline.unit_id);
  proto.set_due_date(FormatDate(deadline.due));
  proto.set_state_code(std::string(domain::Code(deadline.state)));
  for (const Date day : deadline.reminders) proto.add_reminder_dates(FormatDate(day));
  proto.set_overdue(deadline.state == domain::DeadlineState::kOpen && deadline.due <= today);
  return proto;
}

usecases::SendMessage::Command FromProto(const v1::SendMessageRequest& request) {
  return {.recipient_unit_id = request.recipient_unit_id(),
          .case_id = request.case_id(),
          .in_reply_to = request.in_reply_to_message_id(),
          .content = {.label = request.label(),
                      .text = request.text(),
                      .attention = request.attention(),
                      .reference = request.reference()}};
}

absl::StatusOr<usecases::ListMessages::Command> FromProto(const v1::ListMessagesRequest& request) {
  usecases::ListMessages::Command command{
      .box = request.box() == v1::MESSAGE_BOX_SENT ? usecases::Box::kSent : usecases::Box::kInbox,
      .state = std::nullopt,
      .case_id = request.case_id(),
      .conversation_id = request.conversation_id(),
      .limit = request.limit(),
      .cursor = request.cursor()};
  std::vector<FieldViolation> violations;
  if (!v1::MessageBox_IsValid(request.box())) {
    violations.push_back({"box", "UNKNOWN_VALUE", "is not a known box", "är ett okänt värde"});
  }
  for (const auto& [state, proto] : kStates) {
    if (proto == request.state()) command.state = state;
  }
  if (!command.state && request.state() != v1::MESSAGE_STATE_UNSPECIFIED) {
    violations.push_back({"state", "UNKNOWN_VALUE", "is not a known state", "är ett okänt värde"});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return command;
}

}  // namespace vardkedja::notification::rpc
