// Placement agreements and contact plans: versions that are only added to.
#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/storage/reads.h"

namespace vardkedja::placement::storage {
namespace {

// $1 the offer, $2 how many, newest first.
constexpr std::string_view kAgreements =
    "SELECT version, house_rules, conditions, person_agreed, owner_agreed, facility_agreed,"
    " recorded_by_unit, recorded_at FROM placement_agreement WHERE offer_id = $1"
    " ORDER BY version DESC LIMIT $2";
constexpr std::string_view kPlans =
    "SELECT version, contact_person, social_worker_days, relatives_days, children_days,"
    " child_forms, next_child_contact, next_unit_from, earlier_by_wish, recorded_by_unit,"
    " recorded_at FROM contact_plan WHERE offer_id = $1 ORDER BY version DESC LIMIT $2";
constexpr int kVersionsShown = 101;  // what holds, and 100 before

template <class Value>
std::vector<Value> ValuesOf(const pg::Row& row, std::string_view column) {
  std::vector<Value> values;
  for (const std::string& one : row.Texts(column)) {
    values.push_back(static_cast<Value>(std::stoi(one)));
  }
  return values;
}

template <class Value>
std::vector<std::int64_t> NumbersOf(const std::vector<Value>& values) {
  std::vector<std::int64_t> numbers;
  for (const Value value : values) numbers.push_back(static_cast<std::int64_t>(value));
  return numbers;
}

domain::Agreement AgreementOf(const pg::Row& row) {
  return {static_cast<int>(row.Int("version")),
          row.Text("house_rules"),
          ValuesOf<domain::AgreementCondition>(row, "conditions"),
          row.OptionalDate("person_agreed"),
          row.OptionalDate("owner_agreed"),
          row.OptionalDate("facility_agreed"),
          row.Text("recorded_by_unit"),
          row.Instant("recorded_at")};
}

domain::ContactPlan PlanOf(const pg::Row& row) {
  return {static_cast<int>(row.Int("version")),
          row.Text("contact_person"),
          static_cast<int>(row.Int("social_worker_days")),
          static_cast<int>(row.Int("relatives_days")),
          static_cast<int>(row.Int("children_days")),
          ValuesOf<domain::ChildContactForm>(row, "child_forms"),
          row.OptionalDate("next_child_contact"),
          row.OptionalDate("next_unit_from"),
          row.Bool("earlier_by_wish"),
          row.Text("recorded_by_unit"),
          row.Instant("recorded_at")};
}

template <class Version>
absl::StatusOr<std::vector<Version>> Read(const Run& run, std::string_view sql,
                                          const domain::OfferId& id, int limit,
                                          Version (*of)(const pg::Row&)) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, run(std::string(sql), {id.value, limit}));
  std::vector<Version> versions;
  for (const pg::Row& row : rows) versions.push_back(of(row));
  return versions;
}

template <class Version>
absl::StatusOr<std::optional<Version>> ReadNewest(const Run& run, std::string_view sql,
                                                  const domain::OfferId& id,
                                                  Version (*of)(const pg::Row&)) {
  VK_ASSIGN_OR_RETURN(const std::vector<Version> versions, Read(run, sql, id, 1, of));
  if (versions.empty()) return std::optional<Version>();
  return std::optional<Version>(versions[0]);
}

}  // namespace

absl::StatusOr<std::optional<domain::Agreement>> PostgresSession::FindAgreement(
    const domain::OfferId& id) {
  return ReadNewest(run_, kAgreements, id, AgreementOf);
}

absl::StatusOr<std::optional<domain::ContactPlan>> PostgresSession::FindContactPlan(
    const domain::OfferId& id) {
  return ReadNewest(run_, kPlans, id, PlanOf);
}

absl::Status PostgresSession::AddAgreement(const domain::OfferId& id,
                                           const domain::Agreement& agreement) {
  return WriteOne(
      "INSERT INTO placement_agreement (offer_id, version, house_rules, conditions, person_agreed,"
      " owner_agreed, facility_agreed, recorded_by_unit, recorded_at)"
      " VALUES ($1, $2, $3, $4::bigint[], $5, $6, $7, $8, $9)",
      {id.value, agreement.version, agreement.house_rules, NumbersOf(agreement.conditions),
       agreement.person, agreement.owner, agreement.facility, cause_.actor_unit, cause_.now});
}

absl::Status PostgresSession::AddContactPlan(const domain::OfferId& id,
                                             const domain::ContactPlan& plan) {
  return WriteOne(
      "INSERT INTO contact_plan (offer_id, version, contact_person, social_worker_days,"
      " relatives_days, children_days, child_forms, next_child_contact, next_unit_from,"
      " earlier_by_wish, recorded_by_unit, recorded_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7::bigint[], $8, $9, $10, $11, $12)",
      {id.value, plan.version, plan.contact_person, plan.social_worker_days, plan.relatives_days,
       plan.children_days, NumbersOf(plan.child_forms), plan.next_child_contact,
       plan.next_unit_from, plan.earlier_by_wish, cause_.actor_unit, cause_.now});
}

absl::StatusOr<std::vector<domain::Agreement>> PostgresStore::Agreements(
    const auth::CallContext& ctx, const domain::OfferId& id) {
  return Read(Reads(pool_, ctx), kAgreements, id, kVersionsShown, AgreementOf);
}

absl::StatusOr<std::vector<domain::ContactPlan>> PostgresStore::ContactPlans(
    const auth::CallContext& ctx, const domain::OfferId& id) {
  return Read(Reads(pool_, ctx), kPlans, id, kVersionsShown, PlanOf);
}

}  // namespace vardkedja::placement::storage
