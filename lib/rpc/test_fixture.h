// For tests of whatever stands on lib/rpc: certificates, tokens and a configuration for real
// in-process servers. Not thread-safe.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/auth/signing_key.h"
#include "lib/config/service_config.h"

namespace vardkedja::rpc {

// A directory of its own under the system's temporary one, removed at the end.
class TestDirectory {
 public:
  TestDirectory();
  ~TestDirectory();
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  std::string Path(std::string_view name) const { return (path_ / name).string(); }
  // Replaces the file in one step.
  void Write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// A certification authority.
class TestPki {
 public:
  // Files of different authorities in one directory need different prefixes.
  TestPki(const TestDirectory& directory, std::string prefix = "");
  ~TestPki();
  TestPki(const TestPki&) = delete;
  TestPki& operator=(const TestPki&) = delete;

  // A certificate whose CN and DNS name are `name`, valid for a day. Called again, it replaces the
  // files.
  config::Tls Issue(const std::string& name) const;
  // Writes the roots that Issue's result points to: our own certificate and those of others.
  void TrustAlso(const TestPki& other) const;

 private:
  struct Authority;
  const TestDirectory& directory_;
  const std::string prefix_;
  std::unique_ptr<Authority> authority_;
};

// What a development token says.
struct TestToken {
  std::string organisation = "alvesta";
  std::string unit = "alvesta-authority";
  std::vector<std::string> more_units = {};
  std::vector<std::string> roles = {"social_worker"};
  std::string seat = {};
  std::string subject = "subject-1";
  std::string assurance = "substantial";
  std::chrono::seconds life{600};
};

// Signs tokens that a process with `config().auth` accepts.
class TestTokens {
 public:
  explicit TestTokens(const TestDirectory& directory);
  config::Auth auth() const;
  std::string Sign(const TestToken& token) const;

 private:
  const TestDirectory& directory_;
  auth::SigningKey key_;
};

// A configuration of environment test on free ports, without TLS and without a database.
config::ServiceConfig TestConfig(const std::string& service, const config::Auth& auth);

}  // namespace vardkedja::rpc
