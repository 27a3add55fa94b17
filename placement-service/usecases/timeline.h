// Everything that was written about a case, oldest first.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

class ReadTimeline {
 public:
  struct Page {
    std::vector<TimelineRow> rows;
    std::string next;  // cursor; empty at the end
  };

  ReadTimeline(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  // `limit` is 1 to 100. FIELD_VIOLATIONS for a cursor that no page has given; NOT_FOUND.
  absl::StatusOr<Page> Run(const auth::CallContext& ctx, const domain::CaseId& case_id, int limit,
                           const std::string& cursor) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

}  // namespace vardkedja::placement::usecases
