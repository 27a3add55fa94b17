// Finds the REST route of a request.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/routes/contract.h"

namespace vardkedja::gateway {

// What a path leads to.
struct RouteResult {
  const Binding* binding = nullptr;  // null when no route answers the verb
  std::vector<std::string> values;   // of the template's variables, in order
  std::vector<std::string>
      allowed;  // verbs of the path when `binding` is null; empty: no such path
};

// Thread-safe. The contract must outlive it.
class Router {
 public:
  explicit Router(const Contract& contract);

  // `segments` are percent-decoded.
  RouteResult Find(std::string_view verb, const std::vector<std::string>& segments) const;

 private:
  std::map<std::size_t, std::vector<const Binding*>> by_length_;  // each in order of precedence
};

}  // namespace vardkedja::gateway
