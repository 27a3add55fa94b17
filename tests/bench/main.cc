// The parts of tests/bench/run that need gRPC. See there for what is measured and why.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "lib/id/uuid.h"
#include "tests/bench/load.h"
#include "tests/bench/statements.h"
#include "tests/e2e/play.h"
#include "tests/e2e/suite.h"

namespace vardkedja::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace rf = referral::v1;

constexpr char kSubmit[] = "/vardkedja.referral.v1.ReferralService/SubmitReferral";
constexpr char kRead[] = "/vardkedja.referral.v1.ReferralService/GetReferral";
constexpr char kEmpty[] = "/grpc.health.v1.Health/Check";
constexpr std::array<int, 2> kInFlight = {1, 8};
// Cases that are read again and again. Their keys are in the service's memory, as they were in the
// call whose statements pgbench repeats.
constexpr int kReadDrafts = 512;
constexpr int kPreparers = 8;
constexpr int kNoLimit = 1'000'000'000;

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

struct Draft {
  std::string referral_id;
  std::string etag;
};

std::vector<Draft> ReadDrafts(const std::string& path) {
  std::vector<Draft> drafts;
  std::ifstream file(path);
  for (Draft draft; file >> draft.referral_id >> draft.etag;) drafts.push_back(draft);
  return drafts;
}

// One door of the suite: the gateway, or referral-service as the gateway sees it.
class Door {
 public:
  Door(const std::string& state, bool direct) : worker_(e2e::cast::AlvestaWorker()) {
    e2e::Suite suite(state);
    token_ = "Bearer " + suite.Token(worker_);
    const auto ports = ReadPorts(state);
    if (!direct) {
      channel_ = grpc::CreateChannel("127.0.0.1:" + ports.at("GATEWAY_GRPC_PORT"),
                                     grpc::InsecureChannelCredentials());
    } else {
      grpc::SslCredentialsOptions tls;
      tls.pem_root_certs = ReadAll(state + "/tls/ca.crt");
      tls.pem_cert_chain = ReadAll(state + "/tls/gateway.crt");
      tls.pem_private_key = ReadAll(state + "/tls/gateway.key");
      grpc::ChannelArguments arguments;
      arguments.SetSslTargetNameOverride("referral");
      channel_ = grpc::CreateCustomChannel("127.0.0.1:" + ports.at("referral_PORT"),
                                           grpc::SslCredentials(tls), arguments);
    }
    stub_ = std::make_unique<grpc::GenericStub>(channel_);
  }

  void Start(const std::string& method, const std::string& request,
             std::function<void(const grpc::Status&)> done) {
    struct Call {
      grpc::ClientContext context;
      grpc::ByteBuffer request;
      grpc::ByteBuffer response;
    };
    const auto call = std::make_shared<Call>();
    call->context.set_deadline(std::chrono::system_clock::now() + seconds(20));
    call->context.AddMetadata("authorization", token_);
    call->context.AddMetadata("x-acting-unit", worker_.unit);
    const grpc::Slice slice(request);
    call->request = grpc::ByteBuffer(&slice, 1);
    stub_->UnaryCall(&call->context, method, {}, &call->request, &call->response,
                     [call, done = std::move(done)](const grpc::Status& status) { done(status); });
  }

 private:
  const e2e::Actor worker_;
  std::string token_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::GenericStub> stub_;
};

std::string SubmitBytes(const Draft& draft) {
  rf::SubmitReferralRequest request;
  request.set_request_id(NewUuidV4());
  request.set_referral_id(draft.referral_id);
  request.set_etag(draft.etag);
  return request.SerializeAsString();
}

std::string ReadBytes(const Draft& draft) {
  rf::GetReferralRequest request;
  request.set_referral_id(draft.referral_id);
  return request.SerializeAsString();
}

void Print(const std::string& what, bool direct, int in_flight, const Figures& figures) {
  std::printf("%s\t%s\t%d\t%.1f\t%lld\t%lld\t%d\t%d\n", what.c_str(), direct ? "direct" : "gateway",
              in_flight, figures.per_second, static_cast<long long>(figures.p50.count()),
              static_cast<long long>(figures.p99.count()), figures.calls, figures.failed);
  std::fflush(stdout);
}

// Drafts with a consent, ready to be submitted: "<id> <etag>" lines.
void Prepare(const std::string& state, int count, const std::string& path) {
  std::vector<std::vector<Draft>> made(kPreparers);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kPreparers; ++t) {
    threads.emplace_back([&, t] {
      e2e::Suite suite(state);
      e2e::Stage stage(suite);
      e2e::Play play(stage);
      for (int i = t; i < count; i += kPreparers) {
        e2e::Case c;
        c.worker = e2e::cast::AlvestaWorker();
        const Date born = MakeDate(1950, 1, 1) + std::chrono::days(i);
        c.person = {"bench", "Prov", "Lastsson", e2e::TestIdentityNumber(born, 238), true, "0764"};
        play.Refer(c, {});
        play.Consent(c);
        made[static_cast<std::size_t>(t)].push_back({c.referral_id, c.etag});
      }
    });
  }
  threads.clear();
  std::ofstream file(path);
  for (const auto& some : made) {
    for (const Draft& draft : some) file << draft.referral_id << ' ' << draft.etag << '\n';
  }
}

// Each combination in turn, on the drafts of round 0, 1, ... of so many.
void Measure(const std::string& state, const std::string& drafts_path, milliseconds duration,
             std::size_t round, std::size_t rounds) {
  const std::vector<Draft> drafts = ReadDrafts(drafts_path);
  const std::size_t of_round = drafts.size() / rounds;
  const std::size_t each = of_round / (2 * kInFlight.size());
  if (each == 0) throw std::runtime_error("too few drafts for so many rounds");
  std::size_t used = of_round * round;
  for (const int in_flight : kInFlight) {
    for (const bool direct : {true, false}) {
      Door door(state, direct);
      Print("empty", direct, in_flight, RunLoad(in_flight, kNoLimit, duration, [&](int, auto done) {
              door.Start(kEmpty, "", std::move(done));
              return true;
            }));
      const auto read = [&](int number, auto done) {
        const std::size_t index = static_cast<std::size_t>(number % kReadDrafts) % drafts.size();
        door.Start(kRead, ReadBytes(drafts[index]), std::move(done));
        return true;
      };
      RunLoad(kPreparers, kReadDrafts, seconds(60), read);
      Print("read", direct, in_flight, RunLoad(in_flight, kNoLimit, duration, read));
      const std::size_t base = used;
      used += each;
      Print("submit", direct, in_flight,
            RunLoad(in_flight, static_cast<int>(each), seconds(60), [&](int number, auto done) {
              const Draft& draft = drafts[base + static_cast<std::size_t>(number)];
              door.Start(kSubmit, SubmitBytes(draft), std::move(done));
              return true;
            }));
    }
  }
}

// One call on the draft of that number, for the server's log; prints the case's id.
void One(const std::string& state, const std::string& drafts_path, const std::string& what,
         std::size_t number) {
  const Draft draft = ReadDrafts(drafts_path).at(number);
  Door door(state, true);
  const Figures figures = RunLoad(1, 1, seconds(20), [&](int, auto done) {
    if (what == "submit") {
      door.Start(kSubmit, SubmitBytes(draft), std::move(done));
    } else {
      door.Start(kRead, ReadBytes(draft), std::move(done));
    }
    return true;
  });
  if (figures.failed > 0) throw std::runtime_error("the call for the log failed");
  std::printf("%s\n", draft.referral_id.c_str());
}

// OUT.sql for pgbench -f, OUT.defs for its -D options, each ended by a NUL.
void MakeScript(const std::string& log, const std::string& referral_id, const std::string& out) {
  const auto statements =
      ReadLog(ReadAll(log), {"referral-service calls", "referral-service keys"});
  if (statements.empty()) throw std::runtime_error("the server's log holds no statement");
  const Script script = ToPgbench(statements, referral_id);
  std::ofstream(out + ".sql") << script.text;
  std::ofstream definitions(out + ".defs", std::ios::binary);
  for (const std::string& definition : script.definitions) definitions << definition << '\0';
  std::printf("%zu\n", statements.size());
}

int Main(const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "" : arguments[0];
  if (command == "prepare" && arguments.size() == 4) {
    Prepare(arguments[1], std::stoi(arguments[2]), arguments[3]);
  } else if (command == "measure" && arguments.size() == 6) {
    Measure(arguments[1], arguments[2], milliseconds(std::stoi(arguments[3])),
            std::stoul(arguments[4]), std::stoul(arguments[5]));
  } else if (command == "one" && arguments.size() == 5) {
    One(arguments[1], arguments[2], arguments[3], std::stoul(arguments[4]));
  } else if (command == "script" && arguments.size() == 4) {
    MakeScript(arguments[1], arguments[2], arguments[3]);
  } else {
    std::cerr << "vardkedja-bench: part of ./vardkedja bench\n";
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace vardkedja::bench

int main(int argc, char** argv) {
  try {
    return vardkedja::bench::Main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "vardkedja-bench: " << error.what() << '\n';
    return 1;
  }
}
