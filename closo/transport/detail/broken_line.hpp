/// Exhaustive search of broken lines through points in the Arrhenius plane, from prefix sums; private to the room.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "closo/transport/piecewise.hpp"

namespace closo::transport::detail {

/// A joint between two segments.
struct Joint {
  std::size_t index = 0;     ///< first point of the upper segment
  double temperature = 0.0;  ///< K, of a fixed or given joint
  bool fixed = false;        ///< continuous at `temperature`: both segments share one fit
  bool given = false;
  bool continuous = false;
};

struct BrokenLine {
  std::vector<Joint> joints;
  double chi_square = 0.0;
  std::size_t parameters = 0;  ///< two for the first line; a kink adds two, a jump three (position included)
  std::size_t jumps = 0;
};

/// Points in ascending temperature as x = -1/T (centred and scaled), y = ln(sigma T) or ln sigma, and weights.
class PreparedPoints {
 public:
  /// The slope of one line through all points turns temperature uncertainties into those of y.
  PreparedPoints(std::span<const ConductivityPoint> points, ArrheniusForm form, double activation_energy_eV);

  std::size_t size() const noexcept { return x_.size(); }
  bool weighted() const noexcept { return weighted_; }
  double x(std::size_t i) const noexcept { return x_[i]; }
  double y(std::size_t i) const noexcept { return y_[i]; }
  double weight(std::size_t i) const noexcept { return w_[i]; }
  double sigma(std::size_t i) const noexcept;
  double x_of(double temperature) const noexcept { return (centre_ - 1.0 / temperature) / scale_; }

  struct Line {
    long double at_zero = 0, slope = 0, chi_square = 0;
  };
  /// Line through the points [first, last); empty when their x are all equal.
  std::optional<Line> line(std::size_t first, std::size_t last) const;
  /// A continuous broken line: its chi-square, and the lines of its lowest and its highest segment.
  struct Hinge {
    long double chi_square = 0;
    Line lowest, highest;
  };
  /// Through [first, last) with one or two knots at the given points; empty when singular.
  std::optional<Hinge> hinge(std::size_t first, std::size_t last, std::span<const std::size_t> knots) const;

 private:
  struct Sums {
    long double w = 0, x = 0, xx = 0, y = 0, xy = 0, yy = 0;
  };
  Sums between(std::size_t first, std::size_t last) const noexcept;

  double centre_ = 0.0, scale_ = 1.0, mean_y_ = 0.0;
  bool weighted_ = false;
  std::vector<double> x_, y_, w_;
  std::vector<Sums> prefix_;
};

/// The broken line of so many segments (1 to 3) with the lowest score; empty when the points do not suffice.
std::optional<BrokenLine> best_broken_line(const PreparedPoints& points, std::size_t segments, JointKind kind,
                                           std::size_t min_points,
                                           const std::function<double(double, std::size_t)>& score);

/// Joint fit of segments linked by fixed knots, with the covariance carried to each segment; empty when rank deficient.
std::vector<Segment> fit_hinges(std::span<const ConductivityPoint> points, const PreparedPoints& prepared,
                                std::size_t first, std::size_t last, std::span<const Joint> joints,
                                const ArrheniusOptions& options);

Transition describe_transition(std::span<const ConductivityPoint> points, const Joint& joint, const ArrheniusLaw& below,
                               const ArrheniusLaw& above);

}  // namespace closo::transport::detail
