#include "gateway/grpc/upstream_health.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <utility>
#include <vector>

namespace vardkedja::gateway {
namespace {

constexpr std::chrono::milliseconds kPatience{1000};
constexpr char kCheck[] = "/grpc.health.v1.Health/Check";

// HealthCheckResponse{status: SERVING} is the bytes 08 01; the request for the whole process is
// empty.
bool IsServing(const grpc::ByteBuffer& answer) {
  grpc::Slice slice;
  if (!answer.DumpToSingleSlice(&slice).ok() || slice.size() != 2) return false;
  return slice.begin()[0] == 0x08 && slice.begin()[1] == 0x01;
}

bool Ask(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const grpc::Slice empty;
  const grpc::ByteBuffer request(&empty, 1);
  const auto call = stub.PrepareUnaryCall(&context, kCheck, request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  return status.ok() && IsServing(response);
}

}  // namespace

UpstreamHealth::UpstreamHealth(Channels channels, std::chrono::milliseconds interval, Report report)
    : channels_(std::move(channels)),
      interval_(interval),
      report_(std::move(report)),
      thread_([this] { Run(); }) {}

UpstreamHealth::~UpstreamHealth() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void UpstreamHealth::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    for (const auto& [part, channel] : channels_) report_(part, Ask(channel));
    lock.lock();
    wake_.wait_for(lock, interval_, [this] { return stopping_; });
  }
}

}  // namespace vardkedja::gateway
