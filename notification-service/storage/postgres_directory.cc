#include "notification-service/storage/postgres_directory.h"

#include "lib/status/status.h"

namespace vardkedja::notification::storage {
namespace {

constexpr std::string_view kListOrganisations = R"(
SELECT organisation_id, name, kind, municipality_code, participating
  FROM organisation
 WHERE organisation_id > $1
 ORDER BY organisation_id
 LIMIT $2)";

// Seats come as three parallel arrays, so that a unit is one row.
constexpr std::string_view kListUnits = R"(
SELECT u.unit_id, u.organisation_id, u.name, u.kind, u.functional_address, u.facility_id,
       u.host_organisation_id, o.participating,
       COALESCE(s.seats, '{}') AS seats, COALESCE(s.facilities, '{}') AS seat_facilities,
       COALESCE(s.holders, '{}') AS seat_holders, COALESCE(s.deputies, '{}') AS seat_deputies
  FROM unit AS u
  JOIN organisation AS o USING (organisation_id)
  LEFT JOIN LATERAL (
       SELECT array_agg(seat ORDER BY seat) AS seats,
              array_agg(facility_id ORDER BY seat) AS facilities,
              array_agg(holder_role ORDER BY seat) AS holders,
              array_agg(COALESCE(deputy_role, '') ORDER BY seat) AS deputies
         FROM seat WHERE seat.unit_id = u.unit_id) AS s ON true
 WHERE ($1::text = '' OR u.organisation_id = $1)
   AND u.unit_id > $2
   AND ($4::text IS NULL OR u.unit_id = $4)
 ORDER BY u.unit_id
 LIMIT $3)";

constexpr std::string_view kFacilityUnit = "SELECT unit_id FROM unit WHERE facility_id = $1";

constexpr std::string_view kIsReachable = R"(
SELECT 1 AS reachable
  FROM unit AS u JOIN organisation AS o USING (organisation_id)
 WHERE u.unit_id = $1 AND o.participating)";

usecases::UnitEntry ToUnit(const pg::Row& row) {
  usecases::UnitEntry entry;
  entry.unit.unit_id = row.Text("unit_id");
  entry.unit.organisation_id = row.Text("organisation_id");
  entry.unit.name = row.Text("name");
  entry.unit.kind = row.Text("kind");
  entry.unit.functional_address = row.Text("functional_address");
  entry.unit.facility_id = row.OptionalText("facility_id").value_or("");
  entry.unit.host_organisation_id = row.OptionalText("host_organisation_id").value_or("");
  entry.participating = row.Bool("participating");
  const std::vector<std::string> seats = row.Texts("seats");
  const std::vector<std::string> facilities = row.Texts("seat_facilities");
  const std::vector<std::string> holders = row.Texts("seat_holders");
  const std::vector<std::string> deputies = row.Texts("seat_deputies");
  for (size_t i = 0; i < seats.size(); ++i) {
    entry.unit.seats.push_back({seats[i], facilities[i], holders[i], deputies[i]});
  }
  return entry;
}

}  // namespace

absl::StatusOr<std::vector<domain::Organisation>> PostgresDirectory::ListOrganisations(
    std::string_view after, int limit, usecases::CallDeadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kListOrganisations, {after, limit}, deadline));
  std::vector<domain::Organisation> organisations;
  for (const pg::Row row : rows) {
    organisations.push_back(
        {.organisation_id = row.Text("organisation_id"),
         .name = row.Text("name"),
         .kind = row.Text("kind"),
         .municipality_code = row.OptionalText("municipality_code").value_or(""),
         .participating = row.Bool("participating")});
  }
  return organisations;
}

absl::StatusOr<std::vector<usecases::UnitEntry>> PostgresDirectory::ListUnits(
    std::string_view organisation_id, std::string_view after, int limit,
    usecases::CallDeadline deadline) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kListUnits, {organisation_id, after, limit, std::nullopt}, deadline));
  std::vector<usecases::UnitEntry> units;
  for (const pg::Row row : rows) units.push_back(ToUnit(row));
  return units;
}

absl::StatusOr<std::optional<usecases::UnitEntry>> PostgresDirectory::FindUnit(
    std::string_view unit_id, usecases::CallDeadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kListUnits, {"", "", 1, unit_id}, deadline));
  if (rows.empty()) return std::nullopt;
  return ToUnit(rows[0]);
}

absl::StatusOr<std::string> FacilityUnit(pg::Transaction& tx, std::string_view facility_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kFacilityUnit, {facility_id}));
  return rows.empty() ? std::string() : rows[0].Text("unit_id");
}

absl::StatusOr<bool> IsReachable(pg::Transaction& tx, std::string_view unit_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kIsReachable, {unit_id}));
  return !rows.empty();
}

}  // namespace vardkedja::notification::storage
