// The calls that are measured, and the doors they go through.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/suite.h"

namespace vardkedja::bench {

// What a call is made on: a case, a bed or an offer, with its etag where it has one.
struct Item {
  std::string id;
  std::string etag;
};

// "<id> <etag>" lines; beds have "-".
std::vector<Item> ReadItems(const std::string& path);

struct Call {
  std::string name;
  std::string service;  // "referral"
  std::string method;   // "/package.Service/Method"
  e2e::Actor actor;
  std::string (*bytes)(const Item& item);
  bool once;  // an item can be used but once
  // What is done with an item just before, unmeasured: the service then holds in memory what it
  // held in the call whose statements pgbench repeats. Empty: nothing.
  std::string before = {};
};

// submit, read, offer, accept or enrol. Throws when there is no such call.
const Call& CallNamed(const std::string& name);

// One door of the suite: the gateway, or a service as the gateway sees it. Thread-safe.
class Door {
 public:
  Door(const std::string& state, const std::string& service, bool direct);

  // Runs `done` when the call has ended.
  void Start(const Call& call, const Item& item, std::function<void(const grpc::Status&)> done);
  // The same of a call that does nothing.
  void StartEmpty(std::function<void(const grpc::Status&)> done);

 private:
  void Send(const std::string& method, const std::string& request, const e2e::Actor& actor,
            std::function<void(const grpc::Status&)> done);

  std::map<std::string, std::string> tokens_;  // by role; whole after construction
  std::unique_ptr<grpc::GenericStub> stub_;
};

}  // namespace vardkedja::bench
