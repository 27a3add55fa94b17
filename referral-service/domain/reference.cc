#include "referral-service/domain/reference.h"

#include <algorithm>
#include <array>

namespace vardkedja::referral::domain {
namespace {

constexpr auto kOrderNames =
    std::to_array<std::string_view>({"form_first", "decision_first", "either"});

// Numbered as Ground, from kVoluntary on.
constexpr auto kGroundNames = std::to_array<std::string_view>(
    {"voluntary", "lvm_investigation", "lvm_section_27", "after_external_placement"});

bool InForce(const LawSection& law, Date on) {
  return law.from_date <= on && (!law.to_date || on < *law.to_date);
}

template <class Fits>
std::string Codes(const std::vector<LawSection>& laws, const Fits& fits) {
  std::string codes;
  for (const LawSection& law : laws) {
    if (!fits(law)) continue;
    if (!codes.empty()) codes += ", ";
    codes += law.code;
  }
  return codes;
}

}  // namespace

UnitKind Reference::KindOf(std::string_view unit_id) const {
  const auto found = units.find(unit_id);
  return found == units.end() ? UnitKind::kOther : found->second.kind;
}

void Reference::Merge(const std::string& from, const std::string& into) {
  // A unit that receives another one goes on, also when it was merged before: no chain is a circle.
  merged_into.erase(into);
  merged_into[from] = into;
}

std::string Reference::AnswersFor(std::string_view unit_id) const {
  auto found = merged_into.find(unit_id);
  if (found == merged_into.end()) return std::string(unit_id);
  for (auto next = found; next != merged_into.end(); next = merged_into.find(found->second)) {
    found = next;
  }
  return found->second;
}

std::vector<MergedUnit> Reference::MergedAmong(const std::set<std::string>& unit_ids_named) const {
  std::vector<MergedUnit> merged;
  for (const std::string& unit_id : unit_ids_named) {
    if (merged_into.contains(unit_id)) merged.push_back({unit_id, AnswersFor(unit_id)});
  }
  return merged;
}

std::optional<std::string> Reference::UnitOfFacility(std::string_view facility_id) const {
  if (facility_id.empty()) return std::nullopt;
  for (const auto& [unit_id, unit] : units) {
    if (unit.facility_id == facility_id) return unit_id;
  }
  return std::nullopt;
}

std::set<BedKind> Reference::KindsOf(std::string_view facility_id, Date on) const {
  std::set<BedKind> kinds;
  for (const BedInfo& bed : beds) {
    const bool there = !bed.operational_to || *bed.operational_to > on;
    if (there && bed.facility_id == facility_id) kinds.insert(bed.kind);
  }
  return kinds;
}

const LawSection* Reference::Law(std::string_view code, Date on) const {
  const auto found = std::find_if(law_sections.begin(), law_sections.end(), [&](const auto& law) {
    return law.code == code && InForce(law, on);
  });
  return found == law_sections.end() ? nullptr : &*found;
}

std::string Reference::LawCodes(bool LawSection::*use, Date on) const {
  return Codes(law_sections, [&](const LawSection& law) { return law.*use && InForce(law, on); });
}

std::string Reference::LawCodesFor(Ground ground, Date on) const {
  return Codes(law_sections, [&](const LawSection& law) {
    return law.placement && law.grounds.contains(ground) && InForce(law, on);
  });
}

const GroundRules* Reference::GroundRulesOn(Date on) const {
  const GroundRules* current = nullptr;
  for (const GroundRules& rules : ground_rules) {
    if (rules.from_date <= on) current = &rules;
  }
  return current;
}

std::set<std::string> Reference::VideoHostsOn(std::string_view organisation_id, Date on) const {
  std::set<std::string> hosts;
  for (const VideoHost& host : video_hosts) {
    const bool in_use = host.from_date <= on && (!host.to_date || on < *host.to_date);
    if (in_use && host.organisation_id == organisation_id) hosts.insert(host.host);
  }
  return hosts;
}

const FormVersion* Reference::FormOn(Date on) const {
  const FormVersion* current = nullptr;
  for (const FormVersion& version : form_versions) {
    if (version.from_date <= on) current = &version;
  }
  return current;
}

const FormVersion* Reference::Form(int version) const {
  const auto found =
      std::find_if(form_versions.begin(), form_versions.end(),
                   [&](const FormVersion& known) { return known.version == version; });
  return found == form_versions.end() ? nullptr : &*found;
}

const ResponseTime* Reference::ResponseTimeOf(State state, Date on) const {
  const ResponseTime* current = nullptr;
  for (const ResponseTime& time : response_times) {
    if (time.state == state && time.from_date <= on) current = &time;
  }
  return current;
}

const RerouteRule* Reference::RerouteRuleOn(Date on) const {
  const RerouteRule* current = nullptr;
  for (const RerouteRule& rule : reroute_rules) {
    if (rule.from_date <= on) current = &rule;
  }
  return current;
}

const RetentionRule* Reference::RetentionRuleOf(std::string_view organisation_id, Date on) const {
  const RetentionRule* own = nullptr;
  const RetentionRule* all = nullptr;
  for (const RetentionRule& rule : retention_rules) {
    if (rule.from_date > on) continue;
    if (rule.organisation_id == organisation_id) own = &rule;
    if (rule.organisation_id == "*") all = &rule;
  }
  return own == nullptr ? all : own;
}

const OrganisationInfo* Reference::MunicipalityOf(std::string_view unit_id) const {
  const auto unit = units.find(unit_id);
  if (unit == units.end() || unit->second.kind != UnitKind::kOther) return nullptr;
  const auto organisation = organisations.find(unit->second.organisation_id);
  if (organisation == organisations.end()) return nullptr;
  const OrganisationInfo& found = organisation->second;
  return found.participating && !found.municipality_code.empty() ? &found : nullptr;
}

std::vector<std::string> Reference::SocialServicesOf(std::string_view municipality_code) const {
  std::vector<std::string> found;
  for (const auto& [unit_id, unit] : units) {
    const OrganisationInfo* municipality = MunicipalityOf(unit_id);
    if (municipality == nullptr || !unit.social_services || merged_into.contains(unit_id)) continue;
    if (municipality->municipality_code == municipality_code) found.push_back(unit_id);
  }
  return found;
}

bool Reference::IsSocialServices(std::string_view unit_id) const {
  const auto unit = units.find(unit_id);
  return unit != units.end() && unit->second.social_services && MunicipalityOf(unit_id) != nullptr;
}

CommissionOrder Reference::OrderOf(std::string_view municipality_code, Date on) const {
  std::optional<CommissionOrder> own;
  CommissionOrder all = CommissionOrder::kEither;
  for (const OrderRule& rule : order_rules) {
    if (rule.from_date > on) continue;
    if (rule.municipality_code == municipality_code) own = rule.order;
    if (rule.municipality_code == "*") all = rule.order;
  }
  return own.value_or(all);
}

std::string_view Name(Ground ground) {
  return ground == Ground::kUnspecified ? "" : kGroundNames[static_cast<std::size_t>(ground) - 1];
}

std::optional<Ground> ParseGround(std::string_view code) {
  const auto* found = std::find(kGroundNames.begin(), kGroundNames.end(), code);
  if (found == kGroundNames.end()) return std::nullopt;
  return static_cast<Ground>(found - kGroundNames.begin() + 1);
}

std::string_view Name(CommissionOrder order) {
  return kOrderNames[static_cast<std::size_t>(order)];
}

std::optional<CommissionOrder> ParseCommissionOrder(std::string_view code) {
  const auto* found = std::find(kOrderNames.begin(), kOrderNames.end(), code);
  if (found == kOrderNames.end()) return std::nullopt;
  return static_cast<CommissionOrder>(found - kOrderNames.begin());
}

Date DueDate(const ResponseTime& time, Date since) {
  return AddMonths(since, time.months) + std::chrono::days(time.days);
}

}  // namespace vardkedja::referral::domain
