/// Space-charge layers: how far they reach and how much they add (Maier's picture of composite electrolytes).
///
/// Source: J. Maier, Prog. Solid State Chem. 23 (1995) 171, DOI 10.1016/0079-6786(95)00004-E. Valid for dilute defects,
/// flat surfaces and layers thinner than half the distance between surfaces; the Gouy–Chapman profile of two mobile
/// defects of opposite charge, of which the accumulated one conducts.
#pragma once

namespace closo::composite {

/// λ = sqrt(ε ε0 kB T/(2 z² e² c)) [m] for the bulk defect concentration c [1/m³] and temperature [K]. Throws:
/// ParameterError unless all are above 0 (the charge number: not 0).
double debye_length(double relative_permittivity, double temperature, double defect_concentration, int charge = 1);

/// Mean excess conductivity [S/m] along a surface layer of thickness 2 λ: |z| e u (sqrt(c0 c) − c), exact for the
/// Gouy–Chapman profile, with the concentrations [1/m³] at the surface (c0) and in the bulk (c) and the mobility u
/// [m²/(V s)]; negative for depletion (c0 < c). Throws: ParameterError unless all are above 0 (the charge number: not
/// 0).
double parallel_excess_conductivity(double bulk_concentration, double surface_concentration, double mobility,
                                    int charge = 1);

struct SpaceCharge {
  double bulk_conductivity = 0.0, excess_conductivity = 0.0;  ///< S/m
  double debye_length = 0.0;                                  ///< m
  double area_per_volume = 0.0;  ///< filler surface per volume of filler, 1/m (sphere: 3/R)
  double filler_fraction = 0.0;
  double percolation_share = 0.5;  ///< Ω: of the layers, those along the field; 0.2 to 0.7
};
/// Insulating filler with conducting layers [S/m]: (1 − φ) σ + Ω v Δσ, where v = 2 λ S_v φ is the volume share of the
/// layers, at most 1 − φ (all of the conductor is layer). Throws: ParameterError for negative values (the excess may be
/// negative), shares outside [0, 1], or an excess below −σ.
double space_charge_conductivity(const SpaceCharge& input);

}  // namespace closo::composite
