/// The chemical elements with their standard atomic weights.
///
/// Single-valued standard atomic weights are given in full; the 14 elements whose standard atomic weight is an interval
/// (H Li B C N O Mg Si S Cl Ar Br Tl Pb) have the conventional (abridged) value. Commercial lithium and boron can be
/// depleted or enriched: for such material the true molar mass differs from the one computed here.
/// Source: T. Prohaska et al., Pure Appl. Chem. 94 (2022) 573, DOI 10.1515/pac-2019-0603 (standard atomic weights
/// 2021).
#pragma once

#include <span>
#include <string_view>

namespace closo::base {

struct Element {
  int number = 0;  ///< atomic number, from 1
  std::string_view symbol;
  std::string_view name;
  double atomic_weight = 0.0;    ///< relative atomic mass; 0: the element has no standard atomic weight
  bool is_conventional = false;  ///< the standard is an interval; the value is the conventional one
};

/// All 118 elements; element Z stands at position Z - 1.
std::span<const Element> elements() noexcept;

/// By symbol with its usual capitals ("Li"); nullptr when there is none.
const Element* find_element(std::string_view symbol) noexcept;

}  // namespace closo::base
