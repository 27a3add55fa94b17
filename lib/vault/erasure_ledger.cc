#include "lib/vault/erasure_ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "lib/status/status.h"

namespace vardkedja::vault {
namespace {

absl::Status Unwritable() {
  return MakeError(absl::StatusCode::kInternal, "the erasure ledger cannot be written or read",
                   "LEDGER_UNWRITABLE");
}

constexpr std::string_view kEnd = "\t.";

// owner \t scope \t reason \t . \n; the dot shows that the line is whole.
std::optional<Erasure> ParseLine(std::string_view line) {
  if (line.size() < kEnd.size() || line.substr(line.size() - kEnd.size()) != kEnd) {
    return std::nullopt;
  }
  line.remove_suffix(kEnd.size());
  const size_t first = line.find('\t');
  const size_t second = line.find('\t', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  return Erasure{std::string(line.substr(0, first)),
                 std::string(line.substr(first + 1, second - first - 1)),
                 std::string(line.substr(second + 1))};
}

}  // namespace

absl::Status ErasureLedger::Append(const Erasure& erasure) {
  if (path_.empty()) return absl::OkStatus();
  const std::lock_guard lock(mutex_);
  const int file = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return Unwritable();
  // The line end before separates it from a line that a crash cut short.
  const std::string line = "\n" + erasure.owner + "\t" + erasure.scope_id + "\t" +
                           erasure.reason_code + std::string(kEnd) + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const bool synced = ::fsync(file) == 0;
  const bool closed = ::close(file) == 0;
  return written && synced && closed ? absl::OkStatus() : Unwritable();
}

absl::StatusOr<std::vector<Erasure>> ErasureLedger::Read() const {
  std::vector<Erasure> erasures;
  std::error_code error;
  if (path_.empty() || !std::filesystem::exists(path_, error)) return erasures;
  std::ifstream file(path_);
  if (!file) return Unwritable();
  std::string line;
  while (std::getline(file, line)) {
    if (auto erasure = ParseLine(line)) erasures.push_back(*std::move(erasure));
  }
  return erasures;
}

}  // namespace vardkedja::vault
