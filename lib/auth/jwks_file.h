// The identity provider's keys as a file, wherever they come from: the token verifier only ever
// watches a file.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace vardkedja::auth {

struct JwksFileOptions {
  // A path, or a URL: https, or http to this machine (127.0.0.1, localhost).
  std::string source;
  // Where the keys of a URL are kept. A process that starts while the provider is away goes on with
  // them.
  std::string cache;
  std::chrono::milliseconds refresh{std::chrono::minutes{5}};
  std::chrono::milliseconds timeout{std::chrono::seconds{10}};  // of one fetch
};

// Of a URL it owns a thread that fetches every `refresh`; an answer that is not 200, larger than
// 256 KiB or without a usable key changes nothing. Thread-safe.
class JwksFile {
 public:
  // JWKS_INVALID when a URL is of another scheme, has no cache, or gives no keys while the cache
  // has none either.
  static absl::StatusOr<std::unique_ptr<JwksFile>> Open(JwksFileOptions options);
  ~JwksFile();
  JwksFile(const JwksFile&) = delete;
  JwksFile& operator=(const JwksFile&) = delete;

  const std::string& path() const;
  int failures() const;  // fetches since the start

 private:
  class Impl;
  explicit JwksFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::auth
