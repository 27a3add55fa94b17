// Closed-loop load: a fixed number of calls in flight, each followed by the next.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>

namespace vardkedja::bench {

struct Figures {
  int calls = 0;
  int failed = 0;
  double per_second = 0;
  std::chrono::microseconds p50{};
  std::chrono::microseconds p99{};
};

// Starts one call and runs `done` when it has ended. `number` counts from 0 and never repeats.
// Returns false, without a call, when there is nothing left to do.
using StartCall = std::function<bool(int number, std::function<void(const grpc::Status&)> done)>;

// Keeps `in_flight` calls going until `limit` of them were started or `duration` is over.
Figures RunLoad(int in_flight, int limit, std::chrono::milliseconds duration,
                const StartCall& start);

}  // namespace vardkedja::bench
