#include "referral-service/usecases/written.h"

#include <algorithm>

namespace vardkedja::referral::usecases {
namespace {

constexpr std::string_view kAbout = "about=";
constexpr std::string_view kChanged = "changed=";

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

void Note(const Written& written, audit::Entry& entry) {
  entry.details.push_back(std::string(kAbout) + written.category + ":" + written.resource);
  std::string changed(kChanged);
  for (const std::string& field : written.changed_fields) {
    if (changed.size() > kChanged.size()) changed += '+';
    changed += field;
  }
  entry.details.push_back(std::move(changed));
}

Written WrittenIn(std::string_view details) {
  Written written;
  for (const std::string_view detail : Split(details, ',')) {
    if (detail.starts_with(kAbout)) {
      const std::string_view about = detail.substr(kAbout.size());
      const std::size_t colon = std::min(about.find(':'), about.size());
      written.category = about.substr(0, colon);
      written.resource = about.substr(std::min(colon + 1, about.size()));
    } else if (detail.starts_with(kChanged)) {
      for (const std::string_view field : Split(detail.substr(kChanged.size()), '+')) {
        written.changed_fields.emplace_back(field);
      }
    }
  }
  return written;
}

}  // namespace vardkedja::referral::usecases
