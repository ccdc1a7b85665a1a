#include "closo/stability/protection.hpp"

#include <algorithm>
#include <span>

namespace closo::stability {
namespace {

constexpr double same_potential_V = 1e-6;

enum class Side : unsigned char { oxidation, reduction };

/// How much further a window reaches than another on one side.
double gain_V(const Window& window, const Window& other, Side side) {
  return side == Side::oxidation ? window.oxidation.potential_V - other.oxidation.potential_V
                                 : other.reduction.potential_V - window.reduction.potential_V;
}

std::vector<LayerProduct> layer(const ChemicalSystem& system, std::span<const PhaseAmount> products,
                                const Window& electrolyte, std::string_view mobile, Side side,
                                const ProfileOptions& options) {
  double atoms = 0.0;
  for (const PhaseAmount& part : products) atoms += part.amount * system.atoms(part.phase);
  std::vector<LayerProduct> result;
  for (const PhaseAmount& part : products) {
    const base::Formula& formula = system.entry(part.phase).formula;
    LayerProduct product;
    product.phase = part.phase;
    product.atom_fraction = part.amount * system.atoms(part.phase) / atoms;
    product.is_element = formula.terms().size() == 1;
    product.holds_mobile_ion = formula.amount(mobile) > 0.0;
    if (product.holds_mobile_ion) {
      product.window = equilibrium_window(system, formula, mobile, options);
      product.extends_window = gain_V(*product.window, electrolyte, side) > same_potential_V;
    }
    product.can_protect = product.extends_window && product.holds_mobile_ion;
    result.push_back(std::move(product));
  }
  std::sort(result.begin(), result.end(), [](const LayerProduct& a, const LayerProduct& b) {
    return a.atom_fraction != b.atom_fraction ? a.atom_fraction > b.atom_fraction : a.phase < b.phase;
  });
  return result;
}

}  // namespace

Protection protective_layers(const ChemicalSystem& system, const base::Formula& electrolyte, std::string_view mobile,
                             const ProfileOptions& options) {
  const Window window = equilibrium_window(system, electrolyte, mobile, options);
  Protection result;
  result.oxidation_layer = layer(system, window.oxidation.products, window, mobile, Side::oxidation, options);
  result.reduction_layer = layer(system, window.reduction.products, window, mobile, Side::reduction, options);
  for (const LayerProduct& product : result.oxidation_layer) {
    if (!product.can_protect) continue;
    const double limit_V = product.window->oxidation.potential_V;
    result.protected_oxidation_V = std::max(result.protected_oxidation_V.value_or(limit_V), limit_V);
  }
  for (const LayerProduct& product : result.reduction_layer) {
    if (!product.can_protect) continue;
    const double limit_V = product.window->reduction.potential_V;
    result.protected_reduction_V = std::min(result.protected_reduction_V.value_or(limit_V), limit_V);
  }
  return result;
}

}  // namespace closo::stability
