#include "closo/base/error.hpp"

#include <utility>

namespace closo::base {
namespace {

std::string input_message(const Place& place, const std::string& problem, const std::string& expected) {
  std::string text = to_string(place);
  if (!text.empty()) text += ": ";
  text += problem;
  if (!expected.empty()) text += "; expected " + expected;
  return text;
}

}  // namespace

std::string to_string(const Place& place) {
  std::string text = place.file;
  if (place.line == 0 && place.column == 0) return text;
  if (!text.empty()) text += ':';
  if (place.line != 0) {
    text += (place.file.empty() ? "line " : "") + std::to_string(place.line);
    if (place.column != 0) text += ':' + std::to_string(place.column);
  } else {
    text += (place.file.empty() ? "column " : "") + std::to_string(place.column);
  }
  return text;
}

InputError::InputError(Place place, std::string problem, std::string expected)
    : Error(input_message(place, problem, expected)),
      place_(std::move(place)),
      problem_(std::move(problem)),
      expected_(std::move(expected)) {}

InputError InputError::at(const Place& outer) const {
  Place place = place_;
  if (place.file.empty()) place.file = outer.file;
  if (place.line == 0) {
    place.line = outer.line;
    if (outer.column != 0) place.column = outer.column + (place.column == 0 ? 0 : place.column - 1);
  }
  return InputError(place, problem_, expected_);
}

ParameterError::ParameterError(std::string name, std::string value, std::string allowed)
    : Error(name + " = " + value + " is not accepted; expected " + allowed),
      name_(std::move(name)),
      value_(std::move(value)),
      allowed_(std::move(allowed)) {}

}  // namespace closo::base
