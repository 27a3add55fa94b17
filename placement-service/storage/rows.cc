#include "placement-service/storage/rows.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

namespace vardkedja::placement::storage {
namespace {

template <class State, std::size_t N>
State ByName(const std::array<State, N>& states, std::string_view name) {
  for (const State state : states) {
    if (domain::Name(state) == name) return state;
  }
  // The CHECK constraints and the enums say the same; a difference is a defect.
  throw std::logic_error("unknown state in the database: " + std::string(name));
}

// "id from to", as kFacilityColumns gathers them; without `to` when open-ended.
domain::IntakeClosure IntakeClosureOf(const std::string& text) {
  std::istringstream words(text);
  std::string id;
  std::string from;
  std::string to;
  words >> id >> from >> to;
  return {domain::IntakeClosureId(id), {ParseDate(from).value(), ParseDate(to)}};
}

}  // namespace

const std::string_view kFacilityColumns =
    "f.facility_id AS f_id, f.name AS f_name, f.organisation_id AS f_organisation,"
    " f.unit_id AS f_unit, f.care_level AS f_care_level,"
    " f.offer_deadline_hours AS f_deadline, f.offer_reminder_hours AS f_reminder,"
    " f.move_in_within_days AS f_move_in_within,"
    " f.operator_type AS f_operator, f.ivo_standing AS f_ivo, f.ivo_reference AS f_ivo_reference,"
    " f.in_house_health_care AS f_health_care, f.framework_contract AS f_contract,"
    // Few: the seasons of the last year and those to come. "id from to".
    " ARRAY(SELECT concat_ws(' ', i.intake_closure_id, i.from_date, i.to_date)"
    "         FROM intake_closure i WHERE i.facility_id = f.facility_id"
    "          AND NOT isempty(i.during) ORDER BY i.from_date DESC LIMIT 20) AS f_intake,"
    " f.version AS f_version";

const std::string_view kBedColumns =
    "b.bed_id AS b_id, b.facility_id AS b_facility, b.bed_kind AS b_kind, b.extra AS b_extra,"
    " b.operational_from AS b_from, b.operational_to AS b_to, b.version AS b_version";

const std::string_view kEntryColumns =
    "e.entry_id AS e_id, e.case_id AS e_case, e.case_number AS e_number, e.person_id AS e_person,"
    " e.owner_unit_id AS e_owner, e.decision_id AS e_decision, e.facility_id AS e_facility,"
    " e.bed_kind AS e_kind, e.transfer AS e_transfer, e.lvm_investigation AS e_a,"
    " e.child_perspective AS e_b, e.lvm_section_27 AS e_c, e.external_placement AS e_d,"
    " e.decision_date AS e_decision_date, e.submitted_at AS e_submitted_at,"
    " e.decision_to AS e_decision_to, e.planned_move_in AS e_planned, e.state AS e_state,"
    " e.left_reason AS e_left, e.units_without_ground AS e_units, e.open_offer_id AS e_offer,"
    " e.park_reason AS e_park_reason, e.parked_since AS e_parked_since,"
    " e.parked_until AS e_parked_until, e.passed AS e_passed, e.waiting_long AS e_long, "
    "e.rule_version AS e_rule,"
    " e.sort_key AS e_key, e.version AS e_version";

const std::string_view kOfferColumns =
    "o.offer_id AS o_id, o.entry_id AS o_entry, o.bed_id AS o_bed, o.state AS o_state,"
    " o.available_from AS o_from, o.made_at AS o_made_at, o.deadline AS o_deadline,"
    " o.move_in AS o_move_in, o.declined_by AS o_by, o.decline_reason AS o_reason,"
    " o.cascaded AS o_cascaded, o.first_eligible AS o_first, o.eligible_before AS o_before,"
    " o.rule_version AS o_rule, o.sort_key AS o_key, o.override_id AS o_override,"
    " COALESCE((SELECT num_nonnulls(g.person_agreed, g.owner_agreed, g.facility_agreed) = 3"
    "  FROM placement_agreement g WHERE g.offer_id = o.offer_id"
    "  ORDER BY g.version DESC LIMIT 1), false) AS o_agreed,"
    " o.version AS o_version";

const std::string_view kStayColumns =
    "s.stay_id AS s_id, s.entry_id AS s_entry, s.offer_id AS s_offer, s.case_id AS s_case,"
    " s.case_number AS s_number, s.person_id AS s_person, s.owner_unit_id AS s_owner,"
    " s.decision_id AS s_decision, s.facility_id AS s_facility, s.bed_kind AS s_kind,"
    " s.bed_id AS s_bed, s.state AS s_state, s.move_in AS s_move_in, s.departure AS s_departure,"
    " s.planned_departure AS s_planned, s.discharge_exception AS s_exception,"
    " s.discharge_reason AS s_reason, s.unmet_items::text[] AS s_unmet,"
    " s.agreement_exception AS s_agreement, s.transferred_in AS s_transferred,"
    " s.continues_stay_id AS s_continues,"
    " s.correction_reason AS s_correction, s.corrects_stay_id AS s_corrects,"
    " COALESCE((SELECT num_nonnulls(g.person_agreed, g.owner_agreed, g.facility_agreed) = 3"
    "  FROM placement_agreement g WHERE g.offer_id = s.offer_id"
    "  ORDER BY g.version DESC LIMIT 1), false) AS s_agreed,"
    " COALESCE(s.departure = s.move_in AND date_counts_elsewhere(s), false) AS s_elsewhere,"
    " s.version AS s_version";

const std::string_view kExternalStayColumns =
    "s.stay_id AS s_id, s.facility_id AS s_facility, s.bed_kind AS s_kind, s.bed_id AS s_bed,"
    " s.purchaser AS s_purchaser, s.purchaser_reference AS s_reference, s.ore_per_day AS s_ore,"
    " s.state AS s_state, s.move_in AS s_move_in, s.departure AS s_departure,"
    " s.planned_departure AS s_planned, s.correction_reason AS s_correction,"
    " s.corrects_stay_id AS s_corrects, s.version AS s_version";

const std::string_view kOverrideColumns =
    "v.override_id AS v_id, v.entry_id AS v_entry, v.bed_id AS v_bed, v.available_from AS v_from,"
    " v.reason AS v_reason, v.state AS v_state, v.proposed_by_seat AS v_by,"
    " v.proposed_by_deputy AS v_by_deputy, v.proposed_at AS v_at, v.settled_by_seat AS v_second,"
    " v.settled_by_deputy AS v_second_deputy, v.settled_at AS v_settled_at, v.offer_id AS v_offer,"
    " v.version AS v_version";

const std::string_view kHoldColumns =
    "h.hold_id AS h_id, h.bed_id AS h_bed, h.from_date AS h_from, h.to_date AS h_to,"
    " h.expected_date AS h_expected, h.reason AS h_reason, h.state AS h_state,"
    " h.decided_by_seat AS h_by, h.decided_by_deputy AS h_by_deputy, h.decided_at AS h_at,"
    " h.version AS h_version";

const std::string_view kTransferColumns =
    "t.transfer_id AS t_id, t.from_stay_id AS t_from, t.offer_id AS t_offer,"
    " t.to_stay_id AS t_to, t.state AS t_state, t.meeting AS t_meeting, t.move AS t_move,"
    " t.exception AS t_exception, t.confirmed_by_from AS t_by_from, t.confirmed_by_to AS t_by_to,"
    " t.planned_at AS t_planned_at, t.cancel_reason AS t_cancel, t.version AS t_version,"
    " t.move_minute AS t_minute, t.transport AS t_transport, t.belongings AS t_belongings,"
    " t.relatives_told AS t_relatives, t.children_told AS t_children,"
    " t.follow_up_days AS t_follow_up, t.arranged_by AS t_arranged_by,"
    " t.arranged_at AS t_arranged_at";

const std::string_view kStayFactColumns =
    "at, kind, on_date, code, consequence, unit_id, ordinal,"
    " COALESCE(corrects_ordinal, 0) AS corrects";

const std::string_view kAlternationColumns =
    "l.alternation_id AS l_id, l.from_stay_id AS l_from, l.to_stay_id AS l_to, l.bed_id AS l_bed,"
    " l.state AS l_state, l.home_from AS l_home_from, l.return_date AS l_return,"
    " l.ended_on AS l_ended, l.version AS l_version";

domain::EntryState EntryStateOf(std::string_view name) {
  using domain::EntryState;
  return ByName(std::array{EntryState::kWaiting, EntryState::kReserved, EntryState::kPlaced,
                           EntryState::kLeft},
                name);
}

domain::OfferState OfferStateOf(std::string_view name) {
  using domain::OfferState;
  return ByName(std::array{OfferState::kOpen, OfferState::kAccepted, OfferState::kDeclined,
                           OfferState::kExpired, OfferState::kWithdrawn, OfferState::kConsumed,
                           OfferState::kGivenBack},
                name);
}

domain::TransferState TransferStateOf(std::string_view name) {
  using domain::TransferState;
  return ByName(std::array{TransferState::kPlanned, TransferState::kConfirmed, TransferState::kDone,
                           TransferState::kCancelled},
                name);
}

domain::StayState StayStateOf(std::string_view name) {
  using domain::StayState;
  return ByName(std::array{StayState::kActive, StayState::kEnded, StayState::kCorrected}, name);
}

domain::OverrideState OverrideStateOf(std::string_view name) {
  using domain::OverrideState;
  return ByName(
      std::array{OverrideState::kProposed, OverrideState::kConfirmed, OverrideState::kRejected},
      name);
}

domain::HoldState HoldStateOf(std::string_view name) {
  using domain::HoldState;
  return ByName(
      std::array{HoldState::kHeld, HoldState::kReleased, HoldState::kExpired, HoldState::kUsed},
      name);
}

domain::AlternationState AlternationStateOf(std::string_view name) {
  using domain::AlternationState;
  return ByName(std::array{AlternationState::kAtHome, AlternationState::kReturned,
                           AlternationState::kEnded, AlternationState::kCorrected},
                name);
}

domain::Facility FacilityOf(const pg::Row& row) {
  domain::Facility facility;
  facility.id = domain::FacilityId(row.Text("f_id"));
  domain::FacilityDetails& details = facility.details;
  details.name = row.Text("f_name");
  facility.organisation = row.Text("f_organisation");
  facility.unit = domain::UnitId(row.Text("f_unit"));
  details.care_level = row.Text("f_care_level");
  details.terms.deadline_hours = static_cast<int>(row.Int("f_deadline"));
  details.terms.reminder_hours = static_cast<int>(row.Int("f_reminder"));
  details.terms.move_in_within_days = static_cast<int>(row.Int("f_move_in_within"));
  details.operator_type = EnumOf<domain::OperatorType>(row, "f_operator");
  details.ivo_standing = EnumOf<domain::IvoStanding>(row, "f_ivo");
  details.ivo_reference = row.Text("f_ivo_reference");
  details.in_house_health_care = row.Bool("f_health_care");
  details.framework_contract = row.Bool("f_contract");
  for (const std::string& text : row.Texts("f_intake")) {
    facility.intake_closures.push_back(IntakeClosureOf(text));
  }
  std::reverse(facility.intake_closures.begin(), facility.intake_closures.end());
  facility.version = row.Int("f_version");
  return facility;
}

domain::Bed BedOf(const pg::Row& row) {
  domain::Bed bed;
  bed.id = domain::BedId(row.Text("b_id"));
  bed.facility_id = domain::FacilityId(row.Text("b_facility"));
  bed.kind = EnumOf<domain::BedKind>(row, "b_kind");
  bed.extra = row.Bool("b_extra");
  bed.operational = {row.Date("b_from"), row.OptionalDate("b_to")};
  bed.version = row.Int("b_version");
  return bed;
}

domain::QueueEntry EntryOf(const pg::Row& row) {
  domain::QueueEntry entry;
  entry.id = domain::EntryId(row.Text("e_id"));
  entry.case_id = domain::CaseId(row.Text("e_case"));
  entry.case_number = row.Text("e_number");
  entry.person_id = domain::PersonId(row.Text("e_person"));
  entry.owner_unit = domain::UnitId(row.Text("e_owner"));
  entry.decision_id = domain::DecisionId(row.Text("e_decision"));
  entry.facility_id = domain::FacilityId(row.Text("e_facility"));
  entry.bed_kind = EnumOf<domain::BedKind>(row, "e_kind");
  entry.transfer = row.Bool("e_transfer");
  entry.facts.criteria = {row.Bool("e_a"), row.Bool("e_b"), row.Bool("e_c"), row.Bool("e_d")};
  entry.facts.decision_date = row.Date("e_decision_date");
  entry.facts.submitted_at = row.Instant("e_submitted_at");
  entry.facts.entry_id = entry.id;
  entry.decision_to = row.OptionalDate("e_decision_to");
  entry.planned_move_in = row.OptionalDate("e_planned");
  entry.state = EntryStateOf(row.Text("e_state"));
  entry.left_reason = row.OptionalText("e_left");
  for (std::string& unit : row.Texts("e_units")) {
    entry.units_without_ground.insert(std::move(unit));
  }
  if (const auto offer = row.OptionalText("e_offer")) entry.open_offer = domain::OfferId(*offer);
  if (const auto reason = row.OptionalInt("e_park_reason")) {
    entry.parking = {static_cast<domain::ParkReason>(*reason), row.Date("e_parked_since"),
                     row.OptionalDate("e_parked_until")};
  }
  entry.passed = row.Bool("e_passed");
  entry.waiting_long = row.Bool("e_long");
  entry.rule_version = static_cast<int>(row.Int("e_rule"));
  entry.sort_key = row.Bytes("e_key");
  entry.version = row.Int("e_version");
  return entry;
}

domain::Offer OfferOf(const pg::Row& row) {
  domain::Offer offer;
  offer.id = domain::OfferId(row.Text("o_id"));
  offer.entry_id = domain::EntryId(row.Text("o_entry"));
  offer.bed_id = domain::BedId(row.Text("o_bed"));
  offer.state = OfferStateOf(row.Text("o_state"));
  offer.available_from = row.Date("o_from");
  offer.made_at = row.Instant("o_made_at");
  offer.deadline = row.Instant("o_deadline");
  offer.move_in = row.OptionalDate("o_move_in");
  offer.declined_by = EnumOf<domain::DeclinedBy>(row, "o_by");
  offer.decline_reason = EnumOf<domain::DeclineReason>(row, "o_reason");
  offer.cascaded = row.Bool("o_cascaded");
  offer.eligibility.first_eligible = domain::EntryId(row.Text("o_first"));
  offer.eligibility.eligible_before = static_cast<int>(row.Int("o_before"));
  offer.eligibility.rule_version = static_cast<int>(row.Int("o_rule"));
  offer.eligibility.sort_key = row.Bytes("o_key");
  if (const auto by = row.OptionalText("o_override")) {
    offer.eligibility.override_id = domain::OverrideId(*by);
  }
  offer.agreed = row.Bool("o_agreed");
  offer.version = row.Int("o_version");
  return offer;
}

domain::Stay StayOf(const pg::Row& row) {
  domain::Stay stay;
  stay.id = domain::StayId(row.Text("s_id"));
  stay.entry_id = domain::EntryId(row.Text("s_entry"));
  stay.offer_id = domain::OfferId(row.Text("s_offer"));
  stay.case_id = domain::CaseId(row.Text("s_case"));
  stay.case_number = row.Text("s_number");
  stay.person_id = domain::PersonId(row.Text("s_person"));
  stay.owner_unit = domain::UnitId(row.Text("s_owner"));
  stay.decision_id = domain::DecisionId(row.Text("s_decision"));
  stay.facility_id = domain::FacilityId(row.Text("s_facility"));
  stay.bed_kind = EnumOf<domain::BedKind>(row, "s_kind");
  stay.bed_id = domain::BedId(row.Text("s_bed"));
  stay.state = StayStateOf(row.Text("s_state"));
  stay.move_in = row.Date("s_move_in");
  stay.departure = row.OptionalDate("s_departure");
  stay.planned_departure = row.OptionalDate("s_planned");
  stay.discharge_exception = EnumOf<domain::ExceptionReason>(row, "s_exception");
  stay.discharge_reason = EnumOf<domain::DischargeReason>(row, "s_reason");
  for (const std::string& item : row.Texts("s_unmet")) {
    stay.unmet_items.push_back(static_cast<domain::ChecklistItem>(std::stoi(item)));
  }
  stay.transferred_in = row.Bool("s_transferred");
  if (const auto id = row.OptionalText("s_continues")) stay.continues = domain::StayId(*id);
  stay.correction = EnumOf<domain::CorrectionReason>(row, "s_correction");
  if (const auto id = row.OptionalText("s_corrects")) stay.corrects = domain::StayId(*id);
  stay.agreed = row.Bool("s_agreed");
  stay.counts_elsewhere = row.Bool("s_elsewhere");
  stay.agreement_exception = EnumOf<domain::ExceptionReason>(row, "s_agreement");
  stay.version = row.Int("s_version");
  return stay;
}

domain::StayFact StayFactOf(const pg::Row& row) {
  return {row.Instant("at"),
          row.Text("kind"),
          row.Date("on_date"),
          row.Text("code"),
          row.Text("consequence"),
          row.Text("unit_id"),
          static_cast<int>(row.Int("ordinal")),
          static_cast<int>(row.Int("corrects"))};
}

domain::ExternalStay ExternalStayOf(const pg::Row& row) {
  domain::ExternalStay stay;
  stay.id = domain::StayId(row.Text("s_id"));
  stay.facility_id = domain::FacilityId(row.Text("s_facility"));
  stay.bed_kind = EnumOf<domain::BedKind>(row, "s_kind");
  stay.bed_id = domain::BedId(row.Text("s_bed"));
  stay.terms = {row.Text("s_purchaser"), row.Text("s_reference"), row.Int("s_ore")};
  stay.state = StayStateOf(row.Text("s_state"));
  stay.move_in = row.Date("s_move_in");
  stay.departure = row.OptionalDate("s_departure");
  stay.planned_departure = row.OptionalDate("s_planned");
  stay.correction = EnumOf<domain::ExternalCorrectionReason>(row, "s_correction");
  if (const auto id = row.OptionalText("s_corrects")) stay.corrects = domain::StayId(*id);
  stay.version = row.Int("s_version");
  return stay;
}

domain::QueueOverride OverrideOf(const pg::Row& row) {
  domain::QueueOverride proposal;
  proposal.id = domain::OverrideId(row.Text("v_id"));
  proposal.entry_id = domain::EntryId(row.Text("v_entry"));
  proposal.bed_id = domain::BedId(row.Text("v_bed"));
  proposal.available_from = row.Date("v_from");
  proposal.reason = EnumOf<domain::OverrideReason>(row, "v_reason");
  proposal.state = OverrideStateOf(row.Text("v_state"));
  proposal.proposed_by = {row.Text("v_by"), row.Bool("v_by_deputy")};
  proposal.proposed_at = row.Instant("v_at");
  if (const auto second = row.OptionalText("v_second")) {
    proposal.settled_by = domain::Seat{*second, row.Bool("v_second_deputy")};
  }
  proposal.settled_at = row.OptionalInstant("v_settled_at");
  if (const auto offer = row.OptionalText("v_offer")) proposal.offer_id = domain::OfferId(*offer);
  proposal.version = row.Int("v_version");
  return proposal;
}

domain::Hold HoldOf(const pg::Row& row) {
  domain::Hold hold;
  hold.id = domain::HoldId(row.Text("h_id"));
  hold.bed_id = domain::BedId(row.Text("h_bed"));
  hold.from = row.Date("h_from");
  hold.to = row.Date("h_to");
  hold.expected = row.Date("h_expected");
  hold.reason = EnumOf<domain::HoldReason>(row, "h_reason");
  hold.state = HoldStateOf(row.Text("h_state"));
  hold.decided_by = {row.Text("h_by"), row.Bool("h_by_deputy")};
  hold.decided_at = row.Instant("h_at");
  hold.version = row.Int("h_version");
  return hold;
}

domain::Transfer TransferOf(const pg::Row& row) {
  domain::Transfer transfer;
  transfer.id = domain::TransferId(row.Text("t_id"));
  transfer.from_stay = domain::StayId(row.Text("t_from"));
  transfer.offer_id = domain::OfferId(row.Text("t_offer"));
  if (const auto to = row.OptionalText("t_to")) transfer.to_stay = domain::StayId(*to);
  transfer.state = TransferStateOf(row.Text("t_state"));
  transfer.meeting = row.Date("t_meeting");
  transfer.move = row.Date("t_move");
  transfer.exception = EnumOf<domain::ExceptionReason>(row, "t_exception");
  transfer.confirmed_by_from = row.Bool("t_by_from");
  transfer.confirmed_by_to = row.Bool("t_by_to");
  transfer.planned_at = row.Instant("t_planned_at");
  transfer.cancel_reason = EnumOf<domain::TransferCancelReason>(row, "t_cancel");
  transfer.version = row.Int("t_version");
  domain::TransferArrangements& arranged = transfer.arrangements;
  if (const auto minute = row.OptionalInt("t_minute")) {
    arranged.move_minute = static_cast<int>(*minute);
  }
  arranged.transport = EnumOf<domain::Transport>(row, "t_transport");
  arranged.belongings = EnumOf<domain::Belongings>(row, "t_belongings");
  arranged.relatives = EnumOf<domain::Told>(row, "t_relatives");
  arranged.children = EnumOf<domain::Told>(row, "t_children");
  if (const auto days = row.OptionalInt("t_follow_up")) {
    arranged.follow_up_days = static_cast<int>(*days);
  }
  transfer.arranged_by = domain::UnitId(row.Text("t_arranged_by"));
  if (!row.IsNull("t_arranged_at")) transfer.arranged_at = row.Instant("t_arranged_at");
  return transfer;
}

domain::Alternation AlternationOf(const pg::Row& row) {
  domain::Alternation alternation;
  alternation.id = domain::AlternationId(row.Text("l_id"));
  alternation.from_stay = domain::StayId(row.Text("l_from"));
  if (const auto to = row.OptionalText("l_to")) alternation.to_stay = domain::StayId(*to);
  alternation.bed_id = domain::BedId(row.Text("l_bed"));
  alternation.state = AlternationStateOf(row.Text("l_state"));
  alternation.home_from = row.Date("l_home_from");
  alternation.return_date = row.Date("l_return");
  alternation.ended_on = row.OptionalDate("l_ended");
  alternation.version = row.Int("l_version");
  return alternation;
}

domain::QueueRule RuleOf(const pg::Row& row) {
  auto rule = domain::MakeQueueRule(
      static_cast<int>(row.Int("version")), row.Date("effective_from"), row.Text("combination"),
      row.Texts("criteria"), static_cast<int>(row.Int("alert_after_days")));
  if (!rule.ok()) throw std::logic_error("a stored queue rule is malformed");
  return *std::move(rule);
}

}  // namespace vardkedja::placement::storage
