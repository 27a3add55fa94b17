#include "referral-service/domain/reorganisation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr auto kKindNames = std::to_array<std::string_view>({"", "unit_merged", "unit_split"});

// The participating municipality that the unit belongs to; nothing for boards, facilities and all
// others.
const OrganisationInfo* MunicipalityOf(const Reference& reference, const std::string& unit_id) {
  const auto unit = reference.units.find(unit_id);
  if (unit == reference.units.end() || unit->second.kind != UnitKind::kOther) return nullptr;
  const auto organisation = reference.organisations.find(unit->second.organisation_id);
  const bool municipal = organisation != reference.organisations.end() &&
                         !organisation->second.municipality_code.empty() &&
                         organisation->second.participating;
  return municipal ? &organisation->second : nullptr;
}

void CheckReceiver(const Actor& actor, const Reference& reference, const std::string& to_unit_id,
                   std::vector<FieldViolation>& out) {
  const OrganisationInfo* to = MunicipalityOf(reference, to_unit_id);
  if (to == nullptr) {
    out.push_back(Violation("to_unit_id", "NOT_A_MUNICIPAL_UNIT",
                            "Name a unit of a participating municipality.",
                            "Ange en enhet i en deltagande kommun."));
  } else if (to_unit_id == actor.unit_id || MunicipalityOf(reference, actor.unit_id) != to) {
    out.push_back(Violation("to_unit_id", "CONTRADICTION",
                            "Another unit of the acting unit's own organisation.",
                            "En annan enhet i den egna organisationen."));
  }
}

// What was reported about children must be answered for by those whom it may be reported to.
void CheckConcerns(const Actor& actor, const Reference& reference,
                   const ReorganiseUnitRequest& request, std::vector<FieldViolation>& out) {
  if (request.kind != ReorganisationKind::kUnitMerged) return;
  if (!reference.IsSocialServices(actor.unit_id)) return;
  if (reference.IsSocialServices(request.to_unit_id)) return;
  if (MunicipalityOf(reference, request.to_unit_id) == nullptr) return;
  out.push_back(Violation("to_unit_id", "NOT_SOCIAL_SERVICES",
                          "Only social services can answer for the concerns about children that "
                          "the unit has received.",
                          "Bara socialtjänsten kan svara för de orosanmälningar som enheten har "
                          "tagit emot."));
}

void CheckCases(const ReorganiseUnitRequest& request, const std::set<std::string>& own_cases,
                std::vector<FieldViolation>& out) {
  const std::vector<std::string>& ids = request.referral_ids;
  if (request.kind == ReorganisationKind::kUnitMerged && !ids.empty()) {
    out.push_back(Violation("referral_ids", "CONTRADICTION",
                            "A merge takes all cases of the unit: name none.",
                            "En sammanslagning gäller alla enhetens ärenden: ange inga."));
    return;
  }
  if (request.kind != ReorganisationKind::kUnitSplit) return;
  if (ids.empty() || ids.size() > kMostSplitCases) {
    out.push_back(
        Violation("referral_ids", "OUT_OF_RANGE", "1 to 1000 cases.", "1 till 1000 ärenden."));
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string field = "referral_ids[" + std::to_string(i) + "]";
    if (!own_cases.contains(ids[i])) {
      out.push_back(Violation(field, "UNKNOWN_CASE", "The acting unit has no such case.",
                              "Enheten har inget sådant ärende."));
    } else if (!seen.insert(ids[i]).second) {
      out.push_back(
          Violation(field, "DUPLICATE", "The case is named twice.", "Ärendet anges två gånger."));
    }
  }
}

}  // namespace

std::string_view Name(ReorganisationKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

absl::StatusOr<UnitReorganisation> ReorganiseUnit(const Actor& actor, const Reference& reference,
                                                  Instant now, std::string reorganisation_id,
                                                  const ReorganiseUnitRequest& request,
                                                  const std::set<std::string>& own_cases) {
  std::vector<FieldViolation> violations;
  if (request.kind == ReorganisationKind::kUnspecified) violations.push_back(Required("kind"));
  CheckReceiver(actor, reference, request.to_unit_id, violations);
  CheckConcerns(actor, reference, request, violations);
  const auto date =
      CheckPastDay("effective_date", request.effective_date, StockholmDate(now), violations);
  CheckCases(request, own_cases, violations);
  if (!request.handler_subjects.empty()) CheckHandlers(request.handler_subjects, violations);
  CheckText("text", request.text, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  UnitReorganisation made;
  made.reorganisation_id = std::move(reorganisation_id);
  made.kind = request.kind;
  made.from_unit_id = actor.unit_id;
  made.to_unit_id = request.to_unit_id;
  made.effective_date = *date;
  made.handler_subjects = request.handler_subjects;
  made.text = request.text;
  made.subject = actor.subject;
  made.begun_at = now;
  return made;
}

std::string_view WhyItStays(const Referral& referral, const UnitReorganisation& reorganisation,
                            const MoveSurroundings& around) {
  if (referral.erased_at) return "ERASED";
  if (referral.owner_unit_id != reorganisation.from_unit_id) return "CASE_LEFT";
  if (referral.protected_identity && !referral.handler_subjects.contains(reorganisation.subject)) {
    return "NAMED_HANDLERS_ONLY";
  }
  const bool open = referral.state != State::kDischarged && referral.state != State::kClosed;
  if (open && around.receiver_has_open_case) return "REFERRAL_EXISTS";
  if (around.life_events >= kMostLifeEvents) return "TOO_MANY_LIFE_EVENTS";
  return "";
}

LifeChange MoveReorganised(const Referral& referral, const UnitReorganisation& reorganisation,
                           std::string life_event_id, Instant now) {
  LifeChange change = BeginLifeChange(referral, LifeEventKind::kMoved, std::move(life_event_id),
                                      reorganisation.from_unit_id, now);
  change.event.reason_code = Name(reorganisation.kind);
  change.event.text = reorganisation.text;
  change.event.event_date = reorganisation.effective_date;
  change.event.reorganisation_id = reorganisation.reorganisation_id;
  change.event.former_unit_id = referral.owner_unit_id;
  change.after.owner_unit_id = reorganisation.to_unit_id;
  if (!reorganisation.handler_subjects.empty()) {
    change.after.handler_subjects = {reorganisation.handler_subjects.begin(),
                                     reorganisation.handler_subjects.end()};
  }
  return change;
}

}  // namespace vardkedja::referral::domain
