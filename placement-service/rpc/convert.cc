#include "placement-service/rpc/convert.h"

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/id/uuid.h"

namespace vardkedja::placement::rpc {
namespace {

namespace common = vardkedja::common::v1;

constexpr int kDefaultLimit = 25;
constexpr int kMostLimit = 100;

std::string DateText(const std::optional<Date>& date) { return date ? FormatDate(*date) : ""; }

common::PriorityCriteria ToProto(const domain::Criteria& from) {
  common::PriorityCriteria to;
  to.set_lvm_investigation(from.lvm_investigation);
  to.set_child_perspective(from.child_perspective);
  to.set_lvm_section_27(from.lvm_section_27);
  to.set_external_placement(from.external_placement);
  return to;
}

template <class Proto, class Enum>
Proto EnumTo(Enum value) {
  return static_cast<Proto>(static_cast<int>(value));
}

// The owner tells the municipality: shown where the identity is known not to be protected.
std::string OwnerShown(const auth::CaseDescription& who, const domain::UnitId& owner) {
  return who.case_id.empty() || who.protected_identity ? std::string() : owner.value;
}

}  // namespace

void RequestReader::Add(std::string_view field, std::string_view rule, std::string_view en,
                        std::string_view sv) {
  violations_.push_back({std::string(field), std::string(rule), std::string(en), std::string(sv)});
}

std::string RequestReader::Required(std::string_view field, const std::string& text) {
  if (text.empty()) Add(field, "REQUIRED", "Is required.", "Måste anges.");
  return text;
}

absl::Status RequestReader::StatusWith(const absl::Status& also) {
  const auto detail = GetErrorDetail(also);
  if (violations_.empty() || !detail) return Status();
  const std::vector<FieldViolation> own = violations_;
  for (const FieldViolation& one : detail->violations) {
    // What could not be read is not judged as well.
    const bool named = std::any_of(own.begin(), own.end(), [&](const FieldViolation& other) {
      return other.field == one.field;
    });
    if (!named) violations_.push_back(one);
  }
  return Status();
}

Date RequestReader::RequiredDate(std::string_view field, const std::string& text) {
  if (text.empty()) {
    Add(field, "REQUIRED", "Is required.", "Måste anges.");
    return Date();
  }
  return OptionalDate(field, text).value_or(Date());
}

std::optional<Date> RequestReader::OptionalDate(std::string_view field, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::optional<Date> date = ParseDate(text);
  if (!date) {
    Add(field, "DATE", "Must be a date, YYYY-MM-DD.", "Måste vara ett datum, ÅÅÅÅ-MM-DD.");
  }
  return date;
}

std::optional<int> RequestReader::OptionalTime(std::string_view field, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto digit = [&text](std::size_t at) {
    return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100;
  };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (hour < 24 && minute < 60) return hour * 60 + minute;
  }
  Add(field, "TIME", "Must be a time of day, HH:MM, 00:00 to 23:59.",
      "Måste vara ett klockslag, TT:MM, 00:00 till 23:59.");
  return std::nullopt;
}

Instant RequestReader::RequiredInstant(std::string_view field,
                                       const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kYear1970 = 0;
  constexpr std::int64_t kYear3000 = 32'503'680'000;
  const bool fits = time.seconds() >= kYear1970 && time.seconds() < kYear3000 &&
                    time.nanos() >= 0 && time.nanos() < 1'000'000'000;
  if (!fits) {
    Add(field, "INSTANT", "Must be an instant after 1970.", "Måste vara en tidpunkt efter 1970.");
    return Instant();
  }
  return Instant(std::chrono::seconds(time.seconds())) +
         std::chrono::microseconds(time.nanos() / 1000);
}

void RequestReader::CheckEnum(std::string_view field, int value, int least, int most) {
  if (value >= least && value <= most) return;
  if (value == 0) {
    Add(field, "REQUIRED", "Is required.", "Måste anges.");
  } else {
    Add(field, "UNKNOWN_VALUE", "Is not a value of the contract.",
        "Är inget värde som finns i kontraktet.");
  }
}

int RequestReader::Limit(int limit) {
  if (limit < 0 || limit > kMostLimit) {
    Add("limit", "RANGE", "Must be 1 to 100, or 0 for 25.",
        "Måste vara 1 till 100, eller 0 för 25.");
  }
  return limit == 0 ? kDefaultLimit : limit;
}

std::int64_t RequestReader::Sequence(std::string_view field, std::int64_t sequence) {
  if (sequence < 0) {
    Add(field, "RANGE", "Must be the sequence of an item, or 0 to begin.",
        "Måste vara sekvensnumret för en händelse, eller 0 för att börja.");
  }
  return sequence;
}

std::string RequestReader::Cursor(const std::string& cursor) {
  if (!cursor.empty() && !IsUuid(cursor)) {
    Add("cursor", "UNKNOWN_VALUE", "Must be `next` of the page before.",
        "Måste vara `next` från föregående sida.");
    return "";
  }
  return cursor;
}

absl::Status RequestReader::Status() const {
  if (violations_.empty()) return absl::OkStatus();
  return InvalidFields(violations_);
}

void Set(google::protobuf::Timestamp* out, Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  out->set_seconds(seconds.time_since_epoch().count());
  out->set_nanos(static_cast<int>((instant - seconds).count()) * 1000);
}

absl::Status CheckId(const std::string& id) {
  if (IsUuid(id)) return absl::OkStatus();
  return NotFound();
}

v1::Facility ToProto(const usecases::FacilityAnswer& answer, Date today) {
  v1::Facility to;
  to.set_facility_id(answer.facility.id.value);
  const domain::FacilityDetails& details = answer.facility.details;
  to.set_name(details.name);
  to.set_organisation_id(answer.facility.organisation);
  to.set_unit_id(answer.facility.unit.value);
  to.set_care_level(details.care_level);
  to.set_offer_deadline_hours(details.terms.deadline_hours);
  to.set_offer_reminder_hours(details.terms.reminder_hours);
  to.set_move_in_within_days(details.terms.move_in_within_days);
  to.set_operator_type(EnumTo<v1::OperatorType>(details.operator_type));
  to.set_ivo_standing(EnumTo<v1::IvoStanding>(details.ivo_standing));
  to.set_ivo_reference(details.ivo_reference);
  to.set_in_house_health_care(details.in_house_health_care);
  to.set_framework_contract(details.framework_contract);
  for (const domain::IntakeClosure& closure : answer.facility.intake_closures) {
    if (!closure.period.ReachesBeyond(today)) continue;
    auto* row = to.add_intake_closures();
    row->set_intake_closure_id(closure.id.value);
    row->set_from_date(FormatDate(closure.period.from));
    row->set_to_date(DateText(closure.period.to));
  }
  for (const domain::Price& price : answer.prices) {
    auto* row = to.add_prices();
    row->set_bed_kind(EnumTo<common::BedKind>(price.kind));
    row->set_from_date(FormatDate(price.from));
    row->set_ore_per_day(price.ore_per_day);
  }
  to.set_etag(usecases::Etag(answer.facility.version));
  for (const usecases::KindCount& count : answer.counts) {
    auto* row = to.add_bed_counts();
    row->set_bed_kind(EnumTo<common::BedKind>(count.kind));
    row->set_beds(count.beds);
  }
  return to;
}

v1::Bed ToProto(const usecases::BedAnswer& answer) {
  const usecases::BedRecord& record = answer.record;
  v1::Bed to;
  to.set_bed_id(record.bed.id.value);
  to.set_facility_id(record.bed.facility_id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(record.bed.kind));
  to.set_extra(record.bed.extra);
  to.set_operational(answer.operational);
  to.set_reserved(answer.reserved);
  to.set_held(answer.held);
  to.set_occupied(answer.occupied);
  to.set_offered(record.calendar.offered_from.has_value());
  to.set_conflict(!answer.conflicts.empty());
  for (const domain::Closure& closure : record.closures) {
    auto* row = to.add_closures();
    row->set_closure_id(closure.id.value);
    row->set_from_date(FormatDate(closure.period.from));
    row->set_to_date(DateText(closure.period.to));
    row->set_reason(EnumTo<v1::ClosureReason>(closure.reason));
  }
  to.set_etag(usecases::Etag(record.bed.version));
  to.set_empty_from_date(DateText(answer.empty_from));
  to.set_operational_from_date(FormatDate(record.bed.operational.from));
  to.set_operational_to_date(DateText(record.bed.operational.to));
  for (const domain::Conflict& conflict : answer.conflicts) {
    auto* row = to.add_conflicts();
    row->set_kind_code(std::string(domain::Code(conflict.kind)));
    row->set_due_date(FormatDate(conflict.from));
    for (const domain::Closure& closure : record.closures) {
      if (conflict.closed == closure.period) row->set_closure_id(closure.id.value);
    }
  }
  return to;
}

v1::FacilityHistory ToProto(const domain::FacilityFact& fact) {
  v1::FacilityHistory to;
  Set(to.mutable_at(), fact.at);
  to.set_kind_code(fact.kind);
  to.set_field(fact.field);
  to.set_before(fact.before);
  to.set_after(fact.after);
  if (fact.bed_id) to.set_bed_id(fact.bed_id->value);
  if (fact.period) {
    to.set_from_date(FormatDate(fact.period->from));
    to.set_to_date(DateText(fact.period->to));
  }
  to.set_unit_id(fact.unit);
  return to;
}

v1::AvailabilityDay ToProto(const domain::DayCount& day) {
  v1::AvailabilityDay to;
  to.set_facility_id(day.facility_id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(day.bed_kind));
  to.set_date(FormatDate(day.date));
  to.set_beds(day.beds);
  to.set_occupied(day.occupied);
  to.set_closed(day.closed);
  to.set_reserved(day.reserved);
  to.set_held(day.held);
  to.set_offered(day.offered);
  to.set_free(day.free);
  to.set_extra_occupied(day.extra_occupied);
  to.set_conflicts(day.conflicts);
  to.set_emptied(day.emptied);
  to.set_care_level(day.care_level);
  to.set_intake_closed(day.intake_closed);
  return to;
}

v1::QueueEntry ToProto(const usecases::EntryAnswer& answer, Date today) {
  const domain::QueueEntry& entry = answer.entry;
  v1::QueueEntry to;
  to.set_entry_id(entry.id.value);
  to.set_case_id(entry.case_id.value);
  to.set_case_number(entry.case_number);
  to.set_display_name(answer.who.display_name);
  to.set_protected_identity(answer.who.protected_identity);
  to.set_owner_unit_id(OwnerShown(answer.who, entry.owner_unit));
  to.set_decision_id(entry.decision_id.value);
  to.set_facility_id(entry.facility_id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(entry.bed_kind));
  to.set_state(EnumTo<v1::QueueEntryState>(entry.state));
  to.set_transfer(entry.transfer);
  *to.mutable_criteria() = ToProto(entry.facts.criteria);
  to.set_decision_date(FormatDate(entry.facts.decision_date));
  Set(to.mutable_submitted_at(), entry.facts.submitted_at);
  const bool over = answer.position > domain::kExactPositions;
  to.set_position(over ? 0 : answer.position);
  to.set_position_over_10000(over);
  const auto waited = (today - entry.facts.decision_date).count();
  to.set_waited_days(static_cast<int>(std::max<decltype(waited)>(waited, 0)));
  if (entry.open_offer) to.set_open_offer_id(entry.open_offer->value);
  to.set_passed(entry.passed);
  to.set_waiting_long(entry.waiting_long);
  to.set_left_reason_code(entry.left_reason.value_or(""));
  if (entry.parking) {
    to.set_park_reason(EnumTo<v1::ParkReason>(entry.parking->reason));
    to.set_parked_date(FormatDate(entry.parking->since));
    to.set_parked_until_date(DateText(entry.parking->until));
  }
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(entry.version));
  return to;
}

v1::PositionExplanation ToProto(const usecases::PositionAnswer& answer, Date today) {
  v1::PositionExplanation to;
  *to.mutable_entry() = ToProto(answer.entry, today);
  to.set_rule_version(answer.rule.version);
  for (const domain::KeyPart& part : domain::Layout(answer.rule)) {
    auto* column = to.add_columns();
    column->set_column_code(std::string(domain::Code(part.column)));
    column->set_name_sv(std::string(domain::NameSv(part.column)));
    column->set_name_en(std::string(domain::NameEn(part.column)));
    column->set_value(domain::ValueText(answer.rule, part.column, answer.entry.entry.facts));
  }
  for (const usecases::Before& before : answer.before) {
    auto* row = to.add_before();
    row->set_position(before.position);
    row->set_column_code(std::string(domain::Code(before.column)));
    row->set_case_number(before.case_number);
  }
  for (const domain::BeforeCount& count : answer.before_counts) {
    auto* row = to.add_before_by_column();
    row->set_column_code(std::string(domain::Code(count.column)));
    row->set_count(count.count);
  }
  to.set_why_sv(answer.why.sv);
  to.set_why_en(answer.why.en);
  for (const usecases::HistoryRecord& fact : answer.history) {
    auto* row = to.add_history();
    Set(row->mutable_at(), fact.at);
    row->set_kind_code(fact.kind);
    if (fact.criteria) *row->mutable_criteria() = ToProto(*fact.criteria);
    if (fact.offer_id) row->set_offer_id(fact.offer_id->value);
    row->set_reason_code(fact.reason_code);
  }
  for (const domain::PositionChange& change : answer.positions) {
    auto* row = to.add_positions();
    Set(row->mutable_at(), change.at);
    row->set_position(change.position);
    row->set_cause_code(change.own ? "own" : "before");
  }
  to.set_more_positions(answer.more_positions);
  return to;
}

v1::Eligibility ToProto(const usecases::EligibilityAnswer& answer) {
  v1::Eligibility to;
  to.set_entry_id(answer.entry.id.value);
  to.set_date(FormatDate(answer.date));
  to.set_eligible(answer.missing.empty());
  for (const domain::Lack lack : answer.missing) {
    auto* row = to.add_missing();
    row->set_code(std::string(domain::Code(lack)));
    row->set_text_sv(std::string(domain::TextSv(lack)));
    row->set_text_en(std::string(domain::TextEn(lack)));
  }
  return to;
}

v1::Offer ToProto(const usecases::OfferAnswer& answer) {
  const domain::Offer& offer = answer.record.offer;
  const domain::QueueEntry& entry = answer.record.entry;
  v1::Offer to;
  to.set_offer_id(offer.id.value);
  if (answer.disclosed) {
    to.set_entry_id(entry.id.value);
    to.set_case_id(entry.case_id.value);
    to.set_case_number(entry.case_number);
    to.set_display_name(answer.who.display_name);
    to.set_protected_identity(answer.who.protected_identity);
    to.set_owner_unit_id(OwnerShown(answer.who, entry.owner_unit));
    to.set_transfer(entry.transfer);
    if (const auto& by = offer.eligibility.override_id) to.set_override_id(by->value);
    to.set_agreement_missing(offer.state == domain::OfferState::kAccepted && !offer.agreed);
  }
  to.set_rule_version(offer.eligibility.rule_version);
  to.set_eligible_before(offer.eligibility.eligible_before);
  to.set_facility_id(entry.facility_id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(entry.bed_kind));
  to.set_bed_id(offer.bed_id.value);
  to.set_state(EnumTo<v1::OfferState>(offer.state));
  to.set_available_from(FormatDate(offer.available_from));
  Set(to.mutable_deadline(), offer.deadline);
  Set(to.mutable_made_at(), offer.made_at);
  to.set_move_in_date(DateText(offer.move_in));
  to.set_declined_by(EnumTo<v1::DeclinedBy>(offer.declined_by));
  to.set_decline_reason(EnumTo<v1::DeclineReason>(offer.decline_reason));
  to.set_cascaded(offer.cascaded);
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(offer.version));
  return to;
}

v1::QueueOverride ToProto(const usecases::OverrideAnswer& answer) {
  const domain::QueueOverride& proposal = answer.record.proposal;
  const domain::QueueEntry& entry = answer.record.entry;
  v1::QueueOverride to;
  to.set_override_id(proposal.id.value);
  to.set_entry_id(entry.id.value);
  to.set_case_id(entry.case_id.value);
  to.set_case_number(entry.case_number);
  to.set_facility_id(entry.facility_id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(entry.bed_kind));
  to.set_bed_id(proposal.bed_id.value);
  to.set_available_from(FormatDate(proposal.available_from));
  to.set_reason(EnumTo<v1::OverrideReason>(proposal.reason));
  to.set_state(EnumTo<v1::OverrideState>(proposal.state));
  to.set_proposed_by_seat(proposal.proposed_by.id);
  to.set_proposed_by_deputy(proposal.proposed_by.deputy);
  Set(to.mutable_proposed_at(), proposal.proposed_at);
  if (proposal.settled_by) {
    to.set_settled_by_seat(proposal.settled_by->id);
    to.set_settled_by_deputy(proposal.settled_by->deputy);
  }
  if (proposal.settled_at) Set(to.mutable_settled_at(), *proposal.settled_at);
  if (proposal.offer_id) to.set_offer_id(proposal.offer_id->value);
  to.set_eligible_before(answer.record.eligible_before);
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(proposal.version));
  return to;
}

v1::Hold ToProto(const usecases::HoldAnswer& answer) {
  const domain::Hold& hold = answer.record.hold;
  v1::Hold to;
  to.set_hold_id(hold.id.value);
  to.set_bed_id(hold.bed_id.value);
  to.set_facility_id(answer.record.facility.id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(answer.record.bed.kind));
  to.set_from_date(FormatDate(hold.from));
  to.set_to_date(FormatDate(hold.to));
  to.set_expected_date(FormatDate(hold.expected));
  to.set_reason(EnumTo<v1::HoldReason>(hold.reason));
  to.set_state(EnumTo<v1::HoldState>(hold.state));
  to.set_decided_by_seat(hold.decided_by.id);
  to.set_decided_by_deputy(hold.decided_by.deputy);
  Set(to.mutable_decided_at(), hold.decided_at);
  to.set_empty_days(answer.empty_days);
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(hold.version));
  return to;
}

v1::Stay ToProto(const usecases::StayAnswer& answer) {
  const domain::Stay& stay = answer.record.stay;
  v1::Stay to;
  to.set_stay_id(stay.id.value);
  to.set_case_id(stay.case_id.value);
  to.set_case_number(stay.case_number);
  to.set_display_name(answer.who.display_name);
  to.set_protected_identity(answer.who.protected_identity);
  to.set_owner_unit_id(OwnerShown(answer.who, stay.owner_unit));
  to.set_decision_id(stay.decision_id.value);
  to.set_facility_id(stay.facility_id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(stay.bed_kind));
  to.set_bed_id(stay.bed_id.value);
  to.set_state(EnumTo<v1::StayState>(stay.state));
  to.set_move_in_date(FormatDate(stay.move_in));
  to.set_departure_date(DateText(stay.departure));
  to.set_bed_days(answer.bed_days);
  to.set_planned_departure_date(DateText(stay.planned_departure));
  to.set_discharge_exception(EnumTo<v1::ExceptionReason>(stay.discharge_exception));
  to.set_discharge_reason(EnumTo<v1::DischargeReason>(stay.discharge_reason));
  for (const domain::ChecklistItem item : stay.unmet_items) {
    to.add_unmet_items(EnumTo<v1::ChecklistItem>(item));
  }
  if (answer.record.transfer) to.set_transfer_id(answer.record.transfer->id.value);
  to.set_transferred_in(stay.transferred_in);
  to.set_conflict_from_date(DateText(answer.record.conflict_from));
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(stay.version));
  if (stay.absence) {
    to.set_absence(EnumTo<v1::AbsenceKind>(stay.absence->kind));
    to.set_absent_since_date(FormatDate(stay.absence->since));
  }
  to.set_leave_days(answer.record.leave_days);
  if (stay.continues) to.set_continues_stay_id(stay.continues->value);
  to.set_correction_reason(EnumTo<v1::CorrectionReason>(stay.correction));
  if (stay.corrects) to.set_corrects_stay_id(stay.corrects->value);
  to.set_offer_id(stay.offer_id.value);
  to.set_agreement_missing(stay.state == domain::StayState::kActive && !stay.agreed);
  to.set_agreement_exception(EnumTo<v1::ExceptionReason>(stay.agreement_exception));
  if (answer.record.alternation) to.set_alternation_id(answer.record.alternation->value);
  return to;
}

v1::Alternation ToProto(const usecases::AlternationAnswer& answer) {
  const domain::Alternation& alternation = answer.record.alternation;
  const domain::Stay& from = answer.record.from.stay;
  v1::Alternation to;
  to.set_alternation_id(alternation.id.value);
  to.set_case_id(from.case_id.value);
  to.set_case_number(from.case_number);
  to.set_facility_id(from.facility_id.value);
  to.set_bed_kind(EnumTo<common::BedKind>(from.bed_kind));
  to.set_from_stay_id(from.id.value);
  if (alternation.to_stay) to.set_to_stay_id(alternation.to_stay->value);
  to.set_state(EnumTo<v1::AlternationState>(alternation.state));
  to.set_home_from_date(FormatDate(alternation.home_from));
  to.set_return_date(FormatDate(alternation.return_date));
  to.set_return_bed_id(alternation.bed_id.value);
  to.set_ended_date(DateText(alternation.ended_on));
  to.set_overdue(answer.overdue);
  to.set_conflict(answer.record.conflict);
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(alternation.version));
  return to;
}

v1::StayHistory ToProto(const domain::StayFact& fact) {
  v1::StayHistory to;
  Set(to.mutable_at(), fact.at);
  to.set_kind_code(fact.kind);
  to.set_date(FormatDate(fact.on));
  to.set_code(fact.code);
  to.set_consequence_code(fact.consequence);
  to.set_unit_id(fact.unit);
  to.set_ordinal(fact.ordinal);
  to.set_corrects_ordinal(fact.corrects);
  return to;
}

v1::TransferArrangements ToProto(const domain::TransferArrangements& arrangements) {
  v1::TransferArrangements to;
  if (const std::optional<int>& minute = arrangements.move_minute) {
    to.set_move_time(absl::StrFormat("%02d:%02d", *minute / 60, *minute % 60));
  }
  to.set_transport(EnumTo<v1::TransferTransport>(arrangements.transport));
  to.set_belongings(EnumTo<v1::TransferBelongings>(arrangements.belongings));
  to.set_relatives(EnumTo<v1::TransferTold>(arrangements.relatives));
  to.set_children(EnumTo<v1::TransferTold>(arrangements.children));
  to.set_follow_up_days(arrangements.follow_up_days.value_or(0));
  return to;
}

v1::Transfer ToProto(const usecases::TransferAnswer& answer) {
  const domain::Transfer& transfer = answer.record.transfer;
  const domain::Stay& from = answer.record.from.stay;
  v1::Transfer to;
  to.set_transfer_id(transfer.id.value);
  to.set_case_id(from.case_id.value);
  to.set_case_number(from.case_number);
  to.set_from_stay_id(from.id.value);
  to.set_from_facility_id(from.facility_id.value);
  to.set_offer_id(transfer.offer_id.value);
  to.set_to_facility_id(answer.record.to.facility.id.value);
  to.set_to_bed_id(answer.record.to.offer.bed_id.value);
  if (transfer.to_stay) to.set_to_stay_id(transfer.to_stay->value);
  to.set_state(EnumTo<v1::TransferState>(transfer.state));
  to.set_meeting_date(FormatDate(transfer.meeting));
  to.set_move_date(FormatDate(transfer.move));
  to.set_exception(EnumTo<v1::ExceptionReason>(transfer.exception));
  to.set_confirmed_by_from(transfer.confirmed_by_from);
  to.set_confirmed_by_to(transfer.confirmed_by_to);
  Set(to.mutable_planned_at(), transfer.planned_at);
  to.set_cancel_reason(EnumTo<v1::TransferCancelReason>(transfer.cancel_reason));
  *to.mutable_arrangements() = ToProto(transfer.arrangements);
  for (std::string& open : domain::OpenArrangements(transfer.arrangements)) {
    to.add_open_arrangements(std::move(open));
  }
  to.set_arranged_by_unit_id(transfer.arranged_by.value);
  if (transfer.arranged_at) Set(to.mutable_arranged_at(), *transfer.arranged_at);
  for (const std::string& action : answer.actions) to.add_available_actions(action);
  to.set_etag(usecases::Etag(transfer.version));
  return to;
}

}  // namespace vardkedja::placement::rpc
