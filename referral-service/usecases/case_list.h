// What all lists of cases share: judging what the store found, names, audit, due dates, cursors.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"

namespace vardkedja::referral::usecases {

// A line about a protected identity names neither the person nor, to other units, its owner.
struct CaseLine {
  domain::Referral referral;  // without content
  std::string display_name;   // empty when protected or not permitted
  std::optional<Date> due_date;
};

struct CaseList {
  std::vector<CaseLine> lines;
  std::string next;
};

// Which of the cases that the caller may see belong on the list.
using Keep = std::function<bool(const SeenCase&)>;

class CaseLister {
 public:
  explicit CaseLister(CaseDoor& door) : door_(door) {}

  struct Reader {
    std::shared_ptr<const domain::Reference> reference;
    domain::AccessQuestion question;
  };
  absl::StatusOr<Reader> ReaderOf(const auth::CallContext& context) const;

  // The case as the reader may see it; nothing when it may not.
  static std::optional<SeenCase> Judge(const auth::CallContext& context, const Reader& reader,
                                       StoredCase stored);

  // One page of a query. query.limit is the page's length; a page may be shorter than that and
  // still have a next one, when very many of the cases found may not be seen.
  absl::StatusOr<CaseList> Page(const auth::CallContext& context, const Reader& reader,
                                CaseIndex& index, ListQuery query, const Keep& keep) const;

  // Lines of cases; one audit row for each, durable before it returns, and `more` beside them.
  absl::StatusOr<std::vector<CaseLine>> Lines(const auth::CallContext& context,
                                              std::vector<SeenCase> seen,
                                              std::vector<audit::Entry> more = {}) const;

 private:
  CaseDoor& door_;
};

// "<microseconds>.<case id>" and back; nothing for anything else.
std::string WriteCursor(const ListPosition& position);
std::optional<ListPosition> ReadCursor(std::string_view cursor);
ListPosition PositionOf(const domain::Referral& referral, ListOrder order);

// An instant later than any the service knows.
Instant EndOfTime();

}  // namespace vardkedja::referral::usecases
