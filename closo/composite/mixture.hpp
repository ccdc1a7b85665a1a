/// Composition arithmetic of composite electrolytes: volume, mass and amount fractions, pore filling of an oxide
/// scaffold, the share of an interphase, pellet porosity, layer resistance.
///
/// Model: ideal mixing (volumes add up, no reaction products), dense components at their own densities. A number's
/// uncertainty is propagated to first order (base/measured.hpp). Every result depends on the densities that were given:
/// keep them with the result.
/// Source: pore filling as in Hehn et al., ACS Appl. Mater. Interfaces 17 (2025) 33824, DOI 10.1021/acsami.5c01939,
/// Table 1.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/base/measured.hpp"
#include "closo/base/unit.hpp"

namespace closo::composite {

using base::Measured;

/// Fractions in another basis. `from` and `to` are volume, mass or amount; fractions need not sum to 1, results do.
/// Densities [kg/m³] are used between volume and the others, molar masses [kg/mol] between amount and the others; a
/// span that is not used may be empty. Arrays have one entry per component. Throws: ParameterError for a basis `none`,
/// unequal lengths, negative fractions or a zero sum, densities or molar masses that are not above 0.
std::vector<double> convert_fractions(std::span<const double> fractions, base::FractionBasis from,
                                      base::FractionBasis to, std::span<const double> densities,
                                      std::span<const double> molar_masses);

/// One component of a mixture; what is not known stays empty.
struct Component {
  std::string name;
  std::optional<Measured>
      fraction;  ///< 0 to 1 in the basis of the mixture; at most one component leaves it out: the rest
  std::optional<Measured> density;     ///< kg/m³
  std::optional<Measured> molar_mass;  ///< kg/mol
};

/// Fractions in every basis. An array is empty where densities or molar masses that it needs are missing.
struct Mixture {
  std::vector<Measured> volume, mass, amount;  ///< fractions, one per component, each sums to 1
  std::optional<Measured> density;             ///< kg/m³, ideal mixing
  std::optional<Measured> molar_mass;          ///< kg/mol, mean over the amounts
};

/// When all fractions are stated, some with and some without an uncertainty, the last one without takes up the rest, so
/// that "25(1) vol% and 75 vol%" means 75(1) vol%; otherwise stated fractions are independent and their sum is scaled
/// to 1. Throws: ParameterError for no component, a basis `none`, more than one missing fraction, fractions outside [0,
/// 1], given fractions that sum to more than 1 (or, with none missing, differ from 1 by more than 1e-6), densities or
/// molar masses not above 0.
Mixture mix(std::span<const Component> components, base::FractionBasis basis);

/// Ratio of two components by volume or mass (`to`), with the uncertainties of the fractions, densities and molar
/// masses that enter. Empty where a density or molar mass that it needs is missing, or the second component's fraction
/// is 0. Throws: as mix; ParameterError for an index outside of the components.
std::optional<Measured> ratio_of(std::span<const Component> components, base::FractionBasis basis,
                                 base::FractionBasis to, std::size_t numerator, std::size_t denominator);

/// V(conductor) / V(pores of the scaffold); above 1 the pores cannot hold the conductor. By volume: (v_c / v_s) / (ρ_s
/// V_p). Volume fractions of the whole; scaffold density [kg/m³] and pore volume [m³ per kg of scaffold]. Throws:
/// ParameterError unless every argument is above 0.
Measured pore_filling(const Measured& conductor_to_scaffold_volume, const Measured& scaffold_density,
                      const Measured& pore_volume);

/// The same from masses: (m_c / m_s) / (ρ_c V_p), conductor density [kg/m³]. Throws: as above.
Measured pore_filling_by_mass(const Measured& conductor_to_scaffold_mass, const Measured& conductor_density,
                              const Measured& pore_volume);

/// Mass of conductor per mass of scaffold for a wanted filling: f ρ_c V_p. The mass fraction of a two-component mixture
/// is m / (1 + m). Throws: ParameterError unless every argument is above 0.
Measured mass_ratio_for_filling(const Measured& filling, const Measured& conductor_density,
                                const Measured& pore_volume);

/// x / (1 + x): the fraction of a component in a two-component mixture from its ratio to the other.
Measured fraction_of_ratio(const Measured& ratio);

enum class InterphaseStatus : unsigned char {
  partial,          ///< part of the conductor is interphase
  whole_conductor,  ///< the layer asked for needs more conductor than there is: all of it is interphase
};

/// Volume of the layer on the wetted scaffold surface.
struct Interphase {
  InterphaseStatus status = InterphaseStatus::partial;
  Measured wanted;           ///< layer volume / volume of all components, before the cap
  Measured volume_fraction;  ///< the same, at most the conductor's
  Measured conductor_share;  ///< interphase volume / conductor volume, at most 1
};

/// v_s ρ_s S t θ with the scaffold's volume fraction v_s, its density ρ_s [kg/m³], specific surface S [m²/kg of
/// scaffold], layer thickness t [m] and wetted fraction θ [0, 1]. Flat layer: thickness small against the radius of the
/// surface. Volume fractions are those of the components (without voids). At the cap the uncertainty is the conductor's
/// alone. The arguments count as independent, which holds for compositions that were stated by volume. Throws:
/// ParameterError for fractions outside [0, 1], a conductor fraction of 0, or other arguments not above 0.
Interphase interphase(const Measured& conductor_volume_fraction, const Measured& scaffold_volume_fraction,
                      const Measured& scaffold_density, const Measured& surface_area, const Measured& thickness,
                      const Measured& wetted_fraction);

/// Conductor per scaffold surface [mol/m²]: (m_c / M_c) / (m_s S) from the mass ratio, molar mass [kg/mol] and specific
/// surface [m²/kg of scaffold]. Throws: ParameterError unless every argument is above 0.
Measured interface_loading(const Measured& conductor_to_scaffold_mass, const Measured& molar_mass,
                           const Measured& surface_area);

enum class PelletStatus : unsigned char {
  ordinary,
  denser_than_ideal,  ///< mass, size or densities contradict each other: porosity below 0
};

struct Pellet {
  PelletStatus status = PelletStatus::ordinary;
  Measured density;           ///< kg/m³, m / (A L)
  Measured relative_density;  ///< of the ideal mixture
  Measured porosity;          ///< 1 - relative density; negative when denser than ideal
};

/// Porosity of a disc of mass [kg], thickness [m] and diameter [m] against the ideal density [kg/m³].
/// Throws: ParameterError unless every argument is above 0.
Pellet pellet(const Measured& mass, const Measured& thickness, const Measured& diameter, const Measured& ideal_density);

/// d / (σ A) [Ω] of a layer of thickness [m], conductivity [S/m] and area [m²].
/// Throws: ParameterError unless every argument is above 0.
Measured layer_resistance(const Measured& thickness, const Measured& conductivity, const Measured& area);

}  // namespace closo::composite
