// Rows to domain values, and the column lists that go with them. Internal to storage/.
#pragma once

#include <string>
#include <string_view>

#include "lib/pg/value.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::storage {

// As a part of a statement that is put together.
inline std::string Text(std::string_view part) { return std::string(part); }

// Each with its table's alias: f, b, e, o, s, v, h, t, l.
extern const std::string_view kFacilityColumns;
extern const std::string_view kBedColumns;
extern const std::string_view kEntryColumns;
extern const std::string_view kOfferColumns;
extern const std::string_view kStayColumns;
extern const std::string_view kExternalStayColumns;
extern const std::string_view kOverrideColumns;
extern const std::string_view kHoldColumns;
extern const std::string_view kTransferColumns;
extern const std::string_view kAlternationColumns;
extern const std::string_view kStayFactColumns;  // of stay_history alone

domain::Facility FacilityOf(const pg::Row& row);
domain::Bed BedOf(const pg::Row& row);
domain::QueueEntry EntryOf(const pg::Row& row);
domain::Offer OfferOf(const pg::Row& row);
domain::Stay StayOf(const pg::Row& row);
domain::StayFact StayFactOf(const pg::Row& row);
domain::ExternalStay ExternalStayOf(const pg::Row& row);
domain::QueueOverride OverrideOf(const pg::Row& row);
domain::Hold HoldOf(const pg::Row& row);
domain::Transfer TransferOf(const pg::Row& row);
domain::Alternation AlternationOf(const pg::Row& row);
domain::QueueRule RuleOf(const pg::Row& row);

// An id as a parameter; NULL when there is none.
template <class Tag>
std::optional<std::string> TextOf(const std::optional<domain::Id<Tag>>& id) {
  return id ? std::optional<std::string>(id->value) : std::nullopt;
}

// Integer columns that carry one of our numbered enums.
template <class Enum>
Enum EnumOf(const pg::Row& row, std::string_view column) {
  return static_cast<Enum>(row.Int(column));
}

// Text columns that carry a state by its name. Names are unique within their enum.
domain::EntryState EntryStateOf(std::string_view name);
domain::OfferState OfferStateOf(std::string_view name);
domain::StayState StayStateOf(std::string_view name);
domain::TransferState TransferStateOf(std::string_view name);
domain::OverrideState OverrideStateOf(std::string_view name);
domain::HoldState HoldStateOf(std::string_view name);
domain::AlternationState AlternationStateOf(std::string_view name);

}  // namespace vardkedja::placement::storage
