#include "closo/tasks/detail/measured_value.hpp"

#include <string>

#include "closo/base/quantity.hpp"
#include "closo/base/unit.hpp"

namespace closo::tasks::detail {

report::Value value_in(const base::Measured& measured, std::string_view unit, std::string_view kind,
                       std::string_view source) {
  const base::Unit target = base::Unit::parse(unit);
  report::Value value;
  value.value = target.from_si(measured.value);
  if (measured.uncertainty) value.uncertainty = target.difference_from_si(*measured.uncertainty);
  value.unit = base::display(target);
  value.kind = kind;
  value.source = source;
  return value;
}

report::Value value_in(const std::optional<base::Measured>& measured, std::string_view unit, std::string_view kind,
                       std::string_view source, std::string_view why) {
  if (measured) return value_in(*measured, unit, kind, source);
  report::Value value;
  value.unit = base::display(base::Unit::parse(unit));
  value.kind = kind;
  value.source = source;
  value.note = why;
  return value;
}

}  // namespace closo::tasks::detail
