// Records, ends and lists grounds for disclosure. Only the case's owner does.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/disclosure.h"
#include "referral-service/usecases/case_access.h"

namespace vardkedja::referral::usecases {

// A ground as answered to the owner.
struct GroundView {
  domain::DisclosureGround ground;
  std::string text;
  bool live = false;
};

// What the three share.
class GroundDoor {
 public:
  GroundDoor(CaseDoor& door, GroundStore& grounds) : door_(door), grounds_(grounds) {}

  // The case of a ground, for its owner; NotFound() for everyone else.
  absl::StatusOr<SeenCase> EnterAsOwner(const auth::CallContext& context,
                                        std::string_view referral_id);
  // The ground with its text; NotFound() when it is not there or not the caller's.
  absl::StatusOr<GroundView> Read(const auth::CallContext& context, std::string_view ground_id);

  CaseDoor& door() { return door_; }
  GroundStore& grounds() { return grounds_; }

 private:
  CaseDoor& door_;
  GroundStore& grounds_;
};

class RecordGround {
 public:
  explicit RecordGround(GroundDoor& door) : door_(door) {}
  absl::StatusOr<GroundView> Run(const auth::CallContext& context, const std::string& referral_id,
                                 const domain::NewGround& request);

 private:
  absl::StatusOr<GroundView> Attempt(const auth::CallContext& context,
                                     const std::string& referral_id,
                                     const domain::NewGround& request);
  GroundDoor& door_;
};

class RevokeGround {
 public:
  explicit RevokeGround(GroundDoor& door) : door_(door) {}
  absl::StatusOr<GroundView> Run(const auth::CallContext& context, const std::string& ground_id,
                                 const std::string& etag);

 private:
  absl::StatusOr<GroundView> Attempt(const auth::CallContext& context, const std::string& ground_id,
                                     const std::string& etag);
  GroundDoor& door_;
};

class ListGrounds {
 public:
  explicit ListGrounds(GroundDoor& door) : door_(door) {}
  absl::StatusOr<std::vector<GroundView>> Run(const auth::CallContext& context,
                                              const std::string& referral_id);

 private:
  GroundDoor& door_;
};

}  // namespace vardkedja::referral::usecases
