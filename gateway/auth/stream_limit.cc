#include "gateway/auth/stream_limit.h"

namespace vardkedja::gateway {

StreamSeat::~StreamSeat() { limit_.GiveBack(caller_); }

std::shared_ptr<const StreamSeat> StreamLimit::Take(std::string_view caller) {
  const std::lock_guard lock(mutex_);
  if (taken_ >= most_) return nullptr;
  const auto own = by_caller_.find(caller);
  if (own != by_caller_.end() && own->second >= most_per_caller_) return nullptr;
  std::shared_ptr<const StreamSeat> seat(new StreamSeat(*this, std::string(caller)));
  ++by_caller_[std::string(caller)];
  ++taken_;
  return seat;
}

int StreamLimit::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

void StreamLimit::GiveBack(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  const auto own = by_caller_.find(caller);
  if (--own->second == 0) by_caller_.erase(own);
  --taken_;
}

}  // namespace vardkedja::gateway
