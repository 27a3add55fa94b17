// One call through the proxy. Lives on one completion queue, whose single thread runs everything in
// it, so there is nothing to lock. Used by proxy.cc only.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/support/async_unary_call.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "gateway/grpc/proxy.h"

namespace vardkedja::gateway {

class ProxyCall;

// What the calls of one completion queue share.
struct ProxyLane {
  ProxyLane(const ProxyOptions& options_in, const EdgeParts& parts_in,
            const Reflection& reflection_in, grpc::AsyncGenericService& service_in,
            std::atomic<int>& calls_in)
      : options(options_in),
        parts(parts_in),
        reflection(reflection_in),
        service(service_in),
        calls(calls_in) {}

  const ProxyOptions& options;
  const EdgeParts& parts;
  const Reflection& reflection;
  grpc::AsyncGenericService& service;
  std::atomic<int>& calls;  // of all lanes
  std::unique_ptr<grpc::ServerCompletionQueue> queue;
  std::unordered_set<ProxyCall*> open;  // accepted or waiting to be
};

class ProxyCall {
 public:
  // What a completion queue hands back.
  struct Tag {
    ProxyCall* call;
    void (ProxyCall::*handler)(bool ok);
  };

  // Waits for the next call. Deletes itself at its end.
  static void Accept(ProxyLane& lane);
  ~ProxyCall();
  ProxyCall(const ProxyCall&) = delete;
  ProxyCall& operator=(const ProxyCall&) = delete;

  // Runs the tag's handler, and ends the call when nothing more is outstanding.
  static void Handle(const Tag& tag, bool ok);

  // Cancels a call that has waited for too long for its request, or for its reader to take an item
  // of a stream; ends a stream when its time is over or the gateway is `stopping`.
  void Supervise(bool stopping);

 private:
  explicit ProxyCall(ProxyLane& lane);

  Tag* Expect(Tag& tag) {
    ++outstanding_;
    return &tag;
  }
  void OnAccepted(bool ok);
  void OnRead(bool ok);
  void OnAnswered(bool ok);
  void OnQuestion(bool ok);
  void OnQuestionAnswered(bool ok);
  void OnSent(bool ok);
  void OnEnded(bool ok);
  // Streams, in proxy_stream.cc.
  void OnStreamStarted(bool ok);
  void OnStreamAsked(bool ok);
  void OnItem(bool ok);
  void OnItemSent(bool ok);
  void OnStreamEnded(bool ok);

  void Begin();
  void BeginReflection();
  void CallUpstream();
  void ReadItem();
  void EndStream(absl::Status status);
  void SuperviseStream(bool stopping);
  void Refuse(const absl::Status& status);
  void Send(const grpc::Status& status);
  void ForwardInitialMetadata();
  void ForwardTrailingMetadata();
  CallHeaders Headers() const;
  std::optional<std::chrono::milliseconds> Timeout() const;

  ProxyLane& lane_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;

  std::optional<grpc::ClientContext> upstream_context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> upstream_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> upstream_stream_;
  grpc::Status upstream_status_;

  CallIds ids_;
  std::optional<AdmittedCall> admitted_;
  const Method* method_ = nullptr;
  std::chrono::steady_clock::time_point started_at_;
  absl::Status outcome_;

  int outstanding_ = 0;
  bool accepted_ = false;
  bool receiving_ = false;
  bool cancelled_ = false;
  bool begun_ = false;                  // a first item has come
  bool writing_ = false;                // an item is on its way to the caller
  std::optional<absl::Status> ending_;  // why we end the stream, if it is us
  std::chrono::steady_clock::time_point write_began_;

  Tag on_accepted_{this, &ProxyCall::OnAccepted};
  Tag on_read_{this, &ProxyCall::OnRead};
  Tag on_answered_{this, &ProxyCall::OnAnswered};
  Tag on_question_{this, &ProxyCall::OnQuestion};
  Tag on_question_answered_{this, &ProxyCall::OnQuestionAnswered};
  Tag on_sent_{this, &ProxyCall::OnSent};
  Tag on_ended_{this, &ProxyCall::OnEnded};
  Tag on_stream_started_{this, &ProxyCall::OnStreamStarted};
  Tag on_stream_asked_{this, &ProxyCall::OnStreamAsked};
  Tag on_item_{this, &ProxyCall::OnItem};
  Tag on_item_sent_{this, &ProxyCall::OnItemSent};
  Tag on_stream_ended_{this, &ProxyCall::OnStreamEnded};
};

}  // namespace vardkedja::gateway
