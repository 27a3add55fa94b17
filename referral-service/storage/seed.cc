#include "referral-service/storage/seed.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::storage {
namespace {

using Problems = std::vector<std::string>;

// A map whose keys must all be asked for. Getters return an empty value for a problem.
class StrictMap {
 public:
  StrictMap(YAML::Node node, std::string path, Problems& problems)
      : node_(std::move(node)), path_(std::move(path)), problems_(problems) {
    if (!node_.IsMap()) Problem("", "a map is expected");
  }

  std::string Text(const std::string& key, bool required = true) {
    const YAML::Node value = Take(key, required);
    if (!value) return {};
    if (value.IsScalar()) return value.Scalar();
    Problem(key, "a text is expected");
    return {};
  }

  bool Flag(const std::string& key) {
    const std::string text = Text(key);
    if (!text.empty() && text != "true" && text != "false") Problem(key, "true or false expected");
    return text == "true";
  }

  int Whole(const std::string& key) {
    const std::string number = Text(key);
    const bool digits = !number.empty() && number.size() <= 4 &&
                        number.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) Problem(key, "a whole number is expected");
    return digits ? std::stoi(number) : 0;
  }

  std::optional<int> OptionalWhole(const std::string& key) {
    if (Text(key, false).empty()) return std::nullopt;
    return Whole(key);
  }

  std::optional<Date> Day(const std::string& key, bool required) {
    const std::string text = Text(key, required);
    if (text.empty()) return std::nullopt;
    const auto date = ParseDate(text);
    if (!date) Problem(key, "a date YYYY-MM-DD is expected");
    return date;
  }

  std::vector<std::string> Texts(const std::string& key) {
    std::vector<std::string> texts;
    for (const YAML::Node& item : List(key)) {
      if (!item.IsScalar()) Problem(key, "a list of texts is expected");
      if (item.IsScalar()) texts.push_back(item.Scalar());
    }
    return texts;
  }

  std::vector<StrictMap> Maps(const std::string& key) {
    std::vector<StrictMap> maps;
    for (const YAML::Node& item : List(key)) {
      maps.emplace_back(item, path_ + "." + key + "[" + std::to_string(maps.size()) + "]",
                        problems_);
    }
    return maps;
  }

  // Call last.
  void Finish() {
    if (!node_.IsMap()) return;
    for (const auto& entry : node_) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
      if (!asked_.contains(key)) Problem(key, "no such key is known");
    }
  }

  void Problem(const std::string& key, const std::string& what) {
    problems_.push_back(path_ + (key.empty() ? "" : "." + key) + ": " + what);
  }

 private:
  YAML::Node Take(const std::string& key, bool required) {
    asked_.insert(key);
    const YAML::Node value = node_.IsMap() ? node_[key] : YAML::Node(YAML::NodeType::Undefined);
    if (!value && required && node_.IsMap()) Problem(key, "is missing");
    return value;
  }

  std::vector<YAML::Node> List(const std::string& key) {
    const YAML::Node list = Take(key, true);
    if (!list) return {};
    if (!list.IsSequence()) {
      Problem(key, "a list is expected");
      return {};
    }
    return {list.begin(), list.end()};
  }

  YAML::Node node_;
  std::string path_;
  Problems& problems_;
  std::set<std::string> asked_;
};

void ReadTerms(StrictMap& map, domain::LawSection& law) {
  for (const std::string& code : map.Texts("grounds")) {
    const auto ground = domain::ParseGround(code);
    if (!ground) map.Problem("grounds", "there is no ground '" + code + "'");
    if (ground) law.grounds.insert(*ground);
  }
  if (law.grounds.empty()) map.Problem("grounds", "a placement fits at least one ground");
  law.longest_months = map.OptionalWhole("longestMonths");
  if (law.longest_months == 0) map.Problem("longestMonths", "is not 0");
}

void ReadLaws(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("sections")) {
    domain::LawSection law;
    law.code = map.Text("code");
    law.name_sv = map.Text("nameSv");
    law.name_en = map.Text("nameEn");
    law.from_date = map.Day("from", true).value_or(Date{});
    law.to_date = map.Day("to", false);
    law.placement = map.Flag("placement");
    law.home_support = map.Flag("homeSupport");
    law.deciding_organisation_id = map.Text("decidedBy", false);
    if (law.placement) ReadTerms(map, law);
    if (law.to_date && *law.to_date <= law.from_date) map.Problem("to", "is not after from");
    map.Finish();
    data.law_sections.push_back(std::move(law));
  }
}

void ReadPurposes(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("purposes")) {
    domain::Purpose purpose;
    purpose.code = map.Text("code");
    purpose.name_sv = map.Text("nameSv");
    purpose.name_en = map.Text("nameEn");
    map.Finish();
    data.purposes.push_back(std::move(purpose));
  }
}

domain::FormField ReadField(StrictMap& map) {
  domain::FormField field;
  field.path = map.Text("path");
  field.category = map.Text("category");
  field.required = map.Flag("required");
  field.label_sv = map.Text("labelSv");
  field.label_en = map.Text("labelEn");
  const auto known = domain::KnownFormPaths();
  if (std::find(known.begin(), known.end(), field.path) == known.end()) {
    map.Problem("path", "the form has no field '" + field.path + "'");
  }
  if (field.category != "case" && !domain::AllCategories().contains(field.category)) {
    map.Problem("category", "no such category");
  }
  map.Finish();
  return field;
}

std::vector<domain::CodeLabel> ReadCodeLabels(StrictMap& file) {
  std::vector<domain::CodeLabel> labels;
  for (StrictMap& map : file.Maps("codes")) {
    domain::CodeLabel label;
    label.code = map.Text("code");
    label.label_sv = map.Text("labelSv");
    label.label_en = map.Text("labelEn");
    map.Finish();
    labels.push_back(std::move(label));
  }
  return labels;
}

void CheckLabel(const std::vector<domain::CodeLabel>& labels, const std::string& code,
                StrictMap& map) {
  if (std::none_of(labels.begin(), labels.end(),
                   [&](const domain::CodeLabel& label) { return label.code == code; })) {
    map.Problem("codes", "'" + code + "' has no label");
  }
}

void ReadForms(StrictMap& file, SeedData& data) {
  const std::vector<domain::CodeLabel> labels = ReadCodeLabels(file);
  for (StrictMap& map : file.Maps("forms")) {
    domain::FormVersion version;
    version.version = map.Whole("version");
    version.from_date = map.Day("from", true).value_or(Date{});
    version.need_codes = map.Texts("needs");
    for (StrictMap& item : map.Maps("instruments")) {
      version.instruments.push_back({item.Text("code"), item.Whole("maxScore")});
      CheckLabel(labels, version.instruments.back().code, item);
      item.Finish();
    }
    for (const std::string& code : version.need_codes) CheckLabel(labels, code, map);
    version.code_labels = labels;
    std::set<std::string> seen;
    for (StrictMap& item : map.Maps("fields")) {
      version.fields.push_back(ReadField(item));
      if (!seen.insert(version.fields.back().path).second) item.Problem("path", "is given twice");
    }
    map.Finish();
    data.form_versions.push_back(std::move(version));
  }
}

void ReadResponseTimes(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("responseTimes")) {
    domain::ResponseTime time;
    const auto state = domain::ParseState(map.Text("state"));
    if (!state) map.Problem("state", "no such state");
    time.state = state.value_or(domain::State::kDraft);
    time.from_date = map.Day("from", true).value_or(Date{});
    time.months = map.Whole("months");
    time.days = map.Whole("days");
    if (time.months + time.days == 0) map.Problem("days", "a time longer than nothing is expected");
    map.Finish();
    data.response_times.push_back(time);
  }
}

void ReadOrders(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("orders")) {
    domain::OrderRule rule;
    rule.municipality_code = map.Text("municipality");
    rule.from_date = map.Day("from", true).value_or(Date{});
    const auto order = domain::ParseCommissionOrder(map.Text("order"));
    if (!order) map.Problem("order", "form_first, decision_first or either is expected");
    rule.order = order.value_or(domain::CommissionOrder::kEither);
    map.Finish();
    data.order_rules.push_back(std::move(rule));
  }
}

void ReadGroundRules(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("rules")) {
    domain::GroundRules rules;
    rules.from_date = map.Day("from", true).value_or(Date{});
    rules.longest_days = map.Whole("longestDays");
    if (rules.longest_days < 1)
      map.Problem("longestDays", "a term longer than nothing is expected");
    const std::vector<std::string> units = map.Texts("writtenConsentFor");
    rules.written_consent_unit_ids = {units.begin(), units.end()};
    map.Finish();
    data.ground_rules.push_back(std::move(rules));
  }
}

void ReadVideoHosts(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("hosts")) {
    domain::VideoHost host;
    host.organisation_id = map.Text("organisation");
    host.host = map.Text("host");
    host.from_date = map.Day("from", true).value_or(Date{});
    host.to_date = map.Day("to", false);
    if (host.to_date && *host.to_date <= host.from_date) map.Problem("to", "is not after from");
    constexpr const char* kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    if (host.host.find_first_not_of(kAllowed) != std::string::npos) {
      map.Problem("host", "a host name in lower case is expected");
    }
    map.Finish();
    data.video_hosts.push_back(std::move(host));
  }
}

void ReadReroutes(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("rules")) {
    domain::RerouteRule rule;
    rule.from_date = map.Day("from", true).value_or(Date{});
    rule.respond_days = map.Whole("respondDays");
    if (rule.respond_days < 1 || rule.respond_days > 366) {
      map.Problem("respondDays", "1 to 366 days are expected");
    }
    rule.hand_over_reasons = map.Texts("handOverReasons");
    rule.decline_reasons = map.Texts("declineReasons");
    map.Finish();
    data.reroute_rules.push_back(std::move(rule));
  }
}

void ReadRetention(StrictMap& file, SeedData& data) {
  for (StrictMap& map : file.Maps("rules")) {
    domain::RetentionRule rule;
    rule.organisation_id = map.Text("organisation");
    rule.from_date = map.Day("from", true).value_or(Date{});
    rule.months = map.Whole("months");
    if (rule.months < 1 || rule.months > 1200) {
      map.Problem("months", "1 to 1200 months are expected");
    }
    rule.hold_reasons = map.Texts("holdReasons");
    rule.waiver_reasons = map.Texts("waiverReasons");
    map.Finish();
    data.retention_rules.push_back(std::move(rule));
  }
}

void ReadFile(const std::string& path, void (*read)(StrictMap&, SeedData&), SeedData& data,
              Problems& problems) {
  const std::string name = path.substr(path.rfind('/') + 1);
  std::ifstream file(path);
  if (!file) {
    problems.push_back(name + ": cannot be read");
    return;
  }
  std::stringstream text;
  text << file.rdbuf();
  try {
    StrictMap map(YAML::Load(text.str()), name, problems);
    if (map.Text("version") != "1") map.Problem("version", "1 is the only version known");
    read(map, data);
    map.Finish();
  } catch (const YAML::Exception& error) {
    problems.push_back(name + ": not YAML: " + error.what());
  }
}

constexpr std::string_view kAddLaw = R"sql(
INSERT INTO law_section (code, from_date, to_date, name_sv, name_en, placement, home_support,
                         deciding_organisation_id, grounds, longest_months)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text[], $10) ON CONFLICT (code, from_date) DO NOTHING
)sql";
constexpr std::string_view kAddPurpose =
    "INSERT INTO purpose (code, name_sv, name_en) VALUES ($1, $2, $3) ON CONFLICT (code) DO "
    "NOTHING";
constexpr std::string_view kAddResponseTime =
    "INSERT INTO response_time (state, from_date, months, days) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (state, from_date) DO NOTHING";
constexpr std::string_view kAddOrder =
    "INSERT INTO commission_order (municipality_code, from_date, order_code) VALUES ($1, $2, $3)"
    " ON CONFLICT (municipality_code, from_date) DO NOTHING";
constexpr std::string_view kAddGroundRules =
    "INSERT INTO disclosure_rule (from_date, longest_days, written_consent_unit_ids)"
    " VALUES ($1, $2, $3::text[]) ON CONFLICT (from_date) DO NOTHING";
constexpr std::string_view kAddVideoHost =
    "INSERT INTO video_host (organisation_id, host, from_date, to_date) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (organisation_id, host, from_date) DO NOTHING";
constexpr std::string_view kAddReroute =
    "INSERT INTO reroute_rule (from_date, respond_days, hand_over_reasons, decline_reasons)"
    " VALUES ($1, $2, $3::text[], $4::text[]) ON CONFLICT (from_date) DO NOTHING";
constexpr std::string_view kAddRetention =
    "INSERT INTO retention_rule (organisation_id, from_date, months, hold_reasons, waiver_reasons)"
    " VALUES ($1, $2, $3, $4::text[], $5::text[]) ON CONFLICT (organisation_id, from_date) DO"
    " NOTHING";
constexpr std::string_view kAddForm =
    "INSERT INTO form_version (version, from_date, need_codes) VALUES ($1, $2, $3::text[])"
    " ON CONFLICT (version) DO NOTHING";
constexpr std::string_view kAddInstrument =
    "INSERT INTO form_instrument (version, code, max_score) VALUES ($1, $2, $3)"
    " ON CONFLICT (version, code) DO NOTHING";
constexpr std::string_view kAddCode =
    "INSERT INTO form_code (code, label_sv, label_en) VALUES ($1, $2, $3)"
    " ON CONFLICT (code) DO NOTHING";
constexpr std::string_view kAddField = R"sql(
INSERT INTO form_field (version, path, category, required, label_sv, label_en)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (version, path) DO NOTHING
)sql";

absl::Status AddRow(pg::Transaction& tx, std::string_view sql, const pg::Params& row, int& added) {
  VK_ASSIGN_OR_RETURN(const pg::Result made, tx.Execute(sql, row));
  added += static_cast<int>(made.affected());
  return absl::OkStatus();
}

// A form version is added whole or not at all: its fields never change afterwards. How its codes
// read may be added later.
absl::Status AddForm(pg::Transaction& tx, const domain::FormVersion& form, int& added) {
  for (const domain::CodeLabel& label : form.code_labels) {
    VK_RETURN_IF_ERROR(AddRow(tx, kAddCode, {label.code, label.label_sv, label.label_en}, added));
  }
  VK_ASSIGN_OR_RETURN(const pg::Result made,
                      tx.Execute(kAddForm, {form.version, form.from_date, form.need_codes}));
  if (made.affected() == 0) return absl::OkStatus();
  ++added;
  for (const domain::FormField& field : form.fields) {
    VK_RETURN_IF_ERROR(tx.Execute(kAddField, {form.version, field.path, field.category,
                                              field.required, field.label_sv, field.label_en})
                           .status());
  }
  for (const domain::Instrument& instrument : form.instruments) {
    VK_RETURN_IF_ERROR(
        tx.Execute(kAddInstrument, {form.version, instrument.code, instrument.max_score}).status());
  }
  return absl::OkStatus();
}

absl::Status AddRules(pg::Transaction& tx, const SeedData& data, int& added) {
  for (const domain::GroundRules& rules : data.ground_rules) {
    const std::vector<std::string> units(rules.written_consent_unit_ids.begin(),
                                         rules.written_consent_unit_ids.end());
    VK_RETURN_IF_ERROR(
        AddRow(tx, kAddGroundRules, {rules.from_date, rules.longest_days, units}, added));
  }
  for (const domain::VideoHost& host : data.video_hosts) {
    VK_RETURN_IF_ERROR(AddRow(
        tx, kAddVideoHost, {host.organisation_id, host.host, host.from_date, host.to_date}, added));
  }
  for (const domain::RerouteRule& rule : data.reroute_rules) {
    VK_RETURN_IF_ERROR(AddRow(
        tx, kAddReroute,
        {rule.from_date, rule.respond_days, rule.hand_over_reasons, rule.decline_reasons}, added));
  }
  for (const domain::RetentionRule& rule : data.retention_rules) {
    VK_RETURN_IF_ERROR(AddRow(
        tx, kAddRetention,
        {rule.organisation_id, rule.from_date, rule.months, rule.hold_reasons, rule.waiver_reasons},
        added));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SeedData> ReadSeedFiles(const std::string& directory) {
  SeedData data;
  Problems problems;
  ReadFile(directory + "/law-versions.yaml", ReadLaws, data, problems);
  ReadFile(directory + "/purposes.yaml", ReadPurposes, data, problems);
  ReadFile(directory + "/commission-form.yaml", ReadForms, data, problems);
  ReadFile(directory + "/response-times.yaml", ReadResponseTimes, data, problems);
  ReadFile(directory + "/commission-order.yaml", ReadOrders, data, problems);
  ReadFile(directory + "/disclosure-rules.yaml", ReadGroundRules, data, problems);
  ReadFile(directory + "/video-hosts.yaml", ReadVideoHosts, data, problems);
  ReadFile(directory + "/rerouting.yaml", ReadReroutes, data, problems);
  ReadFile(directory + "/retention-rules.yaml", ReadRetention, data, problems);
  if (problems.empty()) return data;
  std::string text = "The reference data has " + std::to_string(problems.size()) + " problem(s):";
  for (const std::string& problem : problems) text += "\n  " + problem;
  return MakeError(absl::StatusCode::kInvalidArgument, text, "SEED_INVALID");
}

absl::StatusOr<int> WriteSeed(pg::Pool& pool, const SeedData& data) {
  int added = 0;
  const absl::Status written = pool.InTransaction({}, [&](pg::Transaction& tx) -> absl::Status {
    added = 0;
    for (const domain::LawSection& law : data.law_sections) {
      std::vector<std::string> grounds;
      for (const domain::Ground ground : law.grounds) grounds.emplace_back(domain::Name(ground));
      VK_RETURN_IF_ERROR(
          AddRow(tx, kAddLaw,
                 {law.code, law.from_date, law.to_date, law.name_sv, law.name_en, law.placement,
                  law.home_support, law.deciding_organisation_id, grounds, law.longest_months},
                 added));
    }
    for (const domain::Purpose& purpose : data.purposes) {
      VK_RETURN_IF_ERROR(
          AddRow(tx, kAddPurpose, {purpose.code, purpose.name_sv, purpose.name_en}, added));
    }
    for (const domain::ResponseTime& time : data.response_times) {
      VK_RETURN_IF_ERROR(AddRow(
          tx, kAddResponseTime,
          {std::string(domain::Name(time.state)), time.from_date, time.months, time.days}, added));
    }
    for (const domain::OrderRule& rule : data.order_rules) {
      VK_RETURN_IF_ERROR(AddRow(
          tx, kAddOrder,
          {rule.municipality_code, rule.from_date, std::string(domain::Name(rule.order))}, added));
    }
    VK_RETURN_IF_ERROR(AddRules(tx, data, added));
    for (const domain::FormVersion& form : data.form_versions) {
      VK_RETURN_IF_ERROR(AddForm(tx, form, added));
    }
    return absl::OkStatus();
  });
  VK_RETURN_IF_ERROR(written);
  return added;
}

}  // namespace vardkedja::referral::storage
