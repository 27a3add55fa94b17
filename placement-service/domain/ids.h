// Ids as types of their own, so that an offer cannot be taken for an entry. Values only.
#pragma once

#include <compare>
#include <string>
#include <utility>

namespace vardkedja::placement::domain {

template <class Tag>
struct Id {
  std::string value;

  Id() = default;
  explicit Id(std::string text) : value(std::move(text)) {}
  bool empty() const { return value.empty(); }
  auto operator<=>(const Id&) const = default;
};

using BedId = Id<struct BedTag>;                      // slug, "novus-07"
using FacilityId = Id<struct FacilityTag>;            // slug, "novus"
using UnitId = Id<struct UnitTag>;                    // slug, "alvesta-authority"
using CaseId = Id<struct CaseTag>;                    // UUIDv4, referral-service's
using PersonId = Id<struct PersonTag>;                // UUIDv4, referral-service's
using DecisionId = Id<struct DecisionTag>;            // UUIDv7, referral-service's
using EntryId = Id<struct EntryTag>;                  // UUIDv7
using OfferId = Id<struct OfferTag>;                  // UUIDv7
using StayId = Id<struct StayTag>;                    // UUIDv7
using TransferId = Id<struct TransferTag>;            // UUIDv7
using AlternationId = Id<struct AlternationTag>;      // UUIDv7
using CarePeriodId = Id<struct CarePeriodTag>;        // UUIDv7
using ClosureId = Id<struct ClosureTag>;              // UUIDv7
using OverrideId = Id<struct OverrideTag>;            // UUIDv7
using HoldId = Id<struct HoldTag>;                    // UUIDv7
using IntakeClosureId = Id<struct IntakeClosureTag>;  // UUIDv7

// The joint board (remissgrupp) acts as this unit; its members carry a seat in their token.
inline constexpr char kBoardUnit[] = "placement-board";

}  // namespace vardkedja::placement::domain
