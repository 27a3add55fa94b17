#include <chrono>
#include <map>
#include <string>

#include "reporting-service/rpc/convert.h"

namespace vardkedja::reporting::rpc {
namespace {

using Counts = std::map<std::string, std::int64_t>;

void FillHeader(const usecases::ReportHeader& from, v1::ReportHeader& to) {
  const domain::Definition& definition = *from.definition;
  to.set_report(std::string(definition.report));
  to.set_definition_id(std::string(definition.id));
  to.set_definition_sv(std::string(definition.sv));
  to.set_definition_en(std::string(definition.en));
  to.set_from_date(FormatDate(from.period.from));
  to.set_to_date(FormatDate(from.period.to));
  const auto since_epoch = from.as_of.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  to.mutable_as_of()->set_seconds(seconds.count());
  to.mutable_as_of()->set_nanos(static_cast<int>((since_epoch - seconds).count() * 1000));
  for (const auto& [source, seq] : {std::pair{"referral", from.positions.referral},
                                    std::pair{"placement", from.positions.placement},
                                    std::pair{"notification", from.positions.notification}}) {
    v1::SourcePosition& position = *to.add_positions();
    position.set_source(source);
    position.set_seq(seq);
  }
  to.set_preliminary(from.preliminary);
  to.set_suppressed(from.suppressed);
}

template <class Report>
Report WithHeader(const usecases::ReportHeader& header) {
  Report report;
  FillHeader(header, *report.mutable_header());
  return report;
}

void AddCounts(const Counts& counts, google::protobuf::RepeatedPtrField<v1::CodeCount>& to) {
  for (const auto& [code, count] : counts) {
    v1::CodeCount& one = *to.Add();
    one.set_code(code);
    one.set_count(count);
  }
}

v1::OccupancyRow ToRow(const domain::OccupancyLine& line) {
  v1::OccupancyRow row;
  row.set_facility_id(line.facility_id);
  row.set_facility_name(line.facility_name);
  row.set_bed_kind(static_cast<common::v1::BedKind>(line.kind));
  row.set_from_date(FormatDate(line.period.from));
  row.set_to_date(FormatDate(line.period.to));
  const domain::OccupancyCounts& counts = line.counts;
  row.set_bed_days(counts.bed_days);
  row.set_leave_days(counts.leave_days);
  row.set_available_days(counts.available_days);
  row.set_held_days(counts.held_days);
  row.set_reserved_days(counts.reserved_days);
  row.set_external_days(counts.external_days);
  row.set_external_revenue_ore(counts.external_revenue_ore);
  if (const auto all = domain::PerMille(counts.bed_days, counts.available_days)) {
    row.set_occupancy_percent(static_cast<double>(*all) / 10);
  }
  const std::int64_t present = counts.bed_days - counts.leave_days;
  if (const auto there = domain::PerMille(present, counts.available_days)) {
    row.set_present_percent(static_cast<double>(*there) / 10);
  }
  return row;
}

v1::WaitingTimesRow ToRow(const domain::WaitingLine& line, bool withheld) {
  v1::WaitingTimesRow row;
  row.set_group(line.group);
  row.set_transfer(line.transfer);
  row.set_suppressed(withheld);
  if (withheld) return row;
  row.set_decisions(line.decisions);
  row.set_people(line.people);
  row.set_executed(line.executed);
  row.set_closed_unexecuted(line.closed_unexecuted);
  row.set_still_waiting(line.still_waiting);
  if (line.median_days) row.set_median_days(static_cast<int>(*line.median_days));
  if (line.p90_days) row.set_p90_days(static_cast<int>(*line.p90_days));
  row.set_waiting_now(line.waiting_now);
  row.set_waiting_over_three_months(line.waiting_over_three_months);
  return row;
}

v1::QueueRow ToRow(const domain::QueueLine& line) {
  v1::QueueRow row;
  row.set_facility_id(line.facility_id);
  row.set_facility_name(line.facility_name);
  row.set_bed_kind(static_cast<common::v1::BedKind>(line.kind));
  row.set_waiting_first_placement(line.waiting_first_placement);
  row.set_waiting_transfer(line.waiting_transfer);
  row.set_waiting_over_three_months(line.waiting_over_three_months);
  if (line.longest_wait_days) row.set_longest_wait_days(static_cast<int>(*line.longest_wait_days));
  row.set_queued(line.queued);
  row.set_dequeued(line.dequeued);
  row.set_placed(line.placed);
  row.set_offers_made(line.offers_made);
  row.set_offers_accepted(line.offers_accepted);
  row.set_offers_declined(line.offers_declined);
  row.set_offers_expired(line.offers_expired);
  row.set_offers_open(line.offers_open);
  row.set_offers_override(line.offers_override);
  AddCounts(line.decline_reasons, *row.mutable_decline_reasons());
  AddCounts(line.alerts, *row.mutable_alerts());
  return row;
}

v1::NonExecutedRow ToRow(const domain::NonExecutedLine& line, bool withheld) {
  v1::NonExecutedRow row;
  row.set_municipality_code(line.municipality_code);
  row.set_municipality_name(line.municipality_name);
  row.set_suppressed(withheld);
  if (withheld) return row;
  row.set_not_executed(line.not_executed);
  row.set_executed_late(line.executed_late);
  row.set_closed_late(line.closed_late);
  row.set_total(line.Total());
  if (line.longest_days) row.set_longest_days(static_cast<int>(*line.longest_days));
  return row;
}

v1::NonExecutedItem ToItem(const domain::NonExecutedItem& item, const std::string& substitute) {
  v1::NonExecutedItem out;
  out.set_substitute_id(substitute);
  out.set_municipality_code(item.wait.municipality_code);
  out.set_interruption(item.wait.interruption);
  out.set_rule(static_cast<v1::ReportableRule>(item.rule));
  out.set_start_date(FormatDate(item.wait.start));
  out.set_due_date(FormatDate(item.wait.Due()));
  if (item.end) out.set_end_date(FormatDate(*item.end));
  out.set_elapsed_days(static_cast<int>(item.elapsed_days));
  out.set_unsuccessful_offers(static_cast<int>(item.unsuccessful_offers));
  if (item.rule == domain::ReportableRule::kClosedLate) {
    out.set_closing_reason(item.wait.closing_reason);
  }
  return out;
}

void FillCell(const domain::CostCell& from, v1::CostCell& to) {
  to.set_ore(from.ore.amount);
  to.set_thousand_sek(from.exact.ThousandSek());
}

v1::CostRow ToRow(const domain::CostLine& line, bool revenue) {
  v1::CostRow row;
  row.set_code(line.code);
  row.set_label(line.label);
  row.set_percent(line.percent);
  FillCell(line.cells[domain::kStaff], *row.mutable_staff());
  FillCell(line.cells[domain::kRent], *row.mutable_rent());
  FillCell(line.cells[domain::kOther], *row.mutable_other());
  if (revenue) FillCell(line.cells[domain::kRevenue], *row.mutable_revenue());
  FillCell(line.cells[domain::kRowTotal], *row.mutable_total());
  return row;
}

}  // namespace

v1::OccupancyReport ToProto(const usecases::OccupancyResult& result) {
  auto report = WithHeader<v1::OccupancyReport>(result.header);
  for (const domain::OccupancyLine& line : result.report.rows) *report.add_rows() = ToRow(line);
  for (std::size_t i = 0; i < result.report.totals.size(); ++i) {
    v1::OccupancyRow& row = *report.add_totals();
    row = ToRow(result.report.totals[i]);
    if (!result.people_withheld[i]) row.set_people(result.report.totals[i].people);
  }
  *report.mutable_total() = ToRow(result.report.total);
  if (!result.total_people_withheld) report.mutable_total()->set_people(result.report.total.people);
  return report;
}

v1::WaitingTimesReport ToProto(const usecases::WaitingTimesResult& result) {
  auto report = WithHeader<v1::WaitingTimesReport>(result.header);
  *report.mutable_first_placement() = ToRow(result.report.first_placement, false);
  *report.mutable_transfer() = ToRow(result.report.transfer, false);
  for (std::size_t i = 0; i < result.report.groups.size(); ++i) {
    *report.add_groups() = ToRow(result.report.groups[i], result.withheld[i]);
  }
  return report;
}

v1::QueueReport ToProto(const usecases::QueueResult& result) {
  auto report = WithHeader<v1::QueueReport>(result.header);
  for (const domain::QueueLine& line : result.report.rows) *report.add_rows() = ToRow(line);
  *report.mutable_total() = ToRow(result.report.total);
  return report;
}

v1::BoardFiguresReport ToProto(const usecases::BoardFiguresResult& result) {
  auto report = WithHeader<v1::BoardFiguresReport>(result.header);
  const domain::BoardFigures& figures = result.report;
  report.set_cases(figures.cases);
  report.set_people(figures.people);
  report.set_decided_cases(figures.decided_cases);
  report.set_followed_routine(figures.followed_routine);
  report.set_with_planned_date(figures.with_planned_date);
  report.set_planned_date_due(figures.planned_date_due);
  report.set_moved_in_in_time(figures.moved_in_in_time);
  report.set_tolerance_days(result.tolerance_days);
  AddCounts(figures.exceptions, *report.mutable_exceptions());
  report.set_overrides(figures.overrides);
  AddCounts(figures.outcomes, *report.mutable_outcomes());
  AddCounts(figures.outcome_reasons, *report.mutable_outcome_reasons());
  if (figures.median_acknowledgement_minutes) {
    report.set_median_acknowledgement_minutes(*figures.median_acknowledgement_minutes);
  }
  if (figures.p90_acknowledgement_minutes) {
    report.set_p90_acknowledgement_minutes(*figures.p90_acknowledgement_minutes);
  }
  report.set_information_requested(figures.information_requested);
  return report;
}

v1::NonExecutedReport ToProto(const usecases::NonExecutedResult& result) {
  auto report = WithHeader<v1::NonExecutedReport>(result.header);
  for (std::size_t i = 0; i < result.report.rows.size(); ++i) {
    *report.add_rows() = ToRow(result.report.rows[i], result.withheld[i]);
  }
  *report.mutable_total() = ToRow(result.report.total, result.total_withheld);
  for (const domain::NonExecutedItem& item : result.report.items) {
    const auto substitute = result.substitutes.find(item.wait.reference);
    *report.add_items() =
        ToItem(item, substitute == result.substitutes.end() ? "" : substitute->second);
  }
  return report;
}

v1::CostAllocationReport ToProto(const usecases::CostAllocationResult& result) {
  auto report = WithHeader<v1::CostAllocationReport>(result.header);
  const domain::CostAllocation& allocation = result.report;
  const auto row = [&](const domain::CostLine& line) {
    return ToRow(line, allocation.revenue_deducted);
  };
  report.set_agreement_id(result.agreement.agreement_id);
  report.set_agreement_name(result.agreement.name);
  for (const domain::CostLine& line : allocation.facilities) *report.add_facilities() = row(line);
  *report.mutable_total() = row(allocation.total);
  *report.mutable_region() = row(allocation.region);
  for (const domain::CostLine& line : allocation.municipalities) {
    *report.add_municipalities() = row(line);
  }
  *report.mutable_municipal_total() = row(allocation.municipal_total);
  *report.mutable_unallocated() = row(allocation.unallocated);
  report.set_table_text(domain::PrintTable(allocation, domain::Language::kEnglish));
  report.set_table_text_sv(domain::PrintTable(allocation, domain::Language::kSwedish));
  return report;
}

}  // namespace vardkedja::reporting::rpc
