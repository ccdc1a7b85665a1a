/// Removes what the cell holder and the leads add to a spectrum; every correction and every masked point says what and
/// why.
///
/// Open/short: the fixture is a series impedance Z_s and a parallel admittance Y_o. Open/short/load: any linear
/// two-port, calibrated with a known standard. Source: Keysight Technologies, Impedance Measurement Handbook, 6th ed.
/// (2020), sec. 4.3 (open/short and open/short/load compensation). Lead: Z − R − jωL. Corrected uncertainties are those
/// of the measurement carried through the correction by its derivative; the reference measurements count as exact.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/impedance/spectrum.hpp"

namespace closo::impedance {

/// A spectrum after a correction and what was done, in full sentences (also in the metadata entry "fixture").
struct Corrected {
  Spectrum spectrum;
  std::vector<std::string> steps;
};

/// Z = (Z_m − Z_s) / (1 − (Z_m − Z_s) Y_o) with Y_o = 1/(Z_open − Z_s).
/// References are interpolated in ln f (log of modulus, phase); points outside their range are masked with the reason.
/// Without `open`, Y_o = 0; without `short_circuit`, Z_s = 0.
/// Throws: ParameterError when neither is given; as `prepare` for a reference that is not usable.
Corrected compensate_open_short(const Spectrum& measured, const std::optional<Spectrum>& open,
                                const std::optional<Spectrum>& short_circuit);

/// Z = Z_std (Z_open − Z_load)(Z_m − Z_s) / ((Z_load − Z_s)(Z_open − Z_m)).
/// @param standard  true impedance of the load at its frequencies
/// Throws: as `prepare` for a reference that is not usable.
Corrected compensate_open_short_load(const Spectrum& measured, const Spectrum& open, const Spectrum& short_circuit,
                                     const Spectrum& load, const Spectrum& standard);

/// Z − resistance − jω inductance. Throws: ParameterError on a negative or non-finite value.
Corrected subtract_lead(const Spectrum& measured, double resistance, double inductance);

struct LeadEstimate {
  double resistance = 0.0;      ///< Ohm, mean Z' of the short
  double inductance = 0.0;      ///< H, slope of Z'' over ω
  double largest_misfit = 0.0;  ///< Ohm
};

/// R and L of the leads from a short-circuit measurement: Z' = R, Z'' = ωL by least squares with weight 1/|Z|.
/// Throws: as `prepare`.
LeadEstimate estimate_lead(const Spectrum& short_circuit);

struct MaskReport {
  std::vector<MaskedPoint> masked;   ///< added by this call
  std::vector<std::string> remarks;  ///< full sentences: what was masked, what was left although it looks inductive
};

/// Masks the run of points with Z'' > 0 at the high-frequency end, each with its reason. Inductive points elsewhere (a
/// low-frequency loop) stay and are named in the remarks. Throws: as `prepare`; InputError when fewer than
/// `smallest_rest` points would remain.
MaskReport mask_inductive_end(Spectrum& spectrum, std::size_t smallest_rest = 6);

/// Masks the points outside [lowest, highest] Hz. Throws: ParameterError unless 0 <= lowest < highest.
MaskReport mask_outside(Spectrum& spectrum, double lowest, double highest);

/// Masks given points, as those flagged by a Kramers-Kronig test. Throws: ParameterError on an index that does not
/// exist.
MaskReport mask_points(Spectrum& spectrum, std::span<const std::size_t> indices, const std::string& reason);

}  // namespace closo::impedance
