// A stream of answers from a service, for those who are not on a completion queue of the proxy.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <string>

namespace vardkedja::gateway {

// Reads one item when it is asked for one, so that nothing piles up. Deletes itself at its end.
class UpstreamStream final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Called on gRPC's threads and must not block. `item` once per Next that found one; `end` once,
  // as the last thing: then the stream is gone.
  struct Listener {
    std::function<void(const grpc::ByteBuffer&)> item;
    std::function<void(const grpc::Status&)> end;
  };

  // `context` lives until the end. To give up, cancel it and ask for items until the end comes.
  static UpstreamStream* Start(grpc::GenericStub& stub, grpc::ClientContext& context,
                               const std::string& path, grpc::ByteBuffer request,
                               Listener listener);

  // Asks for the next item. Not before the one asked for has come, and not after the end.
  void Next();

 private:
  UpstreamStream(grpc::ByteBuffer request, Listener listener)
      : request_(std::move(request)), listener_(std::move(listener)) {}

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  const grpc::ByteBuffer request_;
  grpc::ByteBuffer item_;
  const Listener listener_;
};

}  // namespace vardkedja::gateway
