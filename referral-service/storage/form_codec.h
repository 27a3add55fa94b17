// The commission form and the free text of a case as protobuf, for the vault and for the wire.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "referral-service/domain/referral.h"
#include "vardkedja/referral/v1/referral_service.pb.h"

namespace vardkedja::referral::storage {

domain::Form FromProto(const v1::CommissionForm& proto);
v1::CommissionForm ToProto(const domain::Form& form);

// What is encrypted of a case. Deterministic bytes are not promised.
std::string SerialiseContent(const domain::Content& content);
std::optional<domain::Content> ParseContent(std::string_view bytes);

}  // namespace vardkedja::referral::storage
