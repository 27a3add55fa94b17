// A version of the form as the wire shows it: what the version says of each field, and what the
// rules run on (domain/form_schema.h).
#pragma once

#include "referral-service/domain/form.h"
#include "vardkedja/referral/v1/form_service.pb.h"

namespace vardkedja::referral::rpc {

v1::FormVersion ToProto(const domain::FormVersion& version);

}  // namespace vardkedja::referral::rpc
