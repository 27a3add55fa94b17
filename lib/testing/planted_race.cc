// The positive control of the thread sanitizer: a race on purpose, between the same kinds of parts
// that the tests with the label `tsan` are made of. Its ctest entry passes when this program fails.
#include <thread>

#include "lib/eventlog/reader.h"

int main() {
  vardkedja::eventlog::HeadWatch heads;
  int unguarded = 0;
  heads.Subscribe([&unguarded](std::int64_t) { ++unguarded; });
  std::jthread other([&] {
    for (int i = 1; i < 1000; ++i) heads.Advance(i);
  });
  for (int i = 0; i < 1000; ++i) ++unguarded;
  return 0;
}
