// Writes what one event makes known, in the transaction that moves the consumer's cursor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "reporting-service/storage/fact_sql.h"

namespace vardkedja::reporting::storage {

// Lives no longer than the transaction. Not thread-safe.
class FactWriter {
 public:
  // Notes the event's place in its log and since when it counts. An event that was parked and is
  // applied late becomes known with the next one of its log, so that reports already made stay
  // true.
  static absl::StatusOr<FactWriter> Begin(pg::Transaction& tx, std::string_view source,
                                          std::int64_t seq, Instant occurred_at);

  template <class T>
  absl::Status Put(const T& fact) {
    return PutFact(tx_, known_, fact);
  }

  // What was said was wrong, and nothing replaces it; earlier reports still show it.
  template <class T>
  absl::Status Retract(const T& fact) {
    return SupersedeFact(tx_, known_, fact);
  }

  template <class T>
  absl::StatusOr<std::vector<T>> Current(std::string_view column, std::string_view value) {
    return CurrentFacts<T>(tx_, column, value);
  }

  // Gives a decision or an interruption its substitute, if it has none yet.
  absl::Status EnsureSubstitute(const std::string& reference);

 private:
  FactWriter(pg::Transaction& tx, Known known) : tx_(tx), known_(known) {}

  pg::Transaction& tx_;
  Known known_;
};

}  // namespace vardkedja::reporting::storage
