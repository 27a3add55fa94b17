#include "gateway/grpc/upstream_stream.h"

#include <memory>
#include <utility>

namespace vardkedja::gateway {

UpstreamStream* UpstreamStream::Start(grpc::GenericStub& stub, grpc::ClientContext& context,
                                      const std::string& path, grpc::ByteBuffer request,
                                      Listener listener) {
  auto* stream = new UpstreamStream(std::move(request), std::move(listener));
  stub.PrepareBidiStreamingCall(&context, path, {}, stream);
  // Reads begin outside gRPC's reactions; the hold keeps the call open between them.
  stream->AddHold();
  stream->StartWriteLast(&stream->request_, grpc::WriteOptions());
  stream->StartCall();
  return stream;
}

void UpstreamStream::Next() { StartRead(&item_); }

void UpstreamStream::OnReadDone(bool ok) {
  if (!ok) return RemoveHold();
  listener_.item(item_);
}

void UpstreamStream::OnDone(const grpc::Status& status) {
  const std::unique_ptr<UpstreamStream> last(this);
  listener_.end(status);
}

}  // namespace vardkedja::gateway
