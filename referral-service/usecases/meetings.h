// Records and reads the meetings of the placement board.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/entry.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/meeting.h"
#include "referral-service/usecases/case_list.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// A meeting whose texts are still sealed, in the order of its items.
struct StoredMeeting {
  domain::BoardMeeting meeting;
  std::vector<std::string> sealed_texts;
};

class MeetingStore {
 public:
  virtual ~MeetingStore() = default;

  virtual absl::StatusOr<std::optional<StoredMeeting>> Find(const auth::CallContext& context,
                                                            std::string_view meeting_id) = 0;
  // Newest first, without items; those recorded before `before`, which may be empty.
  virtual absl::StatusOr<std::vector<domain::BoardMeeting>> List(const auth::CallContext& context,
                                                                 std::string_view before,
                                                                 int limit) = 0;
  // Fills in the text of the items.
  virtual absl::Status OpenTexts(StoredMeeting& stored) = 0;
  // One commit, with the audit rows.
  virtual absl::Status Insert(const auth::CallContext& context, const domain::BoardMeeting& meeting,
                              std::vector<audit::Entry> audit) = 0;
};

struct MeetingPage {
  std::vector<domain::BoardMeeting> meetings;
  std::string next;
};

// The board alone: NotFound() for every other unit.
class BoardMeetings {
 public:
  BoardMeetings(CaseDoor& door, MeetingStore& meetings) : door_(door), meetings_(meetings) {}

  // PERMISSION_DENIED reason NO_SEAT without a seat. A case that the board may not see, or that
  // does not exist, is a violation of its item.
  absl::StatusOr<domain::BoardMeeting> Record(const auth::CallContext& context,
                                              const domain::NewMeeting& request);
  // With the items whose cases may be seen now; one audit row for each.
  absl::StatusOr<domain::BoardMeeting> Get(const auth::CallContext& context,
                                           const std::string& meeting_id);
  absl::StatusOr<MeetingPage> List(const auth::CallContext& context, const Page& page);

 private:
  absl::StatusOr<domain::BoardMeeting> Attempt(const auth::CallContext& context,
                                               const domain::NewMeeting& request);
  absl::StatusOr<CaseLister::Reader> EnterAsBoard(const auth::CallContext& context);
  // The cases of the items that the board may see, by id.
  absl::StatusOr<std::map<std::string, SeenCase>> CasesOf(const auth::CallContext& context,
                                                          const CaseLister::Reader& reader,
                                                          const domain::BoardMeeting& meeting);

  CaseDoor& door_;
  MeetingStore& meetings_;
};

}  // namespace vardkedja::referral::usecases
