// Withholding of small groups (domain.md, 9): cells of 1 to 4 are not shown to readers without case
// access, nor anything from which they could be worked out with the total.
#pragma once

#include <cstdint>
#include <vector>

namespace vardkedja::reporting::domain {

struct GroupCells {
  // The row's counts; the first is the one that the rows' total sums.
  std::vector<std::int64_t> counts;
  // The reader may know this group anyway: shown, and no help in hiding others.
  bool exempt = false;
};

// For each group whether the whole row is withheld: rows with a count of 1 to 4, and further rows,
// smallest first, until at least two are withheld that together hold 0 or at least 5 of the first
// count. Whole rows, because the counts of a row add up. When too few are left, all are withheld.
std::vector<bool> WithheldRows(const std::vector<GroupCells>& groups);

// 1 to 4.
bool IsSmall(std::int64_t count);

}  // namespace vardkedja::reporting::domain
