#include "lib/audit/seal.h"

#include <sodium.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "lib/status/status.h"
#include "lib/vault/cipher.h"

namespace vardkedja::audit {
namespace {

constexpr std::string_view kTag = "vardkedja.audit.1";
constexpr size_t kMacBytes = 32;

// Different for NULL and for every text.
std::string Nullable(const std::optional<std::string>& text) { return text ? "=" + *text : "-"; }

std::string Micros(Instant instant) { return std::to_string(instant.time_since_epoch().count()); }

}  // namespace

std::string_view SealedColumns() {
  return "e.id, e.at, e.recorded_at, e.organisation, e.unit, e.roles, e.subject, e.acting_for, "
         "e.purpose, e.case_id, e.action, e.resource_id, e.rule_id, e.permitted, e.call_id, "
         "e.details";
}

std::string ChainMac(const vault::Key& key, const SealHead& previous, const pg::Row& row) {
  const std::string bytes = vault::Join({
      kTag,
      previous.mac,
      std::to_string(previous.position + 1),
      std::to_string(row.Int("id")),
      Micros(row.Instant("at")),
      Micros(row.Instant("recorded_at")),
      row.Text("organisation"),
      row.Text("unit"),
      row.Text("roles"),
      row.Text("subject"),
      Nullable(row.OptionalText("acting_for")),
      row.Text("purpose"),
      Nullable(row.OptionalText("case_id")),
      row.Text("action"),
      row.Text("resource_id"),
      row.Text("rule_id"),
      row.Bool("permitted") ? "1" : "0",
      row.Text("call_id"),
      row.Text("details"),
  });
  return vault::KeyedHash(key, bytes);
}

absl::Status WriteHeadFile(const std::string& path, const SealHead& head) {
  const std::string temporary = path + ".new";
  std::ofstream file(temporary, std::ios::trunc);
  file << head.position << ' ' << vault::Hex(head.mac) << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(temporary, path, error);
  if (!file || error) {
    return MakeError(absl::StatusCode::kInternal, "the head of the audit chain cannot be exported",
                     "HEAD_UNWRITABLE");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<SealHead>> ReadHeadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::optional<SealHead>();
  SealHead head;
  std::string hex;
  file >> head.position;
  file >> hex;
  head.mac.resize(kMacBytes);
  size_t size = 0;
  const bool decoded = sodium_hex2bin(reinterpret_cast<unsigned char*>(head.mac.data()), kMacBytes,
                                      hex.data(), hex.size(), nullptr, &size, nullptr) == 0;
  if (head.position == 0 && hex.empty() && file.eof()) return std::optional<SealHead>(SealHead{});
  if (head.position <= 0 || !decoded || size != kMacBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "the exported head is malformed",
                     "HEAD_MALFORMED");
  }
  return std::optional<SealHead>(head);
}

}  // namespace vardkedja::audit
