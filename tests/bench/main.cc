// The parts of tests/bench/run that need gRPC. See there for what is measured and why.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/door.h"
#include "tests/bench/load.h"
#include "tests/bench/statements.h"
#include "tests/e2e/play.h"

namespace vardkedja::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kPreparers = 8;
constexpr int kGreetings = 64;  // until a connection is there and warm
constexpr seconds kPatience{60};
constexpr int kNoLimit = 1'000'000'000;
constexpr char kFacility[] = "novus";

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Print(const std::string& what, bool direct, int in_flight, const Figures& figures) {
  std::printf("%s\t%s\t%d\t%.1f\t%lld\t%lld\t%d\t%d\n", what.c_str(), direct ? "direct" : "gateway",
              in_flight, figures.per_second, static_cast<long long>(figures.p50.count()),
              static_cast<long long>(figures.p99.count()), figures.calls, figures.failed);
  std::fflush(stdout);
}

e2e::Case Invented(int number) {
  e2e::Case c;
  c.worker = e2e::cast::AlvestaWorker();
  c.decider = e2e::cast::AlvestaDecider();
  const Date born = MakeDate(1950, 1, 1) + std::chrono::days(number);
  c.person = {"bench", "Prov", "Lastsson", e2e::TestIdentityNumber(born, 238), true, "0764"};
  return c;
}

// Drafts with a consent, ready to be submitted: "<id> <etag>" lines.
void MakeDrafts(const std::string& state, int count, const std::string& path) {
  std::vector<std::vector<Item>> made(kPreparers);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kPreparers; ++t) {
    threads.emplace_back([&, t] {
      e2e::Suite suite(state);
      e2e::Stage stage(suite);
      e2e::Play play(stage);
      for (int i = t; i < count; i += kPreparers) {
        e2e::Case c = Invented(i);
        play.Refer(c, {});
        play.Consent(c);
        made[static_cast<std::size_t>(t)].push_back({c.referral_id, c.etag});
      }
    });
  }
  threads.clear();
  std::ofstream file(path);
  for (const auto& some : made) {
    for (const Item& draft : some) file << draft.id << ' ' << draft.etag << '\n';
  }
}

// Cases whose decision waits in a queue, and whose cost is split, so that they may move in.
void MakeQueued(const std::string& state, int count) {
  e2e::Suite suite(state);
  e2e::Stage stage(suite);
  e2e::Play play(stage);
  for (int i = 0; i < count; ++i) {
    e2e::Case c = Invented(i);
    play.Refer(c, {});
    play.Consent(c);
    play.Submit(c);
    play.Acknowledge(c, e2e::cast::EkelidenSeat());
    play.Propose(c, e2e::cast::NovusSeat(), {kFacility});
    play.Confirm(c, e2e::cast::EkelidenSeat());
    play.Visit(c, e2e::cast::NovusStaff(), kFacility, true);
    play.Answer(c, referral::v1::ANSWER_KIND_YES);
    play.Decide(c, kFacility, 0);
    play.AwaitQueued(c, kFacility);
    play.SplitCost(c, "");
  }
}

// Measures one kind of call after the other, through each door; these have equal shares of the
// items.
class Measurement {
 public:
  Measurement(std::string state, std::vector<Item> items)
      : state_(std::move(state)), items_(std::move(items)), each_(items_.size() / 2) {
    if (each_ == 0) throw std::runtime_error("too few items");
  }

  void Run(const std::vector<std::string>& names, int in_flight, milliseconds duration) {
    for (const bool direct : {true, false}) {
      Door door(state_, CallNamed(names[0]).service, direct);
      const auto empty = [&](int, auto done) { return door.StartEmpty(std::move(done)), true; };
      RunLoad(in_flight, kGreetings, kPatience, empty);
      Print("empty", direct, in_flight, RunLoad(in_flight, kNoLimit, duration, empty));
      for (const std::string& name : names) {
        const Call& call = CallNamed(name);
        Print(name, direct, in_flight, Measure(door, call, in_flight, duration));
      }
      used_ += each_;
    }
  }

 private:
  Figures Measure(Door& door, const Call& call, int in_flight, milliseconds duration) const {
    const int count = static_cast<int>(each_);
    if (!call.before.empty()) {
      RunLoad(kPreparers, count, kPatience, Starter(door, CallNamed(call.before)));
    }
    return RunLoad(in_flight, call.once ? count : kNoLimit, call.once ? kPatience : duration,
                   Starter(door, call));
  }

  // Takes the items of a door's share, again and again.
  StartCall Starter(Door& door, const Call& call) const {
    return [this, &door, &call](int number, auto done) {
      door.Start(call, items_[used_ + static_cast<std::size_t>(number) % each_], std::move(done));
      return true;
    };
  }

  const std::string state_;
  const std::vector<Item> items_;
  const std::size_t each_;
  std::size_t used_ = 0;
};

// One call on each item, unmeasured; all must succeed.
void Each(const std::string& state, const std::string& name, const std::vector<Item>& items) {
  const Call& call = CallNamed(name);
  Door door(state, call.service, true);
  const auto start = [&](int number, auto done) {
    door.Start(call, items[static_cast<std::size_t>(number)], std::move(done));
    return true;
  };
  const Figures figures = RunLoad(kPreparers, static_cast<int>(items.size()), seconds(120), start);
  if (figures.failed > 0 || figures.calls < static_cast<int>(items.size())) {
    throw std::runtime_error(name + ": " + std::to_string(figures.failed) + " calls failed of " +
                             std::to_string(figures.calls));
  }
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

// "<name>\t<value>" lines.
std::vector<Known> ReadKnown(const std::string& path) {
  std::vector<Known> known;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos) known.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  return known;
}

// OUT.sql and OUT-find.sql for pgbench -f, OUT.defs for their -D options, each ended by a NUL, and
// OUT.table for psql.
void MakeScript(const std::string& log, const std::string& known, const std::string& shared,
                const std::string& name, const std::string& out) {
  Source source;
  source.name = name;
  source.known = ReadKnown(known);
  source.shared_tables = Words(shared);
  const auto statements = ReadLog(
      ReadAll(log), {"referral-service calls", "referral-service keys", "placement-service calls"});
  if (statements.empty()) throw std::runtime_error("the server's log holds no statement");
  const Script script = ToPgbench(statements, source);
  std::ofstream(out + ".sql") << script.text;
  std::ofstream(out + "-find.sql") << script.find;
  std::ofstream(out + ".table") << script.table;
  std::ofstream definitions(out + ".defs", std::ios::binary);
  for (const std::string& definition : script.definitions) definitions << definition << '\0';
  std::printf("%zu\n", statements.size());
}

int Main(const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "" : arguments[0];
  if (command == "drafts" && arguments.size() == 4) {
    MakeDrafts(arguments[1], std::stoi(arguments[2]), arguments[3]);
  } else if (command == "queued" && arguments.size() == 3) {
    MakeQueued(arguments[1], std::stoi(arguments[2]));
  } else if (command == "measure" && arguments.size() == 6) {
    Measurement(arguments[1], ReadItems(arguments[3]))
        .Run(Words(arguments[2]), std::stoi(arguments[4]), milliseconds(std::stoi(arguments[5])));
  } else if (command == "each" && arguments.size() == 4) {
    Each(arguments[1], arguments[2], ReadItems(arguments[3]));
  } else if (command == "one" && arguments.size() == 5) {
    Each(arguments[1], arguments[2], {{arguments[3], arguments[4]}});
  } else if (command == "script" && arguments.size() == 6) {
    MakeScript(arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
  } else {
    std::cerr << "vardkedja-bench: part of ./vardkedja bench\n";
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace vardkedja::bench

int main(int argc, char** argv) {
  try {
    return vardkedja::bench::Main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "vardkedja-bench: " << error.what() << '\n';
    return 1;
  }
}
