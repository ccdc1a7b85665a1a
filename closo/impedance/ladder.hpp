/// The circuit that the data support, chosen from a ladder for solid electrolytes, with the reason.
///
/// Rungs, simplest first: R; R-CPE; p(R,CPE)-CPE; R-p(R,CPE)-CPE; p(R,CPE)-p(R,CPE)-CPE; the same without the blocking
/// CPE, with a lead inductance in series, and with Warburg diffusion instead of the blocking CPE. A rung is accepted
/// when it converges with every parameter identified. Among accepted rungs the smallest corrected Akaike criterion
/// wins, unless a simpler rung is nearly as good: within 10 of it (Kass & Raftery's decisive difference) or within 2 %
/// of its misfit, a richer circuit has to earn its parameters. Nested pairs carry an F-test too. Source: K. P. Burnham
/// & D. R. Anderson, Model Selection and Multimodel Inference, Springer (2002), ch. 2 (AICc); J. R. Macdonald (ed.),
/// Impedance Spectroscopy, 3rd ed., Wiley (2018), sec. 3.4 (F-test).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/impedance/fit.hpp"

namespace closo::impedance {

struct Rung {
  Circuit circuit;
  std::string text;  ///< in dashed notation
  FitResult fit;
  bool accepted = false;         ///< converged, every parameter identified, none at its bound
  double aicc_difference = 0.0;  ///< to the chosen rung
  std::string verdict;           ///< a full sentence: why it was taken or not
};

struct LadderResult {
  std::vector<Rung> rungs;    ///< in the order of trial
  std::size_t chosen = 0;     ///< place in `rungs`
  bool any_accepted = false;  ///< false: `chosen` is the best of the rungs that are not accepted
  std::string reason;         ///< full sentences
  const Rung& best() const { return rungs[chosen]; }
};

/// The circuits of the ladder; with `inductive` those with a lead inductance too.
std::vector<std::string> solid_electrolyte_ladder(bool inductive);

/// Fits every circuit and chooses. An inductance is tried when points at the fast end are inductive.
/// @param circuits  the ladder, simplest first; empty: solid_electrolyte_ladder
/// Throws: as fit; InputError from parse_circuit; ParameterError when no circuit has fewer parameters than the data
/// numbers.
LadderResult choose_circuit(const Spectrum& spectrum, const FitOptions& options = {},
                            const std::vector<std::string>& circuits = {});

/// Probability that the added parameters of the richer of two nested fits reduce chi² by chance as much as they did
/// (F distribution). Empty unless `rich` has more parameters, fewer degrees of freedom and a smaller chi².
std::optional<double> f_test(const FitResult& simple, const FitResult& rich);

}  // namespace closo::impedance
