// Which units are told what when something happens in the chain (domain.md, section 7): a table.
// Pure; thread-safe.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardkedja::notification::domain {

// Whose log an event comes from.
enum class Source { kReferral, kPlacement };

// Who is meant, relative to the event.
enum class Recipient {
  kNobody,            // decided: this event tells nobody
  kOwner,             // the municipal unit that owns the case
  kBoard,             // the placement board's joint inbox
  kFacility,          // the unit that answers for the event's facility
  kBothFacilities,    // of a transfer: the one left and the one entered
  kNoLongerReceives,  // units that the ended ground named
  kHomeSupport,       // units that answer for a part of the home support leg
  kPlanParties,       // units that take part in the coordinated individual plan, or are called
  kSharesCost,        // units that carry a share of the cost
  kChildUnit,         // the unit that a concern about a child goes to
  kInformed,          // units that a live ground names
  kReceiver,          // the unit that a case is handed over to
  kFormerOwner,       // the unit that owned the case before
};

// One decision of the table. Every event type of both logs has at least one row; a type without a
// row fails a test.
struct DerivationRule {
  Source source = Source::kReferral;
  std::string_view event_type;  // the payload's oneof field name
  Recipient recipient = Recipient::kNobody;
  std::string_view template_code = {};  // empty for kNobody
  // A unit is not told of what it did itself. True where the same shared inbox still has another
  // who must know or act: the board's second seat, the decider, the owner whose ground ended.
  bool even_to_actor = false;
};

// The texts of a message. "{case}" is replaced by the case number; nothing else is known to it, so
// that no personal data can get in.
struct Template {
  std::string_view code;
  std::string_view verb;  // what outside systems get beside the identifier
  std::string_view label_sv;
  std::string_view text_sv;
  std::string_view text_en;
};

std::span<const DerivationRule> DerivationRules();
std::span<const Template> Templates();

// Nothing when there is no such template.
const Template* FindTemplate(std::string_view code);

// `text` with every "{case}" replaced.
std::string Render(std::string_view text, std::string_view case_number);

// What the table needs to know of one event. Units that could not be found are left out by the
// caller only when the event names none.
struct EventFacts {
  Source source = Source::kReferral;
  std::string event_type;
  std::string actor_unit_id;  // empty when a timer acted
  std::map<Recipient, std::vector<std::string>> units;
};

struct PlannedMessage {
  std::string recipient_unit_id;
  std::string template_code;

  bool operator==(const PlannedMessage&) const = default;
};

// The messages of one event, each (unit, template) once, in the table's order. Nothing for an event
// type that the table does not know.
std::vector<PlannedMessage> PlanMessages(const EventFacts& facts);

// True when the table decides about this type.
bool IsDecided(Source source, std::string_view event_type);

}  // namespace vardkedja::notification::domain
