#include "lib/auth/token_verifier.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <unordered_map>

#include "lib/auth/claims.h"
#include "lib/auth/jose.h"
#include "lib/status/status.h"

namespace vardkedja::auth {
namespace {

using Keys = std::map<std::string, jose::PublicKey, std::less<>>;

constexpr size_t kJwksBytes = 256 * 1024;

absl::Status Invalid() {
  return MakeError(absl::StatusCode::kUnauthenticated, "the token is not valid", "TOKEN_INVALID");
}

absl::Status Expired() {
  return MakeError(absl::StatusCode::kUnauthenticated, "the token has expired", "TOKEN_EXPIRED");
}

absl::StatusOr<std::string> ReadJwks(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kJwksBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (text.empty() || text.size() > kJwksBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "the JWKS file cannot be read or is large",
                     "JWKS_INVALID");
  }
  return text;
}

struct Parts {
  std::string_view header;
  std::string_view body;
  std::string_view signature;
  std::string_view signed_bytes;
};

std::optional<Parts> Split(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// Lets one caller through per interval, whoever is first. A clock that went back lets through.
class RateLimit {
 public:
  explicit RateLimit(std::chrono::microseconds interval) : interval_(interval.count()) {}
  bool Take(Instant now) {
    const int64_t at = now.time_since_epoch().count();
    int64_t last = last_.load();
    if (last != 0 && at >= last && at - last < interval_) return false;
    return last_.compare_exchange_strong(last, at);
  }

 private:
  const int64_t interval_;
  std::atomic<int64_t> last_{0};
};

}  // namespace

class TokenVerifier::Impl {
 public:
  Impl(TokenVerifierOptions options, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        change_limit_(options_.reload_interval),
        unknown_limit_(options_.reload_interval) {}

  absl::Status Load() {
    VK_ASSIGN_OR_RETURN(std::string text, ReadJwks(options_.jwks_file));
    const std::lock_guard lock(mutex_);
    if (text == jwks_text_) return absl::OkStatus();
    VK_ASSIGN_OR_RETURN(Keys keys, jose::ParseJwks(text));
    keys_ = std::make_shared<const Keys>(std::move(keys));
    jwks_text_ = std::move(text);
    cache_.clear();
    order_.clear();
    ++counters_.reloads;
    return absl::OkStatus();
  }

  absl::StatusOr<Principal> Verify(std::string_view token) {
    if (token.empty() || token.size() > options_.token_bytes) return Refuse(Invalid());
    const Instant now = clock_.Now();
    // A file that cannot be read or parsed keeps the keys we have.
    if (change_limit_.Take(now)) Load().IgnoreError();
    const std::string digest = jose::Sha256(token);
    if (auto known = FindCached(digest, now)) return *std::move(known);
    return VerifyAnew(token, digest, now);
  }

  Counters counters() const {
    const std::lock_guard lock(mutex_);
    Counters counters = counters_;
    counters.cached = cache_.size();
    return counters;
  }

 private:
  struct Cached {
    Principal principal;
    Instant until;
  };

  bool HasExpired(const Principal& principal, Instant now) const {
    return now >= principal.expires_at + options_.leeway;
  }

  absl::Status Refuse(absl::Status status) {
    const std::lock_guard lock(mutex_);
    ++counters_.refused;
    return status;
  }

  std::optional<absl::StatusOr<Principal>> FindCached(const std::string& digest, Instant now) {
    const std::lock_guard lock(mutex_);
    const auto found = cache_.find(digest);
    if (found == cache_.end()) return std::nullopt;
    if (HasExpired(found->second.principal, now)) {
      ++counters_.refused;
      return Expired();
    }
    if (now >= found->second.until) return std::nullopt;
    ++counters_.cache_hits;
    return found->second.principal;
  }

  std::shared_ptr<const Keys> CurrentKeys() const {
    const std::lock_guard lock(mutex_);
    return keys_;
  }

  absl::StatusOr<Principal> VerifyAnew(std::string_view token, const std::string& digest,
                                       Instant now) {
    const auto parts = Split(token);
    if (!parts) return Refuse(Invalid());
    const auto header_json = jose::Base64UrlDecode(parts->header);
    const auto body_json = jose::Base64UrlDecode(parts->body);
    const auto signature = jose::Base64UrlDecode(parts->signature);
    if (!header_json || !body_json || !signature) return Refuse(Invalid());
    const auto header = ParseTokenHeader(*header_json);
    if (!header) return Refuse(Invalid());

    std::shared_ptr<const Keys> keys = CurrentKeys();
    if (!keys->contains(header->kid) && unknown_limit_.Take(now)) {
      Load().IgnoreError();
      keys = CurrentKeys();
    }
    const auto key = keys->find(header->kid);
    // The key decides the algorithm; a token that names another one is refused.
    if (key == keys->end() || key->second.algorithm != header->algorithm ||
        !jose::Verify(key->second, parts->signed_bytes, *signature)) {
      return Refuse(Invalid());
    }
    const auto claims = ParseTokenClaims(*body_json, options_.issuer, options_.audience);
    if (!claims) return Refuse(Invalid());
    if (HasExpired(claims->principal, now)) return Refuse(Expired());
    if (claims->principal.expires_at > now + options_.longest_life + options_.leeway ||
        (claims->not_before && *claims->not_before > now + options_.leeway)) {
      return Refuse(Invalid());
    }
    Remember(digest, claims->principal, keys, now);
    return claims->principal;
  }

  void Remember(const std::string& digest, const Principal& principal,
                const std::shared_ptr<const Keys>& keys, Instant now) {
    const std::lock_guard lock(mutex_);
    ++counters_.verified;
    if (keys != keys_) return;  // the keys changed meanwhile: what they said is forgotten
    const Instant until = std::min(principal.expires_at, now + options_.cache_life);
    if (!cache_.insert_or_assign(digest, Cached{principal, until}).second) return;
    order_.push_back(digest);
    if (order_.size() > options_.cache_entries) {
      cache_.erase(order_.front());
      order_.pop_front();
    }
  }

  const TokenVerifierOptions options_;
  const Clock& clock_;
  RateLimit change_limit_;
  RateLimit unknown_limit_;

  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;
  std::string jwks_text_;
  std::unordered_map<std::string, Cached> cache_;  // by SHA-256 of the token
  std::deque<std::string> order_;                  // oldest first; same entries as cache_
  Counters counters_;
};

TokenVerifier::TokenVerifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TokenVerifier::~TokenVerifier() = default;

absl::StatusOr<std::unique_ptr<TokenVerifier>> TokenVerifier::Create(TokenVerifierOptions options,
                                                                     const Clock& clock) {
  auto impl = std::make_unique<Impl>(std::move(options), clock);
  VK_RETURN_IF_ERROR(impl->Load());
  return std::unique_ptr<TokenVerifier>(new TokenVerifier(std::move(impl)));
}

absl::StatusOr<Principal> TokenVerifier::Verify(std::string_view token) {
  return impl_->Verify(token);
}

TokenVerifier::Counters TokenVerifier::counters() const { return impl_->counters(); }

std::optional<std::string_view> BearerToken(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  if (header.size() <= kScheme.size()) return std::nullopt;
  for (size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (lower != kScheme[i]) return std::nullopt;
  }
  const std::string_view token = header.substr(kScheme.size());
  if (token.find(' ') != std::string_view::npos) return std::nullopt;
  return token;
}

}  // namespace vardkedja::auth
