#include "closo/tasks/composite_access.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/measured_value.hpp"
#include "closo/tasks/detail/part_text.hpp"
#include "closo/tasks/library_access.hpp"
#include "closo/transport/estimate.hpp"

namespace closo::tasks {
namespace {

using base::Measured;
using base::ParameterError;
using composite::Phase;
using detail::value_in;
using transport::ArrheniusForm;

constexpr double room_temperature = 298.15;  // K

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t") - from + 1));
}

[[noreturn]] void refuse(const std::string& option, const std::string& text, const std::string& why) {
  throw ParameterError(option, "'" + text + "'", why);
}

/// Role or label number before the '='.
void read_target(const std::string& option, const std::string& text, std::optional<Phase>& phase,
                 std::optional<unsigned>& number) {
  const std::size_t equals = text.find('=');
  const std::string name = trimmed(text.substr(0, equals));
  if (equals == std::string::npos || name.empty() || trimmed(text.substr(equals + 1)).empty())
    refuse(option, text, option == "phase" ? "ROLE=CONDUCTIVITY, as bulk=\"1e-6 S/cm\"" : "ROLE=NUMBER, as bulk=12");
  if (name.find_first_not_of("0123456789") == std::string::npos) {
    unsigned value = 0;
    const auto result = std::from_chars(name.data(), name.data() + name.size(), value);
    if (result.ec != std::errc() || value > 255) refuse(option, text, "a label from 0 to 255");
    number = value;
  } else {
    try {
      phase = composite::parse_phase(name);
    } catch (const ParameterError& error) {
      refuse(option, text, "a role or the number of a label before the '=': " + error.allowed());
    }
  }
}

bool starts_like_number(const std::string& text) { return text.find_first_of("0123456789+-.~<>") == 0; }

/// One item of a law: a conductivity with or without its temperature, or an energy.
struct Item {
  std::optional<double> conductivity, temperature, energy_eV;
};

double parsed(const std::string& piece, const char* unit, const char* what, const std::string& whole) {
  try {
    const base::Quantity quantity = base::parse_quantity(piece, base::Unit::parse(unit), what);
    return detail::measured(quantity, "phase", piece).value;
  } catch (const base::InputError& error) {
    refuse("phase", whole,
           "a conductivity, a temperature behind '@' and an activation energy, as \"1e-3 S/cm @ 298 K, 0.3 eV\" (" +
               error.problem() + ")");
  }
}

Item parse_item(const std::string& piece, const std::string& whole) {
  Item item;
  if (const std::size_t at = piece.find('@'); at != std::string::npos) {
    item.conductivity = parsed(trimmed(piece.substr(0, at)), "S/m", "a conductivity", whole);
    item.temperature = parsed(trimmed(piece.substr(at + 1)), "K", "a temperature", whole);
    if (!(*item.temperature > 0.0)) refuse("phase", whole, "a temperature above 0 K");
    return item;
  }
  bool is_energy = false;
  try {
    const base::Quantity quantity = base::parse_quantity(piece);
    is_energy = base::is_convertible(quantity.unit, base::Unit::parse("eV"));
  } catch (const base::InputError&) {
    is_energy = false;  // the message of the conductivity says it better
  }
  if (is_energy) {
    item.energy_eV = parsed(piece, "eV", "an activation energy", whole) / base::elementary_charge;
  } else {
    item.conductivity = parsed(piece, "S/m", "a conductivity", whole);
  }
  return item;
}

/// Number of a law: constants, one point with an energy, or two points.
void read_numbers(PhaseLaw& law, const std::string& whole, ArrheniusForm form) {
  std::vector<Item> points;
  std::optional<double> energy_eV;
  for (std::size_t from = 0; from <= law.text.size();) {
    const std::size_t to = std::min(law.text.find(',', from), law.text.size());
    const Item item = parse_item(trimmed(law.text.substr(from, to - from)), whole);
    if (item.energy_eV) {
      if (energy_eV) refuse("phase", whole, "one activation energy");
      energy_eV = item.energy_eV;
    } else {
      if (*item.conductivity < 0.0 || !std::isfinite(*item.conductivity))
        refuse("phase", whole, "a conductivity of 0 S/cm (insulator) or more");
      points.push_back(item);
    }
    from = to + 1;
  }
  if (points.empty())
    refuse("phase", whole, "a conductivity beside the activation energy, as \"1e-3 S/cm @ 298 K, 0.3 eV\"");
  if (points.size() > 2 || (points.size() == 2 && energy_eV))
    refuse("phase", whole, "one conductivity with an activation energy, or two conductivities with temperatures");
  if (points.size() == 2) {
    if (!points[0].temperature || !points[1].temperature || !(*points[0].conductivity > 0.0) ||
        !(*points[1].conductivity > 0.0) || *points[0].temperature == *points[1].temperature)
      refuse("phase", whole,
             "two conductivities above 0 at two temperatures, as \"1e-4 S/cm @ 298 K, 1e-3 S/cm @ 333 K\"");
    energy_eV = transport::implied_activation_energy({*points[0].temperature, *points[0].conductivity},
                                                     {*points[1].temperature, *points[1].conductivity}, form);
  }
  const double value = *points[0].conductivity;
  if (energy_eV && value > 0.0) {
    if (points.size() == 1 && !points[0].temperature)
      refuse("phase", whole, "the temperature of the conductivity, as \"1e-3 S/cm @ 298 K, 0.3 eV\"");
    law.law = transport::ConductivityLaw{
        {transport::anchored_law(*points[0].temperature, value, std::nullopt, *energy_eV, std::nullopt, form)}, {}};
  } else {
    law.constant = value;
    law.only_at = points[0].temperature;
  }
}

void read_material(PhaseLaw& law, const library::Library& library, const std::vector<double>& temperatures) {
  const library::Material& material = library.material(law.text);
  law.source = "library, " + material.id;
  if (std::optional<transport::ConductivityLaw> found = transport::library_law(library, material.id)) {
    law.law = std::move(found);
    const transport::MaterialEstimate estimate =
        transport::estimate_conductivity(library, material.id, temperatures.front());
    for (const library::Fact* fact : estimate.best.facts) law.source += "; " + fact->id + " " + library.citation(*fact);
    return;
  }
  const transport::MaterialEstimate estimate =
      transport::estimate_conductivity(library, material.id, temperatures.front());
  if (estimate.best.kind == transport::EstimateKind::none)
    throw base::InputError({},
                           "the library has no conductivity of " + material.id + " at " +
                               celsius_text(temperatures.front()) +
                               (estimate.reason.empty() ? "" : ": " + estimate.reason),
                           "a number, as bulk=\"1e-6 S/cm @ 298 K, 0.5 eV\"");
  law.constant = estimate.best.conductivity;
  law.only_at = temperatures.front();
  law.source += ", " + estimate.best.how;
  for (const library::Fact* fact : estimate.best.facts) law.source += "; " + fact->id + " " + library.citation(*fact);
}

/// The law of a label: by its number, else by its role.
const PhaseLaw* law_of(const std::vector<PhaseLaw>& laws, std::optional<unsigned> number, Phase phase) {
  for (const PhaseLaw& law : laws) {
    if (number && law.number == number) return &law;
  }
  for (const PhaseLaw& law : laws) {
    if (law.phase == phase) return &law;
  }
  return nullptr;
}

bool is_silent_insulator(Phase phase) { return phase == Phase::void_space || phase == Phase::insulator; }

}  // namespace

std::string celsius_text(double temperature) {
  return base::format_number(temperature - base::zero_celsius, 4) + " °C";
}

std::vector<double> temperatures_of(const Arguments& arguments) {
  std::vector<double> temperatures;
  for (const base::Quantity& quantity : arguments.quantities("at", "K")) {
    if (!(quantity.value > 0.0)) throw ParameterError("at", base::format_number(quantity.value) + " K", "above 0 K");
    temperatures.push_back(quantity.value);
  }
  if (temperatures.empty()) temperatures.push_back(room_temperature);
  return temperatures;
}

std::vector<PhaseLaw> phase_laws(const Arguments& arguments, const std::vector<double>& temperatures,
                                 const Context& context) {
  const ArrheniusForm form = arguments.text("form") == "sigma" ? ArrheniusForm::sigma : ArrheniusForm::sigma_t;
  std::vector<PhaseLaw> laws;
  std::optional<library::Library> library;
  for (const std::string& text : arguments.texts("phase")) {
    PhaseLaw law;
    read_target("phase", text, law.phase, law.number);
    law.text = trimmed(text.substr(text.find('=') + 1));
    for (const PhaseLaw& other : laws) {
      if (other.phase == law.phase && other.number == law.number)
        refuse("phase", text, "one conductivity for each phase");
    }
    if (starts_like_number(law.text)) {
      law.source = "option phase";
      read_numbers(law, text, form);
    } else {
      if (!library) library = load_library(context);
      read_material(law, *library, temperatures);
    }
    laws.push_back(std::move(law));
  }
  if (laws.empty())
    throw ParameterError("phase", "missing", "the conductivity of every phase, as --phase bulk=\"1e-6 S/cm\"");
  return laws;
}

std::vector<PhasePermittivity> phase_permittivities(const Arguments& arguments) {
  std::vector<PhasePermittivity> result;
  for (const std::string& text : arguments.texts("permittivity")) {
    PhasePermittivity given;
    read_target("permittivity", text, given.phase, given.number);
    const std::optional<double> value = base::try_parse_number(trimmed(text.substr(text.find('=') + 1)));
    if (!value || !(*value > 0.0)) refuse("permittivity", text, "a relative permittivity above 0, as bulk=12");
    given.value = *value;
    for (const PhasePermittivity& other : result) {
      if (other.phase == given.phase && other.number == given.number)
        refuse("permittivity", text, "one permittivity for each phase");
    }
    result.push_back(given);
  }
  return result;
}

double conductivity(const PhaseLaw& law, double temperature) {
  return law.law ? law.law->conductivity(temperature) : law.constant.value_or(0.0);
}

std::optional<double> phase_conductivity(const std::vector<PhaseLaw>& laws, Phase phase, double temperature) {
  if (const PhaseLaw* law = law_of(laws, std::nullopt, phase); law != nullptr) return conductivity(*law, temperature);
  if (is_silent_insulator(phase)) return 0.0;
  return std::nullopt;
}

std::vector<double> label_conductivities(const Structure& structure, const std::vector<PhaseLaw>& laws,
                                         double temperature) {
  std::vector<double> result(structure.names.size(), 0.0);
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (structure.fractions[i] == 0.0) continue;
    const Phase phase = structure.image.phases[i];
    const PhaseLaw* law = law_of(laws, structure.numbers[i], phase);
    if (law == nullptr && !is_silent_insulator(phase))
      throw ParameterError("phase",
                           "missing for " + structure.names[i] + " (label " + std::to_string(structure.numbers[i]) +
                               ", " + base::format_number(100.0 * structure.fractions[i], 3) + " vol%)",
                           "its conductivity, as --phase \"" + std::string(composite::to_string(phase)) +
                               "=1e-6 S/cm\"; 0 S/cm for one that insulates");
    if (law != nullptr) result[i] = conductivity(*law, temperature);
  }
  if (std::ranges::none_of(result, [](double value) { return value > 0.0; }))
    throw ParameterError("phase", "0 S/cm for all that the image has",
                         "a conductivity above 0 S/cm for one phase at least");
  return result;
}

std::vector<double> label_permittivities(const Structure& structure, const std::vector<PhasePermittivity>& given) {
  std::vector<double> result;
  for (std::size_t i = 0; i < structure.names.size(); ++i) {
    const Phase phase = structure.image.phases[i];
    double value = phase == Phase::void_space ? 1.0 : 10.0;
    for (const PhasePermittivity& each : given) {
      if (each.phase == phase) value = each.value;
    }
    for (const PhasePermittivity& each : given) {
      if (each.number == structure.numbers[i]) value = each.value;
    }
    result.push_back(value);
  }
  return result;
}

std::vector<composite::SurfaceLayer> surface_layers(const Structure& structure, const std::vector<PhaseLaw>& laws,
                                                    double temperature) {
  if (!structure.thin_layer) return {};
  const std::optional<double> value = phase_conductivity(laws, Phase::interphase, temperature);
  if (!value) throw ParameterError("phase", "missing for the interphase", "as --phase interphase=\"1e-3 S/cm\"");
  if (*value == 0.0) return {};
  return {{structure.thin_layer->between, structure.thin_layer->thickness, *value}};
}

std::vector<std::string> phase_warnings(const Structure& structure, const std::vector<PhaseLaw>& laws,
                                        const std::vector<double>& temperatures) {
  std::vector<std::string> warnings = structure.notes;
  for (const PhaseLaw& law : laws) {
    bool occurs = law.phase == Phase::interphase && structure.thin_layer;
    for (std::size_t i = 0; i < structure.names.size(); ++i) {
      if (structure.fractions[i] == 0.0) continue;
      occurs = occurs || law.phase == structure.image.phases[i] || law.number == structure.numbers[i];
    }
    const std::string name =
        law.phase ? std::string(composite::to_string(*law.phase)) : "label " + std::to_string(*law.number);
    if (!occurs) warnings.push_back("the structure has no " + name + ", its conductivity is not used");
    if (!occurs || !law.constant || *law.constant == 0.0) {
      if (law.law) {
        for (const double temperature : temperatures) {
          const transport::ArrheniusLaw& segment = law.law->at(temperature);
          if (!law.law->covers(temperature)) {
            warnings.push_back(
                name + ": at " + celsius_text(temperature) +
                " another phase holds, whose law the library does not know; that of the next one is used");
          } else if (law.source != "option phase" && segment.high_temperature > 0.0 &&
                     (temperature < segment.low_temperature - 0.5 || temperature > segment.high_temperature + 0.5)) {
            warnings.push_back(name + ": the library's law is extrapolated to " + celsius_text(temperature));
          }
        }
      }
      continue;
    }
    if (!law.only_at && temperatures.size() == 1) continue;
    for (const double temperature : temperatures) {
      if (law.only_at && std::abs(temperature - *law.only_at) <= 2.5) continue;
      warnings.push_back(
          name + ": without an activation energy " +
          (law.only_at ? "the conductivity at " + celsius_text(*law.only_at) : std::string("one conductivity")) +
          " is taken for every temperature");
      break;
    }
  }
  return warnings;
}

report::Table phase_table(const Structure& structure, const std::vector<PhaseLaw>& laws,
                          const std::vector<double>& temperatures) {
  report::Table table{
      "phase_conductivities", "Conductivities of the phases", {{"phase", "phase"}, {"given", "as given"}}, {}, {}};
  for (const double temperature : temperatures) {
    const std::string kelvin = base::format_number(temperature, 5);
    table.columns.push_back({"sigma_" + kelvin + "_K_S_per_cm", "σ at " + celsius_text(temperature) + " (S/cm)"});
  }
  const auto add = [&](const std::string& name, const PhaseLaw* law) {
    std::string given = law == nullptr ? "0 by its role" : law->text;
    if (law != nullptr && law->law && law->source != "option phase")
      given += ", Ea = " + base::format_number(law->law->at(temperatures.front()).activation_energy_eV, 3) + " eV";
    std::vector<report::Cell> row{name, given};
    for (const double temperature : temperatures) {
      const double value = law == nullptr ? 0.0 : conductivity(*law, temperature);
      row.emplace_back(value_in(Measured{value, {}}, "S/cm", law != nullptr && law->law ? "computed" : "",
                                law == nullptr ? "insulates by its role" : law->source));
    }
    table.rows.push_back(std::move(row));
  };
  for (std::size_t i = 0; i < structure.names.size(); ++i) {
    if (structure.fractions[i] == 0.0) continue;
    add(structure.names[i], law_of(laws, structure.numbers[i], structure.image.phases[i]));
  }
  if (structure.thin_layer) add("interphase (layer)", law_of(laws, std::nullopt, Phase::interphase));
  return table;
}

}  // namespace closo::tasks
