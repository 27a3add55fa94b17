// Where domain time comes from. Leases use the database's clock and tokens use real time; neither
// goes through here.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "lib/time/time.h"

namespace vardkedja {

// The current domain time. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

// Real time.
class SystemClock final : public Clock {
 public:
  Instant Now() const override;
};

// Real time plus an offset in whole seconds that a file holds, so that all processes of a
// development suite can be moved together. The file is looked at no more than every 20 ms; a
// missing or malformed file means no offset. Refused in production by lib/config.
class OffsetFileClock final : public Clock {
 public:
  explicit OffsetFileClock(std::string path);
  Instant Now() const override;

 private:
  const std::string path_;
  mutable std::mutex mutex_;
  mutable Instant read_at_{};
  mutable std::chrono::seconds offset_{0};
};

// Stands still until told; for tests.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant start) : now_(start) {}
  Instant Now() const override;
  void Advance(std::chrono::microseconds by);
  void Set(Instant now);

 private:
  mutable std::mutex mutex_;
  Instant now_;
};

}  // namespace vardkedja
