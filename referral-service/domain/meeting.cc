#include "referral-service/domain/meeting.h"

#include <set>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMostSeats = 10;
constexpr std::size_t kMostItems = 100;

void CheckAttendance(const std::vector<Attendance>& attendance, const Reference& reference,
                     std::vector<FieldViolation>& out) {
  if (attendance.empty()) out.push_back(Required("attendance"));
  if (attendance.size() > kMostSeats) {
    out.push_back(
        Violation("attendance", "TOO_MANY", "At most 10 seats.", "Högst 10 platser kan anges."));
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < attendance.size(); ++i) {
    const std::string path = "attendance[" + std::to_string(i) + "].seat";
    const std::string& seat = attendance[i].seat;
    // One seat per facility (domain.md, 2), named as it.
    if (!reference.UnitOfFacility(seat)) {
      out.push_back(Violation(path, "UNKNOWN_SEAT", "The board has no such seat.",
                              "Remissgruppen har ingen sådan plats."));
    } else if (!seen.insert(seat).second) {
      out.push_back(Violation(path, "REPEATED", "The seat is given twice.",
                              "Platsen är angiven två gånger."));
    }
  }
}

void CheckItems(const std::vector<MeetingItem>& items, std::vector<FieldViolation>& out) {
  if (items.size() > kMostItems) {
    out.push_back(
        Violation("items", "TOO_MANY", "At most 100 cases.", "Högst 100 ärenden kan anges."));
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string path = "items[" + std::to_string(i) + "]";
    if (!seen.insert(items[i].referral_id).second) {
      out.push_back(Violation(path + ".referral_id", "REPEATED", "The case is given twice.",
                              "Ärendet är angivet två gånger."));
    }
    CheckText(path + ".text", items[i].text, false, kLongText, out);
  }
}

}  // namespace

absl::StatusOr<BoardMeeting> MakeMeeting(const NewMeeting& request, const Reference& reference,
                                         Date today) {
  std::vector<FieldViolation> violations;
  const auto date = ParseDate(request.date);
  if (request.date.empty()) {
    violations.push_back(Required("meeting_date"));
  } else if (!date) {
    violations.push_back(Violation("meeting_date", "DATE", "A date is written YYYY-MM-DD.",
                                   "Datum skrivs ÅÅÅÅ-MM-DD."));
  } else if (*date > today) {
    violations.push_back(Violation("meeting_date", "IN_THE_FUTURE", "The meeting is still to come.",
                                   "Mötet har inte hållits ännu."));
  }
  if (request.form <= MeetingForm::kUnspecified || request.form > MeetingForm::kMixed) {
    violations.push_back(Required("form"));
  }
  CheckAttendance(request.attendance, reference, violations);
  CheckItems(request.items, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  BoardMeeting meeting;
  meeting.date = *date;
  meeting.form = request.form;
  meeting.attendance = request.attendance;
  meeting.items = request.items;
  meeting.item_count = static_cast<int>(request.items.size());
  meeting.corrects_meeting_id = request.corrects_meeting_id;
  return meeting;
}

}  // namespace vardkedja::referral::domain
