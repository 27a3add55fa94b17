#include "referral-service/domain/attachments.h"

#include <algorithm>
#include <set>
#include <string>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kNameText = 200;
constexpr std::size_t kHeadBytes = 16;
constexpr std::size_t kTailBytes = 1024;  // a PDF ends with %%EOF near its end

}  // namespace

std::vector<FieldViolation> CheckAnnounced(const Attachment& attachment,
                                           const std::set<std::string>& seen) {
  std::vector<FieldViolation> violations;
  CheckText("file_name", attachment.file_name, true, kNameText, violations);
  if (attachment.file_name.find_first_of("/\\") != std::string::npos ||
      attachment.file_name == "." || attachment.file_name == "..") {
    violations.push_back(Violation("file_name", "NO_PATH", "A file name, without a path.",
                                   "Ett filnamn, utan sökväg."));
  }
  if (attachment.category.empty()) {
    violations.push_back(Required("category"));
  } else if (!seen.contains(attachment.category)) {
    violations.push_back(Violation("category", "NOT_SEEN", "You do not see that category.",
                                   "Ni har inte åtkomst till den kategorin."));
  }
  if (attachment.byte_size < 1 || attachment.byte_size > kMostAttachmentBytes) {
    violations.push_back(Violation("byte_size", "OUT_OF_RANGE", "1 to 20 000 000 bytes.",
                                   "1 till 20 000 000 byte."));
  }
  return violations;
}

absl::Status CheckChunk(const Attachment& attachment, std::int64_t offset, std::size_t bytes) {
  if (attachment.complete()) return IllegalState("complete", "The attachment is complete.");
  const std::int64_t left = attachment.byte_size - attachment.received_bytes;
  if (left <= 0) return IllegalState("all_received", "All bytes are there: complete it.");
  std::vector<FieldViolation> violations;
  if (offset != attachment.received_bytes) {
    const std::string expected = std::to_string(attachment.received_bytes);
    violations.push_back(Violation("offset", "NOT_NEXT", "The next byte is " + expected + ".",
                                   "Nästa byte är " + expected + "."));
  }
  const std::int64_t expected = std::min(left, kChunkBytes);
  if (static_cast<std::int64_t>(bytes) != expected) {
    const std::string size = std::to_string(expected);
    violations.push_back(Violation("data", "CHUNK_SIZE", "The next chunk is " + size + " bytes.",
                                   "Nästa del är " + size + " byte."));
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::Status CheckOffset(const Attachment& attachment, std::int64_t offset) {
  if (offset >= 0 && offset < attachment.byte_size) return absl::OkStatus();
  return MakeError(absl::StatusCode::kOutOfRange,
                   "The offset must be 0 to " + std::to_string(attachment.byte_size - 1) + ".",
                   "OFFSET_BEYOND_END");
}

Piece PieceAt(const Attachment& attachment, std::int64_t offset) {
  const std::int64_t begin = offset % kChunkBytes;
  const std::int64_t chunk = std::min(kChunkBytes, attachment.byte_size - (offset - begin));
  return {.chunk_index = static_cast<int>(offset / kChunkBytes),
          .chunk_bytes = static_cast<std::size_t>(chunk),
          .begin = static_cast<std::size_t>(begin),
          .bytes = static_cast<std::size_t>(std::min(kPieceBytes, chunk - begin))};
}

void TypeDetector::Feed(std::string_view part) {
  if (head_.size() < kHeadBytes) head_ += part.substr(0, kHeadBytes - head_.size());
  tail_ += part.substr(part.size() - std::min(part.size(), kTailBytes));
  if (tail_.size() > kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
  for (const char c : part) {
    if (!text_) return;
    FeedText(static_cast<unsigned char>(c));
  }
}

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
void TypeDetector::FeedText(unsigned char byte) {
  if (continuation_ > 0) {
    text_ = byte >= least_next_ && byte <= most_next_;
    least_next_ = 0x80;
    most_next_ = 0xBF;
    --continuation_;
    return;
  }
  if (byte < 0x80) {
    const bool layout = byte == '\t' || byte == '\n' || byte == '\r';
    text_ = layout || (byte >= 0x20 && byte != 0x7F);
  } else if (byte >= 0xC2 && byte <= 0xDF) {
    continuation_ = 1;
  } else if (byte >= 0xE0 && byte <= 0xEF) {
    continuation_ = 2;
    if (byte == 0xE0) least_next_ = 0xA0;
    if (byte == 0xED) most_next_ = 0x9F;
  } else if (byte >= 0xF0 && byte <= 0xF4) {
    continuation_ = 3;
    if (byte == 0xF0) least_next_ = 0x90;
    if (byte == 0xF4) most_next_ = 0x8F;
  } else {
    text_ = false;
  }
}

std::string TypeDetector::Result() const {
  using namespace std::string_view_literals;
  const std::string_view head(head_);
  if (head.starts_with("%PDF-"sv)) {
    return tail_.find("%%EOF") == std::string::npos ? "" : "application/pdf";
  }
  if (head.starts_with("\xFF\xD8\xFF"sv)) {
    return tail_.ends_with("\xFF\xD9"sv) ? "image/jpeg" : "";
  }
  if (head.starts_with("\x89PNG\r\n\x1A\n"sv)) {
    return tail_.find("IEND") == std::string::npos ? "" : "image/png";
  }
  return text_ && continuation_ == 0 && !head.empty() ? "text/plain" : "";
}

}  // namespace vardkedja::referral::domain
