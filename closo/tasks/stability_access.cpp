#include "closo/tasks/stability_access.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/stability/voltage_profile.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr std::string_view static_set = "static";
constexpr std::array<std::string_view, 7> diatomic{"H", "N", "O", "F", "Cl", "Br", "I"};
constexpr std::array<std::string_view, 11> metals{"Li", "Na", "K", "Rb", "Cs", "Be", "Mg", "Ca", "Sr", "Ba", "Ag"};

/// Phases whose formula of use is not the one that computed sets list (smallest whole numbers, other orders).
constexpr std::array<std::string_view, 30> customary_formulas{
    "Li2B12H12", "Na2B12H12", "K2B12H12", "Rb2B12H12", "Cs2B12H12", "Li2B10H10", "Na2B10H10", "K2B10H10",
    "B2H6",      "B4H10",     "B10H14",   "C2H2",      "C2H4",      "C2H6",      "C6H6",      "N2H4",
    "N2O4",      "H2O2",      "Li2O2",    "Na2O2",     "K2O2",      "S2Cl2",     "Mg(BH4)2",  "Ca(BH4)2",
    "Mg(NH2)2",  "Ca(NH2)2",  "CH4",      "NH3",       "H2O",       "H2S"};

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string reason(const base::InputError& error) {
  std::string text;
  if (error.place().column != 0) text = "column " + std::to_string(error.place().column) + ": ";
  text += error.problem();
  if (!error.expected().empty()) text += "; expected " + error.expected();
  return text;
}

base::Formula formula_of(std::string_view option, const std::string& text, std::string_view accepted) {
  try {
    return base::Formula::parse(text);
  } catch (const base::InputError& error) {
    throw ParameterError(std::string(option), in_quotes(text), std::string(accepted) + " (" + reason(error) + ")");
  }
}

stability::GasPressure gas_pressure_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string accepted = "a gas and its pressure such as 'H2=10 bar'";
  if (equals == std::string::npos) throw ParameterError("pressure", in_quotes(text), accepted);
  std::string gas = text.substr(0, equals);
  std::erase(gas, ' ');
  formula_of("pressure", gas, accepted);
  const std::string amount = text.substr(equals + 1);
  try {
    const base::Quantity pressure = base::parse_quantity(amount, base::Unit::parse("Pa"), "a pressure");
    if (!(pressure.value > 0.0) || pressure.qualifier != base::Qualifier::equal) {
      throw ParameterError("pressure", in_quotes(text), "a pressure above 0");
    }
    return {gas, pressure.value};
  } catch (const base::InputError& error) {
    throw ParameterError("pressure", in_quotes(text), accepted + " (" + reason(error) + ")");
  }
}

library::EnergySet without_estimates(library::EnergySet set, std::vector<std::string>& notes) {
  std::string left_out;
  for (const library::EnergyRow& row : set.rows) {
    if (row.is_estimate) left_out += (left_out.empty() ? "" : ", ") + row.name;
  }
  if (!left_out.empty()) notes.push_back("left out as estimates: " + left_out);
  std::erase_if(set.rows, [](const library::EnergyRow& row) { return row.is_estimate; });
  return set;
}

/// "Li(BH)6" becomes Li2B12H12, its energies those of the larger formula unit; "H4C" becomes CH4.
void use_customary_formulas(library::EnergySet& set) {
  std::vector<std::pair<std::string_view, base::Formula>> customary;
  for (const std::string_view text : customary_formulas) customary.emplace_back(text, base::Formula::parse(text));
  for (library::EnergyRow& row : set.rows) {
    for (const auto& named : customary) {
      const base::Formula& formula = named.second;
      if (formula.terms().size() != row.formula.terms().size()) continue;
      const double times = formula.atoms() / row.formula.atoms();
      const bool same = std::ranges::all_of(formula.terms(), [&](const base::ElementAmount& term) {
        return std::abs(row.formula.amount(term.element->symbol) * times - term.amount) < 1e-9;
      });
      if (!same) continue;
      row.formula = formula;
      row.name = named.first;
      row.energy_eV *= times;
      if (row.enthalpy_eV) *row.enthalpy_eV *= times;
      if (row.uncertainty_eV) *row.uncertainty_eV *= times;
      for (auto& point : row.gibbs_eV) point.second *= times;
    }
  }
}

/// Elements of the set that form no compound with each other (Li and Na) still have their reference.
void add_references(library::EnergySet& loaded, const EnergyRequest& request, const Context& context,
                    std::span<const std::string> elements) {
  constexpr std::array<std::string_view, 5> gases{"H", "N", "O", "F", "Cl"};
  std::optional<library::EnergySet> whole;
  for (const std::string& symbol : elements) {
    const auto holds = [&](const library::EnergyRow& row) { return row.formula.amount(symbol) > 0.0; };
    const base::Element* element = base::find_element(symbol);
    if (element == nullptr || std::ranges::any_of(loaded.rows, holds)) continue;
    if (!whole) whole = library::load_energy_set(context.data, context.user_store, request.set);
    if (std::ranges::none_of(whole->rows, holds)) continue;  // the chemical system names what is missing
    library::EnergyRow row;
    const bool is_molecule = std::ranges::find(diatomic, symbol) != diatomic.end();
    row.formula = base::Formula({{element, is_molecule ? 2.0 : 1.0}});
    row.name = row.formula.text();
    row.state = std::ranges::find(gases, symbol) != gases.end() ? library::PhaseState::gas : library::PhaseState::solid;
    row.source = "element reference";
    loaded.rows.push_back(std::move(row));
  }
}

stability::ConditionedSet corrected(const library::EnergySet& set, const Context& context) {
  const std::filesystem::path file = context.data / "energies" / "hydrogen_bonds.csv";
  const std::vector<stability::HydrogenCorrection> corrections =
      stability::read_hydrogen_corrections(base::read_text_file(file), file.string());
  return stability::bond_corrected(set, corrections);
}

/// A conductor in a mixture's name that has a formula: "Li2B12H12" of "Li2B12H12-ZrO2".
std::string formula_within(const library::Library& library, const library::Material& mixture) {
  const std::string part = mixture.id.substr(0, mixture.id.find('-'));
  const library::Material* found = part == mixture.id ? nullptr : library.find_material(part);
  return found == nullptr ? std::string() : found->formula;
}

/// The molecule that an element's entry stands for ("H" → "H2"), or empty.
std::string molecule_of(const stability::Entry& entry) {
  const std::vector<base::ElementAmount>& terms = entry.formula.terms();
  if (terms.size() != 1) return {};
  const std::string_view symbol = terms.front().element->symbol;
  return std::ranges::find(diatomic, symbol) == diatomic.end() ? std::string() : std::string(symbol) + "2";
}

struct NamedAmount {
  std::string name;
  double amount = 0.0;
  bool is_gas = false;
  std::size_t elements = 0;
};

/// Factor that makes all amounts whole, or nothing.
std::optional<double> whole_factor(const std::vector<NamedAmount>& amounts) {
  constexpr int largest_factor = 300;
  constexpr double tolerance = 1e-6;
  for (int factor = 1; factor <= largest_factor; ++factor) {
    long divisor = 0;
    const bool whole = std::ranges::all_of(amounts, [&](const NamedAmount& each) {
      const double scaled = each.amount * factor;
      divisor = std::gcd(divisor, std::lround(scaled));
      return scaled > 0.5 && std::abs(scaled - std::round(scaled)) < tolerance * std::max(1.0, scaled);
    });
    if (whole && divisor > 0) return static_cast<double>(factor) / static_cast<double>(divisor);
  }
  return std::nullopt;
}

}  // namespace

stability::Conditions conditions_of(const Arguments& arguments) {
  stability::Conditions conditions;
  if (const std::optional<base::Quantity> temperature = arguments.quantity("temperature", "K")) {
    conditions.temperature = temperature->value;
  }
  for (const std::string& text : arguments.texts("pressure")) {
    stability::GasPressure pressure = gas_pressure_of(text);
    for (const stability::GasPressure& before : conditions.pressures) {
      if (base::Formula::parse(before.formula) == base::Formula::parse(pressure.formula)) {
        throw ParameterError("pressure", in_quotes(text), "each gas once");
      }
    }
    conditions.pressures.push_back(std::move(pressure));
  }
  conditions.use_estimates = !arguments.flag("no-estimates");
  return conditions;
}

EnergyRequest energy_request_of(const Arguments& arguments) {
  EnergyRequest request;
  if (arguments.has("set")) request.set = std::string(arguments.text("set"));
  for (const std::string_view option : {"temperature", "pressure"}) {
    if (request.set == static_set && arguments.has(option)) {
      throw ParameterError(std::string(option), in_quotes(arguments.text(option)),
                           "--set gibbs beside it: static energies have no temperature and no pressure");
    }
  }
  request.conditions = conditions_of(arguments);
  request.correct_hydrogen = arguments.flag("hydrogen-corrected");
  request.use_estimates = !arguments.flag("no-estimates");
  request.system.keep_dilute_alloys = arguments.flag("keep-dilute-alloys");
  for (const std::string& text : arguments.texts("exclude")) {
    formula_of("exclude", text, "the formula of a phase");
    request.system.exclude.push_back(text);
  }
  return request;
}

EnergyBasis load_energies(const EnergyRequest& request, const Context& context, std::span<const std::string> elements) {
  library::EnergySet loaded = library::load_energy_set(context.data, context.user_store, request.set, elements);
  if (request.correct_hydrogen && loaded.kind != library::EnergyKind::static_dft) {
    throw ParameterError("hydrogen-corrected", "with the set " + in_quotes(request.set),
                         "a static set: Gibbs energies hold the vibrations already");
  }
  use_customary_formulas(loaded);
  add_references(loaded, request, context, elements);
  std::vector<std::string> notes;
  if (!request.use_estimates) loaded = without_estimates(std::move(loaded), notes);
  stability::Conditions conditions = request.conditions;
  conditions.use_estimates = request.use_estimates;
  stability::ConditionedSet conditioned =
      request.correct_hydrogen ? corrected(loaded, context) : stability::at_conditions(loaded, conditions);
  notes.insert(notes.end(), conditioned.notes.begin(), conditioned.notes.end());
  return {std::move(conditioned.set), loaded.kind, loaded.citation, loaded.doi, loaded.licence, std::move(notes)};
}

NamedFormula named_formula(const library::Library& library, std::string_view option, const std::string& text) {
  const library::Material* material = library.find_material(text);
  NamedFormula named{text, {}, nullptr};
  try {
    named.formula = base::Formula::parse(text);
    // Library names ignore case, so that CO would be cobalt: a formula goes first and keeps only what agrees with it.
    if (material != nullptr && !material->formula.empty() &&
        base::Formula::parse(material->formula).reduced() == named.formula.reduced()) {
      named.material = material;
    }
  } catch (const base::InputError& error) {
    if (material == nullptr) {
      std::vector<std::string> names;
      for (const library::Material& each : library.materials()) {
        if (!each.formula.empty()) names.push_back(each.id);
      }
      const std::string near = base::did_you_mean(text, names);
      throw ParameterError(std::string(option), in_quotes(text),
                           "a formula such as LiBH4, or a name of the library (" + reason(error) + ")" +
                               (near.empty() ? "" : "; " + near));
    }
    if (material->formula.empty()) {
      const std::string part = formula_within(library, *material);
      throw ParameterError(std::string(option), in_quotes(text),
                           "one compound with a formula; " + material->id +
                               " is a mixture or has no definite composition" +
                               (part.empty() ? "" : ", its conductor is " + part));
    }
    named.formula = base::Formula::parse(material->formula);
    named.name = material->formula;
    named.material = material;
  }
  if (named.formula.charge() != 0) {
    throw ParameterError(std::string(option), in_quotes(text),
                         "a neutral formula: ions have no energy in a set (the salt, such as LiBH4 for BH4-)");
  }
  return named;
}

std::string mobile_ion_of(std::string_view asked, const NamedFormula& compound) {
  if (!asked.empty()) {
    stability::ion_charge(asked);
    return std::string(asked);
  }
  if (compound.material != nullptr && compound.material->mobile_ions.size() == 1) {
    return compound.material->mobile_ions.front();
  }
  std::vector<std::string> candidates;
  for (const base::ElementAmount& term : compound.formula.terms()) {
    if (std::ranges::find(metals, term.element->symbol) != metals.end()) candidates.emplace_back(term.element->symbol);
  }
  if (candidates.size() == 1) {
    stability::ion_charge(candidates.front());
    return candidates.front();
  }
  std::string list;
  for (const std::string& each : candidates) list += (list.empty() ? "" : " or ") + each;
  throw ParameterError("ion", "missing",
                       "the mobile ion: " + compound.name +
                           (list.empty() ? " holds no alkali or alkaline-earth metal, give --ion Li (or Na, Mg …)"
                                         : " could conduct " + list));
}

std::string phase_name(const stability::ChemicalSystem& system, std::size_t phase) {
  const stability::Entry& entry = system.entry(phase);
  const std::string molecule = molecule_of(entry);
  return molecule.empty() ? entry.name : molecule;
}

std::string products_text(const stability::ChemicalSystem& system, std::span<const stability::PhaseAmount> products,
                          std::string_view without) {
  std::vector<NamedAmount> amounts;
  for (const stability::PhaseAmount& product : products) {
    const stability::Entry& entry = system.entry(product.phase);
    const std::vector<base::ElementAmount>& terms = entry.formula.terms();
    if (terms.size() == 1 && terms.front().element->symbol == without) continue;
    const std::string name = phase_name(system, product.phase);
    const double units = molecule_of(entry).empty() ? product.amount : product.amount * entry.formula.atoms() / 2.0;
    const auto same = std::ranges::find(amounts, name, &NamedAmount::name);
    if (same != amounts.end()) {
      same->amount += units;
    } else {
      amounts.push_back({name, units, entry.is_gas || name == "H2" || name == "N2" || name == "O2", terms.size()});
    }
  }
  double largest = 0.0;
  for (const NamedAmount& each : amounts) largest = std::max(largest, each.amount);
  std::erase_if(amounts, [largest](const NamedAmount& each) { return each.amount <= 1e-7 * largest; });
  if (amounts.empty()) return "nothing";
  std::ranges::stable_sort(amounts, [](const NamedAmount& a, const NamedAmount& b) {
    if (a.is_gas != b.is_gas) return b.is_gas;
    if (a.elements != b.elements) return a.elements > b.elements;
    return a.name < b.name;
  });
  const std::optional<double> factor = whole_factor(amounts);
  std::string text;
  for (const NamedAmount& each : amounts) {
    const double amount = each.amount * factor.value_or(1.0);
    const std::string number = base::format_number(factor ? std::round(amount) : amount, factor ? 12 : 4);
    text += (text.empty() ? "" : " + ") + (number == "1" ? "" : number + " ") + each.name;
  }
  return text;
}

void describe_energies(report::Report& report, const EnergyBasis& basis, const EnergyRequest& request) {
  std::string source = basis.set.label();
  if (!basis.citation.empty()) source += ": " + basis.citation;
  if (!basis.doi.empty()) source += ", DOI " + basis.doi;
  if (!basis.licence.empty()) source += ", " + basis.licence;
  const auto state = [&report](std::string name, std::string text) {
    std::pair<std::string, std::string> line{std::move(name), std::move(text)};
    if (std::ranges::find(report.provenance, line) == report.provenance.end())
      report.provenance.push_back(std::move(line));
  };
  state("energies", source);
  for (const std::string& name : request.system.exclude) {
    if (basis.set.find(base::Formula::parse(name)) == nullptr) {
      report.warnings.push_back("nothing to leave out: the set holds no " + name + " within these elements");
    }
    state("left out", name);
  }
  if (request.system.keep_dilute_alloys) state("dilute alloys", "kept");
  if (request.correct_hydrogen) {
    report.doubts.emplace_back(
        "static energies moved by one enthalpy per hydrogen bond type (data/energies/hydrogen_bonds.csv): an estimate "
        "for enthalpies at 298 K, no entropy of the gases");
  }
  for (const std::string& note : basis.notes) {
    const std::string warning = basis.set.label() + ": " + note;
    if (std::ranges::find(report.warnings, warning) == report.warnings.end()) report.warnings.push_back(warning);
  }
}

stability::ErrorModel error_model_of(std::string_view text) {
  stability::ErrorModel model;
  if (text.empty()) return model;
  const std::string accepted = "a standard uncertainty per atom such as '24 meV/atom'";
  std::string energy(text);
  for (const std::string_view ending : {"/atom", "per atom"}) {
    if (energy.ends_with(ending)) {
      energy.erase(energy.size() - ending.size());
      const std::size_t last = energy.find_last_not_of(' ');
      energy.erase(last == std::string::npos ? 0 : last + 1);
      break;
    }
  }
  if (energy.size() == text.size()) throw ParameterError("uncertainty", in_quotes(text), accepted);
  try {
    const base::Unit volt_energy = base::Unit::parse("eV");
    const base::Quantity quantity = base::parse_quantity(energy, volt_energy, "an energy");
    model.independent_eV_per_atom = quantity.in(volt_energy);
  } catch (const base::InputError& error) {
    throw ParameterError("uncertainty", in_quotes(text), accepted + " (" + reason(error) + ")");
  }
  if (!(model.independent_eV_per_atom >= 0.0)) throw ParameterError("uncertainty", in_quotes(text), accepted);
  return model;
}

}  // namespace closo::tasks
