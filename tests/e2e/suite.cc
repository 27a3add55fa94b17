#include "tests/e2e/suite.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace vardkedja::e2e {
namespace {

namespace fs = std::filesystem;

std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// The tests run in the source tree (cmake/Targets.cmake); the binaries lie beside this one.
std::string OwnBinaryDir() { return fs::read_symlink("/proc/self/exe").parent_path(); }

}  // namespace

Suite::Suite(std::string state_dir) : state_dir_(std::move(state_dir)) {}

Suite Suite::Fresh() {
  std::string pattern = fs::temp_directory_path() / "vardkedja-e2e-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  fs::permissions(pattern, fs::perms(0755));
  Suite suite(pattern);
  suite.Run({"up"});
  return suite;
}

void Suite::Erase() { Run({"down", "--erase"}); }

std::map<std::string, std::string> Suite::Ports() const {
  std::map<std::string, std::string> ports;
  std::ifstream file(state_dir_ + "/ports.env");
  for (std::string line; std::getline(file, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) ports[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return ports;
}

Addresses Suite::addresses() const {
  const auto ports = Ports();
  return {"127.0.0.1:" + ports.at("GATEWAY_HTTP_PORT"),
          "127.0.0.1:" + ports.at("GATEWAY_GRPC_PORT")};
}

std::string Suite::AdminAddress(std::string_view process) const {
  return "127.0.0.1:" + Ports().at(std::string(process) + "_ADMIN");
}

std::string Suite::Token(const Actor& actor, std::string_view loa, std::string_view ttl) const {
  std::vector<std::string> arguments = {"token",
                                        "--unit",
                                        actor.unit,
                                        "--org",
                                        actor.organisation,
                                        "--role",
                                        actor.role,
                                        "--loa",
                                        std::string(loa),
                                        "--ttl",
                                        std::string(ttl),
                                        "--sub",
                                        "dev-" + actor.unit + "-" + actor.role + actor.seat};
  if (!actor.seat.empty()) {
    arguments.push_back("--seat");
    arguments.push_back(actor.seat);
  }
  std::string token = Run(arguments);
  while (!token.empty() && token.back() == '\n') token.pop_back();
  return token;
}

void Suite::MoveClock(std::string_view change) { Run({"clock", std::string(change)}); }
void Suite::Kill(std::string_view process) { Run({"kill", std::string(process)}); }
void Suite::Start(std::string_view process) { Run({"start", std::string(process)}); }
void Suite::Restart(std::string_view process) { Run({"restart", std::string(process)}); }

std::string Suite::Run(const std::vector<std::string>& arguments) const {
  // Suites that run at the same time have ports of their own, also while a process is down.
  const std::string base = std::to_string(10'000 + getpid() % 1000 * 20);
  std::string command = "VARDKEDJA_PORT_BASE=" + base + " VARDKEDJA_STATE=" + Quoted(state_dir_) +
                        " VARDKEDJA_BIN=" + Quoted(OwnBinaryDir()) + " ./vardkedja";
  for (const std::string& argument : arguments) command += " " + Quoted(argument);
  const std::string errors = state_dir_ + "/command.err";
  FILE* pipe = popen((command + " 2>" + Quoted(errors)).c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen failed");
  std::string output;
  std::array<char, 4096> buffer;
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::ifstream file(errors);
    const std::string said((std::istreambuf_iterator<char>(file)), {});
    throw std::runtime_error("./vardkedja " + arguments.front() + " failed: " + said + output);
  }
  return output;
}

}  // namespace vardkedja::e2e
