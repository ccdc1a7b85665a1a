#include "closo/impedance/circuit.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::impedance {
namespace {

std::string parameter_notes(const Circuit& circuit, const CircuitElement& element, const std::vector<char>& printed) {
  const ElementInfo& info = element_info(element.kind);
  std::string notes;
  for (std::size_t i = 0; i < element.parameters.size(); ++i) {
    const Parameter& parameter = circuit.parameters[element.parameters[i]];
    const std::string name = info.parameters.size() > 1 ? std::string(info.parameters[i].name) : std::string();
    const auto add = [&](const std::string& note) { notes += (notes.empty() ? "" : ",") + name + note; };
    if (printed[element.parameters[i]]) {
      add("=" + parameter.name);
      continue;
    }
    if (parameter.fixed) add("=" + base::format_exact(*parameter.fixed));
    if (parameter.start) add("~" + base::format_exact(*parameter.start));
    if (parameter.bounded_by_user) {
      add("=" + base::format_exact(parameter.lower) + ".." + base::format_exact(parameter.upper));
    }
  }
  return notes.empty() ? notes : "{" + notes + "}";
}

struct Printer {
  const Circuit& circuit;
  Notation notation;
  std::vector<char> printed;

  std::string element(const CircuitElement& item) {
    if (notation == Notation::description_code) {
      const ElementInfo& info = element_info(item.kind);
      return std::string(info.cdc_symbol) + item.label.substr(info.symbol.size());
    }
    std::string out = item.label + parameter_notes(circuit, item, printed);
    for (const std::size_t place : item.parameters) printed[place] = 1;
    return out;
  }

  std::string node(std::size_t place, bool top) {
    const CircuitNode& item = circuit.nodes[place];
    if (item.type == CircuitNode::Type::element) return element(circuit.elements[item.element]);
    const bool dashed = notation == Notation::dashed;
    std::string out;
    for (const std::size_t child : item.children) {
      if (!out.empty() && dashed) out += item.type == CircuitNode::Type::series ? "-" : ",";
      out += node(child, false);
    }
    if (item.type == CircuitNode::Type::parallel) return (dashed ? "p(" : "(") + out + ")";
    return dashed || top ? out : "[" + out + "]";
  }
};

}  // namespace

std::size_t Circuit::parameter(std::string_view name) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name == name) return i;
    names.push_back(parameters[i].name);
  }
  std::string allowed = base::did_you_mean(name, names);
  if (allowed.empty()) {
    for (const std::string& other : names) allowed += (allowed.empty() ? "one of " : ", ") + other;
  }
  throw base::ParameterError("parameter", std::string(name), allowed);
}

std::size_t Circuit::free_parameters() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const Parameter& parameter) { return !parameter.fixed; }));
}

std::vector<std::size_t> Circuit::top_level() const {
  if (nodes[root].type == CircuitNode::Type::series) return nodes[root].children;
  return {root};
}

std::string to_text(const Circuit& circuit, Notation notation) {
  Printer printer{circuit, notation, std::vector<char>(circuit.parameters.size(), 0)};
  return printer.node(circuit.root, true);
}

void check_parameters(const Circuit& circuit, std::span<const double> values) {
  if (values.size() != circuit.parameters.size()) {
    throw base::ParameterError("parameters", std::to_string(values.size()) + " values",
                               std::to_string(circuit.parameters.size()) + " for " + to_text(circuit));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Parameter& parameter = circuit.parameters[i];
    const bool positive = parameter.scale == ParameterScale::bounded || values[i] > 0.0;
    if (!positive || !std::isfinite(values[i]) || values[i] < parameter.lower || values[i] > parameter.upper) {
      const std::string allowed = std::isfinite(parameter.upper) ? base::format_number(parameter.lower, 6) + " to " +
                                                                       base::format_number(parameter.upper, 6)
                                  : parameter.lower > 0.0 ? "at least " + base::format_number(parameter.lower, 6)
                                                          : std::string("a positive number");
      throw base::ParameterError(parameter.name, base::format_number(values[i], 6) + " " + parameter.unit, allowed);
    }
  }
}

}  // namespace closo::impedance
