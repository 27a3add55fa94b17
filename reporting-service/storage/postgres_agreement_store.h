// Agreements, outcomes and tolerances: dated reference data, added to and never changed.
#pragma once

#include "lib/pg/pool.h"
#include "reporting-service/storage/agreements_file.h"
#include "reporting-service/usecases/ports.h"

namespace vardkedja::reporting::storage {

// Thread-safe. The pool outlives it.
class PostgresAgreementStore final : public usecases::AgreementStore {
 public:
  explicit PostgresAgreementStore(pg::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<domain::Agreement>> Find(const auth::CallContext& context,
                                                        const std::string& agreement_id,
                                                        Instant as_of) override;
  absl::StatusOr<std::optional<domain::Agreement>> FindInForce(const auth::CallContext& context,
                                                               Date date, Instant as_of) override;
  absl::StatusOr<std::vector<domain::FacilityCost>> Outcome(const auth::CallContext& context,
                                                            int year, Instant as_of) override;
  absl::StatusOr<int> ToleranceDays(const auth::CallContext& context, Date date,
                                    Instant as_of) override;

  // Adds what is absent, in one commit; what is there is left alone.
  absl::Status Seed(const AgreementsFile& file, Instant now, pg::Deadline deadline);

 private:
  absl::StatusOr<std::optional<domain::Agreement>> FindOne(std::string_view sql,
                                                           const pg::Params& params,
                                                           pg::Deadline deadline);

  pg::Pool& pool_;
};

}  // namespace vardkedja::reporting::storage
