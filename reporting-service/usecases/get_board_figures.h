// The placement board's own follow-up.
#pragma once

#include <optional>

#include "reporting-service/domain/board_figures.h"
#include "reporting-service/usecases/report.h"

namespace vardkedja::reporting::usecases {

struct BoardFiguresQuery {
  domain::Period period;
  std::optional<Instant> as_of;
};

struct BoardFiguresResult {
  ReportHeader header;
  domain::BoardFigures report;
  int tolerance_days = 0;
};

class GetBoardFigures {
 public:
  GetBoardFigures(FactStore& facts, AgreementStore& agreements)
      : facts_(facts), agreements_(agreements) {}
  absl::StatusOr<BoardFiguresResult> Run(const auth::CallContext& context,
                                         const BoardFiguresQuery& query);

 private:
  FactStore& facts_;
  AgreementStore& agreements_;
};

}  // namespace vardkedja::reporting::usecases
