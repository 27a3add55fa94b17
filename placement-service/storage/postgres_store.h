// The store on PostgreSQL, in the schema `placement`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/pg/pool.h"
#include "placement-service/storage/filter.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::storage {

// Thread-safe. The pool outlives it. Errors are lib/pg's; what the database refuses has the reason
// of the contract (BED_OCCUPIED, ...).
class PostgresStore : public usecases::Store {
 public:
  explicit PostgresStore(pg::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<std::string>> FindReplay(const auth::CallContext& ctx) override;
  absl::StatusOr<std::string> Commit(const auth::CallContext& ctx, const Body& body) override;

  absl::StatusOr<std::vector<domain::Facility>> Facilities(const auth::CallContext& ctx) override;
  absl::StatusOr<std::vector<domain::Price>> Prices(const auth::CallContext& ctx,
                                                    const domain::FacilityId& id) override;
  absl::StatusOr<std::vector<domain::FacilityFact>> FacilityHistory(
      const auth::CallContext& ctx, const usecases::FacilityHistoryPage& page) override;
  absl::StatusOr<std::vector<usecases::BedRecord>> Beds(
      const auth::CallContext& ctx, const usecases::CalendarQuery& query) override;
  absl::StatusOr<std::optional<usecases::BedRecord>> FindBed(const auth::CallContext& ctx,
                                                             const domain::BedId& id) override;
  absl::StatusOr<std::vector<domain::QueueRule>> Rules(const auth::CallContext& ctx) override;
  absl::StatusOr<std::optional<usecases::CarePeriodRecord>> FindCarePeriod(
      const auth::CallContext& ctx, const domain::CarePeriodId& id) override;
  absl::StatusOr<std::vector<usecases::CarePeriodRecord>> ListCarePeriods(
      const auth::CallContext& ctx, const domain::EntryId& id) override;

  absl::StatusOr<std::optional<domain::QueueEntry>> FindEntry(const auth::CallContext& ctx,
                                                              const domain::EntryId& id) override;
  absl::StatusOr<std::vector<domain::QueueEntry>> EntriesOf(const auth::CallContext& ctx,
                                                            const domain::CaseId& id) override;
  absl::StatusOr<bool> WasOffered(const auth::CallContext& ctx, const domain::EntryId& id,
                                  const domain::BedId& bed) override;
  absl::StatusOr<std::vector<usecases::QueueRow>> ListQueue(
      const auth::CallContext& ctx, const usecases::QueuePage& page) override;
  absl::StatusOr<int> CountWaiting(const auth::CallContext& ctx,
                                   const domain::FacilityId& facility_id,
                                   domain::BedKind kind) override;
  absl::StatusOr<usecases::PositionFacts> Position(const auth::CallContext& ctx,
                                                   const domain::QueueRule& rule,
                                                   const domain::QueueEntry& entry,
                                                   int limit) override;
  absl::StatusOr<std::vector<domain::BeforeCount>> CountBefore(
      const auth::CallContext& ctx, const domain::QueueRule& rule,
      const domain::QueueEntry& entry) override;
  absl::StatusOr<std::vector<usecases::Neighbour>> DirectlyBefore(const auth::CallContext& ctx,
                                                                  const domain::QueueEntry& entry,
                                                                  int limit) override;
  absl::StatusOr<std::vector<usecases::HistoryRecord>> History(const auth::CallContext& ctx,
                                                               const domain::EntryId& id) override;

  absl::StatusOr<std::optional<usecases::OfferRecord>> FindOffer(
      const auth::CallContext& ctx, const domain::OfferId& id) override;
  absl::StatusOr<std::vector<usecases::OfferRecord>> ListOffers(
      const auth::CallContext& ctx, const usecases::OfferPage& page) override;
  absl::StatusOr<std::optional<usecases::OverrideRecord>> FindOverride(
      const auth::CallContext& ctx, const domain::OverrideId& id) override;
  absl::StatusOr<std::vector<usecases::OverrideRecord>> ListOverrides(
      const auth::CallContext& ctx, const usecases::OverridePage& page) override;
  absl::StatusOr<std::optional<usecases::HoldRecord>> FindHold(const auth::CallContext& ctx,
                                                               const domain::HoldId& id) override;
  absl::StatusOr<std::vector<usecases::HoldRecord>> ListHolds(
      const auth::CallContext& ctx, const usecases::HoldPage& page) override;
  absl::StatusOr<std::optional<usecases::StayRecord>> FindStay(const auth::CallContext& ctx,
                                                               const domain::StayId& id) override;
  absl::StatusOr<std::vector<usecases::StayRecord>> ListStays(
      const auth::CallContext& ctx, const usecases::StayPage& page) override;
  absl::StatusOr<std::optional<usecases::ExternalStayRecord>> FindExternalStay(
      const auth::CallContext& ctx, const domain::StayId& id) override;
  absl::StatusOr<std::vector<usecases::ExternalStayRecord>> ListExternalStays(
      const auth::CallContext& ctx, const usecases::ExternalStayPage& page) override;
  absl::StatusOr<std::vector<domain::Agreement>> Agreements(const auth::CallContext& ctx,
                                                            const domain::OfferId& id) override;
  absl::StatusOr<std::vector<domain::ContactPlan>> ContactPlans(const auth::CallContext& ctx,
                                                                const domain::OfferId& id) override;
  absl::StatusOr<std::vector<domain::StayFact>> StayHistory(const auth::CallContext& ctx,
                                                            const domain::StayId& id) override;
  absl::StatusOr<std::optional<usecases::TransferRecord>> FindTransfer(
      const auth::CallContext& ctx, const domain::TransferId& id) override;
  absl::StatusOr<std::vector<usecases::TimelineRow>> Timeline(
      const auth::CallContext& ctx, const usecases::TimelineQuery& query) override;

  absl::StatusOr<std::optional<usecases::AlternationRecord>> FindAlternation(
      const auth::CallContext& ctx, const domain::AlternationId& id) override;
  absl::StatusOr<std::vector<usecases::AlternationRecord>> ListAlternations(
      const auth::CallContext& ctx, const usecases::AlternationPage& page) override;

  absl::StatusOr<std::vector<usecases::QueueRow>> Attention(
      const auth::CallContext& ctx, const usecases::WeeklyQuery& query) override;
  absl::StatusOr<std::vector<usecases::MovementRow>> Departures(
      const auth::CallContext& ctx, const usecases::WeeklyQuery& query) override;
  absl::StatusOr<std::vector<usecases::MovementRow>> Arrivals(
      const auth::CallContext& ctx, const usecases::WeeklyQuery& query) override;
  absl::StatusOr<std::vector<usecases::DeadlineRow>> Deadlines(
      const auth::CallContext& ctx, const usecases::WeeklyQuery& query) override;
  absl::StatusOr<std::vector<usecases::ChangeRow>> Changes(
      const auth::CallContext& ctx, const usecases::WeeklyQuery& query) override;
  absl::StatusOr<std::map<std::string, int>> ChangeCounts(
      const auth::CallContext& ctx, const usecases::WeeklyQuery& query) override;

 private:
  // Narrows a list to the case, or to what the unit may see; `owned` is the alias of the table with
  // case and owner, beside `f`, the facility.
  absl::Status AddScope(const auth::CallContext& ctx, const usecases::Scope& scope,
                        const std::optional<std::string>& case_id, const std::string& owned,
                        Filter& filter);
  // How many wait in the entry's queue with keys from `from` on and before its own; at most
  // `limit`.
  absl::StatusOr<int> CountBetween(const auth::CallContext& ctx, const domain::QueueEntry& entry,
                                   const std::string& from, int limit);
  // Of rows in the order of their queues. Each is counted from the one before it, and is the next
  // when they are adjacent.
  absl::Status AddPositions(const auth::CallContext& ctx, std::vector<usecases::QueueRow>& rows,
                            bool adjacent);

  pg::Pool& pool_;
};

}  // namespace vardkedja::placement::storage
