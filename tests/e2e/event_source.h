// A client of server-sent events, as a municipality's own display would have one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/e2e/rest_client.h"

namespace vardkedja::e2e {

struct ServerEvent {
  std::string id;
  std::string name;  // empty for a message
  std::string data;
};

// One open stream. Each wait takes at most 30 s. Not thread-safe.
class EventSource {
 public:
  EventSource(std::string_view address, const RestRequest& request);
  ~EventSource();
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;

  int status() const { return status_; }               // 0 when the door could not be reached
  const std::string& body() const { return buffer_; }  // of an answer that is no stream
  // The next event, comments left out; nothing at the end.
  std::optional<ServerEvent> Next();

 private:
  struct Connection;
  bool Fill();

  std::unique_ptr<Connection> connection_;
  int status_ = 0;
  std::string buffer_;
};

}  // namespace vardkedja::e2e
