#include "placement-service/rpc/availability_rpc.h"

#include <chrono>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

namespace common = vardkedja::common::v1;

// All streams wait for one step, so it is short or fails.
constexpr std::chrono::milliseconds kStepTime{2'000};

v1::AvailabilityUpdate UpdateOf(const usecases::AvailabilityUpdate& update) {
  v1::AvailabilityUpdate out;
  out.set_sequence(update.sequence);
  out.set_kind(static_cast<v1::AvailabilityUpdateKind>(update.kind));
  for (const domain::DayCount& day : update.facilities) {
    auto* facility = out.add_facilities();
    facility->set_care_level(day.care_level);
    *facility->mutable_day() = ToProto(day);
  }
  Set(out.mutable_as_of(), update.as_of);
  return out;
}

class AvailabilityTeller final : public eventlog::Teller {
 public:
  AvailabilityTeller(usecases::AvailabilityBoard& board, usecases::WatchQuestion question,
                     const Clock& clock)
      : watch_(board, std::move(question)), clock_(clock) {}

  absl::StatusOr<eventlog::Told> Tell(bool grown) override {
    auth::CallContext context;
    context.now = clock_.Now();
    context.deadline = std::chrono::steady_clock::now() + kStepTime;
    VK_ASSIGN_OR_RETURN(const usecases::WatchStep step, watch_.Step(context, grown));
    eventlog::Told told;
    told.more = step.more;
    for (const usecases::AvailabilityUpdate& update : step.updates) {
      told.items.push_back(std::make_shared<v1::AvailabilityUpdate>(UpdateOf(update)));
    }
    return told;
  }
  std::int64_t position() const override { return watch_.position(); }

 private:
  usecases::AvailabilityWatch watch_;
  const Clock& clock_;
};

absl::StatusOr<usecases::WatchQuestion> Read(const v1::WatchAvailabilityRequest& request) {
  RequestReader reader;
  usecases::WatchQuestion question;
  if (!request.facility_id().empty()) question.facility = domain::FacilityId(request.facility_id());
  question.kind =
      reader.Filter<domain::BedKind>("bed_kind", request.bed_kind(), common::BED_KIND_STEP_OUT);
  question.after = reader.Sequence("after_sequence", request.after_sequence());
  VK_RETURN_IF_ERROR(reader.Status());
  return question;
}

}  // namespace

grpc::ServerWriteReactor<v1::AvailabilityUpdate>* AvailabilityRpc::WatchAvailability(
    grpc::CallbackServerContext* context, const v1::WatchAvailabilityRequest* request) {
  return adapter_.Follow<v1::AvailabilityUpdate>(
      context, request, "WatchAvailability", dispatcher_,
      [this](const auth::CallContext&, const v1::WatchAvailabilityRequest& asked)
          -> absl::StatusOr<std::unique_ptr<eventlog::Teller>> {
        VK_ASSIGN_OR_RETURN(usecases::WatchQuestion question, Read(asked));
        return std::make_unique<AvailabilityTeller>(board_, std::move(question), clock_);
      });
}

}  // namespace vardkedja::placement::rpc
