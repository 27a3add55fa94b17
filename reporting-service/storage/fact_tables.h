// How each fact lies in its table: the columns that name it, its other columns, to and from a row.
#pragma once

#include <array>
#include <string_view>

#include "lib/pg/value.h"
#include "reporting-service/domain/facts.h"

namespace vardkedja::reporting::storage {

// FactTable<T> has
//   kName     the table
//   kKey      how many of the columns, from the first, name the fact; 0 when nothing replaces it
//   kColumns  the columns that ToParams fills, in order
template <class T>
struct FactTable;

#define VK_FACT_TABLE(Type, name, key, ...)                                          \
  template <>                                                                        \
  struct FactTable<domain::Type> {                                                   \
    static constexpr std::string_view kName = name;                                  \
    static constexpr int kKey = key;                                                 \
    static constexpr auto kColumns = std::to_array<std::string_view>({__VA_ARGS__}); \
    static pg::Params ToParams(const domain::Type& fact);                            \
    static domain::Type FromRow(const pg::Row& row);                                 \
  }

VK_FACT_TABLE(Municipality, "municipality_fact", 1, "organisation_id", "code", "name",
              "participating");
VK_FACT_TABLE(Facility, "facility_fact", 1, "facility_id", "name");
VK_FACT_TABLE(Bed, "bed_fact", 1, "bed_id", "facility_id", "bed_kind", "operational_from",
              "operational_to", "extra");
VK_FACT_TABLE(Closure, "closure_fact", 1, "closure_id", "bed_id", "from_date", "to_date");
VK_FACT_TABLE(Hold, "hold_fact", 1, "hold_id", "bed_id", "from_date", "to_date");
VK_FACT_TABLE(Case, "case_fact", 1, "case_id", "person_id", "municipality_code", "submitted_at",
              "legal_sex", "age_band");
VK_FACT_TABLE(Step, "step_fact", 0, "case_id", "kind", "occurred_at", "event_seq", "code",
              "exception", "transfer");
VK_FACT_TABLE(Decision, "decision_fact", 1, "decision_id", "case_id", "person_id",
              "municipality_code", "facility_id", "bed_kind", "decision_date",
              "planned_move_in_date", "transfer", "extends_decision_id");
VK_FACT_TABLE(QueueEntry, "queue_fact", 1, "entry_id", "case_id", "decision_id", "facility_id",
              "bed_kind", "transfer", "decision_date", "queued_on", "left_on", "left_reason");
VK_FACT_TABLE(Offer, "offer_fact", 1, "offer_id", "entry_id", "case_id", "decision_id",
              "facility_id", "bed_kind", "bed_id", "made_on", "override_rule", "outcome",
              "answered_on", "decline_code", "released_on");
VK_FACT_TABLE(Alert, "alert_fact", 0, "entry_id", "facility_id", "bed_kind", "code", "alerted_on");
VK_FACT_TABLE(Stay, "stay_fact", 1, "stay_id", "case_id", "person_id", "decision_id", "facility_id",
              "bed_kind", "bed_id", "move_in_date", "departure_date");
VK_FACT_TABLE(ExternalStay, "external_stay_fact", 1, "external_stay_id", "facility_id", "bed_kind",
              "bed_id", "purchaser", "ore_per_day", "move_in_date", "departure_date");
VK_FACT_TABLE(Leave, "leave_fact", 2, "stay_id", "from_date", "to_date");
VK_FACT_TABLE(Interruption, "interruption_fact", 2, "stay_id", "from_date", "resumed_date");

#undef VK_FACT_TABLE

// Every table of facts, for a rebuild.
inline constexpr auto kFactTables = std::to_array<std::string_view>(
    {"municipality_fact", "facility_fact", "bed_fact", "closure_fact", "hold_fact", "case_fact",
     "step_fact", "decision_fact", "queue_fact", "offer_fact", "alert_fact", "stay_fact",
     "external_stay_fact", "leave_fact", "interruption_fact"});

}  // namespace vardkedja::reporting::storage
