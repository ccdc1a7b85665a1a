/// Conductivity across phase transitions: Arrhenius segments with kinks or jumps, given or found in the points.
///
/// The search is exhaustive over the break points for up to three segments: every division of the points into runs is
/// fitted exactly, and every continuous broken line too (D. J. Hudson, J. Am. Stat. Assoc. 61 (1966) 1097,
/// DOI 10.1080/01621459.1966.10482198: the joint lies where two free lines meet between two points, or at a point). The
/// number of segments is the smallest that no larger one beats by the stated evidence in the Schwarz criterion
/// (num/information_criteria.hpp). Temperature uncertainties enter the segment fits, not the search.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "closo/transport/arrhenius.hpp"
#include "closo/transport/conductivity_law.hpp"

namespace closo::transport {

/// What may happen to sigma at a transition.
enum class JointKind : unsigned char { automatic, continuous, jump };

struct PiecewiseOptions {
  ArrheniusForm form = ArrheniusForm::sigma_t;
  bool scale_by_residuals = false;
  JointKind joint = JointKind::automatic;
  std::size_t max_segments = 3;           ///< 1 to 3
  std::optional<std::size_t> segments{};  ///< exactly so many, whatever the evidence
  std::size_t min_points = 3;             ///< per segment, at least 2
  double evidence = 10.0;                 ///< drop of the criterion that one more segment must bring
  double noise_floor = 1e-6;              ///< smallest relative noise of sigma believed in (without uncertainties)
};

struct Transition {
  double temperature = 0.0;             ///< K: given, or where the lines meet, or the middle of the bracket
  double low = 0.0, high = 0.0;         ///< K: the two bracketing points; equal to the temperature when it was given
  std::optional<double> uncertainty{};  ///< K, standard; of a bracket: half of its width over sqrt(3)
  bool continuous = false;
  bool given = false;
  double jump_decades = 0.0;  ///< log10 of sigma just above over sigma just below
  std::optional<double> jump_uncertainty{};
};

struct Segment {
  ArrheniusLaw law;
  std::size_t first = 0, count = 0;  ///< points in ascending temperature
  double chi_square = 0.0;           ///< share of the segment
};

/// Best model with a number of segments.
struct PiecewiseCandidate {
  std::size_t segments = 0;
  std::size_t jumps = 0;
  std::size_t parameters = 0;  ///< break points included
  double chi_square = 0.0;
  double criterion = 0.0;  ///< Schwarz; infinite when too few points are left over
};

struct PiecewiseFit {
  num::FitStatus status = num::FitStatus::too_few_points;
  std::vector<ConductivityPoint> points;  ///< in ascending temperature
  std::vector<Segment> segments;
  std::vector<Transition> transitions;
  std::vector<PiecewiseCandidate> candidates;  ///< of the search, by number of segments
  std::size_t degrees_of_freedom = 0;          ///< points less line parameters and break points
  double chi_square = 0.0;
  double r_squared = 0.0;  ///< of ln(sigma T) or ln sigma over all segments
  bool weighted = false;

  ConductivityLaw law() const;
};

/// Finds transitions. Throws: ParameterError as fit_arrhenius, on options outside their range, or above 2000 points.
PiecewiseFit find_transitions(std::span<const ConductivityPoint> points, const PiecewiseOptions& options = {});

/// Fits the segments between given transition temperatures [K]; `automatic` joints may jump.
/// Throws: ParameterError as fit_arrhenius, and when a segment holds fewer than two different temperatures.
PiecewiseFit fit_with_transitions(std::span<const ConductivityPoint> points, std::span<const double> transitions,
                                  const PiecewiseOptions& options = {});

/// Difference of heating and cooling at one transition.
struct Hysteresis {
  double heating = 0.0, cooling = 0.0;       ///< K, transition temperatures
  double width = 0.0;                        ///< K, heating less cooling
  double width_low = 0.0, width_high = 0.0;  ///< K, what the brackets allow
};

/// Transitions paired in order; empty when the branches have different numbers of them.
std::vector<Hysteresis> hysteresis(const PiecewiseFit& heating, const PiecewiseFit& cooling);

}  // namespace closo::transport
