#include "placement-service/storage/bed_facts.h"

#include <map>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::storage {
namespace {

constexpr std::string_view kVersion = "bed_id, kind, source_id, from_date, to_date, planned, extra";

// $1 beds, $2 and $3 all of time, $4 now. Whole sets are compared, so that the cost is that of
// reading a bed's history once. The new versions are added only after the old ones were closed (the
// count of `closed` is asked for): at no moment are there two current ones.
const std::string& RecordSql() {
  static const std::string kColumns(kVersion);
  static const std::string kSql =
      "WITH fact AS ("
      " SELECT x.bed_id, x.what AS kind, x.id AS source_id, x.from_date, x.to_date, x.planned,"
      "        false AS extra FROM (" +
      std::string(kSurroundings) +
      ") x"
      " UNION ALL"
      " SELECT b.bed_id, 'bed', b.bed_id, b.operational_from, b.operational_to, NULL, b.extra"
      "   FROM bed b WHERE b.bed_id = ANY ($1::text[])),"
      " known AS (SELECT " +
      kColumns +
      " FROM bed_fact WHERE bed_id = ANY ($1::text[]) AND known_to IS NULL),"
      " gone AS (SELECT " +
      kColumns + " FROM known EXCEPT SELECT " + kColumns +
      " FROM fact),"
      " closed AS ("
      " UPDATE bed_fact k SET known_to = GREATEST(k.known_from, $4::timestamptz) FROM gone g"
      "  WHERE k.bed_id = g.bed_id AND k.kind = g.kind AND k.source_id = g.source_id"
      "    AND k.known_to IS NULL RETURNING 1)"
      "INSERT INTO bed_fact (" +
      kColumns + ", known_from) SELECT " + kColumns + ", $4::timestamptz FROM (SELECT " + kColumns +
      " FROM fact EXCEPT SELECT " + kColumns +
      " FROM known) news"
      "  WHERE (SELECT count(*) FROM closed) >= 0";
  return kSql;
}

// Older than any date of this system; an infinite date would not travel as a Date.
const Date kDawn = MakeDate(1900, 1, 1);

}  // namespace

absl::Status RecordBedFacts(const Run& run, const std::set<std::string>& beds, Instant now) {
  const std::vector<std::string> ids(beds.begin(), beds.end());
  return run(RecordSql(), {ids, kDawn, std::optional<Date>(), now}).status();
}

absl::Status LoadCalendarsAsOf(const Run& run, std::vector<usecases::BedRecord>& beds,
                               Instant as_of, const domain::Period& asked) {
  const CalendarIndex index = StartCalendars(beds);
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      run("SELECT k.bed_id, k.kind AS what, k.source_id AS id, k.from_date, k.to_date, k.planned,"
          "       0 AS reason, k.extra FROM bed_fact k"
          " WHERE k.bed_id = ANY ($1::text[]) AND (k.during && daterange($2::date, $3::date)"
          "    OR k.kind IN ('reservation', 'hold') AND k.during && daterange($3::date, NULL))"
          "   AND k.known @> $4::timestamptz",
          {index.ids, asked.from, asked.to, as_of}));
  const Date today = StockholmDate(as_of);
  std::set<std::string, std::less<>> known;
  for (const pg::Row& row : rows) {
    usecases::BedRecord& bed = *index.by_id.at(row.Text("bed_id"));
    if (row.Text("what") != "bed") {
      PlaceFact(bed, row, today);
      continue;
    }
    known.insert(bed.bed.id.value);
    bed.calendar.extra = row.Bool("extra");
    bed.calendar.operational = {row.Date("from_date"), row.OptionalDate("to_date")};
  }
  std::erase_if(beds,
                [&](const usecases::BedRecord& bed) { return !known.contains(bed.bed.id.value); });
  return absl::OkStatus();
}

}  // namespace vardkedja::placement::storage
