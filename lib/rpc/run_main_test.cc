// A whole process: command line, start, signal, drain, exit code.
#include "lib/rpc/run_main.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "lib/rpc/test_fixture.h"

extern char** environ;

namespace vardkedja::rpc {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class RunMainTest : public testing::Test {
 protected:
  RunMainTest() : tokens_(directory_) {}

  std::string WriteConfig(const std::string& extra = "") {
    directory_.Write(
        "reporting.yaml",
        "environment: test\nservice: reporting\nlisten: unix:" + directory_.Path("reporting.sock") +
            "\nadmin_listen: 127.0.0.1:0\ndatabase: {dsn: none}\n"
            "tls: {insecure: true}\nauth: {jwks: " +
            tokens_.auth().jwks + ", issuer: vardkedja-test, audience: vardkedja}\n" + extra);
    return directory_.Path("reporting.yaml");
  }

  pid_t Start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), VARDKEDJA_TEST_SERVICE);
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    const int flags = O_CREAT | O_TRUNC | O_WRONLY;
    posix_spawn_file_actions_addopen(&files, 1, directory_.Path("out").c_str(), flags, 0600);
    posix_spawn_file_actions_addopen(&files, 2, directory_.Path("err").c_str(), flags, 0600);
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, raw[0], &files, nullptr, raw.data(), environ), 0);
    posix_spawn_file_actions_destroy(&files);
    return pid;
  }
  static int Await(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int Run(std::vector<std::string> arguments) { return Await(Start(std::move(arguments))); }

  [[maybe_unused]] static long ProportionalSetKib(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
    for (std::string word; file >> word;) {
      long kib = 0;
      if (word == "Pss:" && file >> kib) return kib;
    }
    return -1;
  }

  std::string Read(const std::string& name) const {
    std::ifstream file(directory_.Path(name));
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  TestDirectory directory_;
  TestTokens tokens_;
};

TEST_F(RunMainTest, HelpAndAWrongCommandLine) {
  EXPECT_EQ(Run({"help"}), 0);
  EXPECT_THAT(Read("out"), AllOf(HasSubstr("reporting-service serve"), HasSubstr("migrate")));
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"serve"},
                                                       {"dance", "--config", "x"},
                                                       {"serve", "--config"},
                                                       {"serve", "--config", "x", "--config", "y"},
                                                       {"migrate", "--config", "x", "--from", "y"},
                                                       {"seed", "--config", "x"},
                                                       {"serve", "--colour", "red"}};
  for (const std::vector<std::string>& arguments : wrong) EXPECT_EQ(Run(arguments), 2);
  EXPECT_THAT(Read("err"), HasSubstr("serve   --config FILE"));
}

TEST_F(RunMainTest, AFailureIsOneSentenceAndOne) {
  EXPECT_EQ(Run({"serve", "--config", "/no/such/file"}), 1);
  EXPECT_EQ(Read("err"), "reporting-service: cannot read the configuration file /no/such/file\n");
  const std::string config = WriteConfig("databsae: {dsn: x}\n");
  EXPECT_EQ(Run({"serve", "--config", config}), 1);
  EXPECT_EQ(Read("err"), "reporting-service: " + config + ": databsae.dsn: unknown key\n");
  directory_.Write("jwks.json", "{}");
  EXPECT_EQ(Run({"serve", "--config", WriteConfig()}), 1);
  EXPECT_THAT(Read("err"), StartsWith("reporting-service: auth.jwks: " + tokens_.auth().jwks));
  EXPECT_EQ(Run({"migrate", "--config", WriteConfig()}), 1);
  EXPECT_EQ(Read("err"), "reporting-service: the database does not answer\n");
}

TEST_F(RunMainTest, SeedsFromTheDirectoryGiven) {
  EXPECT_EQ(Run({"seed", "--config", WriteConfig(), "--from", "deploy/kronoberg"}), 0);
  EXPECT_EQ(Read("out"), "seeding from deploy/kronoberg\n");
}

TEST_F(RunMainTest, ServesUntilASignalThenDrainsAndLeavesWithZero) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const pid_t pid = Start({"serve", "--config", WriteConfig()});
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (Read("err").find(R"("msg":"started")") == std::string::npos) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << Read("err");
      std::this_thread::sleep_for(5ms);
    }
#if !defined(__SANITIZE_ADDRESS__)
    EXPECT_LT(ProportionalSetKib(pid), 60 * 1024);  // the bound of an idle process
#endif
    ASSERT_EQ(kill(pid, signal), 0);
    EXPECT_EQ(Await(pid), 0) << Read("err");
    EXPECT_EQ(Read("out"), "consumers stopped\naudit flushed\n");
    EXPECT_THAT(Read("err"), HasSubstr(R"("msg":"stopped")"));
  }
}

}  // namespace
}  // namespace vardkedja::rpc
