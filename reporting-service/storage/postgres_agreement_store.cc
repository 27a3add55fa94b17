#include "reporting-service/storage/postgres_agreement_store.h"

#include "lib/status/status.h"

namespace vardkedja::reporting::storage {
namespace {

constexpr std::string_view kSelectById =
    "SELECT agreement_id, name, valid_from, valid_to, region_name, region_basis_points,"
    " rent_bearer, deduct_revenue, renormalise FROM cost_agreement"
    " WHERE agreement_id = $1 AND recorded_at <= $2::timestamptz";

constexpr std::string_view kSelectInForce =
    "SELECT agreement_id, name, valid_from, valid_to, region_name, region_basis_points,"
    " rent_bearer, deduct_revenue, renormalise FROM cost_agreement"
    " WHERE valid_from <= $1::date AND (valid_to IS NULL OR $1::date < valid_to)"
    " AND recorded_at <= $2::timestamptz ORDER BY valid_from DESC, agreement_id LIMIT 1";

domain::Agreement ToAgreement(const pg::Row& row) {
  domain::Agreement agreement;
  agreement.agreement_id = row.Text("agreement_id");
  agreement.name = row.Text("name");
  agreement.valid_from = row.Date("valid_from");
  agreement.valid_to = row.OptionalDate("valid_to");
  agreement.region_name = row.Text("region_name");
  agreement.region_basis_points = row.Int("region_basis_points");
  agreement.rent_bearer = row.OptionalText("rent_bearer");
  agreement.deduct_revenue = row.Bool("deduct_revenue");
  agreement.renormalise = row.Bool("renormalise");
  return agreement;
}

absl::Status AddAgreement(pg::Transaction& tx, const domain::Agreement& agreement, Instant now) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result added,
      tx.Execute("INSERT INTO cost_agreement (agreement_id, name, valid_from, valid_to,"
                 " region_name, region_basis_points, rent_bearer, deduct_revenue, renormalise,"
                 " recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                 " ON CONFLICT (agreement_id) DO NOTHING",
                 {agreement.agreement_id, agreement.name, agreement.valid_from, agreement.valid_to,
                  agreement.region_name, agreement.region_basis_points, agreement.rent_bearer,
                  agreement.deduct_revenue, agreement.renormalise, now}));
  if (added.affected() == 0) return absl::OkStatus();
  int order = 0;
  for (const domain::KeyShare& share : agreement.key) {
    VK_RETURN_IF_ERROR(
        tx.Execute("INSERT INTO cost_share (agreement_id, municipality_code, printed_order, name,"
                   " basis_points, joined, left_on) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   {agreement.agreement_id, share.code, ++order, share.name, share.basis_points,
                    share.joined, share.left})
            .status());
  }
  return absl::OkStatus();
}

// A year is recorded as a whole: a facility added to a known year later would change its sums.
absl::Status AddOutcome(pg::Transaction& tx, int year,
                        const std::vector<domain::FacilityCost>& costs, Instant now) {
  VK_ASSIGN_OR_RETURN(const pg::Result known,
                      tx.Execute("SELECT year FROM cost_outcome WHERE year = $1 LIMIT 1", {year}));
  if (!known.empty()) return absl::OkStatus();
  int order = 0;
  for (const domain::FacilityCost& cost : costs) {
    VK_RETURN_IF_ERROR(
        tx.Execute("INSERT INTO cost_outcome (year, facility_id, printed_order, name, staff_ore,"
                   " rent_ore, other_ore, revenue_ore, recorded_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   {year, cost.facility_id, ++order, cost.name, cost.staff.amount, cost.rent.amount,
                    cost.other.amount, cost.revenue.amount, now})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<domain::Agreement>> PostgresAgreementStore::FindOne(
    std::string_view sql, const pg::Params& params, pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(sql, params, deadline));
  if (rows.empty()) return std::optional<domain::Agreement>();
  domain::Agreement agreement = ToAgreement(rows[0]);
  VK_ASSIGN_OR_RETURN(
      const pg::Result shares,
      pool_.Read("SELECT municipality_code, name, basis_points, joined, left_on FROM cost_share"
                 " WHERE agreement_id = $1 ORDER BY printed_order",
                 {agreement.agreement_id}, deadline));
  for (const pg::Row row : shares) {
    agreement.key.push_back({row.Text("municipality_code"), row.Text("name"),
                             row.Int("basis_points"), row.OptionalDate("joined"),
                             row.OptionalDate("left_on")});
  }
  return std::optional<domain::Agreement>(std::move(agreement));
}

absl::StatusOr<std::optional<domain::Agreement>> PostgresAgreementStore::Find(
    const auth::CallContext& context, const std::string& agreement_id, Instant as_of) {
  return FindOne(kSelectById, {agreement_id, as_of}, context.deadline);
}

absl::StatusOr<std::optional<domain::Agreement>> PostgresAgreementStore::FindInForce(
    const auth::CallContext& context, Date date, Instant as_of) {
  return FindOne(kSelectInForce, {date, as_of}, context.deadline);
}

absl::StatusOr<std::vector<domain::FacilityCost>> PostgresAgreementStore::Outcome(
    const auth::CallContext& context, int year, Instant as_of) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT facility_id, name, staff_ore, rent_ore, other_ore, revenue_ore"
                 " FROM cost_outcome WHERE year = $1 AND recorded_at <= $2::timestamptz"
                 " ORDER BY printed_order",
                 {year, as_of}, context.deadline));
  std::vector<domain::FacilityCost> costs;
  for (const pg::Row row : rows) {
    costs.push_back({row.Text("facility_id"),
                     row.Text("name"),
                     {row.Int("staff_ore")},
                     {row.Int("rent_ore")},
                     {row.Int("other_ore")},
                     {row.Int("revenue_ore")}});
  }
  return costs;
}

absl::StatusOr<int> PostgresAgreementStore::ToleranceDays(const auth::CallContext& context,
                                                          Date date, Instant as_of) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT tolerance_days FROM board_follow_up WHERE valid_from <= $1::date"
                 " AND recorded_at <= $2::timestamptz ORDER BY valid_from DESC LIMIT 1",
                 {date, as_of}, context.deadline));
  return rows.empty() ? 0 : static_cast<int>(rows[0].Int("tolerance_days"));
}

absl::Status PostgresAgreementStore::Seed(const AgreementsFile& file, Instant now,
                                          pg::Deadline deadline) {
  pg::TransactionOptions options;
  options.deadline = deadline;
  return pool_.InTransaction(options, [&](pg::Transaction& tx) -> absl::Status {
    for (const domain::Agreement& agreement : file.agreements) {
      VK_RETURN_IF_ERROR(AddAgreement(tx, agreement, now));
    }
    for (const auto& [year, costs] : file.outcomes) {
      VK_RETURN_IF_ERROR(AddOutcome(tx, year, costs, now));
    }
    for (const auto& [valid_from, tolerance_days] : file.tolerance_days) {
      VK_RETURN_IF_ERROR(
          tx.Execute("INSERT INTO board_follow_up (valid_from, tolerance_days, recorded_at)"
                     " VALUES ($1, $2, $3) ON CONFLICT (valid_from) DO NOTHING",
                     {valid_from, tolerance_days, now})
              .status());
    }
    return absl::OkStatus();
  });
}

}  // namespace vardkedja::reporting::storage
