#include "lib/auth/jwks_file.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "lib/auth/signing_key.h"

namespace vardkedja::auth {
namespace {

using std::chrono::milliseconds;

// Answers every request with the same bytes, one connection at a time.
class Provider {
 public:
  Provider() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/jwks";
    thread_ = std::thread([this] { Serve(); });
  }
  ~Provider() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  void Answer(const std::string& status, const std::string& body) {
    const std::lock_guard lock(mutex_);
    answer_ = "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\nConnection: close\r\n\r\n" + body;
  }
  const std::string& url() const { return url_; }

 private:
  void Serve() {
    for (;;) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      char request[4096];
      EXPECT_GT(read(connection, request, sizeof(request)), 0);
      std::string answer;
      {
        const std::lock_guard lock(mutex_);
        answer = answer_;
      }
      EXPECT_EQ(write(connection, answer.data(), answer.size()),
                static_cast<ssize_t>(answer.size()));
      close(connection);
    }
  }

  const int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  std::string url_;
  std::mutex mutex_;
  std::string answer_;
  std::thread thread_;
};

class JwksFileTest : public ::testing::Test {
 protected:
  JwksFileTest() {
    std::filesystem::remove(cache_);
    options_.cache = cache_;
    options_.source = provider_.url();
    options_.refresh = milliseconds(20);
  }
  std::string Cached() const {
    std::stringstream text;
    text << std::ifstream(cache_).rdbuf();
    return text.str();
  }
  static std::string NewJwks() { return MakeJwks({SigningKey::Generate()->Jwk()}); }

  const std::string cache_ = ::testing::TempDir() + "/jwks-" + std::to_string(getpid());
  Provider provider_;
  JwksFileOptions options_;
};

TEST_F(JwksFileTest, AFileIsItself) {
  options_.source = "/some/where";
  EXPECT_EQ((*JwksFile::Open(options_))->path(), "/some/where");
}

TEST_F(JwksFileTest, ANewKeySetOfTheProviderReplacesTheOldOne) {
  const std::string first = NewJwks();
  const std::string second = NewJwks();
  provider_.Answer("200 OK", first);
  const auto file = JwksFile::Open(options_);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->path(), cache_);
  EXPECT_EQ(Cached(), first);
  provider_.Answer("200 OK", second);
  while (Cached() != second) std::this_thread::yield();
}

TEST_F(JwksFileTest, WhatIsNoKeySetChangesNothing) {
  const std::string good = NewJwks();
  provider_.Answer("200 OK", good);
  const auto file = JwksFile::Open(options_);
  ASSERT_TRUE(file.ok()) << file.status();
  for (const auto& [status, body] :
       std::vector<std::pair<std::string, std::string>>{{"200 OK", R"({"keys":[]})"},
                                                        {"200 OK", "<html>"},
                                                        {"500 Oops", NewJwks()},
                                                        {"302 Found", NewJwks()},
                                                        {"200 OK", std::string(300'000, ' ')}}) {
    provider_.Answer(status, body);
    const int before = (*file)->failures();
    while ((*file)->failures() < before + 2) std::this_thread::yield();
    EXPECT_EQ(Cached(), good) << status;
  }
}

TEST_F(JwksFileTest, StartsWithTheKeptKeysWhenTheProviderIsAway) {
  provider_.Answer("503 Away", "");
  EXPECT_FALSE(JwksFile::Open(options_).ok());
  const std::string kept = NewJwks();
  std::ofstream(cache_) << kept;
  EXPECT_TRUE(JwksFile::Open(options_).ok());
  EXPECT_EQ(Cached(), kept);
}

TEST_F(JwksFileTest, OnlyHttpsOrThisMachineAndNeverWithoutACache) {
  for (const char* url :
       {"http://idp.example/jwks", "ftp://127.0.0.1/jwks", "http://127.0.0.1.example/jwks"}) {
    options_.source = url;
    EXPECT_FALSE(JwksFile::Open(options_).ok()) << url;
  }
  provider_.Answer("200 OK", NewJwks());
  options_.source = provider_.url();
  options_.cache.clear();
  EXPECT_FALSE(JwksFile::Open(options_).ok());
}

}  // namespace
}  // namespace vardkedja::auth
