#include <toml++/toml.h>

#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/tasks/detail/toml_section.hpp"

namespace closo::tasks::detail {
namespace {

std::string describe(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "an array";
  if (node.is_number()) return "a number without unit";
  if (node.is_boolean()) return "true or false";
  if (node.is_string()) return "a text";
  return "a date or time";
}

}  // namespace

base::Quantity checked_quantity(const PlacedText& given, std::string_view unit, std::string_view what, Range range) {
  base::Quantity quantity;
  try {
    quantity = base::parse_quantity(given.text, base::Unit::parse(unit), what);
  } catch (const base::InputError& error) {
    // Places point at the value in the file; the column inside its text is not shown twice.
    throw base::InputError(given.place, error.problem(), error.expected());
  }
  const auto refuse = [&](const char* problem, const char* expected) {
    throw base::InputError(given.place, "'" + given.text + "' is " + problem, std::string(what) + " " + expected);
  };
  if (range == Range::positive && !(quantity.value > 0.0)) refuse("not above zero", "above zero");
  if (range == Range::not_negative && !(quantity.value >= 0.0)) refuse("negative", "of zero or more");
  if (range == Range::fraction && !(quantity.value >= 0.0 && quantity.value <= 1.0))
    refuse("outside 0 to 1 (0 to 100 %)", "between 0 and 100 %");
  return quantity;
}

const toml::node* TomlSection::find(std::string_view key) {
  known_.emplace(key);
  return table_->get(key);
}

base::Place TomlSection::place_of(const toml::node& node) const {
  const toml::source_region& region = node.source();
  base::Place place{file_, region.begin.line, region.begin.column};
  if (region.path && !region.path->empty()) place.file = *region.path;
  return place;
}

bool TomlSection::has(std::string_view key) const { return table_->contains(key); }

bool TomlSection::is_table(std::string_view key) const {
  const toml::node* node = table_->get(key);
  return node != nullptr && node->is_table();
}

base::Place TomlSection::place() const { return place_of(*table_); }

base::Place TomlSection::place(std::string_view key) const {
  const toml::node* node = table_->get(key);
  return node == nullptr ? place() : place_of(*node);
}

PlacedText TomlSection::as_text(const toml::node& node, std::string_view key) const {
  if (const auto* text = node.as_string()) return {text->get(), place_of(node)};
  if (const auto* number = node.as_floating_point()) return {base::format_exact(number->get()), place_of(node)};
  if (const auto* number = node.as_integer()) return {std::to_string(number->get()), place_of(node)};
  throw base::InputError(place_of(node), "'" + std::string(key) + "' is " + describe(node),
                         "a text such as \"1.2 mS/cm\"");
}

std::optional<std::string> TomlSection::text(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* text = node->as_string();
  if (text == nullptr)
    throw base::InputError(place_of(*node), "'" + std::string(key) + "' is " + describe(*node), "a text in quotes");
  return text->get();
}

std::optional<bool> TomlSection::boolean(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_boolean();
  if (value == nullptr)
    throw base::InputError(place_of(*node), "'" + std::string(key) + "' is " + describe(*node), "true or false");
  return value->get();
}

std::string TomlSection::required_text(std::string_view key, std::string_view what) {
  const std::optional<std::string> found = text(key);
  if (!found || found->empty()) {
    throw base::InputError(found ? place(key) : place(), "[" + name_ + "] has no '" + std::string(key) + "'",
                           std::string(what));
  }
  return *found;
}

std::optional<base::Quantity> TomlSection::quantity(std::string_view key, std::string_view unit, std::string_view what,
                                                    Range range) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  return checked_quantity(as_text(*node, key), unit, what, range);
}

base::Quantity TomlSection::required_quantity(std::string_view key, std::string_view unit, std::string_view what,
                                              Range range) {
  const std::optional<base::Quantity> found = quantity(key, unit, what, range);
  if (!found)
    throw base::InputError(place(), "[" + name_ + "] has no '" + std::string(key) + "'",
                           std::string(what) + " in " + std::string(unit));
  return *found;
}

std::optional<TomlSection> TomlSection::section(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const toml::table* table = node->as_table();
  if (table == nullptr)
    throw base::InputError(place_of(*node), "'" + std::string(key) + "' is " + describe(*node), "a table { … }");
  return TomlSection(*table, name_.empty() ? std::string(key) : name_ + "." + std::string(key), file_);
}

std::vector<TomlSection> TomlSection::sections(std::string_view key) {
  std::vector<TomlSection> result;
  const toml::node* node = find(key);
  if (node == nullptr) return result;
  const auto add = [&](const toml::node& each) {
    const toml::table* table = each.as_table();
    if (table == nullptr)
      throw base::InputError(place_of(each), "'" + std::string(key) + "' holds " + describe(each),
                             "tables { … } in an array");
    result.emplace_back(*table, name_ + "." + std::string(key), file_);
  };
  if (const toml::array* array = node->as_array()) {
    for (const toml::node& each : *array) add(each);
  } else {
    add(*node);
  }
  return result;
}

std::vector<PlacedText> TomlSection::texts(std::string_view key) {
  std::vector<PlacedText> result;
  const toml::node* node = find(key);
  if (node == nullptr) return result;
  if (const toml::array* array = node->as_array()) {
    for (const toml::node& each : *array) result.push_back(as_text(each, key));
  } else {
    result.push_back(as_text(*node, key));
  }
  return result;
}

std::vector<std::string> TomlSection::keys() const {
  std::vector<std::string> result;
  for (const auto& entry : *table_) result.emplace_back(entry.first.str());
  return result;
}

void TomlSection::finish() const {
  const std::vector<std::string> names(known_.begin(), known_.end());
  for (const auto& entry : *table_) {
    const std::string key(entry.first.str());
    if (known_.count(key) != 0) continue;
    const toml::source_region& region = entry.first.source();
    base::Place where = place_of(entry.second);
    where.line = region.begin.line;
    where.column = region.begin.column;
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    const std::string near = base::did_you_mean(key, names);
    const std::string section = name_.empty() ? "at the top level" : "in [" + name_ + "]";
    throw base::InputError(where, "unknown key '" + key + "' " + section + (near.empty() ? "" : "; " + near),
                           "one of " + list);
  }
}

}  // namespace closo::tasks::detail
