#include <cstdio>
#include <string>
#include <string_view>

#include "lib/rpc/run_main.h"
#include "lib/status/status.h"
#include "reporting-service/service.h"

namespace {

constexpr char kUsage[] =
    "  reporting-service rebuild --config FILE             empty the read model; serve fills it\n"
    "                                                      again, with the same numbers\n";

int Rebuild(const std::string& file) {
  using vardkedja::ToStd;
  const auto config = vardkedja::config::LoadServiceConfig(file, "reporting");
  const absl::Status status =
      config.ok() ? vardkedja::reporting::RebuildFacts(*config) : config.status();
  if (status.ok()) return 0;
  std::fprintf(stderr, "reporting-service: %s\n", std::string(ToStd(status.message())).c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "rebuild" && argc == 4 && std::string_view(argv[2]) == "--config") {
    return Rebuild(argv[3]);
  }
  const int code = vardkedja::rpc::RunMain(argc, argv,
                                           {.service = "reporting",
                                            .build = vardkedja::reporting::Build,
                                            .migrate = vardkedja::reporting::Migrate,
                                            .seed = vardkedja::reporting::Seed});
  if (command == "help") std::fputs(kUsage, stdout);
  return code;
}
