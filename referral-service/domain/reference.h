// Dated data that rules look up, and the part of the directory this service needs. Values only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/time/time.h"
#include "referral-service/domain/access_policy.h"
#include "referral-service/domain/disclosure.h"
#include "referral-service/domain/form.h"

namespace vardkedja::referral::domain {

// "voluntary", "lvm_investigation", "lvm_section_27", "after_external_placement".
std::optional<Ground> ParseGround(std::string_view code);
std::string_view Name(Ground ground);

// One law section with the time it is in force (deploy/kronoberg/law-versions.yaml).
struct LawSection {
  std::string code;  // "SoL 11:1"
  std::string name_sv;
  std::string name_en;
  Date from_date{};
  std::optional<Date> to_date;           // first day no longer in force; none while open
  bool placement = false;                // a placement can be decided under it
  bool home_support = false;             // a part of the home support can rest on it
  std::set<Ground> grounds;              // of the cases that a placement under it fits
  std::optional<int> longest_months;     // of placements under it; none without a limit
  std::string deciding_organisation_id;  // "sis" under LVM section 27; empty: the municipality

  bool operator==(const LawSection&) const = default;
};

// A purpose for which a case may be read (deploy/kronoberg/purposes.yaml).
struct Purpose {
  std::string code;
  std::string name_sv;
  std::string name_en;

  bool operator==(const Purpose&) const = default;
};

// How long a case may stay in a state before it is overdue (deploy/kronoberg/response-times.yaml).
struct ResponseTime {
  State state = State::kDraft;
  Date from_date{};
  int months = 0;
  int days = 0;

  bool operator==(const ResponseTime&) const = default;
};

// In which order a municipality sends the form and decides
// (deploy/kronoberg/commission-order.yaml).
enum class CommissionOrder { kFormFirst, kDecisionFirst, kEither };
std::optional<CommissionOrder> ParseCommissionOrder(std::string_view code);
std::string_view Name(CommissionOrder order);

struct OrderRule {
  std::string municipality_code;  // "*" for every one without a rule of its own
  Date from_date{};
  CommissionOrder order = CommissionOrder::kEither;

  bool operator==(const OrderRule&) const = default;
};

// A host of an organisation's secure video service (deploy/kronoberg/video-hosts.yaml).
struct VideoHost {
  std::string organisation_id;
  std::string host;
  Date from_date{};
  std::optional<Date> to_date;  // first day no longer used; none while open

  bool operator==(const VideoHost&) const = default;
};

// How a hand-over to another unit goes (deploy/kronoberg/rerouting.yaml).
struct RerouteRule {
  Date from_date{};
  int respond_days = 0;
  std::vector<std::string> hand_over_reasons;
  std::vector<std::string> decline_reasons;

  bool operator==(const RerouteRule&) const = default;
};

// How long an owner keeps its closed cases (deploy/kronoberg/retention-rules.yaml).
struct RetentionRule {
  std::string organisation_id;  // "*" for every one without a rule of its own
  Date from_date{};
  int months = 0;
  std::vector<std::string> hold_reasons;
  std::vector<std::string> waiver_reasons;

  bool operator==(const RetentionRule&) const = default;
};

struct UnitInfo {
  std::string unit_id;
  std::string organisation_id;
  UnitKind kind = UnitKind::kOther;
  std::string facility_id;  // set when the unit answers for a facility
  bool social_services = false;
};

// A bed of a facility, as placement-service tells.
struct BedInfo {
  std::string facility_id;
  BedKind kind = BedKind::kRegular;
  std::optional<Date> operational_to;  // first day it is not there; none while open
};

struct OrganisationInfo {
  std::string organisation_id;
  std::string municipality_code;  // empty for others
  bool participating = false;
};

// A unit that was merged into another, and the unit that answers in its place today.
struct MergedUnit {
  std::string unit_id;
  std::string successor_unit_id;

  bool operator==(const MergedUnit&) const = default;
};

// Everything at one moment. Immutable once made.
struct Reference {
  std::vector<LawSection> law_sections;
  std::set<std::string> purposes;
  std::vector<FormVersion> form_versions;      // oldest first
  std::vector<ResponseTime> response_times;    // oldest first
  std::vector<OrderRule> order_rules;          // oldest first
  std::vector<GroundRules> ground_rules;       // oldest first
  std::vector<RerouteRule> reroute_rules;      // oldest first
  std::vector<RetentionRule> retention_rules;  // oldest first
  std::vector<VideoHost> video_hosts;
  std::map<std::string, UnitInfo, std::less<>> units;
  std::map<std::string, OrganisationInfo, std::less<>> organisations;
  std::set<std::string> unit_ids;
  std::map<std::string, std::string, std::less<>> merged_into;  // by unit that was merged
  std::vector<BedInfo> beds;

  UnitKind KindOf(std::string_view unit_id) const;
  // `from` is no more, `into` is (again). To be told in the order in which it happened.
  void Merge(const std::string& from, const std::string& into);
  // The unit that answers today for what names the unit: itself, or whom it was merged into.
  std::string AnswersFor(std::string_view unit_id) const;
  // Of the units those that were merged.
  std::vector<MergedUnit> MergedAmong(const std::set<std::string>& unit_ids_named) const;
  // The unit that answers for a facility; nothing when there is no such facility.
  std::optional<std::string> UnitOfFacility(std::string_view facility_id) const;
  // The kinds of place that the facility has on a date or later; empty when its beds are not known.
  std::set<BedKind> KindsOf(std::string_view facility_id, Date on) const;
  // The section in force on a date; null otherwise.
  const LawSection* Law(std::string_view code, Date on) const;
  // The codes in force on a date for a use, for messages: "SoL 11:1, LVM 27".
  std::string LawCodes(bool LawSection::*use, Date on) const;
  // Those in force on a date that a placement on this ground can be decided under.
  std::string LawCodesFor(Ground ground, Date on) const;
  // What is demanded of a ground recorded on a date; null when no rule is in force.
  const GroundRules* GroundRulesOn(Date on) const;
  std::set<std::string> VideoHostsOn(std::string_view organisation_id, Date on) const;
  // The form version that a new draft is written to; null when none is in force.
  const FormVersion* FormOn(Date on) const;
  const FormVersion* Form(int version) const;
  // The municipality's own rule in force on a date, else the one for all, else either order.
  CommissionOrder OrderOf(std::string_view municipality_code, Date on) const;
  // The rule in force on a date; null when there is none.
  const RerouteRule* RerouteRuleOn(Date on) const;
  // The organisation's own rule in force on a date, else the one for all; null when there is none.
  const RetentionRule* RetentionRuleOf(std::string_view organisation_id, Date on) const;
  // The municipality that the unit belongs to, which takes part; null for all other units.
  const OrganisationInfo* MunicipalityOf(std::string_view unit_id) const;
  // Social services units of the participating municipality with this code.
  std::vector<std::string> SocialServicesOf(std::string_view municipality_code) const;
  // Does the unit answer for social services in a participating municipality?
  bool IsSocialServices(std::string_view unit_id) const;
  // The rule in force on a date; null when the state has none.
  const ResponseTime* ResponseTimeOf(State state, Date on) const;
};

// The last day on which a case that came into its state on `since` is not overdue.
Date DueDate(const ResponseTime& time, Date since);

}  // namespace vardkedja::referral::domain
