#include "closo/tasks/detail/compatibility_block.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"
#include "closo/base/number.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks::detail {
namespace {

using stability::InterfaceEnergies;
using stability::PairResult;
using stability::Partner;

std::string_view role_name(Partner::Role role) {
  switch (role) {
    case Partner::Role::cathode:
      return "cathode";
    case Partner::Role::anode:
      return "anode";
    case Partner::Role::coating:
      return "coating";
    case Partner::Role::carbon:
      return "carbon";
  }
  throw base::InternalError("unknown role");
}

std::optional<double> closed_energy(const std::optional<InterfaceEnergies>& energies) {
  if (!energies) return std::nullopt;
  return judged_energy(*energies, false);
}

std::optional<double> open_energy(const PairResult& pair) {
  if (!pair.open_discharged) return std::nullopt;
  return judged_energy(*pair.open_discharged, true);
}

std::string class_of(const PairResult& pair) {
  if (pair.electrolyte_is_assumed_on_hull) return "not in the set";
  const std::optional<double> worst = worst_energy(pair);
  return worst ? std::string(stability::to_string(stability::reactivity(*worst))) : "not computed";
}

/// Why something is missing or only a guide.
std::string remark_of(const CompatibilityBlock& block, std::size_t row, std::size_t column) {
  const PairResult& pair = block.pairs[row * block.partners.size() + column];
  const MatrixMember& electrolyte = block.electrolytes[row];
  const MatrixMember& partner = block.partners[column];
  std::string remark = pair.problem;
  const auto add = [&](const std::string& text) { remark += (remark.empty() ? "" : "; ") + text; };
  if (pair.electrolyte_is_assumed_on_hull) add(electrolyte.material.name + " counts as its equilibrium phases");
  if (electrolyte.is_estimate) add("the energy of " + electrolyte.material.name + " is an estimate");
  if (pair.partner_is_assumed_on_hull) {
    add(partner.material.name + " is not in the set and counts as its equilibrium phases");
  }
  if (partner.is_estimate) add("the energy of " + partner.material.name + " is an estimate");
  if (partner.states) {
    for (const std::string& note : partner.states->notes) add(note);
  }
  return remark;
}

report::Value number(std::optional<double> value, std::string_view unit) {
  report::Value result;
  if (value) result.value = std::round(*value * 1e4) / 1e4 + 0.0;  // −0 → 0
  result.unit = std::string(unit);
  result.kind = "computed";
  return result;
}

report::Cell energy_cell(std::optional<double> energy) {
  if (!energy) return std::string();
  return number(energy, "eV");
}

std::vector<report::Cell> full_row(const CompatibilityBlock& block, std::size_t row, std::size_t column) {
  const PairResult& pair = block.pairs[row * block.partners.size() + column];
  const MatrixMember& electrolyte = block.electrolytes[row];
  const MatrixMember& partner = block.partners[column];
  const auto part = [](const std::optional<InterfaceEnergies>& energies, double InterfaceEnergies::*member) {
    return energy_cell(energies ? std::optional<double>((*energies).*member) : std::nullopt);
  };
  std::vector<report::Cell> cells{block.ion, electrolyte.material.name, partner.material.name,
                                  std::string(role_name(partner.role))};
  cells.emplace_back(partner.states ? partner.states->discharged.text() : partner.material.formula.text());
  cells.emplace_back(partner.states && partner.states->charged ? partner.states->charged->text() : std::string());
  if (pair.potential_V) {
    report::Value potential = number(pair.potential_V, "V");
    if (partner.states) potential.source = partner.states->potential_source;
    cells.emplace_back(std::move(potential));
  } else {
    cells.emplace_back(std::string());
  }
  cells.push_back(part(pair.closed_discharged, &InterfaceEnergies::mixing_eV));
  cells.push_back(part(pair.closed_discharged, &InterfaceEnergies::mutual_eV));
  cells.push_back(part(pair.closed_charged, &InterfaceEnergies::mixing_eV));
  cells.push_back(part(pair.closed_charged, &InterfaceEnergies::mutual_eV));
  cells.push_back(part(pair.open_discharged, &InterfaceEnergies::no_mixing_A_eV));
  cells.push_back(part(pair.open_discharged, &InterfaceEnergies::mixing_eV));
  cells.push_back(part(pair.open_discharged, &InterfaceEnergies::mutual_eV));
  cells.emplace_back(class_of(pair));
  cells.emplace_back(remark_of(block, row, column));
  return cells;
}

/// The partner in the state of a map; by its own name where that is its state.
std::string state_name(const MatrixMember& partner, std::string_view id) {
  if (!partner.states || id == "open") return partner.material.name;
  const base::Formula& state =
      id == "charged" && partner.states->charged ? *partner.states->charged : partner.states->discharged;
  return state.reduced() == partner.material.formula.reduced() ? partner.material.name : state.text();
}

/// The map of one energy, without the rows and columns that have no value at all.
HeatMap heat_map(const CompatibilityBlock& block, std::size_t number, const std::string& id, const std::string& what,
                 std::optional<double> (*energy)(const PairResult&)) {
  HeatMap map;
  map.id = id + "_" + std::to_string(number);
  map.title = what + ", " + block.ion;
  map.caption = "eV per atom counted; 0: no reaction.";
  map.value_title = "eV/atom";
  const auto value_of = [&](std::size_t row, std::size_t column) {
    const PairResult& pair = block.pairs[row * block.partners.size() + column];
    return pair.electrolyte_is_assumed_on_hull ? std::nullopt : energy(pair);
  };
  std::vector<std::size_t> rows, columns;
  std::string absent;
  for (std::size_t row = 0; row < block.electrolytes.size(); ++row) {
    bool has_value = false;
    for (std::size_t column = 0; column < block.partners.size(); ++column) {
      has_value = has_value || value_of(row, column).has_value();
    }
    const std::string& name = block.electrolytes[row].material.name;
    if (has_value) {
      rows.push_back(row);
      map.rows.push_back(name);
    } else {
      absent += (absent.empty() ? "" : ", ") + name;
    }
  }
  for (std::size_t column = 0; column < block.partners.size(); ++column) {
    if (std::ranges::none_of(rows, [&](std::size_t row) { return value_of(row, column).has_value(); })) continue;
    columns.push_back(column);
    map.columns.push_back(state_name(block.partners[column], id));
  }
  if (!absent.empty()) map.caption += " Without values: " + absent + ".";
  for (const std::size_t row : rows) {
    for (const std::size_t column : columns) {
      const std::optional<double> value = value_of(row, column);
      map.values.push_back(value);
      const std::string remark = remark_of(block, row, column);
      map.hover.push_back(block.electrolytes[row].material.name + " | " + state_name(block.partners[column], id) +
                          ": " + (value ? base::format_number(*value, 3) + " eV/atom" : "no value") +
                          (remark.empty() ? "" : " (" + remark + ")"));
    }
  }
  return map;
}

}  // namespace

std::optional<double> worst_energy(const PairResult& pair) {
  std::optional<double> worst;
  if (pair.electrolyte_is_assumed_on_hull) return worst;
  for (const auto& energy :
       {closed_energy(pair.closed_discharged), closed_energy(pair.closed_charged), open_energy(pair)}) {
    if (energy && (!worst || *energy < *worst)) worst = energy;
  }
  return worst;
}

report::Table compatibility_table(const std::vector<CompatibilityBlock>& blocks) {
  report::Table table{"compatibility",
                      "All pairs",
                      {{"ion", "ion"},
                       {"electrolyte", "electrolyte"},
                       {"partner", "partner"},
                       {"role", "role"},
                       {"discharged", "discharged"},
                       {"charged", "charged"},
                       {"potential_V", "E (V)"},
                       {"closed_discharged_mixing_eV_per_atom", "closed, discharged: mixing (eV)"},
                       {"closed_discharged_mutual_eV_per_atom", "mutual (eV)"},
                       {"closed_charged_mixing_eV_per_atom", "closed, charged: mixing (eV)"},
                       {"closed_charged_mutual_eV_per_atom", "mutual (eV)"},
                       {"open_no_mixing_eV_per_atom", "open: no mixing (eV)"},
                       {"open_mixing_eV_per_atom", "mixing (eV)"},
                       {"open_mutual_eV_per_atom", "mutual (eV)"},
                       {"reactivity", "class"},
                       {"remark", "remark"}},
                      {},
                      "eV per atom; open: per atom other than the mobile element"};
  for (const CompatibilityBlock& block : blocks) {
    for (std::size_t row = 0; row < block.electrolytes.size(); ++row) {
      for (std::size_t column = 0; column < block.partners.size(); ++column) {
        table.rows.push_back(full_row(block, row, column));
      }
    }
  }
  return table;
}

report::Table compatibility_pairs(const std::vector<CompatibilityBlock>& blocks) {
  report::Table table{
      "pairs",
      "Pairs",
      {{"electrolyte", "electrolyte"},
       {"partner", "partner"},
       {"reactivity", "class"},
       {"potential_V", "E (V)"},
       {"closed_discharged_eV_per_atom", "discharged (eV)"},
       {"closed_charged_eV_per_atom", "charged (eV)"},
       {"open_no_mixing_eV_per_atom", "alone (eV)"},
       {"open_mutual_eV_per_atom", "mutual (eV)"}},
      {},
      "discharged, charged: mutual energy of the closed contact, eV per atom; open to the mobile element "
      "at E, per atom other than it: alone (what the electrolyte does by itself) and mutual"};
  for (const CompatibilityBlock& block : blocks) {
    for (std::size_t row = 0; row < block.electrolytes.size(); ++row) {
      for (std::size_t column = 0; column < block.partners.size(); ++column) {
        const std::vector<report::Cell> full = full_row(block, row, column);
        table.rows.push_back({full[1], full[2], full[14], full[6], full[8], full[10], full[11], full[13]});
      }
    }
  }
  return table;
}

report::Table compatibility_remarks(const std::vector<CompatibilityBlock>& blocks) {
  report::Table table{"remarks", "Remarks", {{"pair", "pair"}, {"remark", "remark"}}, {}, {}};
  for (const CompatibilityBlock& block : blocks) {
    for (std::size_t row = 0; row < block.electrolytes.size(); ++row) {
      for (std::size_t column = 0; column < block.partners.size(); ++column) {
        const std::string remark = remark_of(block, row, column);
        if (remark.empty()) continue;
        table.rows.push_back(
            {block.electrolytes[row].material.name + " | " + block.partners[column].material.name, remark});
      }
    }
  }
  return table;
}

report::Table compatibility_summary(const std::vector<CompatibilityBlock>& blocks) {
  report::Table table{"summary",
                      "Electrolytes and coatings",
                      {{"ion", "ion"},
                       {"electrolyte", "electrolyte"},
                       {"stable", "stable"},
                       {"slight", "slight"},
                       {"reactive", "reactive"},
                       {"strong", "strong"},
                       {"stands", "stable or slight with"}},
                      {},
                      "number of partners by class; every pair: --json, --output or --write"};
  for (const CompatibilityBlock& block : blocks) {
    for (std::size_t row = 0; row < block.electrolytes.size(); ++row) {
      std::array<int, 4> counts{};
      std::string stands;
      bool is_known = false;
      for (std::size_t column = 0; column < block.partners.size(); ++column) {
        const std::optional<double> worst = worst_energy(block.pairs[row * block.partners.size() + column]);
        if (!worst) continue;
        is_known = true;
        ++counts[static_cast<std::size_t>(stability::reactivity(*worst))];
        if (*worst > reactive_energy) stands += (stands.empty() ? "" : ", ") + block.partners[column].material.name;
      }
      if (!is_known) continue;
      const MatrixMember& electrolyte = block.electrolytes[row];
      std::vector<report::Cell> cells{block.ion,
                                      electrolyte.material.name + (electrolyte.is_estimate ? " (estimate)" : "")};
      for (const int count : counts) cells.emplace_back(report::Value{.value = count});
      cells.emplace_back(stands.empty() ? "–" : stands);
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

std::string materials_without_class(const std::vector<CompatibilityBlock>& blocks) {
  std::string names;
  for (const CompatibilityBlock& block : blocks) {
    for (std::size_t row = 0; row < block.electrolytes.size(); ++row) {
      bool is_known = false;
      for (std::size_t column = 0; column < block.partners.size(); ++column) {
        is_known = is_known || worst_energy(block.pairs[row * block.partners.size() + column]).has_value();
      }
      if (!is_known) names += (names.empty() ? "" : ", ") + block.electrolytes[row].material.name;
    }
  }
  return names;
}

std::vector<report::Figure> compatibility_maps(const std::vector<CompatibilityBlock>& blocks) {
  std::vector<report::Figure> maps;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const CompatibilityBlock& block = blocks[i];
    if (block.electrolytes.empty() || block.partners.empty()) continue;
    const auto closed = [](const PairResult& pair) { return closed_energy(pair.closed_discharged); };
    const auto charged = [](const PairResult& pair) { return closed_energy(pair.closed_charged); };
    const auto has = [&](auto energy) {
      return std::ranges::any_of(block.pairs, [&](const PairResult& pair) {
        return !pair.electrolyte_is_assumed_on_hull && energy(pair).has_value();
      });
    };
    if (has(closed)) {
      maps.push_back(heat_map_figure(heat_map(block, i + 1, "closed", "Closed, discharged", closed)));
    }
    if (has(charged)) {
      maps.push_back(heat_map_figure(heat_map(block, i + 1, "charged", "Closed, charged", charged)));
    }
    if (has(open_energy)) {
      maps.push_back(heat_map_figure(heat_map(block, i + 1, "open", "Open at the electrode's potential", open_energy)));
    }
  }
  return maps;
}

std::string compatibility_csv(const report::Table& table, const EnergyBasis& basis) {
  std::string text =
      "# Compatibility of electrolytes and coatings with electrodes, coatings and carbon: made by 'closo ";
  text += "stability matrix --write', closo " + std::string(base::version()) + ".\n";
  text += "# Energies: set " + basis.set.label() + "; " + basis.citation;
  if (!basis.doi.empty()) text += ", DOI " + basis.doi;
  text += basis.licence.empty() ? "\n" : "; " + basis.licence + "\n";
  text +=
      "# Mixing: lowest reaction energy over all shares of both, against the compounds as they are, eV per atom;\n"
      "# mutual: the same without what each does alone; open: at the electrode's mean potential, per atom other than\n"
      "# the mobile element; no mixing: what the electrolyte does alone there. reactivity: of the worst of the mutual\n"
      "# energies and 'no mixing': stable above -0.01, slight above -0.05, reactive above -0.2, strong below.\n"
      "# An empty energy was not computed: the remark says why, or the partner has no such state.\n";
  std::string rows = report::render_csv(table);
  std::erase(rows, '\r');  // text files of the project end lines with a line feed alone
  return text + rows;
}

}  // namespace closo::tasks::detail
