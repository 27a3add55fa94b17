// Placement agreements and contact plans: both versions about an accepted offer.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/domain/agreement.h"
#include "placement-service/usecases/ports.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {

// Newest first: what holds now, and those before.
struct AgreementAnswer {
  domain::OfferId offer_id;
  std::vector<domain::Agreement> versions;
};
struct ContactPlanAnswer {
  domain::OfferId offer_id;
  std::vector<domain::ContactPlan> versions;
};

struct ProposeCommand {
  domain::OfferId offer_id;
  std::string etag;  // empty for the first
  domain::AgreementTerms terms;
};
struct AgreeCommand {
  domain::OfferId offer_id;
  std::string etag;
  domain::AgreementParty party = domain::AgreementParty::kUnspecified;
  std::optional<Date> date;  // today when absent
};
struct SetContactPlanCommand {
  domain::OfferId offer_id;
  std::string etag;  // empty for the first
  domain::ContactPlan plan;
};

// Owner and facility only: to others there is no such offer. A read of what does not exist yet is
// NOT_FOUND too.
class Agreements {
 public:
  explicit Agreements(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<AgreementAnswer> Propose(const auth::CallContext& ctx,
                                          const ProposeCommand& command) const;
  absl::StatusOr<AgreementAnswer> Agree(const auth::CallContext& ctx,
                                        const AgreeCommand& command) const;
  absl::StatusOr<AgreementAnswer> Get(const auth::CallContext& ctx,
                                      const domain::OfferId& id) const;
  absl::StatusOr<ContactPlanAnswer> SetContactPlan(const auth::CallContext& ctx,
                                                   const SetContactPlanCommand& command) const;
  absl::StatusOr<ContactPlanAnswer> GetContactPlan(const auth::CallContext& ctx,
                                                   const domain::OfferId& id) const;

 private:
  struct AdmittedOffer {
    OfferRecord record;
    auth::AccessDecision decision;
  };
  absl::StatusOr<AdmittedOffer> Admit(const auth::CallContext& ctx,
                                      const domain::OfferId& id) const;
  using WriteIn = std::function<absl::StatusOr<std::string>(Session&, const auth::AccessDecision&)>;
  // One commit on an offer that the unit is let in to.
  absl::Status Write(const auth::CallContext& ctx, const domain::OfferId& id,
                     const WriteIn& write) const;
  // The next version of the agreement, once per request.
  absl::StatusOr<AgreementAnswer> NextVersion(const auth::CallContext& ctx,
                                              const domain::OfferId& id,
                                              const WriteIn& write) const;

  StayPorts ports_;
};

}  // namespace vardkedja::placement::usecases
