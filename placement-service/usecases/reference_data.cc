#include "placement-service/usecases/reference_data.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <set>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"

namespace vardkedja::placement::usecases {
namespace {

// Reads one map strictly and remembers the first fault.
class Map {
 public:
  Map(YAML::Node node, std::string where, absl::Status& fault)
      : node_(std::move(node)), where_(std::move(where)), fault_(fault) {
    if (!node_.IsMap()) Fail("is not a map");
  }

  void OnlyKeys(std::initializer_list<std::string_view> keys) {
    if (!node_.IsMap()) return;
    std::set<std::string> seen;
    for (const auto& pair : node_) {
      const auto key = pair.first.as<std::string>("");
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) Fail("unknown key " + key);
      if (!seen.insert(key).second) Fail("key given twice: " + key);
    }
  }
  bool Has(const std::string& key) const { return node_.IsMap() && node_[key].IsDefined(); }

  std::string Text(const std::string& key) {
    const auto text = Has(key) && node_[key].IsScalar() ? node_[key].as<std::string>("") : "";
    if (text.empty()) Fail("needs " + key);
    return text;
  }
  std::string Slug(const std::string& key) {
    std::string text = Text(key);
    const bool fits = std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!fits || text.size() > 64) Fail(key + " is not lower-case letters, digits and hyphens");
    return text;
  }
  int Number(const std::string& key, int least, int most) {
    int number = 0;
    const bool read =
        Has(key) && node_[key].IsScalar() && YAML::convert<int>::decode(node_[key], number);
    if (!read || number < least || number > most) {
      Fail(key + " is not a number from " + std::to_string(least) + " to " + std::to_string(most));
      return least;
    }
    return number;
  }
  Date Day(const std::string& key) {
    const auto date = ParseDate(Text(key));
    if (!date) Fail(key + " is not a date");
    return date.value_or(Date());
  }
  bool Flag(const std::string& key) {
    bool flag = false;
    if (!Has(key)) return false;
    if (!YAML::convert<bool>::decode(node_[key], flag)) Fail(key + " is not true or false");
    return flag;
  }
  std::vector<Map> List(const std::string& key) {
    std::vector<Map> items;
    if (!Has(key) || !node_[key].IsSequence()) {
      Fail("needs the list " + key);
      return items;
    }
    for (std::size_t i = 0; i < node_[key].size(); ++i) {
      items.emplace_back(node_[key][i], where_ + "." + key + "[" + std::to_string(i) + "]", fault_);
    }
    return items;
  }
  std::vector<std::string> Texts(const std::string& key) {
    std::vector<std::string> texts;
    if (!Has(key) || !node_[key].IsSequence()) {
      Fail("needs the list " + key);
      return texts;
    }
    for (const auto& item : node_[key]) texts.push_back(item.as<std::string>(""));
    return texts;
  }
  void Fail(const std::string& what) {
    if (fault_.ok()) {
      fault_ = MakeError(absl::StatusCode::kInvalidArgument, where_ + ": " + what,
                         "REFERENCE_DATA_INVALID");
    }
  }

 private:
  YAML::Node node_;
  std::string where_;
  absl::Status& fault_;
};

domain::BedKind ParseKind(Map& map) {
  const std::string kind = map.Text("kind");
  if (kind == "regular") return domain::BedKind::kRegular;
  if (kind == "intake") return domain::BedKind::kIntake;
  if (kind == "step_out") return domain::BedKind::kStepOut;
  map.Fail("kind is regular, intake or step_out");
  return domain::BedKind::kRegular;
}

void ReadBeds(Map& group, const domain::FacilityId& facility, ReferenceData& data) {
  group.OnlyKeys({"kind", "prefix", "count", "operational_from", "operational_to", "extra"});
  domain::Bed bed;
  bed.facility_id = facility;
  bed.kind = ParseKind(group);
  bed.extra = group.Flag("extra");
  bed.operational.from = group.Day("operational_from");
  if (group.Has("operational_to")) bed.operational.to = group.Day("operational_to");
  if (bed.operational.to && *bed.operational.to <= bed.operational.from) {
    group.Fail("operational_to is not after operational_from");
  }
  const std::string prefix = group.Slug("prefix");
  const int count = group.Number("count", 1, 99);
  for (int number = 1; number <= count; ++number) {
    const std::string digits = std::to_string(number);
    bed.id = domain::BedId(prefix + (number < 10 ? "-0" : "-") + digits);
    data.beds.push_back(bed);
  }
}

// The enum value whose code stands under the key; kUnspecified when nothing does.
template <class Enum>
Enum ReadCode(Map& map, const std::string& key, Enum most) {
  if (!map.Has(key)) return Enum::kUnspecified;
  const std::string code = map.Text(key);
  for (int value = 1; value <= static_cast<int>(most); ++value) {
    if (domain::Code(static_cast<Enum>(value)) == code) return static_cast<Enum>(value);
  }
  map.Fail(key + " has no such value");
  return Enum::kUnspecified;
}

void ReadStanding(Map& map, domain::FacilityDetails& details) {
  details.operator_type = ReadCode(map, "operator", domain::OperatorType::kNonProfit);
  details.ivo_standing = ReadCode(map, "ivo", domain::IvoStanding::kNotification);
  if (map.Has("ivo_reference")) details.ivo_reference = map.Text("ivo_reference");
  details.in_house_health_care = map.Flag("in_house_health_care");
  details.framework_contract = map.Flag("framework_contract");
}

void ReadFacility(Map& map, ReferenceData& data) {
  map.OnlyKeys({"id", "name", "organisation", "unit", "care_level", "operator", "ivo",
                "ivo_reference", "in_house_health_care", "framework_contract",
                "offer_deadline_hours", "offer_reminder_hours", "move_in_within_days", "beds"});
  domain::Facility facility;
  facility.id = domain::FacilityId(map.Slug("id"));
  domain::FacilityDetails& details = facility.details;
  details.name = map.Text("name");
  facility.organisation = map.Slug("organisation");
  facility.unit = domain::UnitId(map.Slug("unit"));
  details.care_level = map.Slug("care_level");
  details.terms.deadline_hours = map.Number("offer_deadline_hours", 1, 720);
  details.terms.reminder_hours =
      map.Number("offer_reminder_hours", 0, details.terms.deadline_hours - 1);
  if (map.Has("move_in_within_days")) {
    details.terms.move_in_within_days = map.Number("move_in_within_days", 1, 366);
  }
  ReadStanding(map, details);
  for (Map& group : map.List("beds")) ReadBeds(group, facility.id, data);
  data.facilities.push_back(std::move(facility));
}

void ReadRule(Map& map, ReferenceData& data) {
  map.OnlyKeys({"version", "effective_from", "combination", "criteria", "alert_after_days"});
  auto rule = domain::MakeQueueRule(map.Number("version", 1, 1'000'000), map.Day("effective_from"),
                                    map.Text("combination"), map.Texts("criteria"),
                                    map.Number("alert_after_days", 1, 3650));
  if (!rule.ok()) {
    map.Fail(std::string(ToStd(rule.status().message())));
    return;
  }
  data.rules.push_back(*std::move(rule));
}

void ReadPeriod(Map& map, ReferenceData& data) {
  const std::string kind = map.Text("kind");
  for (const auto one : {domain::CarePeriodKind::kLvm, domain::CarePeriodKind::kReconsideration}) {
    if (domain::Code(one) != kind) continue;
    data.periods.push_back({one, map.Day("valid_from"), map.Number("period_months", 1, 120)});
  }
  for (const auto one : {domain::DeadlineKind::kExecution, domain::DeadlineKind::kInterruption}) {
    if (domain::Code(one) != kind) continue;
    data.deadlines.push_back({one, map.Day("valid_from"), map.Number("period_months", 1, 120)});
  }
}

absl::Status CheckUnique(const ReferenceData& data) {
  std::set<std::string> seen;
  for (const auto& facility : data.facilities) {
    if (!seen.insert("facility " + facility.id.value).second) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "facilities.yaml: given twice: " + facility.id.value,
                       "REFERENCE_DATA_INVALID");
    }
  }
  for (const auto& bed : data.beds) {
    if (!seen.insert("bed " + bed.id.value).second) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "facilities.yaml: bed given twice: " + bed.id.value,
                       "REFERENCE_DATA_INVALID");
    }
  }
  for (const auto& rule : data.rules) {
    if (!seen.insert("rule " + std::to_string(rule.version)).second) {
      return MakeError(absl::StatusCode::kInvalidArgument, "queue-rules.yaml: version given twice",
                       "REFERENCE_DATA_INVALID");
    }
  }
  if (!data.rules.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument, "queue-rules.yaml: there is no rule",
                   "REFERENCE_DATA_INVALID");
}

absl::StatusOr<YAML::Node> Load(const std::string& file, std::string_view text) {
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& error) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     file + ": not YAML at line " + std::to_string(error.mark.line + 1),
                     "REFERENCE_DATA_INVALID");
  }
}

}  // namespace

absl::StatusOr<ReferenceData> ParseReferenceData(std::string_view facilities_yaml,
                                                 std::string_view rules_yaml,
                                                 std::string_view deadlines_yaml,
                                                 std::string_view organisations_yaml) {
  VK_ASSIGN_OR_RETURN(const YAML::Node facilities, Load("facilities.yaml", facilities_yaml));
  VK_ASSIGN_OR_RETURN(const YAML::Node rules, Load("queue-rules.yaml", rules_yaml));
  ReferenceData data;
  absl::Status fault;
  Map facility_file(facilities, "facilities.yaml", fault);
  facility_file.OnlyKeys({"facilities"});
  for (Map& map : facility_file.List("facilities")) ReadFacility(map, data);
  Map rule_file(rules, "queue-rules.yaml", fault);
  rule_file.OnlyKeys({"queue_rules"});
  for (Map& map : rule_file.List("queue_rules")) ReadRule(map, data);
  VK_ASSIGN_OR_RETURN(const YAML::Node deadlines, Load("deadlines.yaml", deadlines_yaml));
  Map deadline_file(deadlines, "deadlines.yaml", fault);
  for (Map& map : deadline_file.List("deadlines")) ReadPeriod(map, data);
  VK_ASSIGN_OR_RETURN(const YAML::Node directory, Load("organisations.yaml", organisations_yaml));
  Map directory_file(directory, "organisations.yaml", fault);
  for (Map& map : directory_file.List("organisations")) {
    if (map.Flag("participating")) data.members.push_back(map.Slug("id"));
  }
  VK_RETURN_IF_ERROR(fault);
  VK_RETURN_IF_ERROR(CheckUnique(data));
  return data;
}

absl::StatusOr<int> SeedReferenceData(Session& session, const ReferenceData& data) {
  int added = 0;
  for (const domain::QueueRule& rule : data.rules) {
    VK_ASSIGN_OR_RETURN(const bool is_new, session.AddRule(rule));
    if (!is_new) continue;
    ++added;
    VK_RETURN_IF_ERROR(session.SetTimer(kRuleInForce, std::to_string(rule.version),
                                        StartOfDay(rule.effective_from), ""));
  }
  for (const domain::Facility& facility : data.facilities) {
    VK_ASSIGN_OR_RETURN(const bool is_new, session.AddFacility(facility));
    if (!is_new) continue;
    ++added;
    VK_RETURN_IF_ERROR(
        session.AddFacilityFact(facility.id, {.at = session.now(), .kind = "registered"}));
    session.Publish({"facility", facility.id.value, facility.version, std::nullopt, facility,
                     domain::BedKind::kUnspecified, domain::FacilityRegistered{}});
  }
  for (const domain::Bed& bed : data.beds) {
    VK_ASSIGN_OR_RETURN(const bool is_new, session.AddBed(bed));
    if (!is_new) continue;
    ++added;
    VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                        session.FindFacility(bed.facility_id));
    if (!facility) return absl::InternalError("a bed's facility is missing");
    VK_RETURN_IF_ERROR(
        session.AddFacilityFact(bed.facility_id, domain::BedAddedFact(bed, session.now())));
    session.Publish({"bed", bed.id.value, bed.version, std::nullopt, *facility, bed.kind,
                     domain::BedRegistered{bed}});
  }
  for (const std::string& member : data.members) {
    VK_ASSIGN_OR_RETURN(const bool is_new, session.AddChainMember(member));
    added += static_cast<int>(is_new);
  }
  for (const domain::DeadlineRule& rule : data.deadlines) {
    VK_ASSIGN_OR_RETURN(const bool is_new, session.AddDeadlineRule(rule));
    added += static_cast<int>(is_new);
  }
  VK_ASSIGN_OR_RETURN(const int rules, SeedCarePeriodRules(session, data.periods));
  return added + rules;
}

}  // namespace vardkedja::placement::usecases
