#include "lib/auth/jwks_file.h"

#include <curl/curl.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string_view>
#include <thread>

#include "lib/auth/jose.h"
#include "lib/status/status.h"

namespace vardkedja::auth {
namespace {

constexpr std::size_t kJwksBytes = 256 * 1024;

absl::Status Invalid(std::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message, "JWKS_INVALID");
}

bool IsUrl(std::string_view source) { return source.find("://") != std::string_view::npos; }

bool IsAllowed(std::string_view url) {
  if (url.starts_with("https://")) return true;
  for (const std::string_view host : {"http://127.0.0.1", "http://localhost"}) {
    if (url.starts_with(host) && url.size() > host.size() &&
        (url[host.size()] == ':' || url[host.size()] == '/')) {
      return true;
    }
  }
  return false;
}

std::size_t Receive(const char* data, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > kJwksBytes) return 0;  // the driver gives up
  text.append(data, size * count);
  return size * count;
}

absl::StatusOr<std::string> Fetch(const JwksFileOptions& options) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return absl::UnavailableError("no memory for a request");
  std::string body;
  curl_easy_setopt(curl.get(), CURLOPT_URL, options.source.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Receive);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  if (curl_easy_perform(curl.get()) != CURLE_OK) {
    return absl::UnavailableError("the address does not answer");
  }
  long code = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &code);
  if (code != 200) return absl::UnavailableError("the address does not answer with 200");
  VK_RETURN_IF_ERROR(jose::ParseJwks(body).status());
  return body;
}

absl::Status Replace(const std::string& path, const std::string& text) {
  const std::string draft = path + ".new";
  {
    std::ofstream file(draft, std::ios::binary | std::ios::trunc);
    file << text;
    if (!file.flush()) return Invalid("the cache of the JWKS cannot be written");
  }
  std::error_code error;
  std::filesystem::rename(draft, path, error);
  return error ? Invalid("the cache of the JWKS cannot be written") : absl::OkStatus();
}

}  // namespace

class JwksFile::Impl {
 public:
  explicit Impl(JwksFileOptions options) : options_(std::move(options)) {}
  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Start() {
    if (!IsUrl(options_.source)) return absl::OkStatus();
    if (!IsAllowed(options_.source)) return Invalid("a URL of keys is https, or of this machine");
    if (options_.cache.empty()) return Invalid("a URL of keys needs a file to keep them in");
    const absl::Status first = Refresh();
    if (!first.ok() && !std::filesystem::exists(options_.cache)) return first;
    thread_ = std::thread([this] { Loop(); });
    return absl::OkStatus();
  }

  const std::string& path() const {
    return IsUrl(options_.source) ? options_.cache : options_.source;
  }
  int failures() const { return failures_; }

 private:
  absl::Status Refresh() {
    const auto text = Fetch(options_);
    absl::Status status = text.ok() ? Replace(options_.cache, *text) : text.status();
    if (!status.ok()) ++failures_;
    return status;
  }

  void Loop() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, options_.refresh, [this] { return stopping_; })) {
      lock.unlock();
      Refresh().IgnoreError();  // counted; the keys we have stay
      lock.lock();
    }
  }

  const JwksFileOptions options_;
  std::atomic<int> failures_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

JwksFile::JwksFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JwksFile::~JwksFile() = default;

absl::StatusOr<std::unique_ptr<JwksFile>> JwksFile::Open(JwksFileOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  VK_RETURN_IF_ERROR(impl->Start());
  return std::unique_ptr<JwksFile>(new JwksFile(std::move(impl)));
}

const std::string& JwksFile::path() const { return impl_->path(); }
int JwksFile::failures() const { return impl_->failures(); }

}  // namespace vardkedja::auth
