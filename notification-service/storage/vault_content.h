// Message content under lib/vault: one data key per case, or per conversation where there is no
// case, in the record class "message".
#pragma once

#include "lib/vault/vault.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::storage {

// Thread-safe; `vault` outlives it.
class VaultContent final : public usecases::ContentVault {
 public:
  explicit VaultContent(vault::Vault& vault) : vault_(vault) {}
  absl::StatusOr<std::string> Seal(const domain::Message& message,
                                   const domain::MessageContent& content) override;
  absl::StatusOr<std::vector<std::optional<domain::MessageContent>>> Open(
      const std::vector<domain::Message>& messages) override;

 private:
  vault::Vault& vault_;
};

}  // namespace vardkedja::notification::storage
