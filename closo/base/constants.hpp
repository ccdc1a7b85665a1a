/// Physical constants, CODATA 2018 (exact by the SI of 2019): Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010,
/// DOI 10.1103/RevModPhys.93.025010.
#pragma once

namespace closo::base {

inline constexpr double elementary_charge = 1.602176634e-19;           ///< C
inline constexpr double boltzmann_constant = 1.380649e-23;             ///< J/K
inline constexpr double avogadro_constant = 6.02214076e23;             ///< 1/mol
inline constexpr double faraday_constant = 96485.33212331001;          ///< C/mol, e N_A
inline constexpr double gas_constant = 8.31446261815324;               ///< J/(mol K), k N_A
inline constexpr double boltzmann_constant_eV = 8.617333262145179e-5;  ///< eV/K, k/e
inline constexpr double vacuum_permittivity = 8.8541878128e-12;        ///< F/m
inline constexpr double zero_celsius = 273.15;                         ///< K

}  // namespace closo::base
