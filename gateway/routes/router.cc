#include "gateway/routes/router.h"

#include <algorithm>
#include <utility>

namespace vardkedja::gateway {

Router::Router(const Contract& contract) {
  for (const Binding& binding : contract.bindings()) {
    by_length_[binding.path.segments().size()].push_back(&binding);
  }
}

RouteResult Router::Find(std::string_view verb, const std::vector<std::string>& segments) const {
  RouteResult result;
  const auto candidates = by_length_.find(segments.size());
  if (candidates == by_length_.end()) return result;
  for (const Binding* binding : candidates->second) {
    auto values = binding->path.Match(segments);
    if (!values.has_value()) continue;
    if (binding->verb == verb) {
      result.binding = binding;
      result.values = *std::move(values);
      return result;
    }
    result.allowed.push_back(binding->verb);
  }
  std::sort(result.allowed.begin(), result.allowed.end());
  result.allowed.erase(std::unique(result.allowed.begin(), result.allowed.end()),
                       result.allowed.end());
  return result;
}

}  // namespace vardkedja::gateway
