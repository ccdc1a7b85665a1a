#include "closo/tasks/composition.hpp"

#include <array>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/formula.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/measured_value.hpp"
#include "closo/tasks/detail/part_text.hpp"

namespace closo::tasks {
namespace {

using base::FractionBasis;
using base::Measured;
using base::ParameterError;
using composite::Component;
using detail::value_in;

constexpr std::string_view computed = "computed";

constexpr std::array<Option, 9> options{{
    {"part", OptionType::text, "", "", "",
     "one component: name or formula, then density, fraction (vol%, wt% or mol%; one part may leave it out: the rest) "
     "and molar "
     "mass, as known; first the conductor, second the scaffold",
     false, true, true},
    {"pore-volume", OptionType::quantity, "cm3/g", "", "above 0", "pore volume of the scaffold"},
    {"surface-area", OptionType::quantity, "m2/g", "", "above 0", "specific surface of the scaffold"},
    {"interphase-thickness", OptionType::quantity, "nm", "", "above 0",
     "thickness of the interphase on the scaffold's surface"},
    {"wetted", OptionType::quantity, "%", "100 %", "0 to 100 %",
     "share of the scaffold's surface that carries the interphase"},
    {"filling", OptionType::quantity, "%", "", "above 0",
     "wanted pore filling: gives the fractions of two parts that state none"},
    {"mass", OptionType::quantity, "mg", "", "above 0", "mass of a pellet of the mixture"},
    {"thickness", OptionType::quantity, "mm", "", "above 0", "thickness of the pellet"},
    {"diameter", OptionType::quantity, "mm", "", "above 0", "diameter of the pellet"},
}};

std::optional<Measured> molar_mass_of(const std::string& name) {
  try {
    return Measured{base::Formula::parse(name).molar_mass(), std::nullopt};
  } catch (const base::InputError&) {
    return std::nullopt;  // a name that is not a formula is allowed: its molar mass is then unknown
  }
}

Component component_of(const std::string& text, FractionBasis& basis) {
  detail::PartText part("part", text);
  Component component;
  component.name = part.name();
  component.density = part.take("g/cm3");
  component.molar_mass = part.take("g/mol");
  if (const auto fraction = part.take_fraction()) {
    if (basis != FractionBasis::none && fraction->basis != basis) {
      throw ParameterError("part", "'" + text + "'",
                           "fractions of all parts on one basis: all vol%, all wt% or all mol%");
    }
    basis = fraction->basis;
    component.fraction = fraction->value;
  }
  part.finish("a density (g/cm3), a molar mass (g/mol) and a fraction (vol%, wt%, mol%)");
  if (!component.molar_mass) component.molar_mass = molar_mass_of(component.name);
  return component;
}

CompositionRequest request_of(const Arguments& arguments) {
  CompositionRequest request;
  for (const std::string& text : arguments.texts("part"))
    request.components.push_back(component_of(text, request.basis));
  const auto given = [&](std::string_view name, std::string_view unit) -> std::optional<Measured> {
    const std::optional<base::Quantity> quantity = arguments.quantity(name, unit);
    if (!quantity) return std::nullopt;
    return detail::measured(*quantity, name, arguments.text(name));
  };
  request.filling = given("filling", "%");
  request.pore_volume = given("pore-volume", "cm3/g");
  request.surface_area = given("surface-area", "m2/g");
  request.interphase_thickness = given("interphase-thickness", "nm");
  request.wetted_fraction = given("wetted", "%").value_or(Measured{1.0, std::nullopt});
  request.mass = given("mass", "mg");
  request.thickness = given("thickness", "mm");
  request.diameter = given("diameter", "mm");
  return request;
}

/// Fractions from a wanted pore filling, where the parts state none.
void fill_fractions(CompositionRequest& request) {
  if (request.filling) {
    if (request.basis != FractionBasis::none) {
      throw ParameterError("filling", base::format_number(request.filling->value * 100.0) + " %",
                           "either fractions of the parts or a wanted filling");
    }
    if (request.components.size() != 2 || !request.components[0].density || !request.pore_volume) {
      throw ParameterError("filling", base::format_number(request.filling->value * 100.0) + " %",
                           "two parts, the density of the first and the pore volume of the second");
    }
    const Measured ratio =
        composite::mass_ratio_for_filling(*request.filling, *request.components[0].density, *request.pore_volume);
    request.components[0].fraction = composite::fraction_of_ratio(ratio);
    request.basis = FractionBasis::mass;
  } else if (request.basis == FractionBasis::none) {
    if (request.components.size() > 1) {
      throw ParameterError("part", "no fraction",
                           "a fraction (vol%, wt% or mol%) in all parts but one, or a wanted filling");
    }
    request.basis = FractionBasis::mass;
  }
}

std::string list_without(const std::vector<Component>& components, std::optional<Measured> Component::*member) {
  std::string names;
  for (const Component& component : components) {
    if (!(component.*member)) names += (names.empty() ? "" : ", ") + component.name;
  }
  return names;
}

report::Cell fraction_cell(const std::vector<Measured>& fractions, std::size_t i, std::string_view unit) {
  if (fractions.empty()) return value_in(std::nullopt, unit, computed, "", "");
  return value_in(fractions[i], unit, computed, "ideal mixing");
}

report::Section composition_section(const CompositionRequest& request, const composite::Mixture& mixture) {
  report::Table table{"composition",
                      "Components",
                      {{"component", "component"},
                       {"density_g_per_cm3", "ρ (g/cm³)"},
                       {"molar_mass_g_per_mol", "M (g/mol)"},
                       {"volume_percent", "volume (vol%)"},
                       {"mass_percent", "mass (wt%)"},
                       {"amount_percent", "amount (mol%)"}},
                      {},
                      {}};
  for (std::size_t i = 0; i < request.components.size(); ++i) {
    const Component& component = request.components[i];
    report::Value molar_mass =
        value_in(component.molar_mass, "g/mol", "", "option part, or standard atomic weights 2021", "");
    molar_mass.significant = 6;
    table.rows.push_back({component.name, value_in(component.density, "g/cm3", "", "option part", ""), molar_mass,
                          fraction_cell(mixture.volume, i, "vol%"), fraction_cell(mixture.mass, i, "wt%"),
                          fraction_cell(mixture.amount, i, "mol%")});
  }
  report::KeyValues whole{"mixture", {}};
  whole.items.emplace_back("density, ideal mixing",
                           value_in(mixture.density, "g/cm3", computed, "1/Σ(w/ρ)", "a density is missing"));
  if (mixture.molar_mass) {
    whole.items.emplace_back("mean molar mass", value_in(*mixture.molar_mass, "g/mol", computed, "Σ x M"));
  }
  return {"composition", "Composition", {table, whole}, false};
}

/// The pore filling by the route on which the uncertainties are independent: masses unless volumes were stated.
std::optional<Measured> pore_filling(const CompositionRequest& request) {
  if (!request.pore_volume) return std::nullopt;
  const FractionBasis route = request.basis == FractionBasis::volume ? FractionBasis::volume : FractionBasis::mass;
  const std::optional<Measured> ratio = composite::ratio_of(request.components, request.basis, route, 0, 1);
  if (!ratio) return std::nullopt;
  if (ratio->value == 0.0) return Measured{0.0, std::nullopt};
  const std::optional<Measured>& density = request.components[route == FractionBasis::volume ? 1 : 0].density;
  if (!density) return std::nullopt;
  return route == FractionBasis::volume ? composite::pore_filling(*ratio, *density, *request.pore_volume)
                                        : composite::pore_filling_by_mass(*ratio, *density, *request.pore_volume);
}

report::KeyValues pore_items(const CompositionRequest& request, report::Report& report) {
  report::KeyValues items{"pores", {}};
  // A filling that was asked for is shown as given, not with the uncertainties of the way back.
  const std::optional<Measured> filling = request.filling ? request.filling : pore_filling(request);
  items.items.emplace_back("pore volume", value_in(*request.pore_volume, "cm3/g", "", "option pore-volume"));
  items.items.emplace_back("pore filling", value_in(filling, "%", request.filling ? "" : computed,
                                                    "V(conductor)/V(pores)", "a density or the scaffold is missing"));
  if (filling && filling->value > 1.0) {
    const Measured outside = base::propagate_over([](double f) { return 1.0 - 1.0 / f; }, *filling);
    items.items.emplace_back("conductor outside of the pores", value_in(outside, "%", computed, "1 - 1/filling"));
  }
  if (const std::optional<Measured>& density = request.components[0].density) {
    const Measured ratio = composite::mass_ratio_for_filling({1.0, std::nullopt}, *density, *request.pore_volume);
    items.items.emplace_back(
        request.components[0].name + " for 100 % filling",
        value_in(composite::fraction_of_ratio(ratio), "wt%", computed, "ρ V_p / (1 + ρ V_p), two components"));
  } else {
    report.warnings.push_back("the filling by mass needs the density of " + request.components[0].name);
  }
  return items;
}

std::vector<report::Block> surface_blocks(const CompositionRequest& request, const composite::Mixture& mixture,
                                          report::Report& report) {
  report::KeyValues items{"interface", {}};
  items.items.emplace_back("surface of the scaffold",
                           value_in(*request.surface_area, "m2/g", "", "option surface-area"));
  const std::optional<Measured> ratio =
      composite::ratio_of(request.components, request.basis, FractionBasis::mass, 0, 1);
  const Component& conductor = request.components[0];
  if (ratio && ratio->value > 0.0 && conductor.molar_mass) {
    items.items.emplace_back(
        conductor.name + " per scaffold surface",
        value_in(composite::interface_loading(*ratio, *conductor.molar_mass, *request.surface_area), "umol/m2",
                 computed, "(m/M) / (m_s S)"));
  }
  if (!request.interphase_thickness) return {items};
  items.items.emplace_back("interphase thickness",
                           value_in(*request.interphase_thickness, "nm", "", "option interphase-thickness"));
  items.items.emplace_back("wetted surface", value_in(request.wetted_fraction, "%", "", "option wetted"));
  const std::optional<Measured>& density = request.components[1].density;
  if (mixture.volume.empty() || !density) {
    items.items.emplace_back("interphase in the conductor",
                             value_in(std::nullopt, "%", computed, "", "a density is missing"));
    return {items};
  }
  const composite::Interphase layer =
      composite::interphase(mixture.volume[0], mixture.volume[1], *density, *request.surface_area,
                            *request.interphase_thickness, request.wetted_fraction);
  items.items.emplace_back("interphase in the conductor", value_in(layer.conductor_share, "%", computed, "flat layer"));
  items.items.emplace_back("interphase in the mixture",
                           value_in(layer.volume_fraction, "vol%", computed, "v_s ρ_s S t θ"));
  if (layer.status == composite::InterphaseStatus::whole_conductor) {
    items.items.emplace_back("interphase asked for",
                             value_in(layer.wanted, "vol%", computed, "v_s ρ_s S t θ, before the cap"));
    report.warnings.push_back(
        "all of the conductor is interphase: the layer asked for needs more conductor than there is");
  }
  return {items};
}

report::Section pellet_section(const CompositionRequest& request, const composite::Mixture& mixture,
                               report::Report& report) {
  report::KeyValues items{"pellet", {}};
  if (!mixture.density) {
    items.items.emplace_back("porosity", value_in(std::nullopt, "%", computed, "", "a density is missing"));
    return {"pellet", "Pellet", {items}, false};
  }
  const composite::Pellet pellet =
      composite::pellet(*request.mass, *request.thickness, *request.diameter, *mixture.density);
  items.items.emplace_back("density", value_in(pellet.density, "g/cm3", computed, "m / (A L)"));
  items.items.emplace_back("relative density", value_in(pellet.relative_density, "%", computed, "of ideal mixing"));
  items.items.emplace_back("porosity", value_in(pellet.porosity, "%", computed, "1 - m / (A L ρ)"));
  if (pellet.status == composite::PelletStatus::denser_than_ideal) {
    report.doubts.push_back("the pellet is denser than the ideal mixture: check mass, size and densities");
  }
  return {"pellet", "Pellet", {items}, false};
}

void warn_of_missing_data(const CompositionRequest& request, const composite::Mixture& mixture,
                          report::Report& report) {
  const std::string without_density = list_without(request.components, &Component::density);
  if ((mixture.volume.empty() || mixture.mass.empty()) && !without_density.empty()) {
    report.warnings.push_back("between vol% and wt% the density is missing of: " + without_density);
  }
  const std::string without_molar_mass = list_without(request.components, &Component::molar_mass);
  if ((mixture.amount.empty() || request.basis == FractionBasis::amount) && !without_molar_mass.empty()) {
    report.warnings.push_back("mol% needs the molar mass (not a formula: give g/mol) of: " + without_molar_mass);
  }
}

report::Section method_section() {
  return {
      "method",
      "Method",
      {report::Paragraph{
           "Ideal mixing: volumes of dense components add up. Pore filling = V(conductor)/V(pores of the scaffold), "
           "as in Hehn et al., ACS Appl. Mater. Interfaces 17 (2025) 33824, DOI 10.1021/acsami.5c01939, Table 1."},
       report::Paragraph{
           "Interphase: flat layer on the wetted surface, at most all of the conductor. Uncertainties to first order "
           "(JCGM 100:2008, eq. 10), inputs independent. Standard atomic weights 2021: DOI 10.1515/pac-2019-0603."}},
      true};
}

report::Report run_composition(const Arguments& arguments, const Context& context) {
  return composition(request_of(arguments), context);
}

}  // namespace

report::Report composition(const CompositionRequest& given, const Context&) {
  CompositionRequest request = given;
  const int pellet_data =
      int{request.mass.has_value()} + int{request.thickness.has_value()} + int{request.diameter.has_value()};
  if (pellet_data != 0 && pellet_data != 3) {
    throw ParameterError("pellet", std::to_string(pellet_data) + " of 3", "mass, thickness and diameter together");
  }
  const bool has_scaffold_data =
      request.pore_volume || request.surface_area || request.interphase_thickness || request.filling;
  if (has_scaffold_data && request.components.size() < 2) {
    throw ParameterError("part", std::to_string(request.components.size()),
                         "a conductor and a scaffold for pores and surfaces");
  }
  if (request.interphase_thickness && !request.surface_area) {
    throw ParameterError("interphase-thickness", "without surface-area", "both together");
  }
  fill_fractions(request);
  const composite::Mixture mixture = composite::mix(request.components, request.basis);

  report::Report report;
  report.task = "composition";
  for (const Component& component : request.components)
    report.title += (report.title.empty() ? "" : " + ") + component.name;
  report.sections.push_back(composition_section(request, mixture));
  std::vector<report::Block> confinement;
  if (request.pore_volume) confinement.emplace_back(pore_items(request, report));
  if (request.surface_area) {
    for (report::Block& block : surface_blocks(request, mixture, report)) confinement.push_back(std::move(block));
  }
  if (!confinement.empty())
    report.sections.push_back({"confinement", "Pores and surface", std::move(confinement), false});
  if (pellet_data == 3) report.sections.push_back(pellet_section(request, mixture, report));
  report.sections.push_back(method_section());
  warn_of_missing_data(request, mixture, report);
  return report;
}

constinit const Task composition_task{
    .name = "composition",
    .summary = "Volume, mass and amount fractions, pore filling, interphase share and porosity of a mixture",
    .options = options,
    .run = run_composition,
    .stem = "composition",
};

}  // namespace closo::tasks
