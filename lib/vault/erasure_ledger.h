// The erasure ledger outside the database, so that a restore of the key store cannot undo it: one
// line per erasure, appended and synced. Several processes may append to one file.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace vardkedja::vault {

struct Erasure {
  std::string owner;
  std::string scope_id;
  std::string reason_code;

  bool operator==(const Erasure&) const = default;
};

// Thread-safe. An empty path keeps nothing and finds nothing.
class ErasureLedger {
 public:
  explicit ErasureLedger(std::string path) : path_(std::move(path)) {}

  // Durable when it returns OK; INTERNAL, reason LEDGER_UNWRITABLE, when the file cannot be
  // written. Precondition: no tabs or line ends in the fields.
  absl::Status Append(const Erasure& erasure);

  // All complete lines; a line that a crash cut short was never acknowledged and is passed over.
  absl::StatusOr<std::vector<Erasure>> Read() const;

 private:
  const std::string path_;
  std::mutex mutex_;
};

}  // namespace vardkedja::vault
