#include "lib/audit/trail.h"

namespace vardkedja::audit {

std::vector<std::string> SplitList(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (end != 0) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::vector<std::string> CategoriesOf(const TrailRow& row) {
  constexpr std::string_view kKey = "categories=";
  for (const std::string& detail : row.details) {
    if (!detail.starts_with(kKey)) continue;
    return SplitList(std::string_view(detail).substr(kKey.size()), '+');
  }
  return {};
}

}  // namespace vardkedja::audit
