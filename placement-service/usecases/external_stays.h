// External stays: places sold outside the chain. There is no case to be asked about: the facility's
// own unit and seat, and the board, may read them, and to others they do not exist.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

struct ExternalStayAnswer {
  ExternalStayRecord record;
  int bed_days = 0;
  std::int64_t revenue_ore = 0;
  std::vector<std::string> actions;
};

class ReadExternalStays {
 public:
  explicit ReadExternalStays(Store& store) : store_(store) {}
  // NOT_FOUND, also for who may not read it.
  absl::StatusOr<ExternalStayAnswer> Get(const auth::CallContext& ctx,
                                         const domain::StayId& id) const;
  struct Page {
    std::vector<ExternalStayAnswer> stays;
    std::string next;  // stay id; empty at the end
  };
  absl::StatusOr<Page> List(const auth::CallContext& ctx, ExternalStayPage page) const;

 private:
  Store& store_;
};

struct BeginExternalStayCommand {
  domain::BedId bed_id;
  domain::ExternalTerms terms;
  std::optional<Date> move_in;  // today when absent
  std::optional<Date> planned_departure;
};

// QUEUE_WAITS while somebody in the queue can be offered the bed; BED_* when it is not free.
class BeginExternalStay {
 public:
  explicit BeginExternalStay(Store& store) : store_(store) {}
  absl::StatusOr<ExternalStayAnswer> Run(const auth::CallContext& ctx,
                                         const BeginExternalStayCommand& command) const;

 private:
  Store& store_;
};

struct EndExternalStayCommand {
  domain::StayId stay_id;
  std::string etag;
  std::optional<Date> departure;  // today when absent
};

class EndExternalStay {
 public:
  explicit EndExternalStay(Store& store) : store_(store) {}
  absl::StatusOr<ExternalStayAnswer> Run(const auth::CallContext& ctx,
                                         const EndExternalStayCommand& command) const;

 private:
  Store& store_;
};

struct CorrectExternalStayCommand {
  domain::StayId stay_id;
  std::string etag;
  domain::ExternalCorrection correction;
};

// Answers with what is right, or with the wrong one when nothing comes in its place.
class CorrectExternalStay {
 public:
  explicit CorrectExternalStay(Store& store) : store_(store) {}
  absl::StatusOr<ExternalStayAnswer> Run(const auth::CallContext& ctx,
                                         const CorrectExternalStayCommand& command) const;

 private:
  Store& store_;
};

}  // namespace vardkedja::placement::usecases
