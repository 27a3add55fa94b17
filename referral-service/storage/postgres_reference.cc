#include "referral-service/storage/postgres_reference.h"

#include <map>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "lib/status/status.h"

namespace vardkedja::referral::storage {
namespace {

using domain::Reference;

domain::UnitKind KindOf(const std::string& kind_code) {
  if (kind_code == "facility") return domain::UnitKind::kFacility;
  if (kind_code == "board") return domain::UnitKind::kBoard;
  return domain::UnitKind::kOther;
}

absl::Status ReadDirectory(pg::Transaction& tx, Reference& reference) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result organisations,
      tx.Execute("SELECT organisation_id, municipality_code, participating FROM organisation"));
  for (const pg::Row row : organisations) {
    std::string id = row.Text("organisation_id");
    reference.organisations[id] = {id, row.Text("municipality_code"), row.Bool("participating")};
  }
  VK_ASSIGN_OR_RETURN(
      const pg::Result units,
      tx.Execute("SELECT unit_id, organisation_id, kind_code, facility_id FROM unit"));
  for (const pg::Row row : units) {
    std::string id = row.Text("unit_id");
    reference.unit_ids.insert(id);
    reference.units[id] = {id, row.Text("organisation_id"), KindOf(row.Text("kind_code")),
                           row.Text("facility_id"), row.Text("kind_code") == "social_services"};
  }
  VK_ASSIGN_OR_RETURN(
      const pg::Result merges,
      tx.Execute("SELECT from_unit_id, to_unit_id FROM unit_reorganisation"
                 " WHERE kind = 'unit_merged' ORDER BY begun_at, reorganisation_id"));
  for (const pg::Row row : merges) {
    reference.Merge(row.Text("from_unit_id"), row.Text("to_unit_id"));
  }
  VK_ASSIGN_OR_RETURN(const pg::Result beds,
                      tx.Execute("SELECT facility_id, bed_kind, operational_to FROM facility_bed"));
  for (const pg::Row row : beds) {
    reference.beds.push_back({row.Text("facility_id"),
                              static_cast<domain::BedKind>(row.Int("bed_kind")),
                              row.OptionalDate("operational_to")});
  }
  return absl::OkStatus();
}

absl::Status ReadForms(pg::Transaction& tx, Reference& reference) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result versions,
      tx.Execute("SELECT version, from_date, need_codes FROM form_version ORDER BY from_date"));
  std::map<std::int64_t, std::size_t> place;
  for (const pg::Row row : versions) {
    place[row.Int("version")] = reference.form_versions.size();
    reference.form_versions.push_back({static_cast<int>(row.Int("version")),
                                       row.Date("from_date"),
                                       {},
                                       row.Texts("need_codes"),
                                       {},
                                       {}});
  }
  VK_ASSIGN_OR_RETURN(
      const pg::Result fields,
      tx.Execute("SELECT version, path, category, required, label_sv, label_en FROM form_field"
                 " ORDER BY version, path"));
  for (const pg::Row row : fields) {
    reference.form_versions[place.at(row.Int("version"))].fields.push_back(
        {row.Text("path"), row.Text("category"), row.Bool("required"), row.Text("label_sv"),
         row.Text("label_en")});
  }
  VK_ASSIGN_OR_RETURN(
      const pg::Result instruments,
      tx.Execute("SELECT version, code, max_score FROM form_instrument ORDER BY version, code"));
  for (const pg::Row row : instruments) {
    reference.form_versions[place.at(row.Int("version"))].instruments.push_back(
        {row.Text("code"), static_cast<int>(row.Int("max_score"))});
  }
  VK_ASSIGN_OR_RETURN(const pg::Result labels,
                      tx.Execute("SELECT code, label_sv, label_en FROM form_code ORDER BY code"));
  for (const pg::Row row : labels) {
    for (domain::FormVersion& version : reference.form_versions) {
      version.code_labels.push_back({row.Text("code"), row.Text("label_sv"), row.Text("label_en")});
    }
  }
  return absl::OkStatus();
}

absl::Status ReadCodes(pg::Transaction& tx, Reference& reference) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result laws,
      tx.Execute("SELECT code, name_sv, name_en, from_date, to_date, placement, home_support,"
                 " deciding_organisation_id, grounds, longest_months FROM law_section ORDER BY "
                 "code, from_date"));
  for (const pg::Row row : laws) {
    domain::LawSection law{row.Text("code"),
                           row.Text("name_sv"),
                           row.Text("name_en"),
                           row.Date("from_date"),
                           row.OptionalDate("to_date"),
                           row.Bool("placement"),
                           row.Bool("home_support"),
                           {},
                           {},
                           row.Text("deciding_organisation_id")};
    for (const std::string& code : row.Texts("grounds")) {
      const auto ground = domain::ParseGround(code);
      if (!ground) return absl::InternalError("a stored law section has an unknown ground");
      law.grounds.insert(*ground);
    }
    if (const auto months = row.OptionalInt("longest_months")) {
      law.longest_months = static_cast<int>(*months);
    }
    reference.law_sections.push_back(std::move(law));
  }
  VK_ASSIGN_OR_RETURN(const pg::Result rules,
                      tx.Execute("SELECT from_date, longest_days, written_consent_unit_ids"
                                 " FROM disclosure_rule ORDER BY from_date"));
  for (const pg::Row row : rules) {
    const std::vector<std::string> units = row.Texts("written_consent_unit_ids");
    reference.ground_rules.push_back({row.Date("from_date"),
                                      static_cast<int>(row.Int("longest_days")),
                                      {units.begin(), units.end()}});
  }
  VK_ASSIGN_OR_RETURN(
      const pg::Result hosts,
      tx.Execute("SELECT organisation_id, host, from_date, to_date FROM video_host"));
  for (const pg::Row row : hosts) {
    reference.video_hosts.push_back({row.Text("organisation_id"), row.Text("host"),
                                     row.Date("from_date"), row.OptionalDate("to_date")});
  }
  VK_ASSIGN_OR_RETURN(const pg::Result purposes, tx.Execute("SELECT code FROM purpose"));
  for (const pg::Row row : purposes) reference.purposes.insert(row.Text("code"));
  VK_ASSIGN_OR_RETURN(
      const pg::Result times,
      tx.Execute("SELECT state, from_date, months, days FROM response_time ORDER BY from_date"));
  for (const pg::Row row : times) {
    const auto state = domain::ParseState(row.Text("state"));
    if (!state) continue;  // of a newer version of the service
    reference.response_times.push_back({*state, row.Date("from_date"),
                                        static_cast<int>(row.Int("months")),
                                        static_cast<int>(row.Int("days"))});
  }
  return absl::OkStatus();
}

absl::Status ReadOrders(pg::Transaction& tx, Reference& reference) {
  VK_ASSIGN_OR_RETURN(const pg::Result rules,
                      tx.Execute("SELECT municipality_code, from_date, order_code"
                                 " FROM commission_order ORDER BY from_date"));
  for (const pg::Row row : rules) {
    const auto order = domain::ParseCommissionOrder(row.Text("order_code"));
    if (!order) return absl::InternalError("an order of form and decision is not known");
    reference.order_rules.push_back({row.Text("municipality_code"), row.Date("from_date"), *order});
  }
  return absl::OkStatus();
}

absl::Status ReadReroutes(pg::Transaction& tx, Reference& reference) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rules,
      tx.Execute("SELECT from_date, respond_days, hand_over_reasons, decline_reasons"
                 " FROM reroute_rule ORDER BY from_date"));
  for (const pg::Row row : rules) {
    reference.reroute_rules.push_back(
        {row.Date("from_date"), static_cast<int>(row.Int("respond_days")),
         row.Texts("hand_over_reasons"), row.Texts("decline_reasons")});
  }
  return absl::OkStatus();
}

absl::Status ReadRetention(pg::Transaction& tx, Reference& reference) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rules,
      tx.Execute("SELECT organisation_id, from_date, months, hold_reasons, waiver_reasons"
                 " FROM retention_rule ORDER BY from_date"));
  for (const pg::Row row : rules) {
    reference.retention_rules.push_back({row.Text("organisation_id"), row.Date("from_date"),
                                         static_cast<int>(row.Int("months")),
                                         row.Texts("hold_reasons"), row.Texts("waiver_reasons")});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status KeepBed(pg::Transaction& tx, const std::string& bed_id, const domain::BedInfo& bed) {
  return tx
      .Execute(
          "INSERT INTO facility_bed (bed_id, facility_id, bed_kind, operational_to)"
          " VALUES ($1, $2, $3, $4) ON CONFLICT (bed_id) DO UPDATE SET"
          " facility_id = excluded.facility_id, bed_kind = excluded.bed_kind,"
          " operational_to = excluded.operational_to",
          {bed_id, bed.facility_id, static_cast<int>(bed.kind), bed.operational_to})
      .status();
}

absl::StatusOr<std::shared_ptr<const Reference>> PostgresReference::Current(
    const auth::CallContext& context) {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (kept_ && (reading_ || now - read_at_ < keep_)) return kept_;
    reading_ = true;
  }
  const absl::Cleanup done = [this] {
    const std::lock_guard lock(mutex_);
    reading_ = false;
  };
  auto fresh = std::make_shared<Reference>();
  const absl::Status read = pool_.InTransaction({.deadline = context.deadline,
                                                 .isolation = pg::Isolation::kRepeatableRead,
                                                 .read_only = true},
                                                [&](pg::Transaction& tx) -> absl::Status {
                                                  *fresh = Reference{};
                                                  VK_RETURN_IF_ERROR(ReadDirectory(tx, *fresh));
                                                  VK_RETURN_IF_ERROR(ReadForms(tx, *fresh));
                                                  VK_RETURN_IF_ERROR(ReadOrders(tx, *fresh));
                                                  VK_RETURN_IF_ERROR(ReadReroutes(tx, *fresh));
                                                  VK_RETURN_IF_ERROR(ReadRetention(tx, *fresh));
                                                  return ReadCodes(tx, *fresh);
                                                });
  VK_RETURN_IF_ERROR(read);
  if (fresh->units.empty() || fresh->organisations.empty() || fresh->purposes.empty() ||
      fresh->form_versions.empty() || fresh->law_sections.empty() || fresh->ground_rules.empty()) {
    return MakeError(absl::StatusCode::kUnavailable,
                     "The directory or the reference data is not there yet.",
                     "REFERENCE_NOT_LOADED");
  }
  const std::lock_guard lock(mutex_);
  kept_ = std::move(fresh);
  read_at_ = now;
  return kept_;
}

}  // namespace vardkedja::referral::storage
