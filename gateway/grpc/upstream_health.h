// Asks every upstream how it is, so that the gateway's own health service can tell.
#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace vardkedja::gateway {

// Asks grpc.health.v1.Health/Check of every part, one after another, on a thread of its own.
class UpstreamHealth {
 public:
  using Channels = std::map<std::string, std::shared_ptr<grpc::Channel>>;
  // Called for every part after each round, on that thread.
  using Report = std::function<void(const std::string& part, bool serving)>;

  UpstreamHealth(Channels channels, std::chrono::milliseconds interval, Report report);
  ~UpstreamHealth();
  UpstreamHealth(const UpstreamHealth&) = delete;
  UpstreamHealth& operator=(const UpstreamHealth&) = delete;

 private:
  void Run();

  const Channels channels_;
  const std::chrono::milliseconds interval_;
  const Report report_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace vardkedja::gateway
