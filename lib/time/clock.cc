#include "lib/time/clock.h"

#include <fstream>
#include <utility>

namespace vardkedja {
namespace {

constexpr std::chrono::milliseconds kReadEvery{20};

Instant RealNow() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

Instant SystemClock::Now() const { return RealNow(); }

OffsetFileClock::OffsetFileClock(std::string path) : path_(std::move(path)) {}

Instant OffsetFileClock::Now() const {
  const Instant real = RealNow();
  const std::lock_guard lock(mutex_);
  if (real - read_at_ >= kReadEvery) {
    std::ifstream file(path_);
    long long seconds = 0;
    if (file >> seconds) offset_ = std::chrono::seconds(seconds);
    read_at_ = real;
  }
  return real + offset_;
}

Instant FakeClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void FakeClock::Advance(std::chrono::microseconds by) {
  const std::lock_guard lock(mutex_);
  now_ += by;
}

void FakeClock::Set(Instant now) {
  const std::lock_guard lock(mutex_);
  now_ = now;
}

}  // namespace vardkedja
