#include "gateway/auth/rate_limit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace vardkedja::gateway {

RateLimiter::RateLimiter(double rate, double burst, std::size_t max_principals)
    : rate_(rate), burst_(burst), max_principals_(max_principals) {}

double RateLimiter::Refilled(const Bucket& bucket, Time now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  return std::min(burst_, bucket.tokens + std::max(0.0, seconds) * rate_);
}

void RateLimiter::Forget(Time now) {
  std::erase_if(buckets_, [&](const auto& entry) { return Refilled(entry.second, now) >= burst_; });
  if (buckets_.size() >= max_principals_) buckets_.clear();
}

std::optional<std::chrono::milliseconds> RateLimiter::Take(std::string_view principal, Time now) {
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(principal);
  if (found == buckets_.end()) {
    if (buckets_.size() >= max_principals_) Forget(now);
    found = buckets_.emplace(std::string(principal), Bucket{burst_, now}).first;
  }
  Bucket& bucket = found->second;
  bucket.tokens = Refilled(bucket, now);
  bucket.at = std::max(bucket.at, now);
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  const double wait_ms = (1 - bucket.tokens) / rate_ * 1000;
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(wait_ms)));
}

}  // namespace vardkedja::gateway
