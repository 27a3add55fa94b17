#include "gateway/testing/fake_upstream.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "gateway/grpc/upstream.h"
#include "gateway/testing/contract.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"
#include "vardkedja/common/v1/file.pb.h"

namespace vardkedja::gateway {
namespace {

using google::protobuf::Message;

constexpr std::size_t kLargeBytes = 3 << 20;
constexpr std::int64_t kFloodBytes = 64 << 10;
constexpr std::int64_t kFileBytes = 3 * kFloodBytes - 100;
constexpr char kCallId[] = "00000000-0000-4000-8000-000000000000";

std::string Text(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

void SetText(Message& message, const char* name, std::string value) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) message.GetReflection()->SetString(&message, field, std::move(value));
}

absl::Status Failure(const std::string& behaviour) {
  if (behaviour == "illegal") {
    ErrorDetail detail;
    detail.reason = "ILLEGAL_STATE";
    detail.metadata = {{"state", "draft"}, {"allowed_actions", "submit,withdraw"}};
    return MakeError(absl::StatusCode::kFailedPrecondition, "Not in this state.", detail);
  }
  if (behaviour == "stale") {
    return MakeError(absl::StatusCode::kAborted, "Changed meanwhile.", "STALE_ETAG");
  }
  if (behaviour == "invalid") {
    return InvalidFields({{"form.person.identity_number", "CHECKSUM", "Not a number of anyone.",
                           "Inte någons nummer."}});
  }
  return absl::OkStatus();
}

std::string BytesOfThing(std::int64_t from, std::int64_t bytes) {
  std::string text;
  for (std::int64_t i = from; i < from + bytes; ++i) text += static_cast<char>('a' + i % 23);
  return text;
}

}  // namespace

std::string FileOfThing() { return BytesOfThing(0, kFileBytes); }

class FakeUpstream::Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(grpc::GenericCallbackServerContext& context, Seen& seen, Watchers& watchers)
      : context_(context), seen_(seen), watchers_(watchers) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    const auto* method = TestContract().FindMethod(context_.method());
    if (method == nullptr) return Finish({grpc::StatusCode::UNIMPLEMENTED, "unknown"});
    const std::string bytes = BytesOf(request_);
    Record(bytes);
    const auto request = TestContract().NewMessage(method->descriptor->input_type());
    request->ParseFromString(bytes);
    const std::string behaviour = Text(*request, "behaviour") + Text(*request, "reason");
    if (behaviour == "wait") return;  // OnCancel ends it
    if (behaviour == "bare") {
      return Finish({grpc::StatusCode::UNKNOWN, "driver text with 10.0.0.1"});
    }
    const absl::Status failure = Failure(behaviour);
    if (!failure.ok()) return Finish(rpc::ToGrpc(failure, kCallId));
    if (method->file) return Download(*request, behaviour);
    if (method->streaming) return Follow(*request, behaviour);
    Answer(*method, *request, behaviour);
  }

  void OnWriteDone(bool ok) override {
    bool gone = false;
    {
      const std::lock_guard lock(seen_.mutex);
      writing_ = false;
      gone = gone_;
      if (gone && std::exchange(finished_, true)) return;
    }
    if (gone) return ServerBidiReactor::Finish(grpc::Status::CANCELLED);
    if (ok && file_) AdvanceFile();
    if (ok && following_) Advance();
  }

  // Tells the next item, if there is one and the one before has been taken.
  void Advance() {
    bool over = false;
    {
      const std::lock_guard lock(seen_.mutex);
      if (finished_ || writing_) return;
      const bool flood = behaviour_ == "flood";
      if (!flood && position_ >= seen_.head) {
        if (behaviour_ != "ends" && behaviour_ != "fails") return;
        finished_ = over = true;
      } else {
        WriteSoon(Update(flood));
      }
    }
    if (!over) return StartWrite(&response_);
    ServerBidiReactor::Finish(behaviour_ == "ends" ? grpc::Status::OK
                                                   : rpc::ToGrpc(Failure("illegal"), kCallId));
  }

  // The same of a file.
  void AdvanceFile() {
    bool over = false;
    {
      const std::lock_guard lock(seen_.mutex);
      if (finished_) return;
      const bool some = told_ > 1;
      const bool cut = some && (behaviour_ == "fails" || behaviour_ == "short");
      if (some && behaviour_ == "pauses") return;
      over = cut || position_ >= FileBytes() + (behaviour_ == "long" ? 1 : 0);
      finished_ = over;
      if (!over) WriteSoon(Part());
    }
    if (!over) return StartWrite(&response_);
    ServerBidiReactor::Finish(behaviour_ == "fails" ? rpc::ToGrpc(Failure("illegal"), kCallId)
                                                    : grpc::Status::OK);
  }

  void OnCancel() override {
    {
      const std::lock_guard lock(seen_.mutex);
      ++seen_.cancelled;
      seen_.changed.notify_all();
      // What is being written ends first.
      gone_ = true;
      if (writing_ || std::exchange(finished_, true)) return;
    }
    ServerBidiReactor::Finish(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    {
      const std::lock_guard lock(watchers_.mutex);
      watchers_.reactors.erase(this);
    }
    delete this;
  }

 private:
  void Download(const Message& request, const std::string& behaviour) {
    behaviour_ = behaviour;
    position_ = request.GetReflection()->GetInt64(
        request, request.GetDescriptor()->FindFieldByName("offset"));
    if (position_ >= FileBytes()) {
      return Finish(rpc::ToGrpc(
          MakeError(absl::StatusCode::kOutOfRange, "Beyond the end.", "OFFSET_BEYOND_END"),
          kCallId));
    }
    file_ = true;
    AdvanceFile();
  }

  std::int64_t FileBytes() const { return behaviour_ == "flood" ? 1 << 30 : kFileBytes; }

  std::unique_ptr<Message> Update(bool flood) {
    auto item = TestContract().NewMessage(
        TestContract().FindMethod(context_.method())->descriptor->output_type());
    const auto* type = item->GetDescriptor();
    item->GetReflection()->SetInt64(item.get(), type->FindFieldByName("sequence"), ++position_);
    Message* thing =
        item->GetReflection()->MutableMessage(item.get(), type->FindFieldByName("thing"));
    SetText(*thing, "thing_id", "t-" + std::to_string(position_));
    if (flood)
      SetText(*thing, "display_name", std::string(static_cast<std::size_t>(kFloodBytes), 'x'));
    return item;
  }

  std::unique_ptr<Message> Part() {
    auto part = std::make_unique<common::v1::FilePart>();
    if (told_++ == 0) {
      part->mutable_head()->set_media_type("application/pdf");
      part->mutable_head()->set_byte_size(FileBytes());
      part->mutable_head()->set_offset(position_);
      part->mutable_head()->set_sha256("not really a digest");
      return part;
    }
    const std::int64_t left = std::max<std::int64_t>(1, FileBytes() - position_);
    const auto bytes = std::min<std::int64_t>(left, kFloodBytes);
    part->set_data(behaviour_ == "flood" ? std::string(static_cast<std::size_t>(bytes), 'x')
                                         : BytesOfThing(position_, bytes));
    position_ += static_cast<std::int64_t>(part->data().size());
    return part;
  }

  void WriteSoon(const std::unique_ptr<Message>& item) {
    writing_ = true;
    ++seen_.items;
    const grpc::Slice slice(item->SerializeAsString());
    response_ = grpc::ByteBuffer(&slice, 1);
  }

  void Follow(const Message& request, const std::string& behaviour) {
    behaviour_ = behaviour;
    position_ = request.GetReflection()->GetInt64(
        request, request.GetDescriptor()->FindFieldByName("after_sequence"));
    following_ = true;
    const std::lock_guard lock(watchers_.mutex);
    watchers_.reactors.insert(this);
    Advance();
  }

  void Finish(const grpc::Status& status) {
    {
      const std::lock_guard lock(seen_.mutex);
      if (std::exchange(finished_, true)) return;
    }
    ServerBidiReactor::Finish(status);
  }

  void Record(const std::string& bytes) {
    const std::lock_guard lock(seen_.mutex);
    seen_.metadata.clear();
    for (const auto& [key, value] : context_.client_metadata()) {
      seen_.metadata[std::string(key.data(), key.size())] = std::string(value.data(), value.size());
    }
    const auto left = context_.deadline() - std::chrono::system_clock::now();
    seen_.metadata[":method"] = context_.method();
    seen_.metadata[":timeout_ms"] =
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
    seen_.request = bytes;
    ++seen_.calls;
    seen_.changed.notify_all();
  }

  void Answer(const Method& method, const Message& request, const std::string& behaviour) {
    const auto response = TestContract().NewMessage(method.descriptor->output_type());
    SetText(*response, "thing_id", Text(request, "thing_id"));
    SetText(*response, "etag", "v1");
    if (behaviour == "large") SetText(*response, "display_name", std::string(kLargeBytes, 'x'));
    if (behaviour == "metadata") {
      context_.AddInitialMetadata("x-served-by", "fake");
      context_.AddTrailingMetadata("x-cost", "7");
      context_.AddTrailingMetadata("x-binary-bin", std::string("\0\xff", 2));
    }
    const grpc::Slice slice(response->SerializeAsString());
    response_ = grpc::ByteBuffer(&slice, 1);
    {
      const std::lock_guard lock(seen_.mutex);
      if (std::exchange(finished_, true)) return;
    }
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }

  grpc::GenericCallbackServerContext& context_;
  Seen& seen_;
  Watchers& watchers_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  std::string behaviour_;  // of a stream
  bool following_ = false;
  bool file_ = false;
  int told_ = 0;               // head and parts of a file
  std::int64_t position_ = 0;  // these under seen_.mutex
  bool writing_ = false;
  bool gone_ = false;  // the caller
  bool finished_ = false;
};

class FakeUpstream::Service final : public grpc::CallbackGenericService {
 public:
  Service(Seen& seen, Watchers& watchers) : seen_(seen), watchers_(watchers) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Reactor(*context, seen_, watchers_);
  }

 private:
  Seen& seen_;
  Watchers& watchers_;
};

FakeUpstream::FakeUpstream(int port) : service_(std::make_unique<Service>(seen_, watchers_)) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(),
                           &port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(1 << 20);  // as the real services: less than the gateway takes
  builder.RegisterCallbackGenericService(service_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) throw std::runtime_error("the fake upstream cannot listen");
}

FakeUpstream::~FakeUpstream() { Kill(); }

void FakeUpstream::Kill() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

void FakeUpstream::Publish(int count) {
  {
    const std::lock_guard lock(seen_.mutex);
    seen_.head += count;
  }
  const std::lock_guard lock(watchers_.mutex);
  for (Reactor* reactor : watchers_.reactors) reactor->Advance();
}

int FakeUpstream::items() const {
  const std::lock_guard lock(seen_.mutex);
  return seen_.items;
}

std::map<std::string, std::string> FakeUpstream::last_metadata() const {
  const std::lock_guard lock(seen_.mutex);
  return seen_.metadata;
}

std::string FakeUpstream::last_request() const {
  const std::lock_guard lock(seen_.mutex);
  return seen_.request;
}

int FakeUpstream::calls() const {
  const std::lock_guard lock(seen_.mutex);
  return seen_.calls;
}

bool FakeUpstream::AwaitCalls(int count, std::chrono::milliseconds patience) const {
  std::unique_lock lock(seen_.mutex);
  return seen_.changed.wait_for(lock, patience, [&] { return seen_.calls >= count; });
}

bool FakeUpstream::AwaitCancelled(int count, std::chrono::milliseconds patience) const {
  std::unique_lock lock(seen_.mutex);
  return seen_.changed.wait_for(lock, patience, [&] { return seen_.cancelled >= count; });
}

}  // namespace vardkedja::gateway
