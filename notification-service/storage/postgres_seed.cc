#include "notification-service/storage/postgres_seed.h"

#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"

namespace vardkedja::notification::storage {
namespace {

// Two seeds at once wait for each other instead of colliding; reads go on.
constexpr std::string_view kLock = "LOCK TABLE organisation IN SHARE ROW EXCLUSIVE MODE";

// Each answers one row: whether the row was inserted, and whether what stands is what was given.
constexpr std::string_view kOrganisation = R"(
WITH inserted AS (
  INSERT INTO organisation (organisation_id, name, kind, municipality_code, participating, version)
  VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (organisation_id) DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT 1 FROM inserted) AS added,
       EXISTS (SELECT 1 FROM organisation
                WHERE organisation_id = $1 AND name = $2 AND kind = $3
                  AND municipality_code IS NOT DISTINCT FROM $4 AND participating = $5) AS same)";

constexpr std::string_view kUnit = R"(
WITH inserted AS (
  INSERT INTO unit (unit_id, organisation_id, name, kind, functional_address, facility_id,
                    host_organisation_id, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (unit_id) DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT 1 FROM inserted) AS added,
       EXISTS (SELECT 1 FROM unit
                WHERE unit_id = $1 AND organisation_id = $2 AND name = $3 AND kind = $4
                  AND functional_address = $5 AND facility_id IS NOT DISTINCT FROM $6
                  AND host_organisation_id IS NOT DISTINCT FROM $7) AS same)";

constexpr std::string_view kSeat = R"(
WITH inserted AS (
  INSERT INTO seat (seat, unit_id, facility_id, holder_role, deputy_role, version)
  VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (seat) DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT 1 FROM inserted) AS added,
       EXISTS (SELECT 1 FROM seat
                WHERE seat = $1 AND unit_id = $2 AND facility_id = $3 AND holder_role = $4
                  AND deputy_role IS NOT DISTINCT FROM $5) AS same)";

constexpr std::string_view kRule = R"(
WITH inserted AS (
  INSERT INTO deadline_rule (kind, valid_from, period_months, remind_days_after_start,
                             remind_days_before_end)
  VALUES ($1, $2::date, $3::integer, $4::integer[], $5::integer[])
  ON CONFLICT (kind, valid_from) DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT 1 FROM inserted) AS added,
       EXISTS (SELECT 1 FROM deadline_rule
                WHERE kind = $1 AND valid_from = $2::date
                  AND period_months IS NOT DISTINCT FROM $3::integer
                  AND remind_days_after_start = $4::integer[]
                  AND remind_days_before_end = $5::integer[]) AS same)";

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<std::int64_t> Wide(const std::vector<int>& days) { return {days.begin(), days.end()}; }

// Runs the statements of one seed and gathers what they tell.
class Seeder {
 public:
  Seeder(pg::Transaction& tx, const DirectoryEvents& events) : tx_(tx), events_(events) {}

  absl::Status Add(const domain::Organisation& organisation) {
    VK_ASSIGN_OR_RETURN(
        const bool added,
        Run("organisation " + organisation.organisation_id, kOrganisation,
            {organisation.organisation_id, organisation.name, organisation.kind,
             NullIfEmpty(organisation.municipality_code), organisation.participating}));
    if (added) write_.events.push_back(events_.organisation(organisation));
    return absl::OkStatus();
  }

  absl::Status Add(const domain::Unit& unit) {
    VK_ASSIGN_OR_RETURN(
        const bool added,
        Run("unit " + unit.unit_id, kUnit,
            {unit.unit_id, unit.organisation_id, unit.name, unit.kind, unit.functional_address,
             NullIfEmpty(unit.facility_id), NullIfEmpty(unit.host_organisation_id)}));
    if (added) write_.events.push_back(events_.unit(unit));
    for (const domain::Seat& seat : unit.seats) {
      VK_ASSIGN_OR_RETURN(const bool seat_added,
                          Run("seat " + seat.seat, kSeat,
                              {seat.seat, unit.unit_id, seat.facility_id, seat.holder_role,
                               NullIfEmpty(seat.deputy_role)}));
      if (seat_added) write_.events.push_back(events_.seat(seat));
    }
    return absl::OkStatus();
  }

  absl::Status Add(const domain::DeadlineRule& rule) {
    const std::optional<int> months =
        rule.period_months > 0 ? std::optional(rule.period_months) : std::nullopt;
    return Run("deadline rule " + std::string(domain::Code(rule.kind)) + " of " +
                   FormatDate(rule.valid_from),
               kRule,
               {domain::Code(rule.kind), rule.valid_from, months,
                Wide(rule.remind_days_after_start), Wide(rule.remind_days_before_end)})
        .status();
  }

  const commit::Write& write() const { return write_; }
  SeedReport TakeReport() { return std::move(report_); }

 private:
  absl::StatusOr<bool> Run(std::string what, std::string_view sql, const pg::Params& params) {
    VK_ASSIGN_OR_RETURN(const pg::Result rows, tx_.Execute(sql, params));
    // A statement does not see its own insert, so `same` says nothing about an added row.
    const bool added = rows[0].Bool("added");
    if (added) {
      report_.added.push_back(std::move(what));
    } else if (!rows[0].Bool("same")) {
      report_.differs.push_back(std::move(what));
    }
    return added;
  }

  pg::Transaction& tx_;
  const DirectoryEvents& events_;
  commit::Write write_;
  SeedReport report_;
};

}  // namespace

absl::StatusOr<SeedReport> SeedDirectory(pg::Pool& pool, const domain::Directory& directory,
                                         std::span<const domain::DeadlineRule> rules,
                                         const DirectoryEvents& events) {
  SeedReport report;
  VK_RETURN_IF_ERROR(pool.InTransaction({}, [&](pg::Transaction& tx) -> absl::Status {
    VK_RETURN_IF_ERROR(tx.Execute(kLock).status());
    Seeder seeder(tx, events);
    for (const domain::Organisation& organisation : directory.organisations) {
      VK_RETURN_IF_ERROR(seeder.Add(organisation));
    }
    for (const domain::Unit& unit : directory.units) VK_RETURN_IF_ERROR(seeder.Add(unit));
    for (const domain::DeadlineRule& rule : rules) VK_RETURN_IF_ERROR(seeder.Add(rule));
    if (!seeder.write().events.empty()) VK_RETURN_IF_ERROR(commit::Append(tx, seeder.write()));
    report = seeder.TakeReport();
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace vardkedja::notification::storage
