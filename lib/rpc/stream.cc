#include "lib/rpc/stream.h"

#include "lib/rpc/adapter.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::rpc {

std::shared_ptr<eventlog::Dispatcher> MakeDispatcher(AdapterCore& core,
                                                     eventlog::HeadWatch& heads) {
  auto dispatcher = std::make_shared<eventlog::Dispatcher>(
      heads, eventlog::DispatcherOptions{.max_streams = core.options().max_streams});
  core.OnDrain([weak = std::weak_ptr(dispatcher)] {
    if (const auto live = weak.lock()) live->Stop();
  });
  core.options().metrics->AddProbe("vardkedja_streams", "Open streams.", {}, [dispatcher] {
    return static_cast<double>(dispatcher->streams());
  });
  return dispatcher;
}

}  // namespace vardkedja::rpc
