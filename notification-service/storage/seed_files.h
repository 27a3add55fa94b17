// Reads organisations.yaml and deadlines.yaml, strictly: an unknown key, a missing one, or a value
// of another type is an error that names file, key and rule.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "notification-service/domain/deadline.h"
#include "notification-service/domain/directory.h"

namespace vardkedja::notification::storage {

// INVALID_ARGUMENT with every problem, one a line; NOT_FOUND when the file cannot be read.
absl::StatusOr<domain::Directory> ReadDirectoryFile(const std::string& path);
absl::StatusOr<std::vector<domain::DeadlineRule>> ReadDeadlinesFile(const std::string& path);

// The same from text; `name` stands in messages.
absl::StatusOr<domain::Directory> ParseDirectory(const std::string& name, const std::string& yaml);
absl::StatusOr<std::vector<domain::DeadlineRule>> ParseDeadlines(const std::string& name,
                                                                 const std::string& yaml);

}  // namespace vardkedja::notification::storage
