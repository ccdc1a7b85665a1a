#include "closo/cell/stack_of_cell.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::cell {
namespace {

struct Metal {
  std::string_view symbol;
  double density;    // kg/m³
  double electrons;  // per atom, as an anode; 0: collectors only
};
constexpr std::array metals = std::to_array<Metal>({{"Li", 534.0, 1.0},
                                                    {"Na", 968.0, 1.0},
                                                    {"K", 856.0, 1.0},
                                                    {"Mg", 1738.0, 2.0},
                                                    {"Al", 2700.0, 0.0},
                                                    {"Cu", 8960.0, 0.0},
                                                    {"Ni", 8908.0, 0.0},
                                                    {"Fe", 7874.0, 0.0}});

const Metal* find_metal(std::string_view symbol, bool is_anode) {
  const auto found = std::ranges::find(metals, symbol, &Metal::symbol);
  return found == metals.end() || (is_anode != (found->electrons > 0.0)) ? nullptr : &*found;
}

std::optional<Measured> given(const CellDescription& description, std::string_view quantity) {
  const DescribedValue* found = description.find(quantity);
  return found == nullptr ? std::nullopt : std::optional(Measured{found->value, found->uncertainty});
}

/// As built; a foil of the ion's metal needs no loading beside its thickness.
StackLayer built_anode(const CellDescription& description) {
  StackLayer anode{(description.anode.empty() ? description.ion : description.anode) + " anode",
                   given(description, "anode.loading"), given(description, "anode.thickness"), false};
  const Metal* metal = description.anode == description.ion ? find_metal(description.ion, true) : nullptr;
  if (metal != nullptr && anode.thickness && !anode.areal_mass)
    anode.areal_mass = Measured{anode.thickness->value * metal->density, {}};
  return anode;
}

StackLayer metal_anode(const std::string& ion, double capacity_ratio, double areal_capacity) {
  const std::string ratio = base::format_number(capacity_ratio, 3);
  if (!(capacity_ratio > 0.0)) throw base::ParameterError("N/P", ratio, "a ratio above 0");
  const Metal* metal = find_metal(ion, true);
  if (metal == nullptr) {
    throw base::ParameterError("N/P", "with ion '" + ion + "'",
                               "an ion whose metal is known: Li, Na, K or Mg; else the anode's loading and thickness");
  }
  const Measured density{metal->density, {}};
  const Measured thickness = metal_thickness(Measured{capacity_ratio * areal_capacity, {}}, base::Formula::parse(ion),
                                             metal->electrons, density);
  return dense_layer(ion + " anode, N/P " + ratio, thickness, density);
}

}  // namespace

CellStack stack_of_cell(const CellDescription& description, const StackChoice& choice) {
  const CathodeGeometry geometry = cathode_geometry(description);
  CellStack stack;
  stack.areal_capacity = geometry.active_mass * description.value("cathode.specific_capacity");
  stack.layers.push_back(choice.capacity_ratio
                             ? metal_anode(description.ion, *choice.capacity_ratio, stack.areal_capacity)
                             : built_anode(description));
  StackLayer separator{"separator", {}, given(description, "separator.thickness"), false};
  if (const std::optional<Measured> density = given(description, "separator.density"); density && separator.thickness)
    separator = dense_layer(separator.name, *separator.thickness, *density);
  stack.layers.push_back(std::move(separator));
  stack.layers.push_back({"cathode", Measured{geometry.composite_mass, {}}, Measured{geometry.thickness, {}}, false});
  stack.layers.insert(stack.layers.end(), choice.collectors.begin(), choice.collectors.end());
  return stack;
}

StackSize stack_size(const CellStack& stack) {
  StackSize size{0.0, 0.0, 0.0, 0.0};
  bool has_collectors = false;
  const auto add = [](std::optional<double>& sum, const std::optional<Measured>& part) {
    sum = sum && part ? std::optional(*sum + part->value) : std::nullopt;
  };
  for (const StackLayer& layer : stack.layers) {
    has_collectors = has_collectors || layer.is_current_collector;
    add(size.areal_mass_with_collectors, layer.areal_mass);
    add(size.thickness_with_collectors, layer.thickness);
    if (layer.is_current_collector) continue;
    add(size.areal_mass, layer.areal_mass);
    add(size.thickness, layer.thickness);
  }
  if (!has_collectors) size.areal_mass_with_collectors = size.thickness_with_collectors = std::nullopt;
  return size;
}

std::optional<double> metal_for(std::string_view ion, double areal_capacity) {
  const Metal* metal = find_metal(ion, true);
  if (metal == nullptr || !(areal_capacity > 0.0)) return std::nullopt;
  return metal_thickness(Measured{areal_capacity, {}}, base::Formula::parse(ion), metal->electrons,
                         Measured{metal->density, {}})
      .value;
}

StackLayer collector(std::string_view metal, double thickness) {
  const Metal* found = find_metal(metal, false);
  if (found == nullptr)
    throw base::ParameterError("collector", "'" + std::string(metal) + "'", "Cu, Al, Ni or Fe, or a layer's density");
  return dense_layer(std::string(metal), Measured{thickness, {}}, Measured{found->density, {}}, true);
}

}  // namespace closo::cell
