// vardkedja-audit-verify: checks one service's audit trail. Exit 0: intact, 1: findings, 2: could
// not look.
#include <iostream>
#include <map>
#include <string>

#include "lib/audit/verifier.h"
#include "lib/pg/pool.h"
#include "lib/status/status.h"

namespace {

constexpr const char* kUsage = R"(vardkedja-audit-verify: is the audit trail as it was written?

  vardkedja-audit-verify --dsn DSN --key-ring FILE [--head FILE]
      DSN of a role that may read the service's schema (its search_path). --head: the head that the
      sealer exported; without it a cut-off end is not noticed.
)";

int Fail(std::string_view message) {
  std::cerr << "vardkedja-audit-verify: " << message << "\n";
  return 2;
}

int Run(std::map<std::string, std::string> flags) {
  const auto ring = vardkedja::vault::KeyRing::Load(flags["--key-ring"]);
  if (!ring.ok()) return Fail(vardkedja::ToStd(ring.status().message()));
  vardkedja::audit::VerifyOptions options;
  if (!flags["--head"].empty()) {
    const auto head = vardkedja::audit::ReadHeadFile(flags["--head"]);
    if (!head.ok()) return Fail(vardkedja::ToStd(head.status().message()));
    if (!*head) return Fail("there is no file " + flags["--head"]);
    options.exported_head = **head;
  }
  vardkedja::pg::Pool pool(flags["--dsn"], 1, std::chrono::minutes(10));
  const auto report = vardkedja::audit::Verify(pool, **ring, options);
  if (!report.ok()) return Fail(vardkedja::ToStd(report.status().message()));
  for (const auto& finding : report->findings) {
    std::cout << vardkedja::audit::FindingName(finding.kind) << ": position " << finding.position
              << ", entry " << finding.entry_id << "\n";
  }
  std::cout << report->rows << " sealed rows, " << report->findings.size() << " findings\n";
  return report->findings.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags = {{"--dsn", ""}, {"--key-ring", ""}, {"--head", ""}};
  for (int i = 1; i < argc; i += 2) {
    if (!flags.contains(argv[i]) || i + 1 >= argc) {
      std::cerr << kUsage;
      return 2;
    }
    flags[argv[i]] = argv[i + 1];
  }
  if (flags["--dsn"].empty() || flags["--key-ring"].empty()) {
    std::cerr << kUsage;
    return 2;
  }
  try {
    return Run(std::move(flags));
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}
