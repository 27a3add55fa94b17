// The documents of a case as protobuf, for the vault and for the wire.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "referral-service/domain/documents.h"
#include "referral-service/usecases/documents.h"
#include "vardkedja/referral/v1/children_service.pb.h"
#include "vardkedja/referral/v1/coordinated_plan_service.pb.h"
#include "vardkedja/referral/v1/cost_split_service.pb.h"
#include "vardkedja/referral/v1/outcome_service.pb.h"

namespace vardkedja::referral::storage {

// Without case and version.
v1::CoordinatedPlan ToProto(const domain::CoordinatedPlan& plan);
v1::CostSplit ToProto(const domain::CostSplit& split);
v1::Outcomes ToProto(const domain::Outcomes& outcomes);
v1::ChildrenAsRelatives ToProto(const domain::ChildrenAsRelatives& children);

// What is encrypted of a document.
std::string Serialise(const domain::CaseDocument& document);
// Nothing when the bytes are no document of the kind; the empty document for no bytes.
std::optional<domain::CaseDocument> Parse(usecases::DocumentKind kind, std::string_view bytes);

}  // namespace vardkedja::referral::storage
