// What placement-service's reads and choices cost as the queue and the years grow, on a private
// PostgreSQL (fsync off, so read the ratios and the reads, not the writes). Without network and
// without referral-service, whose part is measured in tests/bench/run.
//
//   placement-bench            prints a table; exits 1 when a limit of the contract is passed
#include <algorithm>
#include <cstdio>

#include "placement-service/storage/test_fixture.h"

namespace vardkedja::placement {
namespace {

using std::chrono::days;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 200;
constexpr int kYears = 10;

struct Figures {
  double p50_ms = 0;
  double p99_ms = 0;
};

using Call = std::function<absl::Status(int)>;

double Took(const Call& call, int round) {
  const auto start = Clock::now();
  const absl::Status status = call(round);
  const double took = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (!status.ok()) {
    std::fprintf(stderr, "a call failed: %s\n", status.ToString().c_str());
    std::exit(1);
  }
  return took;
}

Figures FiguresOf(std::vector<double> took) {
  std::sort(took.begin(), took.end());
  return {took[took.size() / 2], took[took.size() * 99 / 100]};
}

Figures Measure(const Call& call) {
  std::vector<double> took;
  for (int i = 0; i < kRounds; ++i) took.push_back(Took(call, i));
  return FiguresOf(std::move(took));
}

// Turn by turn, so that what slows the machine down slows both.
std::pair<Figures, Figures> Compare(const Call& one, const Call& other) {
  std::vector<double> first;
  std::vector<double> second;
  for (int i = 0; i < kRounds; ++i) {
    first.push_back(Took(one, i));
    second.push_back(Took(other, i));
  }
  return {FiguresOf(std::move(first)), FiguresOf(std::move(second))};
}

class Bench final : public PlacementFixture {
 public:
  void TestBody() override {}

  void Fill(int people) {
    FillQueue("novus", people);
    for (int i = 0; i < kRounds; ++i) AddBed("novus", "more-" + std::to_string(i));
  }

  Call Offers() {
    return [this](int i) {
      return usecases::MakeOffer(store_, disclosure_)
          .Run(Writing("novus"), {domain::BedId("more-" + std::to_string(i)), {}})
          .status();
    };
  }

  // What autovacuum does a minute after 200 changes (placement-service/migrations/0013).
  void Rest() { database_.Query("placement", "VACUUM queue_entry"); }

  Figures Explanations(int position) {
    const pg::Result rows =
        database_.Query("placement",
                        "SELECT entry_id, case_id FROM queue_entry WHERE state = 'waiting'"
                        " ORDER BY sort_key OFFSET $1 LIMIT 1",
                        {position - 1});
    access_.Permit("alvesta-authority", rows[0].Text("case_id"));
    const domain::EntryId id(rows[0].Text("entry_id"));
    return Measure([&](int) {
      return usecases::ExplainPosition(store_, disclosure_)
          .Run(As("alvesta-authority"), id)
          .status();
    });
  }

  // Forty stays a year in each of 32 beds, each offered, reserved, planned and ended: what was
  // known changes at every one of these.
  void LiveThroughYears() {
    for (int i = 0; i < 32; ++i) AddBed(i < 18 ? "ekeliden" : "novus", "old-" + std::to_string(i));
    database_.Query(
        "placement",
        "WITH stay AS ("
        "  SELECT b.bed_id, gen_random_uuid()::text AS id, d AS move_in,"
        "         (d::timestamp AT TIME ZONE 'Europe/Stockholm') AS at"
        "    FROM bed b, generate_series(0, $1::int) n, LATERAL (SELECT $2::date + n * 9 AS d) x"
        "   WHERE b.bed_id LIKE 'old-%')"
        "INSERT INTO bed_fact (bed_id, kind, source_id, from_date, to_date, planned, known_from,"
        "                      known_to)"
        " SELECT bed_id, 'offer', id, move_in, NULL::date, NULL::date, at - interval '5 days',"
        "        at - interval '3 days' FROM stay"
        " UNION ALL SELECT bed_id, 'reservation', id, move_in, move_in + 90, NULL,"
        "        at - interval '3 days', at FROM stay"
        " UNION ALL SELECT bed_id, 'stay', id, move_in, NULL::date, NULL::date, at,"
        "        at + interval '1 day' FROM stay"
        " UNION ALL SELECT bed_id, 'stay', id, move_in, NULL, move_in + 9, at + interval '1 day',"
        "        at + interval '8 days' FROM stay"
        " UNION ALL SELECT bed_id, 'stay', id, move_in, move_in + 8, NULL, at + interval '8 days',"
        "        NULL FROM stay",
        {kYears * 365 / 9, Today() - days(kYears * 365)});
    database_.Query("placement",
                    "UPDATE bed_fact SET known_from = '2015-01-01' WHERE kind = 'bed'");
    database_.Query("placement", "ANALYZE bed_fact");
  }

  Figures AsOf() {
    return Measure([&](int i) {
      usecases::AvailabilityQuestion question;
      question.as_of = clock_.Now() - days(1 + i * 17 % (kYears * 364));
      question.to = StockholmDate(*question.as_of) + days(31);
      question.from = StockholmDate(*question.as_of);
      return usecases::ReadBeds(store_).Availability(As("novus"), question).status();
    });
  }
};

// Prints one line; returns whether the limit holds.
bool Report(const char* what, const Figures& figures, double limit_ms) {
  const bool holds = limit_ms == 0 || figures.p50_ms <= limit_ms;
  std::printf("%-58s %9.2f %9.2f %s\n", what, figures.p50_ms, figures.p99_ms,
              holds ? "" : "  OVER ITS LIMIT");
  return holds;
}

int Run() {
  std::printf("%-58s %9s %9s\n", "", "p50 ms", "p99 ms");
  bool holds = true;
  Bench small;
  small.Fill(1'000);
  Bench large;
  large.Fill(100'000);
  const auto [few, many] = Compare(small.Offers(), large.Offers());
  holds &= Report("find and offer to the next of 1 000", few, 0);
  holds &= Report("find and offer to the next of 100 000 (at most 1.3 x)", many, 1.3 * few.p50_ms);
  Report("explain position 10 000, 200 offers after the last vacuum", large.Explanations(10'000),
         0);
  large.Rest();
  holds &= Report("explain position 25 (under 10 ms)", large.Explanations(25), 10);
  holds &= Report("explain position 10 000 (under 10 ms)", large.Explanations(10'000), 10);
  holds &= Report("explain \"over 10 000\" (under 10 ms)", large.Explanations(90'000), 10);
  Bench old;
  old.LiveThroughYears();
  holds &= Report("a month as of any date in 10 years (under 10 ms)", old.AsOf(), 10);
  return holds ? 0 : 1;
}

}  // namespace
}  // namespace vardkedja::placement

int main() { return vardkedja::placement::Run(); }
