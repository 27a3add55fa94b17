#include "referral-service/usecases/search_referrals.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/domain/identity_number.h"

namespace vardkedja::referral::usecases {
namespace {

using domain::State;

std::optional<Date> CheckDay(std::string_view field, const std::string& text,
                             std::vector<FieldViolation>& out) {
  if (text.empty()) return std::nullopt;
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(domain::Violation(field, "DATE", "A date is written YYYY-MM-DD.",
                                    "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return date;
}

bool IsEmpty(const SearchRequest& request) {
  return request.case_number.empty() && request.identity_number.empty() &&
         request.owner_unit_id.empty() && request.states.empty() && request.created_from.empty() &&
         request.created_before.empty();
}

bool Later(const ListPosition& one, const ListPosition& other) {
  return std::tie(one.at, one.referral_id) > std::tie(other.at, other.referral_id);
}

}  // namespace

struct SearchReferrals::Criteria {
  CaseLister::Reader reader;
  std::string case_number;
  std::string identity_number;  // normalised
  ListQuery query;

  // What the store does not look at, or not for every kind of search.
  bool Fits(const SeenCase& seen) const {
    const domain::Referral& referral = seen.stored.referral;
    const bool by_owner = !query.owner_unit_id.empty();
    if (by_owner && referral.owner_unit_id != query.owner_unit_id) return false;
    // Whose case it is says where the person belongs.
    if (by_owner && referral.protected_identity && referral.owner_unit_id != seen.actor.unit_id) {
      return false;
    }
    if (!identity_number.empty() && !seen.access.categories.contains("identity")) return false;
    if (!case_number.empty() && referral.case_number != case_number) return false;
    const auto bound = std::find_if(query.states.begin(), query.states.end(),
                                    [&](const auto& one) { return one.state == referral.state; });
    return bound != query.states.end() && referral.created_at < bound->before &&
           Later(PositionOf(referral, ListOrder::kCreated), query.after);
  }
};

absl::StatusOr<SearchReferrals::Criteria> SearchReferrals::Check(
    const auth::CallContext& context, const SearchRequest& request) const {
  Criteria criteria;
  VK_ASSIGN_OR_RETURN(criteria.query.limit, CheckLimit(request.page.limit));
  std::vector<FieldViolation> violations;
  if (IsEmpty(request)) {
    violations.push_back(domain::Violation(
        "case_number", "SEARCH_EMPTY", "Say what is looked for: give at least one of the fields.",
        "Ange vad som söks: minst ett av fälten."));
  }
  if (!request.identity_number.empty()) {
    const auto number =
        domain::IdentityNumber::Parse(request.identity_number, StockholmDate(context.now));
    if (number) criteria.identity_number = number->normalised();
    if (!number) {
      violations.push_back(domain::Violation(
          "identity_number", "IDENTITY_NUMBER",
          "Not a valid personal identity number, coordination number or reserve number.",
          "Inte ett giltigt personnummer, samordningsnummer eller reservnummer."));
    }
  }
  const auto from = CheckDay("created_from", request.created_from, violations);
  const auto before = CheckDay("created_before", request.created_before, violations);
  if (from && before && *before <= *from) {
    violations.push_back(domain::Violation("created_before", "ORDER",
                                           "The period must end after it begins.",
                                           "Perioden måste sluta efter att den börjar."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  ListQuery& query = criteria.query;
  if (from) query.after.at = StartOfDay(*from);
  if (!request.page.cursor.empty()) {
    const auto position = ReadCursor(request.page.cursor);
    if (!position) return BadCursor();
    if (Later(*position, query.after)) query.after = *position;
  }
  VK_ASSIGN_OR_RETURN(criteria.reader, lister_.ReaderOf(context));
  query.unit_id = context.acting_unit;
  query.owner_unit_id = request.owner_unit_id;
  const Instant end = before ? StartOfDay(*before) : EndOfTime();
  for (const State state : domain::AllStates()) {
    const auto& wanted = request.states;
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), state) != wanted.end()) {
      query.states.push_back({state, end});
    }
  }
  criteria.case_number = request.case_number;
  return criteria;
}

absl::StatusOr<CaseList> SearchReferrals::Run(const auth::CallContext& context,
                                              const SearchRequest& request) {
  VK_ASSIGN_OR_RETURN(const Criteria criteria, Check(context, request));
  if (!criteria.case_number.empty() || !criteria.identity_number.empty()) {
    return AmongFew(context, criteria);
  }
  return lister_.Page(context, criteria.reader, index_, criteria.query,
                      [&](const SeenCase& seen) { return criteria.Fits(seen); });
}

// A case number or a person has few cases: all of them are looked at.
absl::StatusOr<CaseList> SearchReferrals::AmongFew(const auth::CallContext& context,
                                                   const Criteria& criteria) {
  const bool by_person = !criteria.identity_number.empty();
  VK_ASSIGN_OR_RETURN(std::vector<StoredCase> found,
                      by_person ? index_.OfIdentityNumber(context, criteria.identity_number)
                                : index_.OfCaseNumber(context, criteria.case_number));
  std::vector<SeenCase> seen;
  for (StoredCase& stored : found) {
    auto one = CaseLister::Judge(context, criteria.reader, std::move(stored));
    if (one && criteria.Fits(*one)) seen.push_back(*std::move(one));
  }
  CaseList list;
  const auto limit = static_cast<std::size_t>(criteria.query.limit);
  if (seen.size() > limit) {
    seen.erase(seen.begin() + static_cast<std::ptrdiff_t>(limit), seen.end());
    list.next = WriteCursor(PositionOf(seen.back().stored.referral, ListOrder::kCreated));
  }
  std::vector<audit::Entry> entries;
  if (by_person) {
    audit::Entry entry = audit::MakeEntry(context, "person");
    entry.rule_id = "search.identity_number";
    entry.permitted = true;
    entry.details.push_back("hits=" + std::to_string(seen.size()));
    entries.push_back(std::move(entry));
  }
  VK_ASSIGN_OR_RETURN(list.lines, lister_.Lines(context, std::move(seen), std::move(entries)));
  return list;
}

}  // namespace vardkedja::referral::usecases
