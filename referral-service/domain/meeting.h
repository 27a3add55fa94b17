// The record of a meeting of the placement board (domain.md, 4 step 3).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/reference.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.MeetingForm.
enum class MeetingForm { kUnspecified = 0, kInPerson = 1, kVideo = 2, kTelephone = 3, kMixed = 4 };

struct Attendance {
  std::string seat;
  bool deputy = false;

  bool operator==(const Attendance&) const = default;
};

struct MeetingItem {
  std::string referral_id;
  std::string text;

  bool operator==(const MeetingItem&) const = default;
};

struct BoardMeeting {
  std::string meeting_id;
  Date date{};
  MeetingForm form = MeetingForm::kUnspecified;
  std::vector<Attendance> attendance;
  std::vector<MeetingItem> items;
  int item_count = 0;
  std::string corrects_meeting_id;
  std::string recorded_by_seat;
  Instant recorded_at{};

  bool operator==(const BoardMeeting&) const = default;
};

struct NewMeeting {
  std::string date;  // as written
  MeetingForm form = MeetingForm::kUnspecified;
  std::vector<Attendance> attendance;
  std::vector<MeetingItem> items;
  std::string corrects_meeting_id;
};

// INVALID_ARGUMENT with all violations at once, or the meeting without id, seat and time. Whether
// its cases and the record it corrects exist is for the caller to look up.
absl::StatusOr<BoardMeeting> MakeMeeting(const NewMeeting& request, const Reference& reference,
                                         Date today);

}  // namespace vardkedja::referral::domain
