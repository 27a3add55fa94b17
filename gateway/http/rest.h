// The REST edge: finds the route, admits the call, turns JSON into the request message, calls the
// service by gRPC and turns its answer into JSON.
#pragma once

#include <boost/beast/http/message.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/auth/admission.h"
#include "gateway/grpc/proxy.h"
#include "gateway/grpc/upstream_stream.h"
#include "gateway/http/problem.h"
#include "gateway/http/transcode.h"
#include "gateway/routes/router.h"
#include "vardkedja/common/v1/file.pb.h"

namespace vardkedja::gateway {

using HttpHeader = boost::beast::http::request_header<>;

// One request from its header to its answer.
class RestCall {
 public:
  // Cancels the upstream call, if there is one. Any thread.
  void Cancel();

  // Whether the answer is a stream: of events or, then, of a file's bytes.
  bool streaming() const { return binding_->method->streaming; }
  bool file() const { return binding_->method->file; }

 private:
  friend class Rest;

  std::chrono::steady_clock::time_point started_at_;
  CallIds ids_;
  std::string report_name_ = "unknown";  // "GET /route/{template}"
  const Binding* binding_ = nullptr;
  RestInput input_;
  std::string if_none_match_;
  std::optional<AdmittedCall> admitted_;
  std::optional<common::v1::FileHead> head_;  // of a file, once it has come
  std::int64_t bytes_left_ = 0;
  grpc::ClientContext context_;
  bool started_ = false;
  bool cancelled_ = false;
  std::mutex mutex_;  // of started_ and cancelled_
};

// Thread-safe.
class Rest {
 public:
  // `openapi` is the document of /openapi.json, `version` that of /api-info.
  Rest(const EdgeParts& parts, std::string openapi, std::string version);

  // Decides on the header alone: what is refused here never has its body read. Either an answer or
  // a call to go on with.
  std::variant<HttpResponse, std::shared_ptr<RestCall>> Begin(const HttpHeader& header);

  // Goes on with the body. `done` runs once, on this thread or on one of gRPC's.
  void Complete(const std::shared_ptr<RestCall>& call, std::string_view body,
                std::function<void(HttpResponse)> done);

  // Streams, in rest_stream.cc. Opens one upstream, or refuses; then there is none.
  std::variant<HttpResponse, UpstreamStream*> Open(const std::shared_ptr<RestCall>& call,
                                                   UpstreamStream::Listener listener);
  // The answer's header; of events nothing is told of the length. Of a file, after its first item.
  HttpResponse StreamHeader(RestCall& call);
  // The bytes of one event, or of one part of a file, once the caller has been looked at again.
  absl::StatusOr<std::string> BytesOfItem(RestCall& call, const grpc::ByteBuffer& item);
  // Why the stream should end now, if it should.
  std::optional<absl::Status> EndOfStream(const RestCall& call, bool stopping);
  // Once, at the end: what is still to be told. A problem when nothing was sent before, else bytes
  // that follow the last event. `ending` is why we ended it, if we did. A file that breaks off has
  // no words for it: its connection ends before the length that was told.
  std::variant<HttpResponse, std::string> Close(RestCall& call, const grpc::Status& upstream,
                                                const std::optional<absl::Status>& ending,
                                                bool begun);

  // Answers an error of HTTP itself: 400, 408, 413, 431, 503. `call` may be null.
  HttpResponse Fail(RestCall* call, int http_status, std::string_view reason,
                    std::string_view message);

 private:
  HttpResponse FileHeader(const RestCall& call);
  absl::StatusOr<std::string> BytesOfPart(RestCall& call, const grpc::ByteBuffer& item);
  HttpResponse Refuse(RestCall& call, const absl::Status& status,
                      std::optional<int> http_status = std::nullopt);
  std::optional<HttpResponse> FindRoute(RestCall& call, const HttpHeader& header);
  std::optional<HttpResponse> ServeDocument(RestCall& call, std::string_view verb,
                                            const std::vector<std::string>& segments);
  std::optional<HttpResponse> CheckContent(RestCall& call, const HttpHeader& header);
  HttpResponse Answer(RestCall& call, const grpc::Status& status, const grpc::ByteBuffer& bytes);
  void Report(const RestCall& call, const absl::Status& status);
  HttpResponse Finish(RestCall& call, HttpResponse response);

  const EdgeParts parts_;
  const Router router_;
  const Transcoder transcoder_;
  const std::string openapi_;
  const std::string api_info_;
};

}  // namespace vardkedja::gateway
