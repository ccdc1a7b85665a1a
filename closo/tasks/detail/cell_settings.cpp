#include "closo/tasks/detail/cell_settings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/base/unit.hpp"
#include "closo/tasks/detail/part_text.hpp"

namespace closo::tasks::detail {
namespace {

using base::ParameterError;

constexpr std::size_t most_values = 10000;
constexpr std::string_view form =
    "'NAME=10, 20, 40 um', 'NAME=30 um to 600 um, 10 log' or 'NAME=10 um to 50 um by 5 um'";

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t") - from + 1));
}

/// A number and the unit behind it.
struct Piece {
  double number = 0.0;
  std::string unit;
};

class VariationParser {
 public:
  VariationParser(std::string_view option, std::string_view text, const cell::DescribedQuantity& quantity)
      : option_(option), text_(text), quantity_(quantity) {}

  [[noreturn]] void refuse(const std::string& why) const { throw ParameterError(option_, "'" + text_ + "'", why); }

  Piece piece(std::string_view given) const {
    const std::string word = trimmed(given);
    for (std::size_t length = word.size(); length > 0; --length) {
      if (const std::optional<double> number = base::try_parse_number(trimmed(word.substr(0, length))))
        return {*number, trimmed(word.substr(length))};
    }
    refuse(std::string(form) + " ('" + word + "' is no number)");
  }

  base::Unit unit(const std::string& own, const std::string& common) const {
    const std::string& name = own.empty() ? common : own;
    try {
      const base::Unit found = base::Unit::parse(name), wanted = base::Unit::parse(quantity_.unit);
      base::convert(1.0, found, wanted);
      return found;
    } catch (const base::InputError& error) {
      refuse("values in " + std::string(quantity_.unit) + " or the like (" + error.problem() + ")");
    }
  }

  double value(const Piece& piece, const std::string& common) const {
    const base::Unit own = unit(piece.unit, common), wanted = base::Unit::parse(quantity_.unit);
    const double shown = base::convert(piece.number, own, wanted);
    const double slack = 1e-12 * std::max(std::abs(quantity_.low), std::abs(quantity_.high));
    const bool is_above = quantity_.is_low_possible ? shown >= quantity_.low - slack : shown > quantity_.low;
    if (!is_above || !(shown <= quantity_.high + slack)) {
      refuse(std::string(quantity_.is_low_possible ? "values from " : "values above ") +
             base::format_number(quantity_.low) + " to " + base::format_number(quantity_.high) +
             (quantity_.unit == "1" ? "" : " " + std::string(quantity_.unit)));
    }
    return wanted.to_si(shown);
  }

  double step(const Piece& piece, const std::string& common) const {
    const base::Unit own = unit(piece.unit, common), wanted = base::Unit::parse(quantity_.unit);
    return wanted.difference_to_si(base::convert_difference(piece.number, own, wanted));
  }

 private:
  std::string option_, text_;
  const cell::DescribedQuantity& quantity_;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t from = 0;;) {
    const std::size_t to = text.find(separator, from);
    parts.push_back(trimmed(text.substr(from, to == std::string_view::npos ? to : to - from)));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

/// "10 log", "10", "log": how a range is cut.
void read_cut(const VariationParser& parser, const std::string& text, Variation& variation) {
  for (const std::string& word : split(text, ' ')) {
    if (word.empty()) continue;
    if (word == "log" || word == "linear") {
      variation.range->is_logarithmic = word == "log";
      continue;
    }
    std::size_t count = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), count);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || count < 2 || count > most_values)
      parser.refuse("a count from 2 to 10000, 'log' or 'linear' behind the range ('" + word + "')");
    variation.count = count;
  }
}

std::vector<double> stepped(const VariationParser& parser, double from, double to, double step) {
  const double steps = (to - from) / step;
  if (!(step != 0.0 && steps >= 0.0)) parser.refuse("a step that leads from the first to the last value");
  if (!(steps < static_cast<double>(most_values))) parser.refuse("at most 10000 values");
  std::vector<double> values;
  for (std::size_t i = 0; static_cast<double>(i) <= steps + 1e-9; ++i)
    values.push_back(from + static_cast<double>(i) * step);
  if (std::abs(values.back() - to) < 1e-9 * std::abs(step)) values.back() = to;
  return values;
}

}  // namespace

Variation parse_variation(std::string_view option, std::string_view text, const cell::CellDescription& description) {
  const std::size_t equals = text.find('=');
  Variation variation;
  variation.quantity = trimmed(text.substr(0, equals));
  const cell::DescribedQuantity& quantity = cell::described_quantity(variation.quantity);
  const VariationParser parser(option, text, quantity);
  const std::string given = equals == std::string_view::npos ? std::string() : trimmed(text.substr(equals + 1));
  if (given.empty()) {
    const cell::DescribedValue* described = description.find(variation.quantity);
    if (equals != std::string_view::npos || described == nullptr || !described->low || !described->high ||
        !(*described->low < *described->high))
      parser.refuse(std::string(form) + "; only a quantity with a range in the system file may stand alone");
    variation.range = cell::SweepRange{variation.quantity, *described->low, *described->high,
                                       quantity.is_logarithmic && *described->low > 0.0};
    return variation;
  }
  const std::size_t to = given.find(" to ");
  if (to == std::string::npos) {
    const std::vector<std::string> pieces = split(given, ',');
    const std::string common = parser.piece(pieces.back()).unit;
    for (const std::string& word : pieces) variation.values.push_back(parser.value(parser.piece(word), common));
    if (variation.values.size() > most_values) parser.refuse("at most 10000 values");
    return variation;
  }
  const std::size_t comma = given.find(',', to), by = given.find(" by ", to);
  const bool has_step = by != std::string::npos;
  const std::size_t end = has_step ? by : comma;
  const std::string last_text = given.substr(to + 4, end == std::string::npos ? end : end - to - 4);
  const Piece first = parser.piece(given.substr(0, to)), last = parser.piece(last_text);
  if (has_step) {
    const Piece step = parser.piece(given.substr(by + 4));
    const std::string common = !step.unit.empty() ? step.unit : last.unit;
    variation.values =
        stepped(parser, parser.value(first, common), parser.value(last, common), parser.step(step, common));
    return variation;
  }
  const double low = parser.value(first, last.unit), high = parser.value(last, last.unit);
  if (!(low < high)) parser.refuse("a range whose end lies above its start");
  variation.range = cell::SweepRange{variation.quantity, low, high, quantity.is_logarithmic && low > 0.0};
  if (comma != std::string::npos) read_cut(parser, given.substr(comma + 1), variation);
  if (variation.range->is_logarithmic && !(low > 0.0)) parser.refuse("a start above 0 for a logarithmic range");
  return variation;
}

cell::DesignTarget parse_target(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, bool>, 6> signs{
      {{">=", true}, {"<=", false}, {"≥", true}, {"≤", false}, {">", true}, {"<", false}}};
  for (const auto& [sign, is_at_least] : signs) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    cell::DesignTarget target;
    target.quantity = &cell::outcome_quantity(trimmed(text.substr(0, at)));
    target.is_at_least = is_at_least;
    try {
      target.value = base::parse_quantity(trimmed(text.substr(at + sign.size())),
                                          base::Unit::parse(target.quantity->unit), target.quantity->name)
                         .value;
    } catch (const base::InputError& error) {
      throw ParameterError(
          "target", "'" + std::string(text) + "'",
          (error.expected().empty() ? "a value in " + std::string(target.quantity->unit) : error.expected()) + " (" +
              error.problem() + ")");
    }
    return target;
  }
  throw ParameterError("target", "'" + std::string(text) + "'",
                       "an outcome, a comparison and a value, as 'specific energy >= 250 Wh/kg'");
}

std::string target_text(const cell::DesignTarget& target) {
  const base::Unit unit = base::Unit::parse(target.quantity->unit);
  const std::string shown = base::display(unit);
  return std::string(target.quantity->name) + (target.is_at_least ? " ≥ " : " ≤ ") +
         base::format_number(unit.from_si(target.value), 4) + (shown.empty() ? "" : " " + shown);
}

cell::StackChoice parse_stack(const Arguments& arguments) {
  cell::StackChoice stack;
  if (const std::optional<base::Quantity> ratio = arguments.quantity("np", "1")) {
    stack.capacity_ratio = measured(*ratio, "np", arguments.text("np")).value;
    if (!(*stack.capacity_ratio > 0.0))
      throw ParameterError("np", std::string(arguments.text("np")), "a ratio above 0");
  }
  for (const std::string& text : arguments.texts("collector")) {
    PartText part("collector", text);
    const std::optional<base::Measured> thickness = part.take("um"), density = part.take("g/cm3");
    part.finish("a thickness (um) and, for other metals than Cu, Al, Ni and Fe, a density (g/cm3)");
    if (!thickness) throw ParameterError("collector", "'" + text + "'", "a thickness behind the name ('Cu, 8 um')");
    stack.collectors.push_back(density ? cell::dense_layer(part.name(), *thickness, *density, true)
                                       : cell::collector(part.name(), thickness->value));
  }
  return stack;
}

std::string plain_name(std::string_view quantity) {
  std::string name(quantity);
  std::ranges::replace(name, '.', ' ');
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string shown_unit(std::string_view quantity) {
  const std::string_view unit = cell::described_quantity(quantity).unit;
  return unit == "K" ? "degC" : std::string(unit);
}

double shown_value(std::string_view quantity, double value) {
  return base::Unit::parse(shown_unit(quantity)).from_si(value);
}

report::Value quantity_value(std::string_view quantity, double value, int significant) {
  report::Value shown;
  shown.value = shown_value(quantity, value);
  shown.unit = base::display(base::Unit::parse(shown_unit(quantity)));
  shown.significant = significant;
  return shown;
}

std::string quantity_title(std::string_view quantity) {
  const std::string unit = base::display(base::Unit::parse(shown_unit(quantity)));
  return plain_name(quantity) + (unit.empty() ? "" : " (" + unit + ")");
}

std::optional<double> shown_outcome(const cell::OutcomeQuantity& quantity, const cell::CellOutcome& outcome) {
  const std::optional<double> value = quantity.value(outcome);
  return value ? std::optional(base::Unit::parse(quantity.unit).from_si(*value)) : std::nullopt;
}

report::Value outcome_value(const cell::OutcomeQuantity& quantity, const cell::CellOutcome& outcome, int significant) {
  report::Value shown;
  shown.value = shown_outcome(quantity, outcome);
  shown.unit = base::display(base::Unit::parse(quantity.unit));
  shown.kind = "computed";
  shown.source = std::string(quantity.meaning);
  shown.significant = significant;
  return shown;
}

std::string outcome_title(const cell::OutcomeQuantity& quantity) {
  return std::string(quantity.name) + " (" + base::display(base::Unit::parse(quantity.unit)) + ")";
}

std::vector<std::string> rates_of(const Arguments& arguments, const CellCase& cell) {
  std::vector<std::string> rates = arguments.texts("rate");
  if (rates.empty()) rates.push_back(cell.rates.empty() ? "C/10" : cell.rates.front().text);
  for (const std::string& rate : rates) {
    try {
      cell::discharge_protocol(cell.description, rate, cell.lower_cutoff, cell.upper_cutoff);
    } catch (const base::InputError& error) {
      throw ParameterError("rate", "'" + rate + "'",
                           (error.expected().empty() ? "a rate such as C/3 or 1 mA/cm2" : error.expected()) + " (" +
                               error.problem() + ")");
    }
  }
  return rates;
}

std::string fingerprint(const cell::CellDescription& description, const cell::Protocol& protocol,
                        const cell::SimulationOptions& options, const cell::StackChoice& stack) {
  std::string text = description.ion + "|" + description.anode + "|";
  const auto put = [&text](double number) { text += base::format_exact(number) + " "; };
  for (const std::string_view name : description.names()) {
    text += std::string(name) + "=";
    put(description.find(name)->value);
  }
  text += std::to_string(static_cast<int>(description.shape)) + (description.has_thermodynamic_factor ? "f " : " ");
  for (const double temperature : {280.0, 350.0}) {
    for (int i = 1; i < 64; ++i) put(description.open_circuit.potential(i / 64.0, temperature));
  }
  for (const cell::Protocol::Visit& visit : protocol.visits) text += "|" + protocol.steps[visit.step].text;
  text += "|";
  for (const double number :
       {static_cast<double>(options.cathode_cells), static_cast<double>(options.particle_shells),
        options.cathode_grading, options.particle_grading, options.tolerance, options.first_step, options.maximum_step,
        options.event_tolerance, options.curve_tolerance, options.longest_step_duration})
    put(number);
  put(stack.capacity_ratio.value_or(-1.0));
  for (const cell::StackLayer& layer : stack.collectors) {
    put(layer.areal_mass ? layer.areal_mass->value : -1.0);
    put(layer.thickness ? layer.thickness->value : -1.0);
  }
  return text;
}

std::vector<std::string> variation_notes(const cell::CellDescription& description,
                                         std::span<const std::string> quantities) {
  std::vector<std::string> notes;
  const auto varies = [&](std::string_view name) { return std::ranges::find(quantities, name) != quantities.end(); };
  const auto has_section = [&](std::string_view prefix) {
    return std::ranges::any_of(description.names(), [&](std::string_view name) { return name.starts_with(prefix); });
  };
  const bool varies_mixture = varies("cathode.active_mass_fraction") || varies("cathode.electrolyte_mass_fraction") ||
                              varies("cathode.additive_mass_fraction") || varies("cathode.porosity");
  if (varies("separator.conductivity") && description.has("cathode.ionic_conductivity") &&
      !varies("cathode.ionic_conductivity"))
    notes.emplace_back(
        "cathode.ionic_conductivity is given and does not follow separator.conductivity; give cathode.ionic_tortuosity "
        "instead where both are the same electrolyte");
  if (varies_mixture) {
    for (const std::string_view fixed :
         {"cathode.ionic_conductivity", "cathode.ionic_tortuosity", "cathode.electronic_conductivity"}) {
      if (description.has(fixed) && !varies(fixed))
        notes.push_back(std::string(fixed) + " is given and does not follow the composition");
    }
  }
  if (varies("stack_pressure") && !has_section("contact.") && !has_section("metal."))
    notes.emplace_back("the stack pressure acts through the sections contact and metal, and neither is given");
  return notes;
}

}  // namespace closo::tasks::detail
