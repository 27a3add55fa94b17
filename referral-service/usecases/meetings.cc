#include "referral-service/usecases/meetings.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr std::string_view kResource = "board-meetings";

audit::Entry EntryOf(const auth::CallContext& context, std::string_view meeting_id) {
  audit::Entry entry = audit::MakeEntry(context, meeting_id);
  entry.rule_id = "board";
  entry.permitted = true;
  if (context.principal.seat) entry.acting_for = *context.principal.seat;
  return entry;
}

}  // namespace

absl::StatusOr<CaseLister::Reader> BoardMeetings::EnterAsBoard(const auth::CallContext& context) {
  VK_ASSIGN_OR_RETURN(CaseLister::Reader reader, CaseLister(door_).ReaderOf(context));
  if (reader.question.unit_kind != domain::UnitKind::kBoard || !reader.question.purpose_known) {
    return door_.Refuse(context, kResource, "deny");
  }
  return reader;
}

absl::StatusOr<std::map<std::string, SeenCase>> BoardMeetings::CasesOf(
    const auth::CallContext& context, const CaseLister::Reader& reader,
    const domain::BoardMeeting& meeting) {
  std::vector<std::string> ids;
  for (const domain::MeetingItem& item : meeting.items) {
    if (IsUuid(item.referral_id)) ids.push_back(item.referral_id);
  }
  std::map<std::string, SeenCase> seen;
  if (ids.empty()) return seen;
  VK_ASSIGN_OR_RETURN(std::vector<StoredCase> found, door_.cases().FindAll(context, ids));
  for (StoredCase& stored : found) {
    std::string id = stored.referral.referral_id;
    auto one = CaseLister::Judge(context, reader, std::move(stored));
    if (one) seen.emplace(std::move(id), *std::move(one));
  }
  return seen;
}

absl::StatusOr<domain::BoardMeeting> BoardMeetings::Record(const auth::CallContext& context,
                                                           const domain::NewMeeting& request) {
  return Once<domain::BoardMeeting>(
      door_.cases(), context, [&] { return Attempt(context, request); },
      [&](const std::string& id) { return Get(context, id); });
}

absl::StatusOr<domain::BoardMeeting> BoardMeetings::Attempt(const auth::CallContext& context,
                                                            const domain::NewMeeting& request) {
  VK_ASSIGN_OR_RETURN(const CaseLister::Reader reader, EnterAsBoard(context));
  if (!context.principal.seat) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "The board acts by seat; this token has none.", "NO_SEAT");
  }
  VK_ASSIGN_OR_RETURN(domain::BoardMeeting meeting,
                      domain::MakeMeeting(request, *reader.reference, reader.question.today));
  meeting.meeting_id = NewUuidV7();
  meeting.recorded_by_seat = *context.principal.seat;
  meeting.recorded_at = context.now;
  std::vector<FieldViolation> violations;
  if (!meeting.corrects_meeting_id.empty()) {
    VK_ASSIGN_OR_RETURN(const auto corrected, meetings_.Find(context, meeting.corrects_meeting_id));
    if (!corrected) {
      violations.push_back(domain::Violation("corrects_meeting_id", "UNKNOWN_MEETING",
                                             "There is no such record.",
                                             "Det finns ingen sådan anteckning."));
    }
  }
  VK_ASSIGN_OR_RETURN(const auto seen, CasesOf(context, reader, meeting));
  std::vector<audit::Entry> audit = {EntryOf(context, meeting.meeting_id)};
  for (std::size_t i = 0; i < meeting.items.size(); ++i) {
    const auto found = seen.find(meeting.items[i].referral_id);
    if (found == seen.end()) {
      violations.push_back(domain::Violation("items[" + std::to_string(i) + "].referral_id",
                                             "UNKNOWN_CASE", "The board sees no such case.",
                                             "Remissgruppen ser inget sådant ärende."));
    } else {
      Written written{std::string(kBoardAndOwner), "board-meetings/" + meeting.meeting_id, {}};
      if (!meeting.items[i].text.empty()) written.changed_fields = {"items.text"};
      audit.push_back(CaseDoor::WriteEntry(context, found->second, meeting.meeting_id, written));
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_RETURN_IF_ERROR(meetings_.Insert(context, meeting, std::move(audit)));
  return meeting;
}

absl::StatusOr<domain::BoardMeeting> BoardMeetings::Get(const auth::CallContext& context,
                                                        const std::string& meeting_id) {
  VK_ASSIGN_OR_RETURN(const CaseLister::Reader reader, EnterAsBoard(context));
  VK_ASSIGN_OR_RETURN(auto stored, meetings_.Find(context, meeting_id));
  if (!stored) return door_.Refuse(context, kResource, "deny");
  VK_ASSIGN_OR_RETURN(const auto seen, CasesOf(context, reader, stored->meeting));
  StoredMeeting shown = {stored->meeting, {}};
  shown.meeting.items.clear();
  std::vector<audit::Entry> audit = {EntryOf(context, stored->meeting.meeting_id)};
  for (std::size_t i = 0; i < stored->meeting.items.size(); ++i) {
    const auto found = seen.find(stored->meeting.items[i].referral_id);
    // What was said is about the person's needs, as the assessment is.
    if (found == seen.end() || !found->second.access.categories.contains("needs")) continue;
    shown.meeting.items.push_back(stored->meeting.items[i]);
    shown.sealed_texts.push_back(stored->sealed_texts[i]);
    audit.push_back(CaseDoor::Entry(context, found->second, stored->meeting.meeting_id));
  }
  VK_RETURN_IF_ERROR(meetings_.OpenTexts(shown));
  VK_RETURN_IF_ERROR(door_.audit().Record(std::move(audit), context.deadline));
  return shown.meeting;
}

absl::StatusOr<MeetingPage> BoardMeetings::List(const auth::CallContext& context,
                                                const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  if (!page.cursor.empty() && !IsUuid(page.cursor)) return BadCursor();
  VK_RETURN_IF_ERROR(EnterAsBoard(context).status());
  MeetingPage found;
  VK_ASSIGN_OR_RETURN(found.meetings, meetings_.List(context, page.cursor, limit + 1));
  if (found.meetings.size() > static_cast<std::size_t>(limit)) {
    found.meetings.pop_back();
    found.next = found.meetings.back().meeting_id;
  }
  return found;
}

}  // namespace vardkedja::referral::usecases
