#include "closo/tasks/stability_vacancy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/stability/vacancy.hpp"
#include "closo/tasks/library_access.hpp"
#include "closo/tasks/stability_contact.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using stability::VacancyEnergy;
using stability::VacancyRoute;

constexpr std::array options = with_energy_options(std::to_array<Option>({
    {"compound", OptionType::text, "", "", "", "a compound: a name of the library or a formula", true, true, true},
    {"ion", OptionType::text, "", "", "", "the cation taken out; else the compound's mobile ion"},
    {"uncertainty", OptionType::text, "", "", "", "own error of every energy, '24 meV/atom'"},
    {"draws", OptionType::integer, "", "200", "0, or at least 10", "Monte Carlo draws of all energies; 0: none"},
}));

/// Standard deviations over draws [eV per cation].
struct RouteSpread {
  double phase_equilibria = 0.0, extraction = 0.0, extraction_to_elements = 0.0;
};

struct CompoundResult {
  NamedFormula compound;
  VacancyEnergy vacancy;
  std::optional<RouteSpread> spread;
  bool is_estimate = false;
  std::string set;
};

double deviation(const std::vector<double>& values) {
  double mean = 0.0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double sum = 0.0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

RouteSpread spread_of(const stability::ChemicalSystem& system, const base::Formula& compound, std::string_view cation,
                      const stability::ErrorModel& errors, std::size_t draws, std::uint64_t seed) {
  const stability::EnergyDraws sequence(system, errors, seed);
  stability::ChemicalSystem drawn = system;
  std::vector<double> energies(system.size());
  std::vector<double> equilibria, extraction, elements;
  for (std::size_t k = 0; k < draws; ++k) {
    sequence.draw(k, energies);
    drawn.set_energies(energies);
    const VacancyEnergy vacancy = stability::vacancy_energy(drawn, compound, cation);
    equilibria.push_back(vacancy.phase_equilibria.energy_eV);
    extraction.push_back(vacancy.extraction.energy_eV);
    elements.push_back(vacancy.extraction_to_elements.energy_eV);
  }
  return {deviation(equilibria), deviation(extraction), deviation(elements)};
}

report::Value energy_value(double energy, const std::optional<double>& deviation, const CompoundResult& result,
                           std::string_view route) {
  report::Value value;
  value.value = std::round(energy * 1e3) / 1e3 + 0.0;  // −0 → 0
  if (deviation && *deviation > 0.0) value.uncertainty = *deviation;
  value.unit = "eV";
  value.kind = result.is_estimate ? "estimated" : "computed";
  value.source = std::string(route) + ", set '" + result.set + "'";
  return value;
}

report::Table energy_table(const std::vector<CompoundResult>& results) {
  report::Table table{
      "vacancies",
      "Energy to take one cation out",
      {{"compound", "compound"},
       {"cation", "cation"},
       {"phase_equilibria_eV", "equilibria (eV)"},
       {"extraction_eV", "extraction (eV)"},
       {"extraction_to_elements_eV", "to elements (eV)"},
       {"above_hull_eV_per_atom", "above hull (eV/atom)"}},
      {},
      "eV per cation, taken out as bulk metal; ranked by phase equilibria, lowest first. Extraction: all "
      "cations leave and the rest becomes its best phases, or (upper end) its elements."};
  for (const CompoundResult& result : results) {
    const VacancyEnergy& vacancy = result.vacancy;
    const auto spread = [&](double RouteSpread::*route) {
      return result.spread ? std::optional<double>((*result.spread).*route) : std::nullopt;
    };
    report::Value above{.value = std::round(vacancy.above_hull_eV_per_atom * 1e4) / 1e4, .unit = "eV/atom"};
    table.rows.push_back(
        {result.compound.name + (result.is_estimate ? " (estimate)" : ""),
         vacancy.cation + (vacancy.charge == 1 ? "+" : std::to_string(vacancy.charge) + "+"),
         energy_value(vacancy.phase_equilibria.energy_eV, spread(&RouteSpread::phase_equilibria), result,
                      "phase equilibria"),
         energy_value(vacancy.extraction.energy_eV, spread(&RouteSpread::extraction), result, "extraction"),
         energy_value(vacancy.extraction_to_elements.energy_eV, spread(&RouteSpread::extraction_to_elements), result,
                      "extraction to elements"),
         std::move(above)});
  }
  return table;
}

report::Table reaction_table(const std::vector<CompoundResult>& results) {
  report::Table table{
      "reactions", "Reactions", {{"compound", "compound"}, {"route", "route"}, {"reaction", "reaction"}}, {}, {}};
  for (const CompoundResult& result : results) {
    const auto add = [&](const char* route, const VacancyRoute& of) {
      table.rows.push_back(
          {result.compound.name, route, of.reaction.empty() ? std::string("none") : stability::to_text(of.reaction)});
    };
    add("phase equilibria", result.vacancy.phase_equilibria);
    add("extraction", result.vacancy.extraction);
    add("to elements", result.vacancy.extraction_to_elements);
  }
  return table;
}

report::Figure bars(const std::vector<CompoundResult>& results) {
  report::Figure figure;
  figure.id = "vacancies";
  figure.title = "Energy to take one cation out, by phase equilibria";
  figure.x.title = "compound";
  figure.y.title = "eV per cation";
  figure.y.low = 0.0;
  report::Layer layer;
  layer.mark = report::Mark::bars;
  for (const CompoundResult& result : results) {
    layer.category.push_back(result.compound.name);
    layer.y.push_back(result.vacancy.phase_equilibria.energy_eV);
    layer.hover.push_back(stability::to_text(result.vacancy.phase_equilibria.reaction));
  }
  figure.layers.push_back(std::move(layer));
  return figure;
}

report::Section method_section() {
  return {
      "method",
      "Method",
      {report::Paragraph{"A neutral vacancy from bulk energies; cations leave as bulk metal, the one reference of all "
                         "results. Phase equilibria: the first, infinitesimal removal (z e times the oxidation limit "
                         "of the equilibrium window). Extraction: all cations leave. Relaxation around a defect, its "
                         "charge states and entropy are not in these numbers. Routes: Cuan et al. 2018, "
                         "DOI 10.1002/adma.201803533, sec. 2.2.4."}},
      true};
}

StabilityVacancyRequest request_of(const Arguments& arguments) {
  StabilityVacancyRequest request;
  request.compounds = arguments.texts("compound");
  request.ion = std::string(arguments.text("ion"));
  request.energies = energy_request_of(arguments);
  request.uncertainty = std::string(arguments.text("uncertainty"));
  const long draws = *arguments.integer("draws");
  if (draws < 0) throw ParameterError("draws", std::to_string(draws), "0, or at least 10");
  request.draws = static_cast<std::size_t>(draws);
  return request;
}

report::Report run_stability_vacancy(const Arguments& arguments, const Context& context) {
  return stability_vacancy(request_of(arguments), context);
}

}  // namespace

report::Report stability_vacancy(const StabilityVacancyRequest& request, const Context& context) {
  if (request.compounds.empty()) throw ParameterError("compound", "missing", "a compound such as LiBH4");
  if (request.draws > 0 && request.draws < 10) {
    throw ParameterError("draws", std::to_string(request.draws), "0, or at least 10");
  }
  const stability::ErrorModel errors = error_model_of(request.uncertainty);
  const library::Library library = load_library(context);
  report::Report report;
  std::vector<CompoundResult> results;
  for (const std::string& name : request.compounds) {
    NamedFormula compound = named_formula(library, "compound", name);
    const std::string cation = mobile_ion_of(request.ion, compound);
    if (!(compound.formula.amount(cation) > 0.0)) {
      throw ParameterError("ion", "'" + cation + "'", "a cation of " + compound.name);
    }
    const std::array<base::Formula, 1> materials{compound.formula};
    const EnergyBasis basis = load_energies(request.energies, context, elements_with(materials, cation));
    const stability::Entry& entry = basis.set.at(compound.formula);
    const stability::ChemicalSystem system(basis.set, elements_with(materials, cation), request.energies.system);
    CompoundResult result{std::move(compound), {}, {}, entry.is_estimate, basis.set.label()};
    result.vacancy = stability::vacancy_energy(system, result.compound.formula, cation);
    if (request.draws > 0) {
      result.spread = spread_of(system, result.compound.formula, cation, errors, request.draws, context.seed);
    }
    if (results.empty()) describe_energies(report, basis, request.energies);
    results.push_back(std::move(result));
  }
  std::ranges::stable_sort(results, {},
                           [](const CompoundResult& result) { return result.vacancy.phase_equilibria.energy_eV; });
  report.title = results.size() == 1 ? "Cation vacancy of " + results.front().compound.name : "Cation vacancies";
  report.subtitle = results.front().set;
  report.sections.push_back({"energies", "", {energy_table(results)}, false});
  report.sections.push_back({"reactions", "", {reaction_table(results), bars(results)}, false});
  report.sections.push_back(method_section());
  if (request.draws > 0) {
    report.provenance.emplace_back("draws", std::to_string(request.draws) + ", seed " + std::to_string(context.seed));
  }
  return report;
}

constinit const Task stability_vacancy_task{
    .name = "stability vacancy",
    .summary = "Energy to take a cation out of compounds, by phase equilibria and by extraction",
    .options = options,
    .run = run_stability_vacancy,
    .stem = "stability_vacancy",
};

}  // namespace closo::tasks
