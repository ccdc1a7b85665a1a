#include "closo/tasks/detail/window_sections.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks::detail {
namespace {

using stability::Window;
using stability::WindowLimit;

report::Value number(double value, std::string unit, int significant = 4) {
  report::Value result;
  result.value = value;
  result.unit = std::move(unit);
  result.kind = "computed";
  result.significant = significant;
  return result;
}

std::string volts(double value) {
  std::string text = base::format_number(std::round(value * 1000.0) / 1000.0, 4);
  return text + " V";
}

/// A potential in the table; an open limit is the end of the range, as a bound.
report::Cell limit_cell(const WindowLimit& limit, bool is_reduction, const std::string& source) {
  report::Value value = number(std::round(limit.potential_V * 1e6) / 1e6, "V");
  value.source = source;
  if (limit.is_open) value.qualifier = is_reduction ? "<=" : ">=";
  return value;
}

/// In a column of its own: in brackets it would round the potential to its own digits.
report::Cell uncertainty_cell(const std::optional<double>& uncertainty) {
  if (!uncertainty) return std::string("–");
  return number(*uncertainty, "V", 2);
}

std::string source_of(const WindowVersion& version) {
  return version.system ? version.system->label() : version.problem;
}

/// "2 Li + H2" of a limit without its potential, or what an open limit means.
std::string limit_text(const WindowLimit& limit, bool is_reduction, const std::string& mobile) {
  if (!limit.is_open) return stability::to_text(limit.reaction);
  return is_reduction ? "stable against " + mobile + " metal" : "no oxidation up to " + volts(limit.potential_V);
}

/// Products at the limits whose energies are estimates.
std::string estimates_text(const WindowVersion& version) {
  std::vector<std::string> names;
  for (const WindowLimit* limit : {&version.window->reduction, &version.window->oxidation}) {
    for (const stability::PhaseAmount& product : limit->products) {
      if (version.system->entry(product.phase).is_estimate) names.push_back(phase_name(*version.system, product.phase));
    }
  }
  for (const stability::PhaseAmount& part : version.window->equilibrium) {
    if (version.system->entry(part.phase).is_estimate) names.push_back(phase_name(*version.system, part.phase));
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string remark_of(const WindowStudy& study, const WindowVersion& version) {
  if (!version.window) return version.problem;
  std::string remark = version.remark;
  const auto add = [&remark](const std::string& words) { remark += (remark.empty() ? "" : "; ") + words; };
  if (!version.window->exists) add("decomposes at every potential");
  if (version.remark.empty() && !version.window->compound_is_in_set)
    add("not in the set: the window of " + products_text(*version.system, version.window->equilibrium));
  if (version.window->compound_is_in_set && version.window->above_hull_eV_per_atom > 1e-3 && version.remark.empty())
    add("above the hull: the window of " + products_text(*version.system, version.window->equilibrium));
  const std::string estimates = estimates_text(version);
  if (!estimates.empty()) add("estimated energy: " + estimates);
  if (version.kind.starts_with("Gibbs") && version.kind.find("tabulated") == std::string::npos &&
      !study.not_in_gibbs_set.empty()) {
    std::string names;
    for (const std::string& name : study.not_in_gibbs_set) names += (names.empty() ? "" : ", ") + name;
    add("no Gibbs energy of " + names);
  }
  return remark;
}

report::Table windows_table(std::span<const WindowStudy> studies) {
  report::Table table{"windows", "Limits", {}, {}, {}};
  const bool several = studies.size() > 1;
  if (several) table.columns = {{"compound", "compound"}, {"mobile", "ion"}};
  for (const report::TableColumn& column :
       {report::TableColumn{"window", "window"}, report::TableColumn{"reduction_V", "reduction (V)"},
        report::TableColumn{"reduction_uncertainty_V", "± (V)"}, report::TableColumn{"oxidation_V", "oxidation (V)"},
        report::TableColumn{"oxidation_uncertainty_V", "± (V)"},
        report::TableColumn{"above_hull_meV_per_atom", "E hull (meV/atom)"}}) {
    table.columns.push_back(column);
  }
  for (const WindowStudy& study : studies) {
    for (const WindowVersion& version : study.versions) {
      std::vector<report::Cell> row;
      if (several) row = {study.compound.name, study.mobile};
      row.emplace_back(version.kind);
      if (version.window && version.window->exists) {
        row.push_back(limit_cell(version.window->reduction, true, source_of(version)));
        row.push_back(uncertainty_cell(version.reduction_uncertainty_V));
        row.push_back(limit_cell(version.window->oxidation, false, source_of(version)));
        row.push_back(uncertainty_cell(version.oxidation_uncertainty_V));
      } else {
        row.insert(row.end(), 4, report::Cell(std::string("–")));
      }
      if (version.window && version.window->compound_is_in_set) {
        row.emplace_back(number(std::round(version.window->above_hull_eV_per_atom * 1e6) / 1e3, "meV/atom"));
      } else {
        row.emplace_back(std::string("–"));
      }
      table.rows.push_back(std::move(row));
    }
  }
  table.caption =
      "±: standard uncertainty to first order; ≤ and ≥ mark the ends of the range, not limits. E hull: energy above "
      "the "
      "hull.";
  return table;
}

/// Beside the numbers the remarks would stand in a column too narrow to read.
report::Table remarks_table(std::span<const WindowStudy> studies) {
  report::Table table{"remarks", "Remarks", {}, {}, {}};
  const bool several = studies.size() > 1;
  if (several) table.columns.push_back({"compound", "compound"});
  table.columns.push_back({"window", "window"});
  table.columns.push_back({"remark", "remark"});
  for (const WindowStudy& study : studies) {
    for (const WindowVersion& version : study.versions) {
      std::string remark = remark_of(study, version);
      if (remark.empty()) continue;
      std::vector<report::Cell> row;
      if (several) row.emplace_back(study.compound.name);
      row.emplace_back(version.kind);
      row.emplace_back(std::move(remark));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

report::Table limits_table(std::span<const WindowStudy> studies) {
  report::Table table{"limits", "What happens at the limits", {}, {}, {}};
  const bool several = studies.size() > 1;
  if (several) table.columns.push_back({"compound", "compound"});
  table.columns.push_back({"window", "window"});
  table.columns.push_back({"limit", "limit"});
  table.columns.push_back({"reaction", "reaction"});
  for (const WindowStudy& study : studies) {
    for (const WindowVersion& version : study.versions) {
      if (!version.window || !version.window->exists) continue;
      for (const bool is_reduction : {true, false}) {
        const WindowLimit& limit = is_reduction ? version.window->reduction : version.window->oxidation;
        std::vector<report::Cell> row;
        if (several) row.emplace_back(study.compound.name);
        row.emplace_back(version.kind);
        row.emplace_back(std::string(is_reduction ? "reduction" : "oxidation"));
        row.emplace_back(limit_text(limit, is_reduction, study.mobile));
        table.rows.push_back(std::move(row));
      }
    }
  }
  return table;
}

WindowBar bar_of(const WindowStudy& study, const WindowVersion& version) {
  const Window& window = *version.window;
  WindowBar bar;
  bar.material = study.compound.name;
  bar.kind = version.kind;
  bar.low_V = window.reduction.potential_V;
  bar.high_V = window.oxidation.potential_V;
  bar.low_is_open = window.reduction.is_open;
  bar.high_is_open = window.oxidation.is_open;
  if (!bar.low_is_open) bar.low_products = products_text(*version.system, window.reduction.products, study.mobile);
  if (!bar.high_is_open) bar.high_products = products_text(*version.system, window.oxidation.products, study.mobile);
  bar.low_uncertainty_V = version.reduction_uncertainty_V;
  bar.high_uncertainty_V = version.oxidation_uncertainty_V;
  return bar;
}

/// A measured window as a bar; a single limit leaves the other side open.
std::optional<WindowBar> reported_bar(const WindowStudy& study, const library::Fact& fact, double highest_V) {
  if (fact.kind != library::Kind::measured || !fact.value_si) return std::nullopt;
  const std::string_view kind = fact.condition("window_kind");
  WindowBar bar;
  bar.material = study.compound.name;
  bar.kind = "measured";
  const std::string words = fact.subject + ", " + fact.method;
  if (kind == "stability window" && fact.value_hi_si) {
    bar.low_V = *fact.value_si;
    bar.high_V = *fact.value_hi_si;
    bar.high_products = words;
  } else if (kind == "oxidation limit") {
    bar.high_V = *fact.value_si;
    bar.high_products = words;
    bar.low_is_open = true;
  } else if (kind == "reduction limit") {
    bar.low_V = *fact.value_si;
    bar.low_products = words;
    bar.high_V = highest_V;
    bar.high_is_open = true;
  } else {
    return std::nullopt;
  }
  return bar;
}

report::Figure figure_of(std::span<const WindowStudy> studies, const std::string& mobile) {
  std::vector<WindowBar> bars;
  double highest = 0.0;
  std::string title;
  for (const WindowStudy& study : studies) {
    if (study.mobile != mobile) continue;
    title += (title.empty() ? "" : ", ") + study.compound.name;
    for (const WindowVersion& version : study.versions) {
      if (!version.window || !version.window->exists) continue;
      bars.push_back(bar_of(study, version));
      highest = std::max(highest, bars.back().high_V);
    }
    for (const library::Fact* fact : study.reported) {
      if (std::optional<WindowBar> bar = reported_bar(study, *fact, highest)) bars.push_back(std::move(*bar));
    }
  }
  return window_figure(title, bars, mobile);
}

report::Value probability(double share) {
  report::Value value = number(std::round(share * 1000.0) / 10.0, "%", 3);
  return value;
}

report::Table distribution_table(const WindowStudy& study, const std::string& suffix) {
  const stability::WindowDistribution& distribution = *study.distribution;
  const WindowVersion& version = study.versions.front();
  report::Table table{"distribution" + suffix,
                      "Limits over " + std::to_string(distribution.draws) + " draws",
                      {{"limit", "limit"},
                       {"value_V", "value (V)"},
                       {"median_V", "median (V)"},
                       {"low_V", "16 % (V)"},
                       {"high_V", "84 % (V)"},
                       {"deviation_V", "± drawn (V)"},
                       {"first_order_V", "± first order (V)"}},
                      {},
                      {}};
  const auto add = [&](const char* name, const WindowLimit& limit, const stability::Quantiles& quantiles,
                       const std::optional<double>& first_order) {
    std::vector<report::Cell> row{
        std::string(name),          number(limit.potential_V, "V"), number(quantiles.median, "V"),
        number(quantiles.low, "V"), number(quantiles.high, "V"),    number(quantiles.standard_deviation, "V", 2)};
    if (first_order) {
      row.emplace_back(number(*first_order, "V", 2));
    } else {
      row.emplace_back(std::string("–"));
    }
    table.rows.push_back(std::move(row));
  };
  add("reduction", version.window->reduction, distribution.reduction_V, version.reduction_uncertainty_V);
  add("oxidation", version.window->oxidation, distribution.oxidation_V, version.oxidation_uncertainty_V);
  table.caption = study.compound.name + " is on the hull in " +
                  base::format_number(
                      100.0 * static_cast<double>(distribution.on_hull) / static_cast<double>(distribution.draws), 3) +
                  " % of the draws; stable against the metal in " +
                  base::format_number(100.0 * distribution.reduction_is_open, 3) + " %.";
  return table;
}

report::Table product_table(const WindowStudy& study, const std::string& suffix) {
  constexpr double least = 0.01;
  report::Table table{"products" + suffix,
                      "How likely a phase takes part",
                      {{"limit", "limit"}, {"phase", "phase"}, {"probability_percent", "probability (%)"}},
                      {},
                      {}};
  const auto add = [&](const char* name, const std::vector<stability::ProductProbability>& products) {
    for (const stability::ProductProbability& product : products) {
      if (product.probability < least || product.name == study.mobile) continue;
      table.rows.push_back({std::string(name), product.name, probability(product.probability)});
    }
  };
  add("reduction", study.distribution->reduction_products);
  add("oxidation", study.distribution->oxidation_products);
  return table;
}

report::Table sensitivity_table(const WindowStudy& study, const std::string& suffix) {
  const WindowVersion& version = study.versions.front();
  report::Table table{"sensitivities" + suffix,
                      "What the limits hang on (mV per meV/atom of the phase's energy)",
                      {{"phase", "phase"},
                       {"reduction_mV_per_meV_per_atom", "reduction"},
                       {"oxidation_mV_per_meV_per_atom", "oxidation"}},
                      {},
                      {}};
  std::map<std::size_t, std::array<std::optional<double>, 2>> by_phase;
  for (const WindowLimit::Sensitivity& each : version.window->reduction.sensitivities)
    by_phase[each.phase][0] = each.per_eV * version.system->atoms(each.phase);
  for (const WindowLimit::Sensitivity& each : version.window->oxidation.sensitivities)
    by_phase[each.phase][1] = each.per_eV * version.system->atoms(each.phase);
  for (const auto& [phase, sides] : by_phase) {
    if (version.system->entry(phase).is_reference) continue;
    std::vector<report::Cell> row{phase_name(*version.system, phase)};
    for (const std::optional<double>& side : sides) {
      if (side) {
        row.emplace_back(number(*side, "", 3));
      } else {
        row.emplace_back(std::string("–"));
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

bool has_equilibrium(const WindowStudy& study) { return study.profile.has_value(); }

}  // namespace

std::string couple_text(const std::string& mobile) {
  constexpr std::array<const char*, 3> signs{"⁺", "²⁺", "³⁺"};
  return mobile + "/" + mobile + signs.at(static_cast<std::size_t>(stability::ion_charge(mobile)) - 1);
}

report::Section windows_section(std::span<const WindowStudy> studies) {
  report::Section section{"windows", "Windows", {}, false};
  section.blocks.emplace_back(windows_table(studies));
  if (report::Table remarks = remarks_table(studies); !remarks.rows.empty())
    section.blocks.emplace_back(std::move(remarks));
  section.blocks.emplace_back(limits_table(studies));
  // One figure an ion: potentials against different metals do not share an axis.
  std::vector<std::string> drawn;
  for (const WindowStudy& study : studies) {
    if (std::ranges::find(drawn, study.mobile) != drawn.end()) continue;
    report::Figure figure = figure_of(studies, study.mobile);
    if (!drawn.empty()) figure.id += "_" + study.mobile;
    drawn.push_back(study.mobile);
    section.blocks.emplace_back(std::move(figure));
  }
  return section;
}

report::Section uncertainty_section(const WindowStudy& study, const std::string& suffix) {
  report::Section section{"uncertainty" + suffix, "Uncertainty", {}, false};
  if (!has_equilibrium(study)) return section;
  if (study.distribution) {
    section.blocks.emplace_back(distribution_table(study, suffix));
    section.blocks.emplace_back(product_table(study, suffix));
    report::Figure figure = limit_distribution_figure(*study.distribution, study.mobile);
    figure.id += suffix;
    section.blocks.emplace_back(std::move(figure));
  }
  report::Table sensitivities = sensitivity_table(study, suffix);
  if (!sensitivities.rows.empty()) section.blocks.emplace_back(std::move(sensitivities));
  return section;
}

report::Section plateau_section(const WindowStudy& study, const std::string& suffix) {
  report::Section section{"plateaus" + suffix, "What it becomes", {}, false};
  if (!has_equilibrium(study)) return section;
  const WindowVersion& version = study.versions.front();
  report::Table table{"plateaus" + suffix,
                      "Plateaus",
                      {{"low_V", "from (V)"},
                       {"high_V", "to (V)"},
                       {"uptake_per_formula", study.mobile + " taken up"},
                       {"phases", "phases in equilibrium"}},
                      {},
                      {}};
  for (const stability::ProfileStep& step : study.profile->steps) {
    std::string phases = products_text(*version.system, step.products, study.mobile);
    if (step.is_degenerate) phases += " (another assemblage has the same energy)";
    const double uptake = std::abs(step.uptake) < 1e-9 ? 0.0 : step.uptake;
    table.rows.push_back({number(step.low_V, "V"), number(step.high_V, "V"), number(uptake, ""), phases});
  }
  table.caption = study.mobile + " taken up per formula unit of " + study.compound.name + "; negative: given off.";
  section.blocks.emplace_back(std::move(table));
  report::Figure figure = plateau_figure(*version.system, *study.profile, study.compound.name);
  figure.id += suffix;
  section.blocks.emplace_back(std::move(figure));
  return section;
}

report::Section protection_section(const WindowStudy& study, const library::Library& library,
                                   const std::string& suffix) {
  report::Section section{"protection" + suffix, "Layers that could protect", {}, false};
  if (!study.protection) return section;
  const stability::ChemicalSystem& system = *study.versions.front().system;
  report::Table table{"layers" + suffix,
                      "Products beyond the limits",
                      {{"side", "side"},
                       {"phase", "product"},
                       {"atoms_percent", "atoms (%)"},
                       {"reduction_V", "reduction (V)"},
                       {"oxidation_V", "oxidation (V)"},
                       {"conductivity", "best σ in the library"},
                       {"finding", "finding"}},
                      {},
                      {}};
  std::size_t product = 0;
  const auto add = [&](const char* side, const std::vector<stability::LayerProduct>& layers) {
    for (const stability::LayerProduct& layer : layers) {
      std::string finding = layer.can_protect         ? "can protect: wider window, holds " + study.mobile
                            : layer.is_element        ? "an element"
                            : !layer.holds_mobile_ion ? "holds no " + study.mobile
                                                      : "no wider window on this side";
      std::vector<report::Cell> row{std::string(side), phase_name(system, layer.phase),
                                    number(100.0 * layer.atom_fraction, "%", 3)};
      if (layer.window) {
        row.push_back(limit_cell(layer.window->reduction, true, system.label()));
        row.push_back(limit_cell(layer.window->oxidation, false, system.label()));
      } else {
        row.insert(row.end(), 2, report::Cell(std::string("–")));
      }
      const library::Fact* conductivity = study.layer_conductivity.at(product++);
      row.emplace_back(conductivity == nullptr
                           ? (layer.holds_mobile_ion ? "unknown" : "–")
                           : report::to_text(fact_value(library, *conductivity)) + " at " +
                                 temperature_text(*conductivity) + (conductivity->is_doubtful() ? ", doubtful" : ""));
      row.emplace_back(std::move(finding));
      table.rows.push_back(std::move(row));
    }
  };
  add("oxidation", study.protection->oxidation_layer);
  add("reduction", study.protection->reduction_layer);
  if (table.rows.empty()) return section;
  section.blocks.emplace_back(std::move(table));
  std::string words;
  if (study.protection->protected_oxidation_V)
    words += "With the layer of oxidation products the limit moves to " +
             volts(*study.protection->protected_oxidation_V) + ". ";
  if (study.protection->protected_reduction_V)
    words += "With the layer of reduction products the limit moves to " +
             volts(*study.protection->protected_reduction_V) + ". ";
  if (!words.empty()) {
    words +=
        "That needs a dense layer that conducts the ion and no electrons: the library knows the ion conduction of some "
        "products, equilibria tell of neither.";
    section.blocks.emplace_back(report::Paragraph{words});
  }
  return section;
}

report::Section reported_section(const WindowStudy& study, const library::Library& library, const std::string& suffix) {
  report::Section section{"reported" + suffix, "Windows in the library", {}, false};
  if (study.reported.empty()) return section;
  report::Table table{"reported" + suffix,
                      "As stated",
                      {{"id", "id"},
                       {"sample", "sample"},
                       {"kind", "what"},
                       {"value", "value"},
                       {"temperature", "T"},
                       {"method", "method"},
                       {"remarks", "remarks"},
                       {"source", "source"}},
                      {},
                      {}};
  bool any_voltammetry = false;
  for (const library::Fact* fact : study.reported) {
    const bool is_measured = fact->kind == library::Kind::measured;
    std::string remarks = is_measured ? std::string() : std::string(library::to_string(fact->kind));
    if (fact->is_doubtful()) remarks += (remarks.empty() ? "" : ", ") + doubt_flags_text(*fact);
    report::Cell value = fact_value_or_text(library, *fact);
    if (auto* stated = std::get_if<report::Value>(&value)) stated->note.clear();  // doubts stand in the remarks
    table.rows.push_back({fact->id, fact->subject, std::string(fact->condition("window_kind")), std::move(value),
                          temperature_text(*fact), fact->method, remarks, short_citation(library, *fact)});
    any_voltammetry = any_voltammetry || fact->method.starts_with("CV");
  }
  section.blocks.emplace_back(std::move(table));
  std::string why;
  if (any_voltammetry) {
    why =
        "Voltammetry on a flat inert electrode gives too wide a window: little area, slow and passivating reactions, "
        "and an onset that is read off; carbon in the electrolyte narrows it (review 2018, sec. 4.2). ";
  }
  why +=
      "Computed windows are equilibria without kinetics. The static set has no vibrations and no entropy of the "
      "gases; where its limit agrees with an experiment, errors may cancel.";
  section.blocks.emplace_back(report::Paragraph{why});
  return section;
}

report::Section tex_section(std::span<const WindowStudy> studies) {
  report::Table table{
      "reactions_tex",
      "Reactions",
      {{"compound", "compound"}, {"window", "window"}, {"limit", "limit"}, {"potential_V", "V"}, {"tex", "TeX"}},
      {},
      {}};
  for (const WindowStudy& study : studies) {
    for (const WindowVersion& version : study.versions) {
      if (!version.window || !version.window->exists) continue;
      for (const bool is_reduction : {true, false}) {
        const WindowLimit& limit = is_reduction ? version.window->reduction : version.window->oxidation;
        if (limit.is_open) continue;
        table.rows.push_back({study.compound.name, version.kind, std::string(is_reduction ? "reduction" : "oxidation"),
                              number(limit.potential_V, "V"), stability::to_tex(limit.reaction)});
      }
    }
  }
  return {"tex", "Reactions in TeX", {table}, true};
}

}  // namespace closo::tasks::detail
