// The audit trail of one service as it is read: plain values and the port to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/finding.h"
#include "lib/auth/call_context.h"
#include "lib/time/time.h"

namespace vardkedja::audit {

// An entry as stored, and when that was.
struct TrailRow {
  std::int64_t entry_id = 0;
  Instant at{};
  Instant recorded_at{};
  std::string organisation_id;
  std::string unit_id;
  std::vector<std::string> role_codes;
  std::string subject;
  std::string seat;
  std::string purpose;
  std::string case_id;
  std::string action;
  std::string resource_id;
  std::string rule_id;
  bool permitted = false;
  std::vector<std::string> details;
};

// A part of a list that has its newest row first.
struct TrailPart {
  std::optional<std::int64_t> before;  // only rows with a lower number
  int limit = 25;
};

struct TrailQuery {
  std::string organisation_id;
  Instant from{};       // recorded at or after
  Instant to{};         // recorded before
  std::string unit_id;  // empty for any
  std::string case_id;  // empty for any
  TrailPart part;
};

struct Verification {
  std::int64_t rows = 0;         // seals walked
  std::int64_t to_position = 0;  // of the last one
  bool end_reached = false;
  std::vector<Finding> findings;
};

// Implementations are thread-safe and keep to the context's deadline.
class Trail {
 public:
  virtual ~Trail() = default;

  // Permitted and denied, newest first.
  virtual absl::StatusOr<std::vector<TrailRow>> Rows(const auth::CallContext& context,
                                                     const TrailQuery& query) = 0;
  // The permitted ones about one case, newest first.
  virtual absl::StatusOr<std::vector<TrailRow>> RowsOfCase(const auth::CallContext& context,
                                                           std::string_view case_id,
                                                           const TrailPart& part) = 0;
  // At most `rows` seals after a position. Findings are no error.
  virtual absl::StatusOr<Verification> Verify(const auth::CallContext& context,
                                              std::int64_t after_position, std::int64_t rows) = 0;
};

// The parts of a list as it stands in the trail: "a,b", and within one detail "a+b".
std::vector<std::string> SplitList(std::string_view text, char separator);

// The information categories among the details of a row, "categories=identity+needs".
std::vector<std::string> CategoriesOf(const TrailRow& row);

}  // namespace vardkedja::audit
