#include "placement-service/storage/filter.h"

namespace vardkedja::placement::storage {

void Filter::Add(std::string_view condition, pg::Param value) {
  std::string text(condition);
  text.replace(text.find('?'), 1, Place(std::move(value)));
  Add(text);
}

void Filter::Add(std::string_view condition) {
  conditions_ += conditions_.empty() ? " WHERE " : " AND ";
  conditions_ += condition;
}

std::string Filter::Place(pg::Param value) {
  params_.Add(std::move(value));
  return "$" + std::to_string(params_.size());
}

std::string Filter::Where() const { return conditions_; }

}  // namespace vardkedja::placement::storage
