#include "reporting-service/domain/suppression.h"

#include <algorithm>
#include <cstddef>

namespace vardkedja::reporting::domain {
namespace {

bool HasSmall(const GroupCells& group) {
  return std::any_of(group.counts.begin(), group.counts.end(), IsSmall);
}

}  // namespace

bool IsSmall(std::int64_t count) { return 1 <= count && count <= 4; }

std::vector<bool> WithheldRows(const std::vector<GroupCells>& groups) {
  std::vector<bool> withheld(groups.size());
  std::vector<std::size_t> candidates;
  std::size_t rows = 0;
  std::int64_t sum = 0;
  const auto withhold = [&](std::size_t i) {
    withheld[i] = true;
    ++rows;
    sum += groups[i].counts.front();
  };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].exempt) continue;
    if (HasSmall(groups[i])) {
      withhold(i);
    } else {
      candidates.push_back(i);
    }
  }
  if (rows == 0) return withheld;
  // Rows with people first: an empty one hides little.
  std::stable_sort(candidates.begin(), candidates.end(), [&](std::size_t a, std::size_t b) {
    const std::int64_t first = groups[a].counts.front();
    const std::int64_t second = groups[b].counts.front();
    if ((first == 0) != (second == 0)) return second == 0;
    return first < second;
  });
  for (const std::size_t i : candidates) {
    if (rows >= 2 && !IsSmall(sum)) break;
    withhold(i);
  }
  return withheld;
}

}  // namespace vardkedja::reporting::domain
