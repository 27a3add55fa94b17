// A running suite, driven by the same script that people use.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vardkedja::e2e {

// Who acts in a story: what a token says.
struct Actor {
  std::string name;  // "Socialsekreterare, Alvesta"
  std::string unit;
  std::string organisation;
  std::string role;
  std::string seat;  // board members and deputies only

  auto operator<=>(const Actor&) const = default;
};

// Where the public doors are.
struct Addresses {
  std::string http;  // "127.0.0.1:8080"
  std::string grpc;
};

// Runs `./vardkedja` on one state directory. Not thread-safe. Failures end the test with the
// command's own words, by std::runtime_error.
class Suite {
 public:
  // An existing state directory: what `./vardkedja up` made.
  explicit Suite(std::string state_dir);

  // A fresh suite of its own under a temporary directory, with the binaries of this build.
  static Suite Fresh();
  // Stops and erases what Fresh() made.
  void Erase();

  Addresses addresses() const;
  std::string AdminAddress(std::string_view process) const;
  std::string Token(const Actor& actor, std::string_view loa = "high",
                    std::string_view ttl = "8h") const;
  void MoveClock(std::string_view change);  // "+14d"
  void Kill(std::string_view process);      // kill -9
  void Start(std::string_view process);
  void Restart(std::string_view process);
  std::string Run(const std::vector<std::string>& arguments) const;
  const std::string& state_dir() const { return state_dir_; }

 private:
  std::map<std::string, std::string> Ports() const;

  std::string state_dir_;
};

}  // namespace vardkedja::e2e
