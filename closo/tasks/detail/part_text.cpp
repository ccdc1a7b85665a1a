#include "closo/tasks/detail/part_text.hpp"

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> fields;
  for (std::size_t begin = 0;;) {
    const std::size_t comma = text.find(',', begin);
    fields.push_back(trimmed(text.substr(begin, comma == std::string_view::npos ? comma : comma - begin)));
    if (comma == std::string_view::npos) return fields;
    begin = comma + 1;
  }
}

}  // namespace

base::Measured measured(const base::Quantity& quantity, std::string_view option, std::string_view text) {
  if (quantity.qualifier != base::Qualifier::equal && quantity.qualifier != base::Qualifier::about) {
    throw base::ParameterError(std::string(option), "'" + std::string(text) + "'", "a value, not a bound");
  }
  return {quantity.value, quantity.uncertainty};
}

PartText::PartText(std::string_view option, std::string_view text) : option_(option), text_(text) {
  const std::vector<std::string> fields = split_at_commas(text);
  name_ = fields.front();
  if (name_.empty()) fail("a name first, then quantities, separated by commas");
  for (std::size_t i = 1; i < fields.size(); ++i) {
    try {
      items_.push_back({base::parse_quantity(fields[i]), fields[i], false});
    } catch (const base::InputError& error) {
      fail("quantities with units behind the name ('" + fields[i] + "': " + error.problem() +
           (error.expected().empty() ? "" : "; expected " + error.expected()) + ")");
    }
  }
}

void PartText::fail(const std::string& allowed) const {
  throw base::ParameterError(option_, "'" + text_ + "'", allowed);
}

std::optional<base::Measured> PartText::take(std::string_view unit) {
  const base::Unit wanted = base::Unit::parse(unit);
  std::optional<base::Measured> result;
  for (Item& item : items_) {
    if (item.quantity.unit.dimension() != wanted.dimension()) continue;
    if (result) fail("one value in " + base::display(wanted) + ", not two");
    result = measured(item.quantity, option_, item.text);
    item.taken = true;
  }
  return result;
}

std::optional<PartText::Fraction> PartText::take_fraction() {
  std::optional<Fraction> result;
  for (Item& item : items_) {
    if (!item.quantity.unit.dimension().is_dimensionless()) continue;
    if (result) fail("one fraction, not two");
    if (item.quantity.unit.basis() == base::FractionBasis::none) {
      fail("a fraction with its basis: vol%, wt% or mol% ('" + item.text + "' does not say which)");
    }
    result = Fraction{measured(item.quantity, option_, item.text), item.quantity.unit.basis()};
    item.taken = true;
  }
  return result;
}

void PartText::finish(std::string_view accepted) const {
  for (const Item& item : items_) {
    if (!item.taken) {
      fail(std::string(accepted) + " ('" + item.text + "' is " + base::describe(item.quantity.unit.dimension()) + ")");
    }
  }
}

}  // namespace closo::tasks::detail
