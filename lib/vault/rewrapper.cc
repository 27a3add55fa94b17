#include <condition_variable>
#include <mutex>
#include <thread>

#include "lib/vault/vault.h"

namespace vardkedja::vault {

class Rewrapper::Impl {
 public:
  Impl(Vault& vault, std::chrono::milliseconds interval)
      : vault_(vault), interval_(interval), thread_([this] { Loop(); }) {}

  ~Impl() { Stop(); }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  static constexpr size_t kBatch = 500;

  void Loop() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      const auto done = vault_.Rewrap(kBatch);
      lock.lock();
      // A full batch means that more wait.
      if (done.ok() && *done == kBatch) continue;
      wake_.wait_for(lock, interval_, [this] { return stopping_; });
    }
  }

  Vault& vault_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

Rewrapper::Rewrapper(Vault& vault, std::chrono::milliseconds interval)
    : impl_(std::make_unique<Impl>(vault, interval)) {}
Rewrapper::~Rewrapper() = default;
void Rewrapper::Stop() { impl_->Stop(); }

}  // namespace vardkedja::vault
