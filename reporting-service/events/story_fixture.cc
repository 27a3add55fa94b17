#include "reporting-service/events/story_fixture.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "reporting-service/events/consume_notification.h"
#include "reporting-service/events/consume_placement.h"
#include "reporting-service/events/consume_referral.h"
#include "reporting-service/schema.h"

namespace vardkedja::reporting {
namespace {

using std::chrono::milliseconds;

constexpr auto kFacilities = std::to_array<const char*>({"ekeliden", "novus"});

}  // namespace

google::protobuf::Timestamp ToTimestamp(Instant instant) {
  google::protobuf::Timestamp timestamp;
  const auto micros = instant.time_since_epoch().count();
  timestamp.set_seconds(micros / 1'000'000);
  timestamp.set_nanos(static_cast<int>(micros % 1'000'000) * 1000);
  return timestamp;
}

void FakeLog::Append(std::string type, std::string payload, Instant occurred_at) {
  eventlog::v1::Event event;
  event.set_seq(static_cast<std::int64_t>(events_.size()) + 1);
  event.set_aggregate_type("test");
  event.set_aggregate_id(std::to_string(event.seq()));
  event.set_version(1);
  event.set_type(std::move(type));
  event.set_payload(std::move(payload));
  *event.mutable_occurred_at() = ToTimestamp(occurred_at);
  *event.mutable_sequenced_at() = event.occurred_at();
  events_.push_back(std::move(event));
}

absl::StatusOr<eventlog::v1::ReadResponse> FakeLog::Read(std::int64_t after, int limit,
                                                         milliseconds, std::stop_token) {
  eventlog::v1::ReadResponse response;
  response.set_head(static_cast<std::int64_t>(events_.size()));
  for (auto seq = static_cast<std::size_t>(after);
       seq < events_.size() && response.events_size() < limit; ++seq) {
    *response.add_events() = events_[seq];
  }
  return response;
}

absl::Status FakeAudit::Record(std::vector<audit::Entry> entries,
                               std::chrono::steady_clock::time_point) {
  std::move(entries.begin(), entries.end(), std::back_inserter(recorded));
  return answer;
}

StoryFixture::StoryFixture()
    : database_("reporting", SchemaMigrations()),
      pool_(database_.NewPool("reporting")),
      facts_(*pool_),
      agreements_(*pool_),
      handlers_({facts_, agreements_, audit_}) {
  const std::vector<std::pair<std::string, eventlog::Handler>> handlers = {
      {"referral", events::ConsumeReferral},
      {"placement", events::ConsumePlacement},
      {"notification", events::ConsumeNotification}};
  for (const auto& [source, handler] : handlers) {
    eventlog::ConsumerOptions options;
    options.name = source;
    options.batch = 7;
    options.max_attempts = 1;
    consumers_.push_back(
        std::make_unique<eventlog::Consumer>(*pool_, std::move(options), logs_[source], handler));
  }
  At(MakeDate(2026, 1, 1), 0);
}

void StoryFixture::At(Date date, int hour) { now_ = StartOfDay(date) + std::chrono::hours(hour); }

referral::v1::ReferralEvent StoryFixture::Referral(const std::string& case_name,
                                                   const std::string& municipality) const {
  referral::v1::ReferralEvent event;
  event.set_case_id("case-" + case_name);
  event.set_person_id("person-" + case_name);
  event.set_municipality_code(municipality);
  return event;
}

placement::v1::PlacementEvent StoryFixture::Placement(const std::string& case_name,
                                                      const std::string& facility,
                                                      const std::string& decision) const {
  placement::v1::PlacementEvent event;
  event.set_case_id("case-" + case_name);
  event.set_person_id("person-" + case_name);
  event.set_decision_id(decision);
  event.set_facility_id(facility);
  event.set_bed_kind(common::v1::BED_KIND_REGULAR);
  return event;
}

void StoryFixture::Append(const referral::v1::ReferralEvent& event) {
  logs_["referral"].Append("e", event.SerializeAsString(), now_);
}
void StoryFixture::Append(const placement::v1::PlacementEvent& event) {
  logs_["placement"].Append("e", event.SerializeAsString(), now_);
}
void StoryFixture::Append(const notification::v1::NotificationEvent& event) {
  logs_["notification"].Append("e", event.SerializeAsString(), now_);
}

void StoryFixture::Reference() {
  const std::vector<std::array<std::string, 3>> organisations = {
      {"alvesta", "Alvesta kommun", "0764"},
      {"vaxjo", "Växjö kommun", "0780"},
      {"ljungby", "Ljungby kommun", "0781"},
      {"region-kronoberg", "Region Kronoberg", ""}};
  for (const auto& [id, name, code] : organisations) {
    notification::v1::NotificationEvent event;
    event.mutable_organisation_registered()->set_organisation_id(id);
    event.mutable_organisation_registered()->set_name(name);
    event.mutable_organisation_registered()->set_municipality_code(code);
    Append(event);
  }
  for (const char* facility : kFacilities) {
    placement::v1::PlacementEvent event;
    event.set_facility_id(facility);
    event.mutable_facility_registered()->set_name(facility);
    Append(event);
    event.set_bed_kind(common::v1::BED_KIND_REGULAR);
    event.mutable_bed_registered()->set_bed_id(std::string(facility) + "-01");
    event.mutable_bed_registered()->set_operational_from("2020-01-01");
    Append(event);
  }
}

void StoryFixture::Submit(const std::string& case_name, const std::string& municipality) {
  auto event = Referral(case_name, municipality);
  *event.mutable_submitted()->mutable_submitted_at() = ToTimestamp(now_);
  event.mutable_submitted()->set_legal_sex(common::v1::LEGAL_SEX_FEMALE);
  event.mutable_submitted()->set_age_band(common::v1::AGE_BAND_35_44);
  Append(event);
}

void StoryFixture::Decide(const std::string& case_name, const std::string& facility,
                          const std::string& municipality, bool transfer) {
  auto event = Referral(case_name, municipality);
  auto& made = *event.mutable_decision_made();
  made.set_decision_id("decision-" + case_name + "-" + facility);
  made.set_facility_id(facility);
  made.set_bed_kind(common::v1::BED_KIND_REGULAR);
  made.set_decision_date(FormatDate(StockholmDate(now_)));
  made.set_transfer(transfer);
  Append(event);
}

void StoryFixture::Queue(const std::string& case_name, const std::string& facility, bool transfer) {
  auto event = Placement(case_name, facility, "decision-" + case_name + "-" + facility);
  event.mutable_queued()->set_entry_id("entry-" + case_name + "-" + facility);
  event.mutable_queued()->set_decision_date(FormatDate(StockholmDate(now_)));
  event.mutable_queued()->set_transfer(transfer);
  Append(event);
}

void StoryFixture::Offer(const std::string& case_name, const std::string& facility,
                         const std::string& number) {
  auto event = Placement(case_name, facility, "decision-" + case_name + "-" + facility);
  event.mutable_offer_made()->set_offer_id("offer-" + case_name + "-" + number);
  event.mutable_offer_made()->set_entry_id("entry-" + case_name + "-" + facility);
  event.mutable_offer_made()->set_bed_id(facility + "-01");
  Append(event);
}

void StoryFixture::Enrol(const std::string& case_name, const std::string& facility) {
  auto event = Placement(case_name, facility, "decision-" + case_name + "-" + facility);
  event.mutable_enrolled()->set_stay_id("stay-" + case_name + "-" + facility);
  event.mutable_enrolled()->set_bed_id(facility + "-01");
  event.mutable_enrolled()->set_move_in_date(FormatDate(StockholmDate(now_)));
  Append(event);
}

void StoryFixture::Discharge(const std::string& case_name, const std::string& facility) {
  auto event = Placement(case_name, facility, "decision-" + case_name + "-" + facility);
  event.mutable_discharged()->set_stay_id("stay-" + case_name + "-" + facility);
  event.mutable_discharged()->set_bed_id(facility + "-01");
  event.mutable_discharged()->set_departure_date(FormatDate(StockholmDate(now_)));
  Append(event);
}

void StoryFixture::Close(const std::string& case_name, const std::string& reason) {
  auto event = Referral(case_name);
  event.mutable_closed()->set_reason_code(reason);
  Append(event);
}

void StoryFixture::Consume() {
  for (const auto& consumer : consumers_) {
    for (int idle = 0; idle < 2;) {
      const auto applied = consumer->Step(milliseconds(0));
      ASSERT_TRUE(applied.ok()) << applied.status();
      idle = *applied == 0 ? idle + 1 : 0;
    }
  }
}

std::int64_t StoryFixture::Parked() {
  std::int64_t parked = 0;
  for (const auto& consumer : consumers_) parked += consumer->stats().parked;
  return parked;
}

auth::CallContext StoryFixture::Call(auth::Role role, const std::string& organisation) {
  auth::CallContext call;
  call.principal.organisation = organisation;
  call.principal.roles = {role};
  call.principal.units = {"unit"};
  call.acting_unit = "unit";
  call.now = now_;
  return call;
}

std::string StoryFixture::AllReports(std::optional<Instant> as_of) { return Reports(as_of, true); }

std::string StoryFixture::AllNumbers() { return Reports(std::nullopt, false); }

std::string StoryFixture::Reports(std::optional<Instant> as_of, bool say_when) {
  std::string text;
  const auto call = Call(auth::Role::kBoardMember);
  const auto add = [&](auto request, auto handler) {
    if (as_of) *request.mutable_as_of() = ToTimestamp(*as_of);
    auto report = (handlers_.*handler)(call, request);
    if (report.ok() && !say_when) {
      report->mutable_header()->clear_as_of();
      report->mutable_header()->clear_positions();
    }
    text += report.ok() ? report->DebugString() : report.status().ToString();
    text += "\n";
  };
  auto occupancy = Year<v1::GetOccupancyRequest>();
  occupancy.set_granularity(v1::GRANULARITY_MONTH);
  add(occupancy, &rpc::ReportHandlers::Occupancy);
  auto waiting = Year<v1::GetWaitingTimesRequest>();
  waiting.set_group_by(v1::GROUP_BY_MUNICIPALITY);
  add(waiting, &rpc::ReportHandlers::WaitingTimes);
  add(Year<v1::GetQueueReportRequest>(), &rpc::ReportHandlers::Queue);
  add(Year<v1::GetBoardFiguresRequest>(), &rpc::ReportHandlers::BoardFigures);
  for (int quarter = 1; quarter <= 4; ++quarter) {
    v1::GetNonExecutedDecisionsRequest request;
    request.set_year(2026);
    request.set_quarter(quarter);
    add(request, &rpc::ReportHandlers::NonExecuted);
  }
  return text;
}

}  // namespace vardkedja::reporting
