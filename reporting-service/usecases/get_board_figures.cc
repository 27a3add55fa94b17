#include "reporting-service/usecases/get_board_figures.h"

#include "lib/status/status.h"

namespace vardkedja::reporting::usecases {

absl::StatusOr<BoardFiguresResult> GetBoardFigures::Run(const auth::CallContext& context,
                                                        const BoardFiguresQuery& query) {
  VK_ASSIGN_OR_RETURN(const Snapshot snapshot,
                      facts_.Load(context, query.as_of,
                                  {FactKind::kCases, FactKind::kSteps, FactKind::kDecisions,
                                   FactKind::kQueueEntries, FactKind::kOffers, FactKind::kStays}));
  BoardFiguresResult result;
  result.header = MakeHeader(domain::kBoardFiguresDefinition, query.period, snapshot);
  VK_ASSIGN_OR_RETURN(result.tolerance_days,
                      agreements_.ToleranceDays(context, query.period.from, snapshot.as_of));
  result.report = domain::ComputeBoardFigures(snapshot.facts, query.period, result.tolerance_days,
                                              snapshot.as_of);
  return result;
}

}  // namespace vardkedja::reporting::usecases
