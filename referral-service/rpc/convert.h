// The wire's messages as the domain's values and back.
#pragma once

#include <optional>
#include <vector>

#include "lib/status/status.h"
#include "lib/time/time.h"
#include "referral-service/domain/attachments.h"
#include "referral-service/domain/plans.h"
#include "referral-service/domain/steps.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/case_list.h"
#include "referral-service/usecases/grounds.h"
#include "referral-service/usecases/history.h"
#include "vardkedja/referral/v1/attachment_service.pb.h"
#include "vardkedja/referral/v1/ground_service.pb.h"
#include "vardkedja/referral/v1/history_service.pb.h"
#include "vardkedja/referral/v1/plan_service.pb.h"
#include "vardkedja/referral/v1/referral_service.pb.h"
#include "vardkedja/referral/v1/search_service.pb.h"

namespace vardkedja::referral::rpc {

void Set(Instant instant, google::protobuf::Timestamp* out);

v1::Referral ToProto(const usecases::CaseView& view);
v1::ReferralSummary ToProto(const usecases::CaseLine& line);
v1::ReferralChange ToProto(const usecases::ChangeRecord& change);
v1::TimelineEntry ToProto(const usecases::StepRecord& step);
v1::AvailableAction ToProto(domain::Action action);
v1::DisclosureGround ToProto(const usecases::GroundView& view);
v1::Plans ToProto(const domain::Plans& plans);
// Adds the units that were merged to what a document names.
void SetMerged(const std::vector<domain::MergedUnit>& merged,
               google::protobuf::RepeatedPtrField<v1::MergedUnit>* out);
v1::Attachment ToProto(const domain::Attachment& attachment);
v1::Disclosure ToProto(const usecases::DisclosureRecord& disclosure);

domain::NewGround FromProto(const v1::RecordGroundRequest& request);
std::vector<domain::PartRequest> FromProto(const v1::RecordHomeSupportRequest& request);

// Kinds of place; values this program does not know count as not given.
domain::BedKind FromProto(common::v1::BedKind kind);
domain::Outcome FromProto(v1::AnswerKind kind);
domain::Outcome FromProto(v1::DecisionOutcome outcome);
domain::VisitOutcome FromProto(v1::StudyVisitOutcome outcome);

// The states this program knows; a violation of `states` for each of the others.
std::vector<domain::State> FromProto(const google::protobuf::RepeatedField<int>& states,
                                     std::vector<FieldViolation>& out);

// Nothing for an absent timestamp or one outside the years 1 to 9999.
std::optional<Instant> FromProto(bool present, const google::protobuf::Timestamp& time);

}  // namespace vardkedja::referral::rpc
