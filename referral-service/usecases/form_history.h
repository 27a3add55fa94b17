// The forms of a case as they were each time one was written, and the board's questions about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// One time that a form was written.
struct WrittenForm {
  std::int64_t version = 0;  // of the case
  std::optional<Instant> at;
  std::string action;
  std::string unit_id;
  std::string subject;
  std::vector<std::string> role_codes;
  std::vector<std::string> changed_fields;  // paths within the form
  bool changes_known = false;
  bool sent = false;          // others than the owner could be shown it
  bool wrong_person = false;  // it names somebody who was found to be another afterwards
};

// A form with what was written of the case at that time.
struct OpenedForm {
  WrittenForm form;
  domain::Content content;
};

// One question of the board.
struct AskedInformation {
  std::int64_t version = 0;
  std::string question;
  Instant asked_at{};
  std::string seat;
  bool deputy = false;
  std::string answer;
  std::optional<Instant> answered_at;
  std::string answer_unit_id;
  std::int64_t answer_version = 0;
};

// `sent_only`: forms that were not sent are left out, and their changes are those of the next one
// that was.
struct FormQuery {
  std::string referral_id;
  bool sent_only = false;
  std::int64_t after = 0;  // a version
  int limit = 25;
};

class FormHistoryStore {
 public:
  virtual ~FormHistoryStore() = default;

  // Oldest first.
  virtual absl::StatusOr<std::vector<WrittenForm>> Forms(const auth::CallContext& context,
                                                         const FormQuery& query) = 0;
  // The form as it was at a version of the case; nothing before the first.
  virtual absl::StatusOr<std::optional<OpenedForm>> FormAt(const auth::CallContext& context,
                                                           const std::string& referral_id,
                                                           std::int64_t version,
                                                           bool sent_only) = 0;
  // Those asked by a later version, oldest first.
  virtual absl::StatusOr<std::vector<AskedInformation>> Questions(const auth::CallContext& context,
                                                                  const std::string& referral_id,
                                                                  std::int64_t after,
                                                                  int limit) = 0;
};

struct FormPage {
  std::string referral_id;
  std::vector<WrittenForm> forms;
  int form_version = 0;
  std::string next;
};

// The form as its reader sees it now.
struct FormView {
  WrittenForm form;
  CaseView view;  // the case, but for the form and the notes, which are as they were
};

struct QuestionPage {
  std::vector<AskedInformation> questions;
  std::string next;
};

// Each answer is audited before it is given. Whoever does not see the case, or a form that was not
// sent to others, is answered as if there were none.
class FormHistory {
 public:
  FormHistory(CaseDoor& door, FormHistoryStore& store) : door_(door), store_(store) {}

  absl::StatusOr<FormPage> List(const auth::CallContext& context, const std::string& referral_id,
                                const Page& page);
  absl::StatusOr<FormView> Get(const auth::CallContext& context, const std::string& referral_id,
                               std::int64_t version);
  absl::StatusOr<QuestionPage> Questions(const auth::CallContext& context,
                                         const std::string& referral_id, const Page& page);

 private:
  CaseDoor& door_;
  FormHistoryStore& store_;
};

// The fields of a case of which the reader may be told that they have changed.
std::vector<std::string> FieldsToTell(const SeenCase& seen, std::vector<std::string> changed);

}  // namespace vardkedja::referral::usecases
