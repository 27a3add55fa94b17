// Attachments of a case: sizes, and the type of a file as its content shows it.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "lib/status/status.h"
#include "lib/time/time.h"

namespace vardkedja::referral::domain {

inline constexpr std::int64_t kMostAttachmentBytes = 20'000'000;
inline constexpr std::int64_t kChunkBytes = 524'288;
inline constexpr std::int64_t kMostAttachments = 50;
// Of a chunk, what a download hands on at a time.
inline constexpr std::int64_t kPieceBytes = kChunkBytes / 4;

struct Attachment {
  std::string attachment_id;
  std::string referral_id;
  std::string file_name;
  std::string category;
  std::int64_t byte_size = 0;
  std::int64_t received_bytes = 0;
  int chunk_count = 0;
  std::string media_type;  // empty until complete
  std::string sha256;      // 32 bytes; empty until complete, and of old ones
  std::string unit_id;
  Instant begun_at{};

  bool complete() const { return !media_type.empty(); }
  bool operator==(const Attachment&) const = default;
};

// All violations of what is announced; `seen` are the categories the caller itself sees.
std::vector<FieldViolation> CheckAnnounced(const Attachment& attachment,
                                           const std::set<std::string>& seen);

// Whether the next chunk fits: right place, right size, not beyond the announced end.
absl::Status CheckChunk(const Attachment& attachment, std::int64_t offset, std::size_t bytes);

// Whether a download can begin there.
absl::Status CheckOffset(const Attachment& attachment, std::int64_t offset);

// Where the bytes of a download stand that begin at `offset`: in which chunk, how large that chunk
// is, and which of its bytes are handed on next.
struct Piece {
  int chunk_index = 0;
  std::size_t chunk_bytes = 0;
  std::size_t begin = 0;
  std::size_t bytes = 0;
};
Piece PieceAt(const Attachment& attachment, std::int64_t offset);

// Finds the type of a file from its content, given part by part. What a name or a client says does
// not count. Thread-compatible.
class TypeDetector {
 public:
  void Feed(std::string_view part);
  // "application/pdf", "image/jpeg", "image/png", "text/plain"; empty for anything else.
  std::string Result() const;

 private:
  void FeedText(unsigned char byte);

  std::string head_;                 // the first bytes
  std::string tail_;                 // the last bytes
  bool text_ = true;                 // so far UTF-8 without control characters
  int continuation_ = 0;             // bytes of a character still to come
  unsigned char least_next_ = 0x80;  // bounds of the next one, against overlong forms
  unsigned char most_next_ = 0xBF;
};

}  // namespace vardkedja::referral::domain
