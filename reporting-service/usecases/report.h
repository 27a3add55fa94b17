// What every report says about itself, and what a reader may see of small groups.
#pragma once

#include <optional>
#include <string>

#include "lib/auth/call_context.h"
#include "reporting-service/domain/definitions.h"
#include "reporting-service/domain/period.h"
#include "reporting-service/usecases/ports.h"

namespace vardkedja::reporting::usecases {

struct ReportHeader {
  const domain::Definition* definition = nullptr;  // static
  domain::Period period;
  Instant as_of{};
  domain::Positions positions;
  bool preliminary = false;  // the period had not ended at as_of
  bool suppressed = false;   // at least one group is withheld
};

ReportHeader MakeHeader(const domain::Definition& definition, domain::Period period,
                        const Snapshot& snapshot);

// The board takes part in every case of the chain, so that no group is small to it.
bool SeesEveryGroup(const auth::Principal& principal);

// Reads cases in some role: then figures of the whole chain withhold nothing.
bool HasCaseAccess(const auth::Principal& principal);

// The municipality whose cases a social worker or decider works with; nothing for everyone else.
std::optional<std::string> OwnMunicipality(const auth::Principal& principal,
                                           const domain::Facts& facts);

}  // namespace vardkedja::reporting::usecases
