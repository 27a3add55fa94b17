#include "referral-service/domain/life_events.h"

#include <array>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/domain/handlers.h"
#include "referral-service/domain/identity_number.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMostHandlers = 11;

constexpr auto kKindNames =
    std::to_array<std::string_view>({"person_corrected", "died", "moved", "protection_set"});
constexpr auto kCorrectionNames =
    std::to_array<std::string_view>({"", "reserve_number_replaced", "same_person", "wrong_person"});
constexpr auto kMoveNames =
    std::to_array<std::string_view>({"", "moved_municipality", "unit_merged", "unit_split"});

LifeChange Begin(const Step& step, LifeEventKind kind, std::string_view reason,
                 const std::string& text) {
  LifeChange change =
      BeginLifeChange(step.referral, kind, step.new_id, step.actor.unit_id, step.now);
  change.event.reason_code = reason;
  change.event.text = text;
  return change;
}

// The number must be another one, and of the kind that the reason speaks of.
void CheckNumber(const Step& step, const CorrectPersonRequest& request,
                 std::vector<FieldViolation>& out) {
  constexpr std::string_view kField = "person.identity_number";
  const auto number = IdentityNumber::Parse(request.person.identity_number, step.today());
  const auto former =
      IdentityNumber::Parse(step.referral.content.form.person.identity_number, step.today());
  if (!number) {
    out.push_back(Violation(kField, "IDENTITY_NUMBER", "It is not a valid identity number.",
                            "Det är inte ett giltigt personnummer, samordningsnummer eller "
                            "reservnummer."));
    return;
  }
  CheckAdult(kField, request.person.identity_number, step.today(), out);
  if (former && former->normalised() == number->normalised()) {
    out.push_back(Violation(kField, "SAME_NUMBER", "The case has this number already.",
                            "Ärendet har redan detta nummer."));
  }
  if (request.correction != PersonCorrection::kReserveNumberReplaced) return;
  if (!former || former->kind() != IdentityKind::kReserve ||
      number->kind() == IdentityKind::kReserve) {
    out.push_back(Violation("correction", "NO_RESERVE_NUMBER",
                            "Only a reserve number is replaced, and by a real one.",
                            "Endast ett reservnummer ersätts, och av ett riktigt nummer."));
  }
}

}  // namespace

std::string_view Name(LifeEventKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

LifeChange BeginLifeChange(const Referral& referral, LifeEventKind kind, std::string life_event_id,
                           const std::string& unit_id, Instant now) {
  LifeChange change;
  change.after = referral;
  change.after.version += 1;
  change.after.updated_at = now;
  change.former_municipality_code = referral.municipality_code;
  LifeEvent& event = change.event;
  event.life_event_id = std::move(life_event_id);
  event.referral_id = referral.referral_id;
  event.version = change.after.version;
  event.kind = kind;
  event.unit_id = unit_id;
  event.recorded_at = now;
  return change;
}

void CheckHandlers(const std::vector<std::string>& subjects, std::vector<FieldViolation>& out) {
  if (subjects.empty() || subjects.size() > kMostHandlers) {
    out.push_back(Violation("handler_subjects", "OUT_OF_RANGE",
                            "1 to 11 subjects of at most 200 characters.",
                            "1 till 11 handläggare om högst 200 tecken."));
  }
  CheckSubjects(subjects, out);
}

absl::StatusOr<LifeChange> CorrectPerson(const Step& step, const CorrectPersonRequest& request) {
  std::vector<FieldViolation> violations;
  if (request.correction == PersonCorrection::kUnspecified) {
    violations.push_back(Required("correction"));
  }
  CheckText("text", request.text, true, kLongText, violations);
  CheckNumber(step, request, violations);
  LifeChange change =
      Begin(step, LifeEventKind::kPersonCorrected,
            kCorrectionNames[static_cast<std::size_t>(request.correction)], request.text);
  change.event.former_person = step.referral.content.form.person;
  change.event.former_person_id = step.referral.person_id;
  Form& form = change.after.content.form;
  form.person = request.person;
  form.person.protected_identity = step.referral.protected_identity;
  const FormVersion* version = step.reference.Form(step.referral.form_version);
  if (version == nullptr) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "The version of the form is not known.",
                     "NO_FORM_VERSION");
  }
  for (FieldViolation& broken : step.referral.submitted_at
                                    ? CheckComplete(form, *version, step.today())
                                    : CheckDraft(form, *version, step.today())) {
    // What else the form says is not corrected here; the number was judged above.
    if (!broken.field.starts_with("form.person.") ||
        broken.field == "form.person.identity_number") {
      continue;
    }
    broken.field.erase(0, std::string_view("form.").size());
    violations.push_back(std::move(broken));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return change;
}

absl::StatusOr<LifeChange> RecordDeath(const Step& step, const std::string& death_date,
                                       const std::string& text) {
  std::vector<FieldViolation> violations;
  if (death_date.empty()) violations.push_back(Required("death_date"));
  const auto date = CheckPastDay("death_date", death_date, step.today(), violations);
  CheckText("text", text, false, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  LifeChange change = Begin(step, LifeEventKind::kDied, "", text);
  change.event.event_date = date;
  return change;
}

absl::StatusOr<LifeChange> MoveCase(const Step& step, const MoveCaseRequest& request) {
  if (step.referral.state == State::kClosed) {
    return IllegalState("closed", "A closed case stays where it is.");
  }
  std::vector<FieldViolation> violations;
  if (request.reason == MoveReason::kUnspecified) violations.push_back(Required("reason"));
  CheckText("text", request.text, true, kLongText, violations);
  CheckHandlers(request.handler_subjects, violations);
  LifeChange change = Begin(step, LifeEventKind::kMoved,
                            kMoveNames[static_cast<std::size_t>(request.reason)], request.text);
  const auto unit = step.reference.units.find(request.to_unit_id);
  const bool known = unit != step.reference.units.end() && unit->second.kind == UnitKind::kOther;
  const auto organisation = known ? step.reference.organisations.find(unit->second.organisation_id)
                                  : step.reference.organisations.end();
  if (organisation == step.reference.organisations.end() ||
      organisation->second.municipality_code.empty() || !organisation->second.participating) {
    violations.push_back(Violation("to_unit_id", "NOT_A_MUNICIPAL_UNIT",
                                   "Name a unit of a participating municipality.",
                                   "Ange en enhet i en deltagande kommun."));
    return InvalidFields(std::move(violations));
  }
  CheckNotMerged("to_unit_id", request.to_unit_id, step.reference, violations);
  const bool same = unit->second.organisation_id == step.referral.owner_organisation_id;
  const bool should_be_same = request.reason != MoveReason::kMovedMunicipality;
  if (request.to_unit_id == step.referral.owner_unit_id || same != should_be_same) {
    violations.push_back(Violation("to_unit_id", "CONTRADICTION",
                                   "Another unit: of another municipality when the person moved, "
                                   "else of the same.",
                                   "En annan enhet: i en annan kommun vid flytt, annars i samma."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  change.event.former_unit_id = step.referral.owner_unit_id;
  change.after.owner_unit_id = request.to_unit_id;
  change.after.owner_organisation_id = unit->second.organisation_id;
  change.after.municipality_code = organisation->second.municipality_code;
  change.after.handler_subjects = {request.handler_subjects.begin(),
                                   request.handler_subjects.end()};
  return change;
}

absl::StatusOr<LifeChange> SetProtection(const Step& step, bool protected_identity,
                                         const std::string& text) {
  if (step.referral.protected_identity == protected_identity) {
    return IllegalState(protected_identity ? "protected" : "not_protected",
                        "The protection is as asked already.");
  }
  std::vector<FieldViolation> violations;
  CheckText("text", text, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  LifeChange change =
      Begin(step, LifeEventKind::kProtectionSet, protected_identity ? "set" : "lifted", text);
  change.after.protected_identity = protected_identity;
  change.after.content.form.person.protected_identity = protected_identity;
  return change;
}

}  // namespace vardkedja::referral::domain
