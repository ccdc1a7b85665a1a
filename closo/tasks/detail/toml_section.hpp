/// One section of a TOML file with its place in every message, and the check that every key was understood.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/quantity.hpp"

namespace toml {
inline namespace v3 {
class table;
class node;
}  // namespace v3
}  // namespace toml

namespace closo::tasks::detail {

/// What values of a quantity are accepted, after conversion to SI.
enum class Range : unsigned char { any, positive, not_negative, fraction };

/// A value text with where it stands.
struct PlacedText {
  std::string text;
  base::Place place;
};

class TomlSection {
 public:
  TomlSection(const toml::table& table, std::string name, std::string file)
      : table_(&table), name_(std::move(name)), file_(std::move(file)) {}

  bool has(std::string_view key) const;
  bool is_table(std::string_view key) const;
  base::Place place() const;
  base::Place place(std::string_view key) const;

  /// Values by key; asking for a key marks it as known. Throws: InputError with the place of the value.
  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::string required_text(std::string_view key, std::string_view what);
  std::optional<base::Quantity> quantity(std::string_view key, std::string_view unit, std::string_view what,
                                         Range range);
  base::Quantity required_quantity(std::string_view key, std::string_view unit, std::string_view what, Range range);
  std::optional<TomlSection> section(std::string_view key);
  std::vector<TomlSection> sections(std::string_view key);  ///< array of tables
  std::vector<PlacedText> texts(std::string_view key);      ///< one text or an array of texts
  std::vector<std::string> keys() const;

  /// Throws: InputError for the first key nobody asked for, with the nearest known one.
  void finish() const;

 private:
  const toml::node* find(std::string_view key);
  base::Place place_of(const toml::node& node) const;
  PlacedText as_text(const toml::node& node, std::string_view key) const;

  const toml::table* table_;
  std::string name_;
  std::string file_;
  std::set<std::string, std::less<>> known_;
};

/// Text → quantity in SI, with unit and range checked. Throws: InputError at `given.place`.
base::Quantity checked_quantity(const PlacedText& given, std::string_view unit, std::string_view what, Range range);

}  // namespace closo::tasks::detail
