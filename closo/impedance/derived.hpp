/// What a fit means: total resistance, arcs with characteristic frequency and effective capacitance, all with
/// covariance.
///
/// Effective capacitance of a CPE arc: C. H. Hsu & F. Mansfeld, Corrosion 57 (2001) 747, DOI 10.5006/1.3280607 (normal
/// distribution of time constants, Q^(1/n) R^((1-n)/n)), and G. J. Brug et al., J. Electroanal. Chem. 176 (1984) 275,
/// DOI 10.1016/S0022-0728(84)80324-1 (surface distribution, with the resistance in series).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/impedance/fit.hpp"

namespace closo::impedance {

/// A function of the fitted parameters.
struct DerivedQuantity {
  std::string name;
  std::string unit;
  double value = 0.0;  ///< SI
  double uncertainty =
      0.0;  ///< standard, first order with all covariances; infinite when an unidentified parameter enters
  std::vector<double> gradient;  ///< by the fit's coordinates (FitResult::scaled_covariance)
};

struct ArcQuantities {
  std::string elements;                             ///< "p(R1,CPE1)"
  DerivedQuantity resistance;                       ///< Ohm
  DerivedQuantity frequency;                        ///< Hz, characteristic
  std::optional<DerivedQuantity> capacitance;       ///< F; Hsu–Mansfeld for a CPE, tau/R for relaxations; none for HN
  std::optional<DerivedQuantity> capacitance_brug;  ///< F; CPE arcs with a resistor in series
  std::string hint;  ///< what `capacitance` usually stands for, as in drt.hpp; empty without one
};

struct DerivedQuantities {
  /// Resistance at zero frequency with blocking members of the top-level series left out as electrodes; none if all
  /// block.
  std::optional<DerivedQuantity> total_resistance;  ///< Ohm
  std::vector<ArcQuantities> arcs;                  ///< highest characteristic frequency first
};

DerivedQuantities derive(const Circuit& circuit, const FitResult& fit);

/// Covariance of two derived quantities of one fit, first order [product of their units].
double covariance(const FitResult& fit, const DerivedQuantity& a, const DerivedQuantity& b);

}  // namespace closo::impedance
