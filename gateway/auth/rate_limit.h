// A token bucket per principal, so that one client's loop does not starve the others.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace vardkedja::gateway {

// Thread-safe. Per process: with N replicas a principal gets up to N times the rate.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `rate` tokens per second, at most `burst` saved up, both above 0. Remembers at most
  // `max_principals`; beyond that the idle ones are forgotten, and if none is idle, all.
  RateLimiter(double rate, double burst, std::size_t max_principals = 10'000);

  // Takes a token; nothing when there was one, else how long until there is.
  std::optional<std::chrono::milliseconds> Take(std::string_view principal, Time now);

 private:
  struct Bucket {
    double tokens = 0;
    Time at{};
  };
  void Forget(Time now);
  double Refilled(const Bucket& bucket, Time now) const;

  const double rate_;
  const double burst_;
  const std::size_t max_principals_;
  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace vardkedja::gateway
