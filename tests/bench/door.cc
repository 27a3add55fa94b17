#include "tests/bench/door.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/time/time.h"
#include "tests/e2e/play.h"
#include "vardkedja/placement/v1/offer_service.pb.h"
#include "vardkedja/placement/v1/stay_service.pb.h"
#include "vardkedja/referral/v1/referral_service.pb.h"

namespace vardkedja::bench {
namespace {

namespace pl = placement::v1;
namespace rf = referral::v1;

constexpr char kEmpty[] = "/grpc.health.v1.Health/Check";
constexpr std::chrono::seconds kPatience{20};

std::string Today() {
  const auto now = std::chrono::floor<Instant::duration>(std::chrono::system_clock::now());
  return FormatDate(StockholmDate(now));
}

std::string SubmitBytes(const Item& draft) {
  rf::SubmitReferralRequest request;
  request.set_request_id(NewUuidV4());
  request.set_referral_id(draft.id);
  request.set_etag(draft.etag);
  return request.SerializeAsString();
}

std::string ReadBytes(const Item& draft) {
  rf::GetReferralRequest request;
  request.set_referral_id(draft.id);
  return request.SerializeAsString();
}

std::string OfferBytes(const Item& bed) {
  pl::MakeOfferRequest request;
  request.set_request_id(NewUuidV4());
  request.set_bed_id(bed.id);
  return request.SerializeAsString();
}

std::string AcceptBytes(const Item& offer) {
  pl::AcceptOfferRequest request;
  request.set_request_id(NewUuidV4());
  request.set_offer_id(offer.id);
  request.set_etag(offer.etag);
  request.set_move_in_date(Today());
  return request.SerializeAsString();
}

std::string EnrolBytes(const Item& offer) {
  pl::EnrolRequest request;
  request.set_request_id(NewUuidV4());
  request.set_offer_id(offer.id);
  request.set_etag(offer.etag);
  request.set_agreement_exception(pl::EXCEPTION_REASON_ACUTE_NEED);
  return request.SerializeAsString();
}

const std::vector<Call>& Calls() {
  static const std::vector<Call> kCalls = {
      {"submit", "referral", "/vardkedja.referral.v1.ReferralService/SubmitReferral",
       e2e::cast::AlvestaWorker(), SubmitBytes, true, "read"},
      {"read", "referral", "/vardkedja.referral.v1.ReferralService/GetReferral",
       e2e::cast::AlvestaWorker(), ReadBytes, false, "read"},
      {"offer", "placement", "/vardkedja.placement.v1.OfferService/MakeOffer",
       e2e::cast::NovusStaff(), OfferBytes, true},
      {"accept", "placement", "/vardkedja.placement.v1.OfferService/AcceptOffer",
       e2e::cast::AlvestaWorker(), AcceptBytes, true},
      {"enrol", "placement", "/vardkedja.placement.v1.StayService/Enrol", e2e::cast::NovusStaff(),
       EnrolBytes, true},
  };
  return kCalls;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::map<std::string, std::string> ReadPorts(const std::string& state) {
  std::map<std::string, std::string> ports;
  std::ifstream file(state + "/ports.env");
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) ports[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return ports;
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& state, const std::string& service) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadAll(state + "/tls/ca.crt");
  tls.pem_cert_chain = ReadAll(state + "/tls/gateway.crt");
  tls.pem_private_key = ReadAll(state + "/tls/gateway.key");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(service);
  return grpc::CreateCustomChannel("127.0.0.1:" + ReadPorts(state).at(service + "_PORT"),
                                   grpc::SslCredentials(tls), arguments);
}

}  // namespace

std::vector<Item> ReadItems(const std::string& path) {
  std::vector<Item> items;
  std::ifstream file(path);
  for (Item item; file >> item.id >> item.etag;) items.push_back(item);
  return items;
}

const Call& CallNamed(const std::string& name) {
  for (const Call& call : Calls()) {
    if (call.name == name) return call;
  }
  throw std::runtime_error("no such call: " + name);
}

Door::Door(const std::string& state, const std::string& service, bool direct) {
  const e2e::Suite suite(state);
  for (const Call& call : Calls()) {
    std::string& token = tokens_[call.actor.role];
    if (token.empty()) token = "Bearer " + suite.Token(call.actor);
  }
  stub_ = std::make_unique<grpc::GenericStub>(
      direct ? ChannelTo(state, service)
             : grpc::CreateChannel("127.0.0.1:" + ReadPorts(state).at("GATEWAY_GRPC_PORT"),
                                   grpc::InsecureChannelCredentials()));
}

void Door::Start(const Call& call, const Item& item,
                 std::function<void(const grpc::Status&)> done) {
  Send(call.method, call.bytes(item), call.actor, std::move(done));
}

void Door::StartEmpty(std::function<void(const grpc::Status&)> done) {
  Send(kEmpty, "", e2e::cast::AlvestaWorker(), std::move(done));
}

void Door::Send(const std::string& method, const std::string& request, const e2e::Actor& actor,
                std::function<void(const grpc::Status&)> done) {
  struct Exchange {
    grpc::ClientContext context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer response;
  };
  auto exchange = std::make_shared<Exchange>();
  exchange->context.set_deadline(std::chrono::system_clock::now() + kPatience);
  exchange->context.AddMetadata("authorization", tokens_.at(actor.role));
  exchange->context.AddMetadata("x-acting-unit", actor.unit);
  const grpc::Slice slice(request);
  exchange->request = grpc::ByteBuffer(&slice, 1);
  Exchange& sent = *exchange;
  // The context holds the channel, and the last to hold it waits for gRPC's threads, of which this
  // callback's is one: so it lets go before whoever waits for `done` may drop the door.
  stub_->UnaryCall(
      &sent.context, method, {}, &sent.request, &sent.response,
      [exchange = std::move(exchange), done = std::move(done)](const grpc::Status& status) mutable {
        exchange.reset();
        done(status);
      });
}

}  // namespace vardkedja::bench
