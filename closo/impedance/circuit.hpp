/// Equivalent circuits: a tree of elements with named parameters, read from and printed in two notations.
///
/// Dashed notation: `R0-p(R1,CPE1)-W1`: `-` joins in series, `p(a,b,…)` in parallel. Circuit description code (B. A.
/// Boukamp, Solid State Ionics 20 (1986) 31): `R(RQ)([RL]Q)`: neighbours in series, `( )` in parallel, `[ ]` or `{ }`
/// in series inside. A text with `-`, `,` or `p(` is dashed. A label follows the symbol: digits or `_name` (`R_gb`);
/// elements without one are numbered. Notes in braces after a dashed element set its parameters, in SI:
///
///   `n=0.9`       fixed at 0.9             `n~0.9`       start value
///   `n=0.5..1`    bounds                   `n=CPE2.n`    shared with another element's parameter
///
/// joined by commas: `CPE1{n~0.8,n=0.5..1}`; an element with one parameter may leave out its name: `R0{=12}`.
/// A parameter is called `CPE1.n`, or like its element when that has only one: `R0`.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/impedance/element.hpp"

namespace closo::impedance {

/// One number of the circuit. Several elements may share it.
struct Parameter {
  std::string name;
  std::string unit;
  ParameterRole role = ParameterRole::resistance;
  ParameterScale scale = ParameterScale::logarithmic;
  double lower = 0.0;
  double upper = 0.0;
  bool bounded_by_user = false;
  std::optional<double> fixed;  ///< not fitted
  std::optional<double> start;
};

struct CircuitElement {
  ElementKind kind = ElementKind::resistor;
  std::string label;                    ///< "CPE1"
  std::vector<std::size_t> parameters;  ///< places in Circuit::parameters
};

struct CircuitNode {
  enum class Type : unsigned char { element, series, parallel };
  Type type = Type::element;
  std::size_t element = 0;            ///< of a leaf
  std::vector<std::size_t> children;  ///< of series and parallel, two or more
};

struct Circuit {
  std::vector<CircuitElement> elements;  ///< in the order of the text
  std::vector<CircuitNode> nodes;
  std::size_t root = 0;
  std::vector<Parameter> parameters;  ///< distinct ones, in the order of the text

  /// Place of a parameter by name. Throws: ParameterError with the nearest names.
  std::size_t parameter(std::string_view name) const;
  /// Parameters that a fit moves.
  std::size_t free_parameters() const noexcept;
  /// Circuit elements joined in series at the top level: places in `nodes`.
  std::vector<std::size_t> top_level() const;
};

enum class Notation : unsigned char { dashed, description_code };

/// Throws: InputError with the column (from 1): unknown element with the nearest symbols, unbalanced brackets, empty
/// group, duplicate label, wrong note, text left over, more than 64 nested groups, more than 64 elements.
Circuit parse_circuit(std::string_view text);

/// The circuit as text; parse_circuit(to_text(c)) is the same circuit. Notes are printed in dashed notation only: a
/// circuit with notes has no exact description code.
std::string to_text(const Circuit& circuit, Notation notation = Notation::dashed);

/// Checks values against the circuit: how many, positive, inside the bounds. Throws: ParameterError naming the
/// parameter.
void check_parameters(const Circuit& circuit, std::span<const double> values);

}  // namespace closo::impedance
