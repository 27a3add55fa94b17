// Reports a concern about a child (orosanmälan) and shows it to those it is for. The duty to report
// is law: no consent, no ground and no state of the case stands in its way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// What is encrypted of a concern.
struct ConcernContent {
  std::string text;
  std::string parent_name;
  std::string parent_identity_number;
  bool protected_identity = false;
};

struct ChildConcern {
  std::string concern_id;
  std::string case_id;
  std::string case_number;
  std::string owner_unit_id;
  std::string sender_unit_id;
  std::string recipient_unit_id;
  Instant reported_at{};
};

struct StoredConcern {
  ChildConcern concern;
  std::string sealed_content;
};

struct ConcernView {
  ChildConcern concern;
  ConcernContent content;
};

class ConcernStore {
 public:
  virtual ~ConcernStore() = default;

  virtual absl::StatusOr<std::optional<StoredConcern>> Find(const auth::CallContext& context,
                                                            std::string_view concern_id) = 0;
  // Received by the unit, newest first, older than the concern `before` unless that is empty.
  virtual absl::StatusOr<std::vector<ChildConcern>> ReceivedBy(const auth::CallContext& context,
                                                               std::string_view unit_id,
                                                               std::string_view before,
                                                               int limit) = 0;
  // About the case, oldest first.
  virtual absl::StatusOr<std::vector<StoredConcern>> OfCase(const auth::CallContext& context,
                                                            std::string_view referral_id) = 0;
  virtual absl::StatusOr<ConcernContent> Open(const StoredConcern& stored) = 0;
  virtual absl::Status Insert(const domain::Referral& referral, const ConcernView& concern,
                              const WriteTail& tail) = 0;
};

class GetChildConcern {
 public:
  GetChildConcern(CaseDoor& door, ConcernStore& concerns) : door_(door), concerns_(concerns) {}
  // NotFound() unless the acting unit sent it, received it, or owns the case. The sender is not
  // told who the parent is.
  absl::StatusOr<ConcernView> Run(const auth::CallContext& context, const std::string& concern_id);

 private:
  CaseDoor& door_;
  ConcernStore& concerns_;
};

class ReportChildConcern {
 public:
  ReportChildConcern(CaseDoor& door, ConcernStore& concerns) : door_(door), concerns_(concerns) {}
  // By any unit that may see the case. FIELD_VIOLATIONS for a recipient that is no social services
  // unit of a participating municipality, or no text. An empty recipient: the only one of the home
  // municipality, when the sender may know that.
  absl::StatusOr<ConcernView> Run(const auth::CallContext& context, const std::string& referral_id,
                                  const std::string& recipient_unit_id, const std::string& text);

 private:
  absl::StatusOr<ConcernView> Attempt(const auth::CallContext& context,
                                      const std::string& referral_id,
                                      const std::string& asked_unit_id, const std::string& text);
  CaseDoor& door_;
  ConcernStore& concerns_;
};

struct ConcernPage {
  std::vector<ChildConcern> concerns;
  std::string next;
};

class ListChildConcerns {
 public:
  ListChildConcerns(CaseDoor& door, ConcernStore& concerns) : door_(door), concerns_(concerns) {}
  // Those the acting unit received; each one is audited.
  absl::StatusOr<ConcernPage> Run(const auth::CallContext& context, const Page& page);

 private:
  CaseDoor& door_;
  ConcernStore& concerns_;
};

}  // namespace vardkedja::referral::usecases
