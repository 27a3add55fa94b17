// A unit merged or split: its cases get another unit of the same organisation as their owner, each
// by a life event of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/life_events.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.ReorganisationKind.
enum class ReorganisationKind { kUnspecified = 0, kUnitMerged = 1, kUnitSplit = 2 };
// "unit_merged", "unit_split".
std::string_view Name(ReorganisationKind kind);

struct UnitReorganisation {
  std::string reorganisation_id;
  ReorganisationKind kind = ReorganisationKind::kUnspecified;
  std::string from_unit_id;
  std::string to_unit_id;
  Date effective_date{};
  std::vector<std::string> handler_subjects;  // of every case; none: each keeps its own
  std::string text;                           // encrypted at rest
  std::string subject;                        // who began it
  Instant begun_at{};
  std::optional<Instant> ended_at;
  int moved = 0;
  int refused = 0;
  int waiting = 0;       // not looked at yet
  int hand_overs = 0;    // received and open, that are the receiver's now
  int concerns = 0;      // received, that the receiver answers for now
  int left_grounds = 0;  // that name the former unit, at the end of a merge
};

inline constexpr std::size_t kMostSplitCases = 1000;

struct ReorganiseUnitRequest {
  ReorganisationKind kind = ReorganisationKind::kUnspecified;
  std::string to_unit_id;
  std::string effective_date;
  std::vector<std::string> referral_ids;
  std::vector<std::string> handler_subjects;
  std::string text;
};

// `own_cases`: those of the named cases that the actor's unit owns.
absl::StatusOr<UnitReorganisation> ReorganiseUnit(const Actor& actor, const Reference& reference,
                                                  Instant now, std::string reorganisation_id,
                                                  const ReorganiseUnitRequest& request,
                                                  const std::set<std::string>& own_cases);

// What stands around a case besides itself.
struct MoveSurroundings {
  bool receiver_has_open_case = false;  // about the same person
  std::size_t life_events = 0;          // that the case has
};

// Why this case stays: the code that a call of its own would be refused with, empty when it moves.
// A protected identity is moved by its named handlers alone, as by MoveCase.
std::string_view WhyItStays(const Referral& referral, const UnitReorganisation& reorganisation,
                            const MoveSurroundings& around);

// The case after it. A closed case goes too: the unit that looks after it is no more.
LifeChange MoveReorganised(const Referral& referral, const UnitReorganisation& reorganisation,
                           std::string life_event_id, Instant now);

}  // namespace vardkedja::referral::domain
