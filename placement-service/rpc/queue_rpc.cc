#include "placement-service/rpc/queue_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

namespace common = vardkedja::common::v1;
absl::StatusOr<v1::ListQueueResponse> ListQueue(const Ports& ports, const auth::CallContext& ctx,
                                                const v1::ListQueueRequest& request) {
  RequestReader reader;
  usecases::QueuePage page;
  page.facility_id = domain::FacilityId(reader.Required("facility_id", request.facility_id()));
  page.kind =
      reader.Filter<domain::BedKind>("bed_kind", request.bed_kind(), common::BED_KIND_STEP_OUT)
          .value_or(domain::BedKind::kRegular);
  page.limit = reader.Limit(request.limit());
  page.after = reader.Cursor(request.cursor());
  if (!request.case_id().empty()) page.case_id = request.case_id();
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::ListQueue(ports.store, ports.disclosure).Run(ctx, page));
  v1::ListQueueResponse response;
  for (const auto& entry : answer.entries) {
    *response.add_entries() = ToProto(entry, StockholmDate(ctx.now));
  }
  response.set_next(answer.next);
  response.set_waiting(answer.waiting);
  response.set_rule_version(answer.rule_version);
  return response;
}

absl::StatusOr<v1::PositionExplanation> ExplainPosition(const Ports& ports,
                                                        const auth::CallContext& ctx,
                                                        const v1::ExplainPositionRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.entry_id()));
  VK_ASSIGN_OR_RETURN(const auto answer, usecases::ExplainPosition(ports.store, ports.disclosure)
                                             .Run(ctx, domain::EntryId(request.entry_id())));
  return ToProto(answer, StockholmDate(ctx.now));
}

absl::StatusOr<v1::Eligibility> CheckEligibility(const Ports& ports, const auth::CallContext& ctx,
                                                 const v1::CheckEligibilityRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.entry_id()));
  RequestReader reader;
  usecases::EligibilityQuestion question;
  question.entry_id = domain::EntryId(request.entry_id());
  if (!request.bed_id().empty()) question.bed_id = domain::BedId(request.bed_id());
  question.date = reader.OptionalDate("date", request.date());
  question.broken = reader.TakeViolations();
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::CheckEligibility(ports.store, ports.disclosure).Run(ctx, question));
  v1::Eligibility response = ToProto(answer);
  response.set_bed_id(request.bed_id());
  return response;
}

absl::StatusOr<v1::QueueEntry> ParkEntry(const Ports& ports, const auth::CallContext& ctx,
                                         const v1::ParkEntryRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.entry_id()));
  RequestReader reader;
  usecases::ParkEntryCommand command;
  command.entry_id = domain::EntryId(request.entry_id());
  command.etag = reader.Required("etag", request.etag());
  command.reason =
      reader.RequiredEnum<domain::ParkReason>("reason", request.reason(), v1::PARK_REASON_OTHER);
  command.until = reader.OptionalDate("until_date", request.until_date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto entry,
                      usecases::ParkEntry(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(entry, StockholmDate(ctx.now));
}

absl::StatusOr<v1::QueueEntry> ResumeEntry(const Ports& ports, const auth::CallContext& ctx,
                                           const v1::ResumeEntryRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.entry_id()));
  RequestReader reader;
  usecases::ParkEntryCommand command;
  command.entry_id = domain::EntryId(request.entry_id());
  command.etag = reader.Required("etag", request.etag());
  command.park = false;
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto entry,
                      usecases::ParkEntry(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(entry, StockholmDate(ctx.now));
}

}  // namespace

grpc::ServerUnaryReactor* QueueRpc::ListQueue(grpc::CallbackServerContext* context,
                                              const v1::ListQueueRequest* request,
                                              v1::ListQueueResponse* response) {
  return adapter_.Unary(context, request, response, "ListQueue", With(ports_, rpc::ListQueue));
}

grpc::ServerUnaryReactor* QueueRpc::ExplainPosition(grpc::CallbackServerContext* context,
                                                    const v1::ExplainPositionRequest* request,
                                                    v1::PositionExplanation* response) {
  return adapter_.Unary(context, request, response, "ExplainPosition",
                        With(ports_, rpc::ExplainPosition));
}

grpc::ServerUnaryReactor* QueueRpc::CheckEligibility(grpc::CallbackServerContext* context,
                                                     const v1::CheckEligibilityRequest* request,
                                                     v1::Eligibility* response) {
  return adapter_.Unary(context, request, response, "CheckEligibility",
                        With(ports_, rpc::CheckEligibility));
}

grpc::ServerUnaryReactor* QueueRpc::ParkEntry(grpc::CallbackServerContext* context,
                                              const v1::ParkEntryRequest* request,
                                              v1::QueueEntry* response) {
  return adapter_.Unary(context, request, response, "ParkEntry", With(ports_, rpc::ParkEntry));
}

grpc::ServerUnaryReactor* QueueRpc::ResumeEntry(grpc::CallbackServerContext* context,
                                                const v1::ResumeEntryRequest* request,
                                                v1::QueueEntry* response) {
  return adapter_.Unary(context, request, response, "ResumeEntry", With(ports_, rpc::ResumeEntry));
}

}  // namespace vardkedja::placement::rpc
