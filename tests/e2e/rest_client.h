// A plain HTTP/1.1 client for the public REST door: what a municipality's own system would use.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace vardkedja::e2e {

struct RestReply {
  int status = 0;                              // 0 when the door could not be reached
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body = {};

  nlohmann::json Json() const { return nlohmann::json::parse(body, nullptr, false); }
};

struct RestRequest {
  std::string method = "GET";
  std::string target = "/";
  std::map<std::string, std::string> headers = {};
  std::string body = {};
};

// One connection per call; waits at most 35 s. Thread-safe.
RestReply CallRest(std::string_view address, const RestRequest& request);

}  // namespace vardkedja::e2e
