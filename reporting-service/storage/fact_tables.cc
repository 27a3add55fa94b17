#include "reporting-service/storage/fact_tables.h"

namespace vardkedja::reporting::storage {
namespace {

template <class Enum>
Enum ToEnum(const pg::Row& row, std::string_view column) {
  return static_cast<Enum>(row.Int(column));
}

template <class Enum>
int FromEnum(Enum value) {
  return static_cast<int>(value);
}

}  // namespace

pg::Params FactTable<domain::Municipality>::ToParams(const domain::Municipality& fact) {
  return {fact.organisation_id, fact.code, fact.name, fact.participating};
}
domain::Municipality FactTable<domain::Municipality>::FromRow(const pg::Row& row) {
  return {row.Text("code"), row.Text("name"), row.Text("organisation_id"),
          row.Bool("participating")};
}

pg::Params FactTable<domain::Facility>::ToParams(const domain::Facility& fact) {
  return {fact.facility_id, fact.name};
}
domain::Facility FactTable<domain::Facility>::FromRow(const pg::Row& row) {
  return {row.Text("facility_id"), row.Text("name")};
}

pg::Params FactTable<domain::Bed>::ToParams(const domain::Bed& fact) {
  return {fact.bed_id,           fact.facility_id,    FromEnum(fact.kind),
          fact.operational_from, fact.operational_to, fact.extra};
}
domain::Bed FactTable<domain::Bed>::FromRow(const pg::Row& row) {
  return {row.Text("bed_id"),
          row.Text("facility_id"),
          ToEnum<domain::BedKind>(row, "bed_kind"),
          row.Date("operational_from"),
          row.OptionalDate("operational_to"),
          row.Bool("extra")};
}

pg::Params FactTable<domain::Closure>::ToParams(const domain::Closure& fact) {
  return {fact.closure_id, fact.bed_id, fact.from, fact.to};
}
domain::Closure FactTable<domain::Closure>::FromRow(const pg::Row& row) {
  return {row.Text("closure_id"), row.Text("bed_id"), row.Date("from_date"),
          row.OptionalDate("to_date")};
}

pg::Params FactTable<domain::Hold>::ToParams(const domain::Hold& fact) {
  return {fact.hold_id, fact.bed_id, fact.from, fact.to};
}
domain::Hold FactTable<domain::Hold>::FromRow(const pg::Row& row) {
  return {row.Text("hold_id"), row.Text("bed_id"), row.Date("from_date"),
          row.OptionalDate("to_date")};
}

pg::Params FactTable<domain::Case>::ToParams(const domain::Case& fact) {
  return {fact.case_id,      fact.person_id,           fact.municipality_code,
          fact.submitted_at, FromEnum(fact.legal_sex), FromEnum(fact.age_band)};
}
domain::Case FactTable<domain::Case>::FromRow(const pg::Row& row) {
  return {row.Text("case_id"),
          row.Text("person_id"),
          row.Text("municipality_code"),
          row.Instant("submitted_at"),
          ToEnum<domain::LegalSex>(row, "legal_sex"),
          ToEnum<domain::AgeBand>(row, "age_band")};
}

pg::Params FactTable<domain::Step>::ToParams(const domain::Step& fact) {
  return {fact.case_id, FromEnum(fact.kind), fact.at,      fact.seq,
          fact.code,    fact.exception,      fact.transfer};
}
domain::Step FactTable<domain::Step>::FromRow(const pg::Row& row) {
  return {row.Text("case_id"),        ToEnum<domain::StepKind>(row, "kind"),
          row.Instant("occurred_at"), row.Int("event_seq"),
          row.Text("code"),           row.Bool("exception"),
          row.Bool("transfer")};
}

pg::Params FactTable<domain::Decision>::ToParams(const domain::Decision& fact) {
  return {fact.decision_id,        fact.case_id,         fact.person_id,
          fact.municipality_code,  fact.facility_id,     FromEnum(fact.kind),
          fact.decision_date,      fact.planned_move_in, fact.transfer,
          fact.extends_decision_id};
}
domain::Decision FactTable<domain::Decision>::FromRow(const pg::Row& row) {
  return {row.Text("decision_id"),   row.Text("case_id"),
          row.Text("person_id"),     row.Text("municipality_code"),
          row.Text("facility_id"),   ToEnum<domain::BedKind>(row, "bed_kind"),
          row.Date("decision_date"), row.OptionalDate("planned_move_in_date"),
          row.Bool("transfer"),      row.Text("extends_decision_id")};
}

pg::Params FactTable<domain::QueueEntry>::ToParams(const domain::QueueEntry& fact) {
  return {fact.entry_id,       fact.case_id,    fact.decision_id,   fact.facility_id,
          FromEnum(fact.kind), fact.transfer,   fact.decision_date, fact.queued_on,
          fact.left_on,        fact.left_reason};
}
domain::QueueEntry FactTable<domain::QueueEntry>::FromRow(const pg::Row& row) {
  return {row.Text("entry_id"),
          row.Text("case_id"),
          row.Text("decision_id"),
          row.Text("facility_id"),
          ToEnum<domain::BedKind>(row, "bed_kind"),
          row.Bool("transfer"),
          row.Date("decision_date"),
          row.Date("queued_on"),
          row.OptionalDate("left_on"),
          row.Text("left_reason")};
}

pg::Params FactTable<domain::Offer>::ToParams(const domain::Offer& fact) {
  return {fact.offer_id,      fact.entry_id,          fact.case_id,     fact.decision_id,
          fact.facility_id,   FromEnum(fact.kind),    fact.bed_id,      fact.made_on,
          fact.override_rule, FromEnum(fact.outcome), fact.answered_on, fact.decline_code,
          fact.released_on};
}
domain::Offer FactTable<domain::Offer>::FromRow(const pg::Row& row) {
  return {row.Text("offer_id"),
          row.Text("entry_id"),
          row.Text("case_id"),
          row.Text("decision_id"),
          row.Text("facility_id"),
          ToEnum<domain::BedKind>(row, "bed_kind"),
          row.Text("bed_id"),
          row.Date("made_on"),
          row.Bool("override_rule"),
          ToEnum<domain::OfferOutcome>(row, "outcome"),
          row.OptionalDate("answered_on"),
          row.Text("decline_code"),
          row.OptionalDate("released_on")};
}

pg::Params FactTable<domain::Alert>::ToParams(const domain::Alert& fact) {
  return {fact.entry_id, fact.facility_id, FromEnum(fact.kind), fact.code, fact.on};
}
domain::Alert FactTable<domain::Alert>::FromRow(const pg::Row& row) {
  return {row.Text("entry_id"), row.Text("facility_id"), ToEnum<domain::BedKind>(row, "bed_kind"),
          row.Text("code"), row.Date("alerted_on")};
}

pg::Params FactTable<domain::Stay>::ToParams(const domain::Stay& fact) {
  return {fact.stay_id,        fact.case_id, fact.person_id, fact.decision_id, fact.facility_id,
          FromEnum(fact.kind), fact.bed_id,  fact.move_in,   fact.departure};
}
domain::Stay FactTable<domain::Stay>::FromRow(const pg::Row& row) {
  return {
      row.Text("stay_id"),     row.Text("case_id"),      row.Text("person_id"),
      row.Text("decision_id"), row.Text("facility_id"),  ToEnum<domain::BedKind>(row, "bed_kind"),
      row.Text("bed_id"),      row.Date("move_in_date"), row.OptionalDate("departure_date")};
}

pg::Params FactTable<domain::ExternalStay>::ToParams(const domain::ExternalStay& fact) {
  return {fact.external_stay_id, fact.facility_id, FromEnum(fact.kind), fact.bed_id,
          fact.purchaser,        fact.ore_per_day, fact.move_in,        fact.departure};
}
domain::ExternalStay FactTable<domain::ExternalStay>::FromRow(const pg::Row& row) {
  return {row.Text("external_stay_id"),
          row.Text("facility_id"),
          ToEnum<domain::BedKind>(row, "bed_kind"),
          row.Text("bed_id"),
          row.Text("purchaser"),
          row.Int("ore_per_day"),
          row.Date("move_in_date"),
          row.OptionalDate("departure_date")};
}

pg::Params FactTable<domain::Leave>::ToParams(const domain::Leave& fact) {
  return {fact.stay_id, fact.from, fact.to};
}
domain::Leave FactTable<domain::Leave>::FromRow(const pg::Row& row) {
  return {row.Text("stay_id"), row.Date("from_date"), row.OptionalDate("to_date")};
}

pg::Params FactTable<domain::Interruption>::ToParams(const domain::Interruption& fact) {
  return {fact.stay_id, fact.from, fact.resumed};
}
domain::Interruption FactTable<domain::Interruption>::FromRow(const pg::Row& row) {
  return {row.Text("stay_id"), row.Date("from_date"), row.OptionalDate("resumed_date")};
}

}  // namespace vardkedja::reporting::storage
