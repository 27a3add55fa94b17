#include "referral-service/usecases/case_list.h"

#include <charconv>
#include <chrono>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"

namespace vardkedja::referral::usecases {
namespace {

// Pages of the store looked at for one page at most: the store's superset is close to what may be
// seen, so this is only reached when very many grounds have ended. The page then ends early, with a
// cursor.
constexpr int kMostRounds = 10;

// PostgreSQL's timestamptz ends earlier than 64 bits do. 1 January 2100.
constexpr std::int64_t kLatestMicros = 4'102'444'800'000'000;

CaseLine LineOf(SeenCase seen, std::string name) {
  CaseLine line;
  line.referral = std::move(seen.stored.referral);
  domain::Referral& referral = line.referral;
  if (!referral.protected_identity && seen.access.categories.contains("identity")) {
    line.display_name = std::move(name);
  }
  const auto* time = seen.reference->ResponseTimeOf(referral.state, seen.today);
  if (time != nullptr) line.due_date = DueDate(*time, StockholmDate(referral.state_since));
  if (HidesOwner(referral, seen.access)) referral.owner_unit_id.clear();
  return line;
}

}  // namespace

Instant EndOfTime() { return Instant(std::chrono::microseconds(kLatestMicros)); }

std::string WriteCursor(const ListPosition& position) {
  return std::to_string(position.at.time_since_epoch().count()) + "." + position.referral_id;
}

std::optional<ListPosition> ReadCursor(std::string_view cursor) {
  const std::size_t dot = cursor.find('.');
  if (dot == std::string_view::npos || !IsUuid(cursor.substr(dot + 1))) return std::nullopt;
  std::int64_t micros = 0;
  const auto [stopped, error] = std::from_chars(cursor.data(), cursor.data() + dot, micros);
  if (error != std::errc() || stopped != cursor.data() + dot) return std::nullopt;
  if (micros < 0 || micros > kLatestMicros) return std::nullopt;
  return ListPosition{Instant(std::chrono::microseconds(micros)),
                      std::string(cursor.substr(dot + 1))};
}

ListPosition PositionOf(const domain::Referral& referral, ListOrder order) {
  return {order == ListOrder::kStateSince ? referral.state_since : referral.created_at,
          referral.referral_id};
}

absl::StatusOr<CaseLister::Reader> CaseLister::ReaderOf(const auth::CallContext& context) const {
  Reader reader;
  VK_ASSIGN_OR_RETURN(reader.reference, door_.reference().Current(context));
  reader.question = QuestionOf(context, *reader.reference);
  return reader;
}

std::optional<SeenCase> CaseLister::Judge(const auth::CallContext& context, const Reader& reader,
                                          StoredCase stored) {
  domain::Access access = Decide(domain::FactsOf(stored.referral), reader.question);
  if (!access.permitted || access.rule_id == "facility.own_stay_record") return std::nullopt;
  const domain::Side side = access.side;
  SeenCase seen{std::move(stored), std::move(access), ActorOf(context, side), reader.reference};
  seen.today = reader.question.today;
  return seen;
}

absl::StatusOr<CaseList> CaseLister::Page(const auth::CallContext& context, const Reader& reader,
                                          CaseIndex& index, ListQuery query,
                                          const Keep& keep) const {
  const auto limit = static_cast<std::size_t>(query.limit);
  query.limit += 1;
  std::vector<SeenCase> seen;
  bool more = !query.states.empty();
  for (int round = 0; round < kMostRounds && more && seen.size() <= limit; ++round) {
    VK_ASSIGN_OR_RETURN(std::vector<StoredCase> found, index.List(context, query));
    more = found.size() == static_cast<std::size_t>(query.limit);
    for (StoredCase& stored : found) {
      query.after = PositionOf(stored.referral, query.order);
      auto one = Judge(context, reader, std::move(stored));
      if (one && keep(*one)) seen.push_back(*std::move(one));
    }
  }
  CaseList list;
  if (seen.size() > limit) {
    seen.erase(seen.begin() + static_cast<std::ptrdiff_t>(limit), seen.end());
    list.next = WriteCursor(PositionOf(seen.back().stored.referral, query.order));
  } else if (more) {
    list.next = WriteCursor(query.after);
  }
  VK_ASSIGN_OR_RETURN(list.lines, Lines(context, std::move(seen)));
  return list;
}

absl::StatusOr<std::vector<CaseLine>> CaseLister::Lines(const auth::CallContext& context,
                                                        std::vector<SeenCase> seen,
                                                        std::vector<audit::Entry> more) const {
  std::vector<const StoredCase*> stored;
  std::vector<audit::Entry> entries = std::move(more);
  for (const SeenCase& one : seen) {
    stored.push_back(&one.stored);
    entries.push_back(CaseDoor::Entry(context, one, one.stored.referral.referral_id));
  }
  VK_ASSIGN_OR_RETURN(std::vector<std::string> names, door_.cases().OpenNames(stored));
  if (!entries.empty()) {
    VK_RETURN_IF_ERROR(door_.audit().Record(std::move(entries), context.deadline));
  }
  std::vector<CaseLine> lines;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    lines.push_back(LineOf(std::move(seen[i]), std::move(names[i])));
  }
  return lines;
}

}  // namespace vardkedja::referral::usecases
