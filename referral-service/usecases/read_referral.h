// Reads of one case: the case, the actions open to the caller, its history.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"

namespace vardkedja::referral::usecases {

class GetReferral {
 public:
  explicit GetReferral(CaseDoor& door) : door_(door) {}
  absl::StatusOr<CaseView> Run(const auth::CallContext& context, const std::string& referral_id) {
    return door_.Read(context, referral_id);
  }

 private:
  CaseDoor& door_;
};

struct OpenActions {
  domain::State state = domain::State::kDraft;
  std::int64_t version = 0;
  std::vector<domain::Action> actions;
};

class GetAvailableActions {
 public:
  explicit GetAvailableActions(CaseDoor& door) : door_(door) {}
  absl::StatusOr<OpenActions> Run(const auth::CallContext& context, const std::string& referral_id);

 private:
  CaseDoor& door_;
};

struct Page {
  int limit = 0;  // 0: the default
  std::string cursor;
};

struct Timeline {
  std::vector<StepRecord> steps;
  std::string next;
};

class DocumentStore;

class GetTimeline {
 public:
  GetTimeline(CaseDoor& door, DocumentStore& documents) : door_(door), documents_(documents) {}
  absl::StatusOr<Timeline> Run(const auth::CallContext& context, const std::string& referral_id,
                               const Page& page);

 private:
  CaseDoor& door_;
  DocumentStore& documents_;
};

// The limit to use, or a violation: 1 to 100, 0 means 25.
absl::StatusOr<int> CheckLimit(int limit);
// The version that a cursor names, 0 for an empty one; BadCursor otherwise.
absl::StatusOr<std::int64_t> VersionIn(const std::string& cursor);
// INVALID_ARGUMENT: the cursor is none of ours.
absl::Status BadCursor();

}  // namespace vardkedja::referral::usecases
