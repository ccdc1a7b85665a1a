/// Cycling protocols in words: "Discharge at C/20 until 1.7 V", "Hold at 2.5 V until C/50", "Rest for 2 h".
///
/// Grammar, one step a line or between ';', case ignored, '#' begins a comment:
///   Discharge|Charge at <current or power> <end>      C/20, 0.5C, 0.1 mA/cm2, 0.2 mA, 24 mA/g, 5 mW/cm2, 3 mW
///   Hold at <voltage> <end>                           until C/50, until 5 uA/cm2, for 3 h
///   Rest for <time>                                   2 h, 30 min, 10 s, 1 d
///   Set temperature to <temperature>                  60 degC, 333 K
///   Repeat <n> times[:] … End                         blocks may lie within blocks
///   <end> := until <voltage|current> | for <time>, several joined by "or"
/// Discharge ends at or below its voltage, charge at or above. Each pass of an outermost Repeat is a cycle, and so is
/// each stretch of steps outside of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace closo::cell {

/// A current, as written: resolved with the cell's capacity, mass and area.
struct CurrentSetting {
  enum class Basis : unsigned char {
    c_rate,    ///< 1/h, of the rated capacity
    density,   ///< A/m²
    specific,  ///< A/kg of active material
    total,     ///< A
  };
  Basis basis = Basis::c_rate;
  double value = 0.0;  ///< above 0; the step says the direction
  bool operator==(const CurrentSetting&) const = default;
};

struct ProtocolStep {
  enum class Kind : unsigned char { discharge, charge, hold, rest, set_temperature };
  Kind kind = Kind::rest;
  std::optional<CurrentSetting> current;        ///< discharge, charge at a current
  std::optional<double> power_density;          ///< W/m², discharge, charge at a power
  std::optional<double> power;                  ///< W, likewise
  double voltage = 0.0;                         ///< V, of a hold
  double temperature = 0.0;                     ///< K, of set_temperature
  std::optional<double> until_voltage;          ///< V
  std::optional<CurrentSetting> until_current;  ///< magnitude, of a hold
  std::optional<double> duration;               ///< s
  std::string text;                             ///< as written, blanks joined
  std::size_t line = 1;                         ///< in the text, from 1
  bool operator==(const ProtocolStep&) const = default;
};

struct Protocol {
  struct Visit {
    std::uint32_t step = 0;   ///< index into steps
    std::uint32_t cycle = 1;  ///< from 1
    bool operator==(const Visit&) const = default;
  };
  std::vector<ProtocolStep> steps;  ///< each written step once
  std::vector<Visit> visits;        ///< in the order of their execution, repeats written out
  bool operator==(const Protocol&) const = default;
};

inline constexpr std::size_t most_protocol_visits = 200000;

/// Throws: InputError with line and column, what was found, what is accepted and the near word; also for a protocol
/// without a step, a step without an end, an End without Repeat, more than most_protocol_visits visits.
Protocol parse_protocol(std::string_view text);

}  // namespace closo::cell
