#include "closo/tasks/stability_matrix.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/stability/compatibility.hpp"
#include "closo/tasks/detail/compatibility_block.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

using base::Formula;
using detail::CompatibilityBlock;
using detail::MatrixMember;
using stability::PairResult;
using stability::Partner;

constexpr std::array<std::string_view, 3> library_ions{"Li", "Na", "Mg"};
constexpr std::array<std::string_view, 4> default_fillers{"ZrO2", "Al2O3", "SiO2", "TiO2"};
constexpr std::array<std::string_view, 8> other_ions{"Li", "Na", "K", "Rb", "Cs", "Mg", "Ca", "Zn"};
constexpr std::size_t most_rows_on_screen = 60;

constexpr std::array options = with_energy_options(std::to_array<Option>({
    {"electrolyte", OptionType::text, "", "", "", "an electrolyte; without one all of the library", false, false, true},
    {"cathode", OptionType::text, "", "", "", "a cathode, discharged or charged", false, false, true},
    {"anode", OptionType::text, "", "", "", "an anode", false, false, true},
    {"coating", OptionType::text, "", "", "", "a coating, filler or carbon", false, false, true},
    {"ion", OptionType::text, "", "", "", "mobile element; without one Li, Na and Mg"},
    {"write", OptionType::path, "", "", "", "write the table with its definitions to this CSV file"},
}));

bool holds_foreign_ion(const Formula& formula, std::string_view ion) {
  return std::ranges::any_of(other_ions,
                             [&](std::string_view other) { return other != ion && formula.amount(other) > 0.0; });
}

void add_once(std::vector<MatrixMember>& members, MatrixMember member) {
  const bool known = std::ranges::any_of(members, [&](const MatrixMember& other) {
    return other.role == member.role && other.material.formula.reduced() == member.material.formula.reduced();
  });
  if (!known) members.push_back(std::move(member));
}

std::vector<MatrixMember> named(const library::Library& library, std::string_view option,
                                const std::vector<std::string>& names, Partner::Role role) {
  std::vector<MatrixMember> members;
  for (const std::string& name : names) {
    NamedFormula material = named_formula(library, option, name);
    const bool is_carbon = material.formula.terms().size() == 1 && material.formula.amount("C") > 0.0;
    const bool is_coating = role == Partner::Role::coating;
    add_once(members, {std::move(material), is_coating && is_carbon ? Partner::Role::carbon : role, {}});
  }
  return members;
}

bool is_compound(const library::Material& material) {
  return !material.formula.empty() && !material.has_role("class") && Formula::parse(material.formula).charge() == 0;
}

NamedFormula named(const library::Material& material) {
  return {material.id, Formula::parse(material.formula), &material};
}

std::vector<MatrixMember> library_electrolytes(const library::Library& library, std::string_view ion) {
  std::vector<MatrixMember> members;
  for (const library::Material& material : library.materials()) {
    if (!material.has_role("electrolyte") || !is_compound(material)) continue;
    if (std::ranges::find(material.mobile_ions, ion) == material.mobile_ions.end()) continue;
    add_once(members, {named(material), Partner::Role::coating, {}});
  }
  return members;
}

std::vector<MatrixMember> library_coatings(const library::Library& library, std::string_view ion) {
  std::vector<MatrixMember> members;
  for (const library::Material& material : library.materials()) {
    if (material.has_role("coating") && is_compound(material)) add_once(members, {named(material), {}, {}});
  }
  for (const std::string_view filler : default_fillers) {
    add_once(members, {{std::string(filler), Formula::parse(filler), nullptr}, {}, {}});
  }
  std::erase_if(members, [&](const MatrixMember& member) { return holds_foreign_ion(member.material.formula, ion); });
  for (MatrixMember& member : members) member.role = Partner::Role::coating;
  return members;
}

/// The metal, then cathodes, then anodes of the library for an ion.
std::vector<MatrixMember> library_electrodes(const library::Library& library, const stability::EntrySet& set,
                                             const std::string& ion) {
  std::vector<MatrixMember> members;
  const auto add = [&](NamedFormula material) {
    std::optional<ElectrodeStates> states = electrode_states(library, material, ion, set);
    if (!states) return;
    const bool known = std::ranges::any_of(members, [&](const MatrixMember& other) {
      const auto is = [&](const Formula& state) { return state.reduced() == material.formula.reduced(); };
      return is(other.states->discharged) || (other.states->charged && is(*other.states->charged));
    });
    const Partner::Role role = states->role;
    if (!known) members.push_back({std::move(material), role, std::move(states)});
  };
  add({ion, Formula::parse(ion), library.find_material(ion)});
  for (const library::Electrode& row : library.electrodes()) {
    const library::Material* material = library.find_material(row.material);
    if (row.mobile_ion == ion && !row.formula.empty() && material != nullptr && is_compound(*material)) {
      add({row.material, Formula::parse(row.formula), material});
    }
  }
  for (const library::Material& material : library.materials()) {
    const bool conducts = std::ranges::find(material.mobile_ions, ion) != material.mobile_ions.end();
    if (material.has_role("electrode") && conducts && is_compound(material)) add(named(material));
  }
  std::ranges::stable_sort(members, {}, [](const MatrixMember& member) {
    if (member.material.formula.terms().size() == 1 && member.role == Partner::Role::anode && !member.states->charged)
      return 0;
    return member.role == Partner::Role::cathode ? 1 : 2;
  });
  return members;
}

struct Named {
  std::vector<MatrixMember> electrolytes, partners;
};

Named named_members(const StabilityMatrixRequest& request, const library::Library& library) {
  Named members;
  members.electrolytes = named(library, "electrolyte", request.electrolytes, Partner::Role::coating);
  members.partners = named(library, "cathode", request.cathodes, Partner::Role::cathode);
  for (MatrixMember& anode : named(library, "anode", request.anodes, Partner::Role::anode)) {
    members.partners.push_back(std::move(anode));
  }
  for (MatrixMember& coating : named(library, "coating", request.coatings, Partner::Role::coating)) {
    members.partners.push_back(std::move(coating));
  }
  return members;
}

std::vector<std::string> ions_of(const StabilityMatrixRequest& request, const Named& members) {
  if (!request.ion.empty()) {
    stability::ion_charge(request.ion);
    return {request.ion};
  }
  if (members.electrolytes.empty()) return {library_ions.begin(), library_ions.end()};
  std::vector<std::string> ions;
  for (const MatrixMember& electrolyte : members.electrolytes) {
    const std::string ion = mobile_ion_of("", electrolyte.material);
    if (std::ranges::find(ions, ion) == ions.end()) ions.push_back(ion);
  }
  return ions;
}

std::vector<std::string> elements_of(const std::vector<MatrixMember>& members, std::string_view ion) {
  std::vector<Formula> formulas;
  for (const MatrixMember& member : members) formulas.push_back(member.material.formula);
  return elements_with(formulas, ion);
}

Partner partner_of(const MatrixMember& member) {
  Partner partner{member.material.name, member.role, member.material.formula, {}, {}};
  if (!member.states) return partner;
  partner.discharged = member.states->discharged;
  partner.charged = member.states->charged;
  partner.potential_V = member.states->potential_V;
  // Without a potential an anode would count as the metal's 0 V.
  if (!partner.potential_V) partner.role = Partner::Role::coating;
  return partner;
}

CompatibilityBlock compute_block(std::string ion, std::vector<MatrixMember> electrolytes,
                                 std::vector<MatrixMember> partners, const stability::EntrySet& set,
                                 const StabilityMatrixRequest& request, const Context& context) {
  CompatibilityBlock block{std::move(ion), std::move(electrolytes), std::move(partners), {}};
  for (std::vector<MatrixMember>* members : {&block.electrolytes, &block.partners}) {
    for (MatrixMember& member : *members) {
      const stability::Entry* entry = set.find(member.material.formula);
      member.is_estimate = entry != nullptr && entry->is_estimate;
    }
  }
  std::vector<Formula> rows;
  for (const MatrixMember& member : block.electrolytes) rows.push_back(member.material.formula);
  std::vector<Partner> columns;
  for (const MatrixMember& member : block.partners) columns.push_back(partner_of(member));
  const auto progress = [&](std::size_t done, std::size_t total) {
    return !context.progress || context.progress(static_cast<double>(done) / static_cast<double>(total),
                                                 block.ion + ": " + std::to_string(done) + " pairs");
  };
  block.pairs = stability::compatibility_matrix(set, rows, columns, block.ion, request.energies.system, progress);
  return block;
}

/// Electrolytes of this ion against what was named, else against the library; then coatings against the electrodes.
std::vector<CompatibilityBlock> blocks_for(const std::string& ion, const Named& given, const library::Library& library,
                                           const stability::EntrySet& set, const StabilityMatrixRequest& request,
                                           const Context& context) {
  std::vector<MatrixMember> electrolytes;
  for (const MatrixMember& electrolyte : given.electrolytes) {
    if (!request.ion.empty() || mobile_ion_of("", electrolyte.material) == ion) electrolytes.push_back(electrolyte);
  }
  if (given.electrolytes.empty()) electrolytes = library_electrolytes(library, ion);
  std::vector<MatrixMember> electrodes, layers;
  for (MatrixMember partner : given.partners) {
    const bool is_electrode = partner.role == Partner::Role::cathode || partner.role == Partner::Role::anode;
    if (!is_electrode) {
      layers.push_back(std::move(partner));
      continue;
    }
    const Partner::Role asked = partner.role;
    partner.states = electrode_states(library, partner.material, ion, set);
    if (partner.states && partner.states->role != asked) {
      std::optional<Formula>& charged = partner.states->charged;
      if (charged) std::swap(partner.states->discharged, *charged);
    }
    electrodes.push_back(std::move(partner));
  }
  if (given.partners.empty()) {
    electrodes = library_electrodes(library, set, ion);
    layers = library_coatings(library, ion);
    layers.push_back({{"C", Formula::parse("C"), nullptr}, Partner::Role::carbon, {}});
  }
  std::vector<MatrixMember> partners = electrodes;
  partners.insert(partners.end(), layers.begin(), layers.end());
  std::vector<CompatibilityBlock> blocks;
  blocks.push_back(compute_block(ion, electrolytes, partners, set, request, context));
  if (given.electrolytes.empty()) {
    std::erase_if(layers, [](const MatrixMember& layer) { return layer.role == Partner::Role::carbon; });
    if (!layers.empty() && !electrodes.empty()) {
      blocks.push_back(compute_block(ion, std::move(layers), std::move(electrodes), set, request, context));
    }
  }
  return blocks;
}

report::Section method_section() {
  return {
      "method",
      "Method",
      {report::Paragraph{"Every pair within the phases of its own elements, exact by linear programming. Electrodes "
                         "discharged and charged, closed, and open to the mobile element at the mean potential "
                         "(library, else set; metals at 0 V); coatings, fillers and carbon closed. Open, both states "
                         "of an electrode are the same. Richards et al. 2016, DOI 10.1021/acs.chemmater.5b04082; Zhu "
                         "et al. 2016, DOI 10.1039/C5TA08574H."},
       report::Paragraph{"Class: of the worst mutual energy, and, open, of what the electrolyte does alone: stable "
                         "above −0.01, slight above −0.05, reactive above −0.2, strong below (eV per atom counted). "
                         "The electrode's own decomposition does not count."}},
      true};
}

StabilityMatrixRequest request_of(const Arguments& arguments) {
  StabilityMatrixRequest request;
  request.electrolytes = arguments.texts("electrolyte");
  request.cathodes = arguments.texts("cathode");
  request.anodes = arguments.texts("anode");
  request.coatings = arguments.texts("coating");
  request.ion = std::string(arguments.text("ion"));
  request.energies = energy_request_of(arguments);
  if (arguments.has("write")) request.write = std::string(arguments.text("write"));
  return request;
}

report::Report run_stability_matrix(const Arguments& arguments, const Context& context) {
  return stability_matrix(request_of(arguments), context);
}

}  // namespace

report::Report stability_matrix(const StabilityMatrixRequest& request, const Context& context) {
  const library::Library library = load_library(context);
  const Named given = named_members(request, library);
  std::vector<MatrixMember> all = given.electrolytes;
  all.insert(all.end(), given.partners.begin(), given.partners.end());
  const std::vector<std::string> ions = ions_of(request, given);
  // The library's materials hold most elements: with a side left to it, the whole set is read.
  std::vector<std::string> elements;
  if (!given.electrolytes.empty() && !given.partners.empty()) {
    elements = elements_of(all, "");
    for (const std::string& ion : ions) {
      if (std::ranges::find(elements, ion) == elements.end()) elements.push_back(ion);
    }
  }
  const EnergyBasis basis = load_energies(request.energies, context, elements);

  std::vector<CompatibilityBlock> blocks;
  for (const std::string& ion : ions) {
    for (CompatibilityBlock& block : blocks_for(ion, given, library, basis.set, request, context)) {
      blocks.push_back(std::move(block));
    }
  }
  report::Report report;
  const report::Table table = detail::compatibility_table(blocks);
  report.title = "Compatibility: " + std::to_string(table.rows.size()) + (table.rows.size() == 1 ? " pair" : " pairs");
  report.subtitle = basis.set.label();
  if (table.rows.size() <= most_rows_on_screen) {
    report.sections.push_back({"pairs", "", {detail::compatibility_pairs(blocks)}, false});
    report::Table remarks = detail::compatibility_remarks(blocks);
    if (!remarks.rows.empty()) report.sections.back().blocks.emplace_back(std::move(remarks));
  } else {
    report.sections.push_back({"summary", "", {detail::compatibility_summary(blocks)}, false});
    const std::string absent = detail::materials_without_class(blocks);
    if (!absent.empty()) {
      report.sections.back().blocks.emplace_back(
          report::Paragraph{"Not in the set, and so without class (the full table has the energies of their "
                            "equilibrium phases): " +
                            absent + "."});
    }
  }
  report::Section figures{"figures", "Maps", {}, false};
  for (report::Figure& map : detail::compatibility_maps(blocks)) figures.blocks.emplace_back(std::move(map));
  report.sections.push_back(std::move(figures));
  report.sections.push_back({"all", "All pairs", {table}, true});
  report.sections.push_back(method_section());
  const bool stopped = std::ranges::any_of(blocks, [](const CompatibilityBlock& block) {
    return std::ranges::any_of(block.pairs, [](const PairResult& pair) { return pair.problem == "stopped"; });
  });
  if (stopped) report.warnings.emplace_back("stopped: not all pairs were computed");
  describe_energies(report, basis, request.energies);
  if (request.write) {
    if (stopped) throw base::Cancelled();
    base::write_file_atomically(*request.write, detail::compatibility_csv(table, basis));
    report.provenance.emplace_back("written", request.write->string());
  }
  return report;
}

constinit const Task stability_matrix_task{
    .name = "stability matrix",
    .summary = "Electrolytes against electrodes (charged, discharged), coatings and carbon: one row a pair",
    .options = options,
    .run = run_stability_matrix,
    .stem = "stability_matrix",
};

}  // namespace closo::tasks
