// The stream of availability through the public doors: by gRPC, as server-sent events, and from one
// to the other across absences and a killed service.
#include <utility>

#include "tests/e2e/doors.h"
#include "tests/e2e/event_source.h"
#include "vardkedja/placement/v1/availability_service.grpc.pb.h"

namespace vardkedja::e2e {
namespace {

namespace pl = placement::v1;
using nlohmann::json;

constexpr char kChanges[] = "/placement/v1/availability/changes";

// What an item says of novus' regular beds.
struct Heard {
  std::int64_t sequence = 0;
  std::string kind;
  int closed = -1;
};

Heard FromProto(const pl::AvailabilityUpdate& update) {
  Heard heard{update.sequence(), pl::AvailabilityUpdateKind_Name(update.kind())};
  for (const auto& facility : update.facilities()) {
    EXPECT_FALSE(facility.care_level().empty());
    if (facility.day().facility_id() == "novus" &&
        facility.day().bed_kind() == common::v1::BED_KIND_REGULAR) {
      heard.closed = facility.day().closed();
    }
  }
  return heard;
}

Heard FromEvent(const ServerEvent& event) {
  const json item = json::parse(event.data);
  EXPECT_EQ(event.id, item.at("sequence"));
  Heard heard{std::stoll(event.id), item.at("kind")};
  for (const json& facility : item.at("facilities")) {
    const json& day = facility.at("day");
    if (day.at("facilityId") == "novus" && day.at("bedKind") == "BED_KIND_REGULAR") {
      heard.closed = day.at("closed");
    }
  }
  return heard;
}

class AvailabilityStream {
 public:
  AvailabilityStream(Suite& suite, std::string token)
      : suite_(suite),
        token_(std::move(token)),
        stub_(pl::AvailabilityService::NewStub(grpc::CreateChannel(
            "ipv4:" + suite_.addresses().grpc, grpc::InsecureChannelCredentials()))) {}

  std::unique_ptr<grpc::ClientReader<pl::AvailabilityUpdate>> ByGrpc(grpc::ClientContext& context,
                                                                     std::int64_t after) {
    context.AddMetadata("authorization", "Bearer " + token_);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    pl::WatchAvailabilityRequest request;
    request.set_facility_id("novus");
    request.set_after_sequence(after);
    return stub_->WatchAvailability(&context, request);
  }
  std::unique_ptr<EventSource> ByRest(const std::string& last_event_id) {
    RestRequest request{.target = std::string(kChanges) + "?facilityId=novus",
                        .headers = {{"Authorization", "Bearer " + token_}}};
    if (!last_event_id.empty()) request.headers["Last-Event-ID"] = last_event_id;
    return std::make_unique<EventSource>(suite_.addresses().http, request);
  }
  // The next item that is no heartbeat.
  static Heard NextOf(grpc::ClientReader<pl::AvailabilityUpdate>& reader) {
    pl::AvailabilityUpdate update;
    while (reader.Read(&update)) {
      if (update.kind() != pl::AVAILABILITY_UPDATE_KIND_HEARTBEAT) return FromProto(update);
    }
    return {};
  }
  static Heard NextOf(EventSource& source) {
    while (const auto event = source.Next()) {
      if (!event->name.empty()) return {-1, json::parse(event->data).value("reason", "")};
      const Heard heard = FromEvent(*event);
      if (heard.kind != "AVAILABILITY_UPDATE_KIND_HEARTBEAT") return heard;
    }
    return {};
  }

 private:
  Suite& suite_;
  const std::string token_;
  const std::unique_ptr<pl::AvailabilityService::Stub> stub_;
};

TEST_F(Doors, AvailabilityIsToldOnceAndInOrderWhoeverLeavesOrFalls) {
  AvailabilityStream stream(*suite_, worker_token_);
  const auto shut = [this](int bed) { play_.CloseBeds(cast::NovusStaff(), bed, bed); };
  grpc::ClientContext first_context;
  auto first = stream.ByGrpc(first_context, 0);
  const Heard snapshot = AvailabilityStream::NextOf(*first);
  EXPECT_EQ(snapshot.kind, "AVAILABILITY_UPDATE_KIND_SNAPSHOT");
  ASSERT_GE(snapshot.closed, 0);
  shut(1);
  const Heard one = AvailabilityStream::NextOf(*first);
  EXPECT_EQ(one.kind, "AVAILABILITY_UPDATE_KIND_CHANGE");
  EXPECT_GT(one.sequence, snapshot.sequence);
  EXPECT_EQ(one.closed, snapshot.closed + 1);
  first_context.TryCancel();

  // Nobody listens.
  shut(2);
  shut(3);
  auto second = stream.ByRest(std::to_string(one.sequence));
  ASSERT_EQ(second->status(), 200);
  const Heard two = AvailabilityStream::NextOf(*second);
  const Heard three = AvailabilityStream::NextOf(*second);
  EXPECT_GT(two.sequence, one.sequence);
  EXPECT_EQ(two.closed, one.closed + 1) << "as it was then";
  EXPECT_GT(three.sequence, two.sequence);
  EXPECT_EQ(three.closed, one.closed + 2);
  shut(4);
  const Heard four = AvailabilityStream::NextOf(*second);
  EXPECT_EQ(four.closed, one.closed + 3) << "and on as it happens";

  // The service dies under the stream, and its caller goes on by the other door.
  suite_->Kill("placement");
  EXPECT_EQ(AvailabilityStream::NextOf(*second).kind, "UPSTREAM_UNAVAILABLE");
  suite_->Start("placement");
  shut(5);
  Heard five;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (five.sequence == 0 && std::chrono::steady_clock::now() < until) {
    grpc::ClientContext context;
    five = AvailabilityStream::NextOf(*stream.ByGrpc(context, four.sequence));
    context.TryCancel();
  }
  EXPECT_EQ(five.closed, one.closed + 4) << "neither lost nor told twice";
}

TEST_F(Doors, AStreamIsRefusedInWords) {
  AvailabilityStream stream(*suite_, worker_token_);
  const auto ahead = stream.ByRest("1000000");
  EXPECT_EQ(ahead->status(), 400);
  EXPECT_NE(ahead->body().find("SEQUENCE_UNKNOWN"), std::string::npos) << ahead->body();
  const auto malformed = stream.ByRest("yesterday");
  EXPECT_EQ(malformed->status(), 400);
  EXPECT_NE(malformed->body().find("Last-Event-ID"), std::string::npos) << malformed->body();
  RestRequest nowhere{.target = std::string(kChanges) + "?facilityId=nowhere",
                      .headers = {{"Authorization", "Bearer " + worker_token_}}};
  EXPECT_EQ(EventSource(suite_->addresses().http, nowhere).status(), 404);
  RestRequest clinic{
      .target = kChanges,
      .headers = {{"Authorization", "Bearer " + suite_->Token(cast::ClinicClinician())}}};
  EXPECT_EQ(EventSource(suite_->addresses().http, clinic).status(), 403);
}

}  // namespace
}  // namespace vardkedja::e2e
