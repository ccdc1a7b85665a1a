/// What the stability figures share: formulas with subscripts, signed numbers, axis titles, boxes.
#pragma once

#include <string>
#include <string_view>

#include "closo/report/figure.hpp"

namespace closo::tasks::detail {

/// "10 LiH + Li2B12H12" → "10 LiH + Li₂B₁₂H₁₂": every word that reads as a formula gets subscripts, all others
/// ("NMC811", "carbon", coefficients) stay as they are.
std::string with_subscripts(std::string_view text);

/// "Li/Li⁺", "Mg/Mg²⁺". Throws: ParameterError for an element without a known ion.
std::string electrode_pair(std::string_view mobile);

/// "−0.35": fixed decimals with a true minus sign; "−0.00" is "0.00".
std::string signed_text(double number, int decimals);

/// "−0.04 V".
std::string volts(double potential);

/// "potential against Li/Li⁺ (V)". Throws: as electrode_pair.
std::string potential_title(std::string_view mobile);

/// One more box of a layer of boxes.
void add_box(report::Layer& layer, double x_low, double x_high, double y_low, double y_high, std::string hover);

}  // namespace closo::tasks::detail
