// Gives committed events their dense place in the log (architecture.md, 5).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/eventlog/reader.h"

namespace vardkedja::eventlog {

struct SequencerOptions {
  std::string dsn;     // the service's runtime role; the sequencer keeps one connection of its own
  std::string schema;  // names the lock and the channel
  std::chrono::milliseconds poll{500};  // the safety net when no wake-up arrives
  int batch = 1000;                     // events per statement
  // Between the beginnings of two passes at least, so that what is committed in a busy moment
  // shares a statement. The first event after a quiet moment does not wait.
  std::chrono::milliseconds gather{20};
};

struct SequencerStats {
  bool elected = false;
  std::int64_t head = 0;
  std::int64_t sequenced = 0;  // by this process
  std::int64_t failures = 0;   // lost connections and failed statements
};

// Every replica runs one; an advisory lock elects which of them works. One thread. Wire it as
//   pool.SetListener([&](std::string_view topic) { if (topic == kTopic) sequencer.Wake(); });
class Sequencer {
 public:
  // `heads` outlives the sequencer.
  Sequencer(SequencerOptions options, HeadWatch& heads);
  ~Sequencer();  // stops
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  void Start();
  void Stop();  // gives up the lock; idempotent
  // Something was committed. Never blocks; many calls make one pass. Thread-safe.
  void Wake();
  SequencerStats stats() const;  // thread-safe

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::eventlog
