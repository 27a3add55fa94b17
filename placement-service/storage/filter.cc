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

std::string Filter::Page(const NewestFirst& order, const std::string& before, int limit) {
  const auto column = [](std::string_view alias, std::string_view name) {
    return std::string(alias) + "." + std::string(name);
  };
  const std::string time = column(order.alias, order.time);
  const std::string key = column(order.alias, order.key);
  AddIf("(" + time + ", " + key + ") < (SELECT z." + std::string(order.time) + ", z." +
            std::string(order.key) + " FROM " + std::string(order.table) + " z WHERE z." +
            std::string(order.key) + " = ?::uuid)",
        IfAny(before));
  const std::string place = Place(limit);
  return Where() + " ORDER BY " + time + " DESC, " + key + " DESC LIMIT " + place;
}

std::string Filter::Where() const { return conditions_; }

}  // namespace vardkedja::placement::storage
