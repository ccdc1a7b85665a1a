/// Which decomposition products could protect an interface: wider windows, and ions that move in them.
///
/// A product layer stops the reaction when it is stable at the potential that decomposed the electrolyte (its own
/// window reaches there), lets the mobile ion through, and is no electronic conductor (a metal or an element like
/// carbon). Rule after the review (Cuan et al. 2018, sec. 4.2): BH4 salts turn into B12H12 interphases with a wider
/// window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/stability/window.hpp"

namespace closo::stability {

struct LayerProduct {
  std::size_t phase = 0;
  double atom_fraction = 0.0;     ///< of the decomposition products, without the mobile metal
  bool holds_mobile_ion = false;  ///< contains the mobile element
  bool is_element = false;
  std::optional<Window> window;  ///< its own, when it holds the mobile ion
  bool extends_window = false;   ///< its window reaches further on this side than the electrolyte's
  bool can_protect = false;      ///< extends the window, holds the mobile ion
};

struct Protection {
  std::vector<LayerProduct> oxidation_layer, reduction_layer;
  std::optional<double> protected_oxidation_V, protected_reduction_V;  ///< widest limit of a layer that can protect
};

Protection protective_layers(const ChemicalSystem& system, const base::Formula& electrolyte, std::string_view mobile,
                             const ProfileOptions& options = {});

}  // namespace closo::stability
