// How every use case meets a case: load it, ask the access policy, audit. Denied and missing are
// one path: same statements, same answer, both audited.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/audit/read_audit.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/access_policy.h"
#include "referral-service/usecases/ports.h"
#include "referral-service/usecases/written.h"

namespace vardkedja::referral::usecases {

// A case the caller may see, and what of it.
struct SeenCase {
  StoredCase stored;
  domain::Access access;
  domain::Actor actor;
  std::shared_ptr<const domain::Reference> reference;
  Date today{};
};

// A case as it is answered: only what `access` lets the reader see.
struct CaseView {
  domain::Referral referral;
  domain::Access access;
};

class CaseDoor {
 public:
  CaseDoor(CaseStore& cases, ReferenceSource& reference, audit::ReadAudit& audit)
      : cases_(cases), reference_(reference), audit_(audit) {}

  // Loads and judges, without the content. NotFound() when denied or missing, after the denial was
  // audited. `rule` "facility.own_stay_record" opens no case here: it is about the stay alone.
  absl::StatusOr<SeenCase> Enter(const auth::CallContext& context, std::string_view referral_id);

  // Enter, content, and the read audited before it returns.
  absl::StatusOr<CaseView> Read(const auth::CallContext& context, std::string_view referral_id);

  // The audit row of a permitted read or write.
  static audit::Entry Entry(const auth::CallContext& context, const SeenCase& seen,
                            std::string_view resource_id);

  // The audit row of a write of something that belongs to the case: an entry of its timeline.
  static audit::Entry WriteEntry(const auth::CallContext& context, const SeenCase& seen,
                                 std::string_view resource_id, const Written& written);

  // NotFound(), after an audit row says that `resource_id` was asked for in vain.
  absl::Status Refuse(const auth::CallContext& context, std::string_view resource_id,
                      std::string_view rule_id);

  CaseStore& cases() { return cases_; }
  ReferenceSource& reference() { return reference_; }
  audit::ReadAudit& audit() { return audit_; }

 private:
  CaseStore& cases_;
  ReferenceSource& reference_;
  audit::ReadAudit& audit_;
};

// Roles as the domain speaks of them.
std::set<domain::Role> RolesOf(const std::set<auth::Role>& roles);

// The principal as it meets a case. A member who also is a deputy acts as the member.
domain::Actor ActorOf(const auth::CallContext& context, domain::Side side);

// The question a call asks of the access policy.
domain::AccessQuestion QuestionOf(const auth::CallContext& context,
                                  const domain::Reference& reference);

// Whether the owner is hidden: it tells to which municipality somebody with a protected identity
// belongs, and so it is told to the owner itself alone.
bool HidesOwner(const domain::Referral& referral, const domain::Access& access);

// Empties a unit that would tell the owner, or the home, where the owner is hidden: any but the
// board, the facilities and the reader itself.
void HideUnit(const SeenCase& seen, std::string& unit_id);

// Empties whatever the access does not cover.
CaseView ViewOf(domain::Referral referral, const domain::Access& access,
                const domain::Reference& reference);

}  // namespace vardkedja::referral::usecases
