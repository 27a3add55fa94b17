#include "placement-service/rpc/board_rpc.h"

#include <google/protobuf/timestamp.pb.h>

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"
#include "placement-service/usecases/weekly_view.h"

namespace vardkedja::placement::rpc {
namespace {

constexpr int kDefaultRows = 25;
constexpr int kDefaultHorizonDays = 14;

v1::Movement Shown(const usecases::MovementAnswer& answer) {
  v1::Movement to;
  to.set_date(FormatDate(answer.row.date));
  to.set_kind_code(answer.row.kind);
  to.set_facility_id(answer.row.facility_id.value);
  to.set_bed_kind(static_cast<vardkedja::common::v1::BedKind>(answer.row.bed_kind));
  to.set_bed_id(answer.row.bed_id.value);
  to.set_overdue(answer.row.overdue);
  to.set_case_number(answer.who.case_number);
  to.set_display_name(answer.who.display_name);
  to.set_protected_identity(answer.who.protected_identity);
  to.set_resource_id(answer.row.resource_id);
  return to;
}

v1::BoardDeadline Shown(const usecases::DeadlineAnswer& answer) {
  v1::BoardDeadline to;
  to.set_date(FormatDate(answer.row.date));
  to.set_kind_code(answer.row.kind);
  to.set_facility_id(answer.row.facility_id.value);
  to.set_bed_id(answer.row.bed_id.value);
  to.set_overdue(answer.row.overdue);
  to.set_case_number(answer.who.case_number);
  to.set_resource_id(answer.row.resource_id);
  return to;
}

v1::BoardChange Shown(const usecases::ChangeAnswer& answer) {
  v1::BoardChange to;
  Set(to.mutable_at(), answer.row.at);
  to.set_kind_code(answer.row.kind);
  to.set_facility_id(answer.row.facility_id.value);
  to.set_bed_id(answer.row.bed_id.value);
  to.set_case_number(answer.who.case_number);
  to.set_resource_id(answer.row.resource_id);
  return to;
}

v1::QueueSection Shown(const usecases::QueueAnswer& answer, Date today) {
  v1::QueueSection to;
  to.set_facility_id(answer.facility_id.value);
  to.set_bed_kind(static_cast<vardkedja::common::v1::BedKind>(answer.kind));
  to.set_waiting(answer.waiting);
  for (const usecases::RankedEntry& ranked : answer.entries) {
    v1::RankedEntry* row = to.add_entries();
    *row->mutable_entry() = ToProto(ranked.entry, today);
    if (ranked.column) row->set_column_code(std::string(domain::Code(*ranked.column)));
  }
  to.set_next(answer.next);
  return to;
}

v1::WeeklyView Shown(const usecases::WeeklyAnswer& answer, Instant now) {
  const Date today = StockholmDate(now);
  v1::WeeklyView to;
  Set(to.mutable_as_of(), now);
  Set(to.mutable_since(), answer.since);
  for (const auto& row : answer.attention.rows) {
    *to.mutable_attention()->add_entries() = ToProto(row, today);
  }
  to.mutable_attention()->set_more(answer.attention.more);
  for (const auto& queue : answer.queues) *to.add_queues() = Shown(queue, today);
  for (const auto& day : answer.beds) *to.add_beds() = ToProto(day);
  for (const auto& offer : answer.offers) *to.mutable_offers()->add_offers() = ToProto(offer);
  to.mutable_offers()->set_next(answer.next_offer);
  for (const auto& row : answer.departures.rows) {
    *to.mutable_departures()->add_movements() = Shown(row);
  }
  to.mutable_departures()->set_more(answer.departures.more);
  for (const auto& row : answer.arrivals.rows) {
    *to.mutable_arrivals()->add_movements() = Shown(row);
  }
  to.mutable_arrivals()->set_more(answer.arrivals.more);
  for (const auto& row : answer.deadlines.rows) {
    *to.mutable_deadlines()->add_deadlines() = Shown(row);
  }
  to.mutable_deadlines()->set_more(answer.deadlines.more);
  v1::ChangeSection& changes = *to.mutable_changes();
  for (const auto& row : answer.changes.rows) *changes.add_changes() = Shown(row);
  changes.set_more(answer.changes.more);
  for (const auto& [kind, count] : answer.change_counts) {
    v1::ChangeCount* one = changes.add_counts();
    one->set_kind_code(kind);
    one->set_count(count);
  }
  return to;
}

absl::StatusOr<v1::WeeklyView> GetWeeklyView(const Ports& ports, const auth::CallContext& ctx,
                                             const v1::GetWeeklyViewRequest& request) {
  RequestReader reader;
  usecases::WeeklyQuestion question;
  if (request.has_since()) question.since = reader.RequiredInstant("since", request.since());
  if (!request.facility_id().empty()) question.facility = domain::FacilityId(request.facility_id());
  question.limit = request.limit() == 0 ? kDefaultRows : request.limit();
  question.horizon_days =
      request.horizon_days() == 0 ? kDefaultHorizonDays : request.horizon_days();
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::WeeklyView(ports.store, ports.disclosure).Run(ctx, question));
  return Shown(answer, ctx.now);
}

}  // namespace

grpc::ServerUnaryReactor* BoardRpc::GetWeeklyView(grpc::CallbackServerContext* context,
                                                  const v1::GetWeeklyViewRequest* request,
                                                  v1::WeeklyView* response) {
  return adapter_.Unary(context, request, response, "GetWeeklyView",
                        With(ports_, rpc::GetWeeklyView));
}

}  // namespace vardkedja::placement::rpc
