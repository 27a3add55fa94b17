// The execution clock of each decision: from the decision until move-in or closing (domain.md, 8,
// 9).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reporting-service/domain/facts.h"

namespace vardkedja::reporting::domain {

// One decision or interruption and how its wait ended, if it did by `as_of`.
struct Wait {
  std::string reference;  // decision id, or stay id and date of the interruption
  std::string case_id;
  std::string person_id;
  std::string municipality_code;
  std::string facility_id;
  bool transfer = false;
  bool interruption = false;
  Date start{};                  // decision date, or date of the interruption
  std::optional<Date> executed;  // move-in, on this decision or one that followed it; or resumption
  std::optional<Date> closed;    // a real closing; never a declined or expired offer
  std::string closing_reason;

  // The date three months end (domain.md, 9: same day three calendar months later).
  Date Due() const { return AddMonths(start, 3); }
  // Executed or closed, whichever came first; execution wins on the same date.
  bool EndedByExecution() const { return executed && (!closed || *executed <= *closed); }
  std::optional<Date> End() const { return EndedByExecution() ? executed : closed; }
};

// One per decision, whose municipality stays the one that made it. A decision that extends another
// has no wait of its own, unless it is another municipality's and is made before the move-in. What
// happened after `as_of` is not seen.
std::vector<Wait> DecisionWaits(const Facts& facts, Date as_of);

// One per interruption of a stay, of the municipality whose decision the person lived by then. A
// departure closes it.
std::vector<Wait> InterruptionWaits(const Facts& facts, Date as_of);

// The queue's reasons that close a decision; the others keep its clock running.
bool ClosesDecision(const std::string& dequeue_reason);

}  // namespace vardkedja::reporting::domain
