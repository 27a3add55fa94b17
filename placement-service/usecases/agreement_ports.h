// What placement agreements and contact plans need of storage; parts of Session and Store
// (ports.h).
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/domain/agreement.h"

namespace vardkedja::placement::usecases {

// The newest versions, and the next. The offer is locked before.
class AgreementWrites {
 public:
  virtual ~AgreementWrites() = default;

  virtual absl::StatusOr<std::optional<domain::Agreement>> FindAgreement(
      const domain::OfferId& id) = 0;
  virtual absl::StatusOr<std::optional<domain::ContactPlan>> FindContactPlan(
      const domain::OfferId& id) = 0;
  virtual absl::Status AddAgreement(const domain::OfferId& id,
                                    const domain::Agreement& agreement) = 0;
  virtual absl::Status AddContactPlan(const domain::OfferId& id,
                                      const domain::ContactPlan& plan) = 0;
};

// Newest first, at most 101.
class AgreementReads {
 public:
  virtual ~AgreementReads() = default;

  virtual absl::StatusOr<std::vector<domain::Agreement>> Agreements(const auth::CallContext& ctx,
                                                                    const domain::OfferId& id) = 0;
  virtual absl::StatusOr<std::vector<domain::ContactPlan>> ContactPlans(
      const auth::CallContext& ctx, const domain::OfferId& id) = 0;
};

}  // namespace vardkedja::placement::usecases
