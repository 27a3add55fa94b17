// For tests: logs of the three sources in memory, consumed into a real database.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/audit/read_audit.h"
#include "lib/eventlog/consumer.h"
#include "lib/testing/pg_cluster.h"
#include "reporting-service/rpc/report_handlers.h"
#include "reporting-service/storage/postgres_agreement_store.h"
#include "reporting-service/storage/postgres_fact_store.h"
#include "vardkedja/notification/v1/events.pb.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::reporting {

// A log that is there at once.
class FakeLog final : public eventlog::EventSource {
 public:
  void Append(std::string type, std::string payload, Instant occurred_at);
  absl::StatusOr<eventlog::v1::ReadResponse> Read(std::int64_t after, int limit,
                                                  std::chrono::milliseconds wait,
                                                  std::stop_token stop) override;
  const std::vector<eventlog::v1::Event>& events() const { return events_; }

 private:
  std::vector<eventlog::v1::Event> events_;
};

// Remembers what was audited.
class FakeAudit final : public audit::ReadAudit {
 public:
  absl::Status Record(std::vector<audit::Entry> entries,
                      std::chrono::steady_clock::time_point deadline) override;
  std::vector<audit::Entry> recorded;
  absl::Status answer;
};

// One story on reference data: facilities, a bed each, three municipalities.
class StoryFixture : public ::testing::Test {
 protected:
  StoryFixture();

  // Domain time, for events and calls alike.
  void At(Date date, int hour = 12);
  Instant now() const { return now_; }

  referral::v1::ReferralEvent Referral(const std::string& case_name,
                                       const std::string& municipality = "0764") const;
  placement::v1::PlacementEvent Placement(const std::string& case_name, const std::string& facility,
                                          const std::string& decision) const;
  // Appended now; consumed by Consume.
  void Append(const referral::v1::ReferralEvent& event);
  void Append(const placement::v1::PlacementEvent& event);
  void Append(const notification::v1::NotificationEvent& event);

  // Whole steps of the chain.
  void Reference();
  void Submit(const std::string& case_name, const std::string& municipality = "0764");
  void Decide(const std::string& case_name, const std::string& facility,
              const std::string& municipality = "0764", bool transfer = false);
  void Queue(const std::string& case_name, const std::string& facility, bool transfer = false);
  void Offer(const std::string& case_name, const std::string& facility, const std::string& number);
  void Enrol(const std::string& case_name, const std::string& facility);
  void Discharge(const std::string& case_name, const std::string& facility);
  void Close(const std::string& case_name, const std::string& reason);

  // Reads all three logs to their ends.
  void Consume();
  std::int64_t Parked();

  auth::CallContext Call(auth::Role role, const std::string& organisation = "region-kronoberg");
  // All six reports over 2026, as one text; equal texts are equal numbers.
  std::string AllReports(std::optional<Instant> as_of);
  // The same as of now, without saying when that is and how far the logs go.
  std::string AllNumbers();

  template <class Response>
  static Response Must(absl::StatusOr<Response> response) {
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *std::move(response) : Response();
  }
  template <class Request>
  Request Year() const {
    Request request;
    request.set_from_date("2026-01-01");
    request.set_to_date("2027-01-01");
    return request;
  }

  testing::TestDatabase database_;
  std::unique_ptr<pg::Pool> pool_;
  std::map<std::string, FakeLog> logs_;
  storage::PostgresFactStore facts_;
  storage::PostgresAgreementStore agreements_;
  FakeAudit audit_;
  rpc::ReportHandlers handlers_;

 private:
  std::string Reports(std::optional<Instant> as_of, bool say_when);

  std::vector<std::unique_ptr<eventlog::Consumer>> consumers_;
  Instant now_;
};

google::protobuf::Timestamp ToTimestamp(Instant instant);

}  // namespace vardkedja::reporting
