#include "reporting-service/storage/fact_writer.h"

#include "lib/id/uuid.h"

namespace vardkedja::reporting::storage {

absl::StatusOr<FactWriter> FactWriter::Begin(pg::Transaction& tx, std::string_view source,
                                             std::int64_t seq, Instant occurred_at) {
  // The shared lock comes first: a report that is being answered now is waited for.
  VK_RETURN_IF_ERROR(tx.Execute("SELECT only_row FROM watermark FOR SHARE").status());
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx.Execute("INSERT INTO source_progress AS progress (source, applied_seq)"
                 " VALUES ($1, $2) ON CONFLICT (source) DO UPDATE"
                 " SET applied_seq = greatest(progress.applied_seq, excluded.applied_seq)"
                 " RETURNING applied_seq",
                 {source, seq}));
  const std::int64_t applied = rows[0].Int("applied_seq");
  if (applied > seq) return FactWriter(tx, {source, applied + 1});
  VK_RETURN_IF_ERROR(tx.Execute("INSERT INTO log_position (source, seq, known_at)"
                                " SELECT $1, $2, greatest($3::timestamptz,"
                                "  (SELECT max(known_at) FROM log_position WHERE source = $1),"
                                "  (SELECT promised + interval '1 microsecond' FROM watermark))"
                                " ON CONFLICT (source, seq) DO NOTHING",
                                {source, seq, occurred_at})
                         .status());
  return FactWriter(tx, {source, seq});
}

absl::Status FactWriter::EnsureSubstitute(const std::string& reference) {
  return tx_
      .Execute(
          "INSERT INTO substitute (reference, substitute_id) VALUES ($1, $2)"
          " ON CONFLICT (reference) DO NOTHING",
          {reference, NewUuidV4()})
      .status();
}

}  // namespace vardkedja::reporting::storage
