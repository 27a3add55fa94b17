// Rows of a case as the domain's values and back. Shared by the stores and by the consumers of
// events, which write in a transaction that is not theirs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/pg/pool.h"
#include "referral-service/domain/referral.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::storage {

// SELECT of whole cases with visits, decisions and grounds; append "WHERE ..." on the alias r.
std::string_view CaseSelect();

usecases::StoredCase CaseFrom(const pg::Row& row);
std::vector<usecases::StoredCase> CasesFrom(const pg::Result& rows);

// The tag of the blind index over identity numbers.
inline constexpr std::string_view kIdentityIndexTag = "referral.identity";

// The case, locked until the transaction ends; nothing when there is no such case.
absl::StatusOr<std::optional<usecases::StoredCase>> LockCase(pg::Transaction& tx,
                                                             std::string_view referral_id);

// Who took the step that is written with a change.
struct StepAuthor {
  std::string unit_id;
  std::string subject;
  std::string seat;
  bool deputy = false;
  std::vector<std::string> role_codes;  // of the token; empty for what is no call
};
StepAuthor AuthorOf(const domain::Actor& actor);

// What is written for one change, as members of a WITH (lib/commit's StateSql): state, step, and
// the visit or decision; guarded by the version before, so that `changed` yields no row when the
// case is no longer there.
struct CaseChange {
  std::string_view changed;
  std::string also;
  pg::Params params;
};
CaseChange ChangeOf(const domain::Change& change, const StepAuthor& author,
                    const std::optional<std::string>& sealed_content,
                    const std::optional<std::string>& sealed_name);

// The same in a transaction that is not the store's, the content untouched. False, and nothing
// written, when the case is no longer at that version.
absl::StatusOr<bool> WriteChange(pg::Transaction& tx, const domain::Change& change,
                                 const StepAuthor& author);

// The first row and step of a case; returns its case number.
absl::StatusOr<std::string> InsertCase(pg::Transaction& tx, const domain::Change& change,
                                       const StepAuthor& author, const std::string& sealed_content,
                                       const std::optional<std::string>& sealed_name);

}  // namespace vardkedja::referral::storage
