#include "closo/tasks/stability_diagram.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <utility>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/stability/hull.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr double on_hull = 1e-7;  // eV/atom
constexpr std::string_view accepted = "two to four elements such as Li-B-H";

constexpr auto options = with_energy_options(std::to_array<Option>({
    {"elements", OptionType::text, "", "", "2 to 4", "elements such as Li-B-H", true, true, true},
    {"above", OptionType::text, "", "", "an energy per atom",
     "unstable phases up to this energy above the hull, such as '100 meV/atom'; else all"},
}));

StabilityDiagramRequest request_of(const Arguments& arguments) {
  StabilityDiagramRequest request;
  request.elements = elements_of_text(arguments.texts("elements"));
  if (arguments.has("above")) {
    const std::string text(arguments.text("above"));
    try {
      request.highest_eV_per_atom = error_model_of(text).independent_eV_per_atom;
    } catch (const ParameterError&) {
      throw ParameterError("above", "'" + text + "'", "an energy per atom such as '100 meV/atom'");
    }
  }
  request.energy = energy_request_of(arguments);
  return request;
}

report::Value number(double value, std::string unit, int significant = 4) {
  report::Value result;
  result.value = value;
  result.unit = std::move(unit);
  result.kind = "computed";
  result.significant = significant;
  return result;
}

report::Value energy_value(const stability::ChemicalSystem& system, std::size_t phase) {
  report::Value value = number(system.energy_eV_per_atom(phase), "eV/atom");
  value.source = system.entry(phase).source;
  if (system.entry(phase).is_estimate) value.kind = "estimated";
  return value;
}

std::string joined(const std::vector<std::string>& elements) {
  std::string text;
  for (const std::string& symbol : elements) text += (text.empty() ? "" : "-") + symbol;
  return text;
}

report::Table stable_table(const stability::ChemicalSystem& system, const stability::PhaseDiagram& diagram) {
  report::Table table{"stable",
                      "Stable phases",
                      {{"phase", "phase"},
                       {"formation_eV_per_atom", "formation (eV/atom)"},
                       {"decomposition_meV_per_atom", "below the next assemblage (meV/atom)"},
                       {"neighbours", "in equilibrium with"}},
                      {},
                      {}};
  std::vector<std::size_t> order = diagram.stable;
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const std::size_t size_a = system.entry(a).formula.terms().size();
    const std::size_t size_b = system.entry(b).formula.terms().size();
    if (size_a != size_b) return size_a > size_b;
    return phase_name(system, a) < phase_name(system, b);
  });
  for (const std::size_t phase : order) {
    const bool is_element = system.entry(phase).formula.terms().size() == 1;
    std::vector<std::string> names;
    for (const std::array<std::size_t, 2>& tie : diagram.ties) {
      if (tie[0] == phase) names.push_back(phase_name(system, tie[1]));
      if (tie[1] == phase) names.push_back(phase_name(system, tie[0]));
    }
    std::ranges::sort(names);
    std::string neighbours;
    for (const std::string& name : names) neighbours += (neighbours.empty() ? "" : ", ") + name;
    std::vector<report::Cell> row{phase_name(system, phase), energy_value(system, phase)};
    if (is_element) {
      row.emplace_back(std::string("element"));
    } else {
      row.emplace_back(number(-1e3 * stability::hull_energy(system, phase).decomposition_eV_per_atom, "meV/atom"));
    }
    row.emplace_back(neighbours);
    table.rows.push_back(std::move(row));
  }
  return table;
}

report::Table unstable_table(const stability::ChemicalSystem& system, const std::vector<double>& above,
                             const std::optional<double>& highest) {
  report::Table table{"unstable",
                      "Phases above the hull",
                      {{"phase", "phase"},
                       {"formation_eV_per_atom", "formation (eV/atom)"},
                       {"above_hull_meV_per_atom", "above hull (meV/atom)"},
                       {"decomposition", "decomposes into"}},
                      {},
                      {}};
  std::vector<std::size_t> order(system.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t phase) {
    return above[phase] < on_hull || (highest && above[phase] > *highest) ||
           system.entry(phase).formula.terms().size() == 1;
  });
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return above[a] < above[b]; });
  for (const std::size_t phase : order) {
    const stability::Decomposition products = stability::decompose(system, system.entry(phase).formula);
    const stability::Entry& entry = system.entry(phase);
    const std::string name = phase_name(system, phase) + (entry.phase.empty() ? "" : " (" + entry.phase + ")");
    table.rows.push_back({name, energy_value(system, phase), number(1e3 * above[phase], "meV/atom"),
                          products_text(system, products.products)});
  }
  return table;
}

report::Report run_stability_diagram(const Arguments& arguments, const Context& context) {
  return stability_diagram(request_of(arguments), context);
}

}  // namespace

std::vector<std::string> elements_of_text(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : " ") + text;
    std::string word;
    for (const char c : text + " ") {
      if (std::isalpha(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0 ||
          c == '(' || c == ')') {
        word += c;
      } else if (c == '-' || c == ',' || c == ' ' || c == ';' || c == '/') {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
      } else {
        throw ParameterError("elements", "'" + all + "'", std::string(accepted));
      }
    }
  }
  std::vector<std::string> elements;
  const auto add = [&](std::string symbol, bool may_repeat) {
    if (std::ranges::find(elements, symbol) == elements.end()) {
      elements.push_back(std::move(symbol));
    } else if (!may_repeat) {
      throw ParameterError("elements", "'" + all + "'", "each element once");
    }
  };
  for (const std::string& word : words) {
    if (base::find_element(word) != nullptr) {
      add(word, false);
      continue;
    }
    std::optional<base::Formula> formula;
    try {
      formula = base::Formula::parse(word);
    } catch (const base::InputError&) {
      std::vector<std::string> symbols;
      for (const base::Element& element : base::elements()) symbols.emplace_back(element.symbol);
      const std::string near = base::did_you_mean(word, symbols);
      throw ParameterError(
          "elements", "'" + all + "'",
          std::string(accepted) + " ('" + word + "' is no element" + (near.empty() ? "" : "; " + near) + ")");
    }
    for (const base::ElementAmount& term : formula->terms()) add(std::string(term.element->symbol), true);
  }
  if (elements.size() < 2 || elements.size() > 4) {
    throw ParameterError("elements", "'" + all + "' (" + std::to_string(elements.size()) + ")", std::string(accepted));
  }
  return elements;
}

report::Report stability_diagram(const StabilityDiagramRequest& request, const Context& context) {
  const std::vector<std::string> elements = elements_of_text(request.elements);
  const EnergyBasis basis = load_energies(request.energy, context, elements);
  const stability::ChemicalSystem system(basis.set, elements, request.energy.system);
  const stability::PhaseDiagram diagram = stability::phase_diagram(system);
  const std::vector<double> above = stability::energies_above_hull(system);

  report::Report report;
  report.task = "stability diagram";
  report.title = joined(elements) + ": phase diagram";
  report.subtitle = system.label();
  report::Section section{"diagram", "Phases", {stable_table(system, diagram)}, false};
  report::Table unstable = unstable_table(system, above, request.highest_eV_per_atom);
  if (unstable.rows.empty()) {
    section.blocks.emplace_back(report::Paragraph{request.highest_eV_per_atom
                                                      ? "No other phase within this energy above the hull."
                                                      : "No phase above the hull."});
  } else {
    section.blocks.emplace_back(std::move(unstable));
  }
  section.blocks.emplace_back(phase_diagram_figure(system, diagram, above));
  report.sections.push_back(std::move(section));
  report.sections.push_back(
      {"method",
       "Method",
       {report::Paragraph{
           "Lower convex hull of the formation energies over composition; tie lines join phases that are "
           "in equilibrium (Ong et al. 2008, DOI 10.1021/cm702327g)."}},
       true});
  describe_energies(report, basis, request.energy);
  return report;
}

constinit const Task stability_diagram_task{
    .name = "stability diagram",
    .summary = "Phase diagram of two to four elements: stable and unstable phases, tie lines, figure",
    .options = options,
    .run = run_stability_diagram,
    .stem = "stability_diagram",
};

}  // namespace closo::tasks
