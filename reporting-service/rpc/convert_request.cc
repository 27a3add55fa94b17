#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "reporting-service/rpc/convert.h"

namespace vardkedja::reporting::rpc {
namespace {

constexpr int kMostDays = 3660;      // ten years
constexpr int kMostDailyRows = 400;  // per facility and kind of place

// Reads fields and remembers what is wrong.
class Fields {
 public:
  Date ReadDate(std::string field, const std::string& text) {
    if (text.empty()) {
      Break(std::move(field), "REQUIRED", "A date is required.", "Datum måste anges.");
      return {};
    }
    const std::optional<Date> date = ParseDate(text);
    if (!date) {
      Break(std::move(field), "DATE", "A date is written YYYY-MM-DD.", "Datum skrivs ÅÅÅÅ-MM-DD.");
    }
    return date.value_or(Date{});
  }

  template <class Request>
  domain::Period ReadPeriod(const Request& request) {
    const domain::Period period{ReadDate("from_date", request.from_date()),
                                ReadDate("to_date", request.to_date())};
    if (!violations_.empty()) return period;
    if (period.to <= period.from) {
      Break("to_date", "AFTER_FROM_DATE", "The first day after the period must come after it.",
            "Första dagen efter perioden måste ligga efter periodens början.");
    } else if (period.Days() > kMostDays) {
      Break("to_date", "PERIOD_TOO_LONG", "A period is at most ten years.",
            "En period är högst tio år.");
    }
    return period;
  }

  template <class Request>
  std::optional<Instant> ReadAsOf(const Request& request) {
    if (!request.has_as_of()) return std::nullopt;
    const auto& as_of = request.as_of();
    const bool sane = as_of.nanos() >= 0 && as_of.nanos() < 1'000'000'000 && as_of.seconds() >= 0 &&
                      as_of.seconds() < 7'258'118'400;  // the year 2200
    if (!sane) {
      Break("as_of", "INSTANT", "An instant of the years 1970 to 2199 is required.",
            "En tidpunkt mellan åren 1970 och 2199 måste anges.");
      return std::nullopt;
    }
    return Instant(std::chrono::seconds(as_of.seconds()) +
                   std::chrono::microseconds(as_of.nanos() / 1000));
  }

  int ReadYear(int year) {
    if (year < 1990 || year > 2199) {
      Break("year", "RANGE", "A year is 1990 to 2199.", "Ett år är 1990 till 2199.");
      return 1990;
    }
    return year;
  }

  template <class Enum>
  Enum ReadEnum(std::string field, int value, int most) {
    if (value < 0 || value > most) {
      Break(std::move(field), "UNKNOWN", "There is no such value.", "Värdet finns inte.");
      return Enum{};
    }
    return static_cast<Enum>(value);
  }

  void Break(std::string field, std::string rule, std::string en, std::string sv) {
    violations_.push_back({std::move(field), std::move(rule), std::move(en), std::move(sv)});
  }

  template <class Query>
  absl::StatusOr<Query> Finish(Query query) {
    if (!violations_.empty()) return InvalidFields(std::move(violations_));
    return query;
  }

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace

absl::StatusOr<usecases::OccupancyQuery> ToQuery(const v1::GetOccupancyRequest& request) {
  Fields fields;
  usecases::OccupancyQuery query;
  query.facility_id = request.facility_id();
  query.period = fields.ReadPeriod(request);
  query.granularity = fields.ReadEnum<domain::Granularity>("granularity", request.granularity(), 4);
  query.as_of = fields.ReadAsOf(request);
  if (query.granularity == domain::Granularity::kDay && query.period.Days() > kMostDailyRows) {
    fields.Break("granularity", "TOO_MANY_ROWS", "Day by day is for at most 400 days.",
                 "Dag för dag går för högst 400 dagar.");
  }
  return fields.Finish(std::move(query));
}

absl::StatusOr<usecases::WaitingTimesQuery> ToQuery(const v1::GetWaitingTimesRequest& request) {
  Fields fields;
  usecases::WaitingTimesQuery query;
  query.facility_id = request.facility_id();
  query.period = fields.ReadPeriod(request);
  query.group_by = fields.ReadEnum<domain::GroupBy>("group_by", request.group_by(), 3);
  query.as_of = fields.ReadAsOf(request);
  return fields.Finish(std::move(query));
}

absl::StatusOr<usecases::QueueQuery> ToQuery(const v1::GetQueueReportRequest& request) {
  Fields fields;
  usecases::QueueQuery query;
  query.facility_id = request.facility_id();
  query.period = fields.ReadPeriod(request);
  query.as_of = fields.ReadAsOf(request);
  return fields.Finish(std::move(query));
}

absl::StatusOr<usecases::BoardFiguresQuery> ToQuery(const v1::GetBoardFiguresRequest& request) {
  Fields fields;
  usecases::BoardFiguresQuery query;
  query.period = fields.ReadPeriod(request);
  query.as_of = fields.ReadAsOf(request);
  return fields.Finish(std::move(query));
}

absl::StatusOr<usecases::NonExecutedQuery> ToQuery(
    const v1::GetNonExecutedDecisionsRequest& request) {
  Fields fields;
  usecases::NonExecutedQuery query;
  query.municipality_code = request.municipality_code();
  const int year = fields.ReadYear(request.year());
  if (request.quarter() < 1 || request.quarter() > 4) {
    fields.Break("quarter", "RANGE", "A quarter is 1 to 4.", "Ett kvartal är 1 till 4.");
  } else {
    query.quarter = domain::Quarter(year, request.quarter());
  }
  query.as_of = fields.ReadAsOf(request);
  return fields.Finish(std::move(query));
}

absl::StatusOr<usecases::CostAllocationQuery> ToQuery(const v1::GetCostAllocationRequest& request) {
  Fields fields;
  usecases::CostAllocationQuery query;
  query.agreement_id = request.agreement_id();
  query.year = fields.ReadYear(request.year());
  query.as_of = fields.ReadAsOf(request);
  return fields.Finish(std::move(query));
}

}  // namespace vardkedja::reporting::rpc
