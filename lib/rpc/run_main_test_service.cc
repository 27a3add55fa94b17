// The smallest service that RunMain can run; run_main_test starts it as a process.
#include <cstdio>

#include "lib/rpc/adapter.h"
#include "lib/rpc/run_main.h"
#include "lib/status/status.h"

namespace vardkedja::rpc {
namespace {

absl::Status Build(Process& process) {
  process.OnStop("consumers", [] { std::puts("consumers stopped"); });
  process.OnFlush("audit", [] {
    std::puts("audit flushed");
    std::fflush(stdout);
  });
  return absl::OkStatus();
}

absl::Status Migrate(const config::ServiceConfig&) {
  return MakeError(absl::StatusCode::kUnavailable, "the database does not answer",
                   "DATABASE_UNAVAILABLE");
}

absl::Status Seed(const config::ServiceConfig&, const std::string& from) {
  std::printf("seeding from %s\n", from.c_str());
  return absl::OkStatus();
}

}  // namespace
}  // namespace vardkedja::rpc

int main(int argc, char** argv) {
  using namespace vardkedja::rpc;
  return RunMain(argc, argv,
                 {.service = "reporting", .build = Build, .migrate = Migrate, .seed = Seed});
}
