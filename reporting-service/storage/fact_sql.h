// The statements over the tables of facts, made once per kind of fact.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/pg/pool.h"
#include "lib/status/status.h"
#include "reporting-service/storage/fact_tables.h"

namespace vardkedja::reporting::storage {

template <class T>
std::string FactColumns() {
  std::string columns;
  for (const std::string_view column : FactTable<T>::kColumns) {
    if (!columns.empty()) columns += ", ";
    columns += column;
  }
  return columns;
}

// Where an event stands in the logs.
struct Known {
  std::string_view source;
  std::int64_t seq = 0;
};

// From `known` on, the fact with this key does not hold any more.
template <class T>
absl::Status SupersedeFact(pg::Transaction& tx, const Known& known, const T& fact) {
  using Table = FactTable<T>;
  static_assert(Table::kKey > 0, "nothing replaces a fact without a key");
  static const std::string supersede = [] {
    std::string sql = "UPDATE " + std::string(Table::kName) + " SET superseded_seq = $1 WHERE ";
    for (int i = 0; i < Table::kKey; ++i) {
      sql += std::string(Table::kColumns[static_cast<std::size_t>(i)]) + " = $" +
             std::to_string(i + 2) + " AND ";
    }
    return sql + "superseded_seq IS NULL";
  }();
  const pg::Params values = Table::ToParams(fact);
  pg::Params keys{known.seq};
  for (int i = 0; i < Table::kKey; ++i) keys.Add(values[static_cast<std::size_t>(i)]);
  return tx.Execute(supersede, keys).status();
}

// Adds a version of a fact, known from `known` on; the one before is superseded there.
template <class T>
absl::Status PutFact(pg::Transaction& tx, const Known& known, const T& fact) {
  using Table = FactTable<T>;
  const pg::Params values = Table::ToParams(fact);
  if constexpr (Table::kKey > 0) {
    VK_RETURN_IF_ERROR(SupersedeFact(tx, known, fact));
  }
  static const std::string insert = [] {
    std::string sql = "INSERT INTO " + std::string(Table::kName) + " (" + FactColumns<T>() +
                      ", source, known_seq) VALUES (";
    for (std::size_t i = 1; i <= Table::kColumns.size(); ++i) sql += "$" + std::to_string(i) + ", ";
    return sql + "$" + std::to_string(Table::kColumns.size() + 1) + ", $" +
           std::to_string(Table::kColumns.size() + 2) + ")";
  }();
  pg::Params params = values;
  params.Add(known.source);
  params.Add(known.seq);
  return tx.Execute(insert, params).status();
}

// The newest versions of the facts whose `column` is `value`.
template <class T>
absl::StatusOr<std::vector<T>> CurrentFacts(pg::Transaction& tx, std::string_view column,
                                            std::string_view value) {
  using Table = FactTable<T>;
  static const std::string select =
      "SELECT " + FactColumns<T>() + " FROM " + std::string(Table::kName) + " WHERE ";
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx.Execute(select + std::string(column) + " = $1 AND superseded_seq IS NULL", {value}));
  std::vector<T> facts;
  for (const pg::Row row : rows) facts.push_back(Table::FromRow(row));
  return facts;
}

// The facts known at the positions of referral ($1), placement ($2) and notification ($3).
template <class T>
absl::StatusOr<std::vector<T>> FactsAt(pg::Transaction& tx, const domain::Positions& positions) {
  using Table = FactTable<T>;
  static const std::string select =
      "SELECT " + FactColumns<T>() + " FROM " + std::string(Table::kName) +
      ", LATERAL (SELECT CASE source WHEN 'referral' THEN $1::bigint"
      " WHEN 'placement' THEN $2::bigint ELSE $3::bigint END AS seq) AS position"
      " WHERE known_seq <= position.seq"
      " AND (superseded_seq IS NULL OR superseded_seq > position.seq)"
      " ORDER BY source, known_seq, " +
      std::string(Table::kColumns[0]);
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx.Execute(select, {positions.referral, positions.placement, positions.notification}));
  std::vector<T> facts;
  for (const pg::Row row : rows) facts.push_back(Table::FromRow(row));
  return facts;
}

}  // namespace vardkedja::reporting::storage
