// Between the contract's messages and the domain. Reading gathers every broken rule of a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "lib/status/status.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/facilities.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/overrides.h"
#include "placement-service/usecases/queue.h"
#include "placement-service/usecases/stay_life.h"
#include "placement-service/usecases/stays.h"
#include "vardkedja/placement/v1/alternation_service.pb.h"
#include "vardkedja/placement/v1/facility_service.pb.h"
#include "vardkedja/placement/v1/hold_service.pb.h"
#include "vardkedja/placement/v1/offer_service.pb.h"
#include "vardkedja/placement/v1/override_service.pb.h"
#include "vardkedja/placement/v1/queue_service.pb.h"
#include "vardkedja/placement/v1/stay_service.pb.h"

namespace vardkedja::placement::rpc {

// Reads the fields of one request; Status() reports all that is wrong at once. A getter returns an
// empty value for what is wrong. Not thread-safe.
class RequestReader {
 public:
  // A slug or another key that must be there.
  std::string Required(std::string_view field, const std::string& text);
  Date RequiredDate(std::string_view field, const std::string& text);
  Instant RequiredInstant(std::string_view field, const google::protobuf::Timestamp& time);
  std::optional<Date> OptionalDate(std::string_view field, const std::string& text);
  // HH:MM as minutes since midnight.
  std::optional<int> OptionalTime(std::string_view field, const std::string& text);
  // An enum value the contract knows and that is not the unspecified one.
  template <class Enum, class Proto>
  Enum RequiredEnum(std::string_view field, Proto value, Proto most) {
    CheckEnum(field, static_cast<int>(value), 1, static_cast<int>(most));
    return static_cast<Enum>(value);
  }
  template <class Enum, class Proto>
  Enum AnyEnum(std::string_view field, Proto value, Proto most) {
    CheckEnum(field, static_cast<int>(value), 0, static_cast<int>(most));
    return static_cast<Enum>(value);
  }
  // The same as a filter: nothing when unspecified.
  template <class Enum, class Proto>
  std::optional<Enum> Filter(std::string_view field, Proto value, Proto most) {
    CheckEnum(field, static_cast<int>(value), 0, static_cast<int>(most));
    if (static_cast<int>(value) == 0) return std::nullopt;
    return static_cast<Enum>(value);
  }
  int Limit(int limit);
  std::int64_t Sequence(std::string_view field, std::int64_t sequence);
  std::string Cursor(const std::string& cursor);

  absl::Status Status() const;
  // The same; when something is wrong, what else `also` says of the values that could be read is
  // reported with it. When nothing is, the use case judges them, with what it alone knows.
  absl::Status StatusWith(const absl::Status& also);
  // What is wrong, for a use case that reports it together with what it finds.
  std::vector<FieldViolation> TakeViolations() { return std::move(violations_); }

 private:
  void CheckEnum(std::string_view field, int value, int least, int most);
  void Add(std::string_view field, std::string_view rule, std::string_view en, std::string_view sv);

  std::vector<FieldViolation> violations_;
};

// Ids of resources in paths: anything but a UUID names nothing.
absl::Status CheckId(const std::string& id);

void Set(google::protobuf::Timestamp* out, Instant instant);

v1::Facility ToProto(const usecases::FacilityAnswer& answer, Date today);
v1::FacilityHistory ToProto(const domain::FacilityFact& fact);
v1::Bed ToProto(const usecases::BedAnswer& answer);
v1::AvailabilityDay ToProto(const domain::DayCount& day);
v1::QueueEntry ToProto(const usecases::EntryAnswer& answer, Date today);
v1::PositionExplanation ToProto(const usecases::PositionAnswer& answer, Date today);
v1::Eligibility ToProto(const usecases::EligibilityAnswer& answer);
v1::Offer ToProto(const usecases::OfferAnswer& answer);
v1::QueueOverride ToProto(const usecases::OverrideAnswer& answer);
v1::Hold ToProto(const usecases::HoldAnswer& answer);
v1::Stay ToProto(const usecases::StayAnswer& answer);
v1::Alternation ToProto(const usecases::AlternationAnswer& answer);
v1::StayHistory ToProto(const domain::StayFact& fact);
v1::Transfer ToProto(const usecases::TransferAnswer& answer);

}  // namespace vardkedja::placement::rpc
