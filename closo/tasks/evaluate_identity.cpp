// Identity and composition: what the electrolyte is, what it is made of, how much of it is filler.
#include <cmath>

#include "closo/base/formula.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/mixture.hpp"
#include "closo/tasks/detail/evaluation.hpp"

namespace closo::tasks::detail {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

report::Value computed(const base::Measured& number, double scale, std::string unit, std::string source) {
  report::Value value;
  value.value = scale * number.value;
  if (number.uncertainty) value.uncertainty = scale * *number.uncertainty;
  value.unit = std::move(unit);
  value.kind = "computed";
  value.source = std::move(source);
  return value;
}

base::Measured measured(const base::Quantity& quantity) { return {quantity.value, quantity.uncertainty}; }

void add_material(const Evaluation& evaluation, const std::string& role, const std::string& name,
                  const library::Material* material, report::KeyValues& values) {
  std::string text = name;
  if (material != nullptr && material->name != name && !material->name.empty()) text += " (" + material->name + ")";
  if (material == nullptr) text += " (not in the library)";
  values.items.emplace_back(role, text);
  if (material == nullptr || material != evaluation.host) return;
  values.items.emplace_back("family", material->family);
  if (!material->anions.empty()) values.items.emplace_back("anion", joined(material->anions));
  if (!material->phases.empty()) values.items.emplace_back("known phases", joined(material->phases));
  if (!material->formula.empty()) {
    const base::Formula formula = base::Formula::parse(material->formula);
    values.items.emplace_back("molar mass", computed({1000.0 * formula.molar_mass(), {}}, 1.0, "g/mol",
                                                     "standard atomic weights, DOI 10.1515/pac-2019-0603"));
  }
}

/// Fractions, pore filling and interphase volume of a host with filler.
void add_composite(const Evaluation& evaluation, report::Section& section) {
  const CompositeEntry& entry = *evaluation.system.composite;
  const std::string host =
      evaluation.system.electrolyte.material.empty() ? "electrolyte" : evaluation.system.electrolyte.material;
  const std::string source = entry.source.empty() ? "system file" : entry.source;
  const auto density_of = [&](const std::string& name) -> std::optional<base::Measured> {
    const auto found = entry.densities.find(name);
    if (found != entry.densities.end()) return measured(found->second);
    if (name == host && evaluation.system.electrolyte.density) return measured(*evaluation.system.electrolyte.density);
    return std::nullopt;
  };

  report::KeyValues values{"composite", {}};
  values.items.emplace_back("filler", entry.filler);
  const std::vector<composite::Component> components = {
      {host, std::nullopt, density_of(host), std::nullopt},
      {entry.filler, measured(entry.fraction), density_of(entry.filler), std::nullopt}};
  const base::FractionBasis basis = entry.fraction.unit.basis();
  const composite::Mixture mixture = composite::mix(components, basis);
  const auto fraction = [&](const std::vector<base::Measured>& fractions, base::FractionBasis of, const char* unit) {
    if (fractions.empty()) {
      report::Value value;
      value.unit = unit;
      value.note = "needs the densities of both";
      return value;
    }
    report::Value value =
        computed(fractions[1], 100.0, unit, of == basis ? source : "from the densities, ideal mixing");
    if (of == basis) value.kind = "setting";
    value.significant = 3;
    return value;
  };
  values.items.emplace_back("filler by volume", fraction(mixture.volume, base::FractionBasis::volume, "vol%"));
  values.items.emplace_back("filler by mass", fraction(mixture.mass, base::FractionBasis::mass, "wt%"));
  if (mixture.density)
    values.items.emplace_back("density, no pores",
                              computed(*mixture.density, 1e-3, "g/cm³", "from the densities, ideal mixing"));

  if (entry.pore_volume && entry.pore_volume->value > 0.0 && components[1].density) {
    const auto ratio = composite::ratio_of(components, basis, base::FractionBasis::volume, 0, 1);
    if (ratio && ratio->value > 0.0) {
      report::Value value =
          computed(composite::pore_filling(*ratio, *components[1].density, measured(*entry.pore_volume)), 100.0, "%",
                   "volume of host / pore volume of filler");
      value.significant = 3;
      value.note = *value.value > 100.0
                       ? "more host than the pores hold: a continuous path around the filler is expected"
                       : "the pores are not full: mostly interphase conducts";
      values.items.emplace_back("pore filling", value);
    }
  }
  if (entry.surface_area && entry.surface_area->value > 0.0 && !mixture.volume.empty() && components[1].density &&
      mixture.volume[0].value > 0.0) {
    const base::Measured thickness =
        entry.interphase_thickness ? measured(*entry.interphase_thickness) : base::Measured{1e-9, {}};
    if (thickness.value > 0.0) {
      const composite::Interphase interphase =
          composite::interphase(mixture.volume[0], mixture.volume[1], *components[1].density,
                                measured(*entry.surface_area), thickness, {1.0, {}});
      report::Value value =
          computed(interphase.volume_fraction, 100.0, "vol%", "surface area × thickness, whole surface wetted");
      value.significant = 3;
      if (interphase.status == composite::InterphaseStatus::whole_conductor)
        value.note = "the layer would need more host than there is";
      values.items.emplace_back(entry.interphase_thickness ? "interphase" : "interphase per nm of thickness", value);
    }
  }
  section.blocks.emplace_back(values);
}

}  // namespace

void add_identity(Evaluation& evaluation) {
  const System& system = evaluation.system;
  report::Section section{"identity", "Identity and composition", {}, false};
  if (!system.description.empty()) section.blocks.emplace_back(report::Paragraph{system.description});

  report::KeyValues values{"identity", {}};
  values.items.emplace_back("system", system.name);
  values.items.emplace_back("mobile ion", system.mobile_ion);
  if (!system.electrolyte.material.empty())
    add_material(evaluation, "electrolyte", system.electrolyte.material, evaluation.host, values);
  if (system.composite) {
    values.items.emplace_back("library entity",
                              evaluation.electrolyte != nullptr
                                  ? evaluation.electrolyte->id + " (" + evaluation.electrolyte->name + ")"
                                  : "none for this composite; facts of the pure host are shown, not used");
  }
  if (system.anode) add_material(evaluation, "anode", system.anode->material, evaluation.anode, values);
  if (system.cathode)
    add_material(evaluation, "cathode active material", system.cathode->active, evaluation.cathode, values);
  if (evaluation.host != nullptr && !evaluation.host->mobile_ions.empty()) {
    bool conducts = false;
    for (const std::string& ion : evaluation.host->mobile_ions) conducts = conducts || ion == system.mobile_ion;
    if (!conducts) {
      evaluation.report.doubts.push_back("the system file says that " + system.mobile_ion +
                                         " moves, the library lists " + joined(evaluation.host->mobile_ions) + " for " +
                                         evaluation.host->id);
    }
  }
  section.blocks.emplace_back(values);
  if (system.composite) add_composite(evaluation, section);

  if (system.preparation) {
    const PreparationEntry& preparation = *system.preparation;
    report::KeyValues steps{"preparation", {}};
    if (!preparation.method.empty()) steps.items.emplace_back("method", preparation.method);
    if (preparation.milling_time)
      steps.items.emplace_back("milling time",
                               stated_value(*preparation.milling_time, "h", "setting", preparation.source));
    if (preparation.pressure)
      steps.items.emplace_back("pressing pressure",
                               stated_value(*preparation.pressure, "MPa", "setting", preparation.source));
    if (preparation.temperature)
      steps.items.emplace_back("temperature",
                               stated_value(*preparation.temperature, "degC", "setting", preparation.source));
    if (!preparation.note.empty()) steps.items.emplace_back("note", preparation.note);
    section.blocks.emplace_back(steps);
  }
  evaluation.report.sections.push_back(std::move(section));
}

}  // namespace closo::tasks::detail
