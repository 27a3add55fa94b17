// The published definition of each report, in both languages. A change of meaning is a new id.
#pragma once

#include <string_view>

namespace vardkedja::reporting::domain {

struct Definition {
  std::string_view report;
  std::string_view id;
  std::string_view sv;
  std::string_view en;
};

extern const Definition kOccupancyDefinition;
extern const Definition kWaitingTimesDefinition;
extern const Definition kQueueDefinition;
extern const Definition kBoardFiguresDefinition;
extern const Definition kNonExecutedDefinition;
extern const Definition kCostAllocationDefinition;

}  // namespace vardkedja::reporting::domain
