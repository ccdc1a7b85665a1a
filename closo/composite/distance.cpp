#include "closo/composite/distance.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

constexpr double far = std::numeric_limits<double>::infinity();

/// Lower envelope of the parabolas f(i) + (x − i h)² on one line; the eq. numbers of the source's algorithm 1.
class Line {
 public:
  Line(std::size_t length, double spacing) : f(length), spacing_(spacing), vertex_(length), start_(length + 1) {}

  std::vector<double> f;  ///< squared distances before, replaced by those after

  void transform() {
    std::size_t count = 0;
    const std::size_t n = f.size();
    for (std::size_t i = 0; i < n; ++i) {
      if (f[i] == far) continue;
      double from = -far;
      while (count > 0) {
        from = meeting(vertex_[count - 1], i);
        if (from > start_[count - 1]) break;
        --count;
        from = -far;
      }
      vertex_[count] = i;
      start_[count++] = from;
    }
    if (count == 0) return;
    result_.resize(n);
    std::size_t k = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double x = static_cast<double>(i) * spacing_;
      while (k + 1 < count && start_[k + 1] < x) ++k;
      const double offset = x - static_cast<double>(vertex_[k]) * spacing_;
      result_[i] = f[vertex_[k]] + offset * offset;
    }
    f = result_;
  }

 private:
  double meeting(std::size_t i, std::size_t j) const {
    const double a = static_cast<double>(i) * spacing_, b = static_cast<double>(j) * spacing_;
    return ((f[j] + b * b) - (f[i] + a * a)) / (2.0 * (b - a));
  }

  double spacing_;
  std::vector<std::size_t> vertex_;
  std::vector<double> start_, result_;
};

}  // namespace

std::vector<float> distance_to(const VoxelImage& image, std::span<const bool> member) {
  if (member.size() != image.phases.size())
    throw base::ParameterError("member", std::to_string(member.size()) + " marks",
                               "one per label, " + std::to_string(image.phases.size()));
  const std::array<std::size_t, 3> step{1, image.size[0], image.size[0] * image.size[1]};
  constexpr float unreached = std::numeric_limits<float>::infinity();
  std::vector<float> square(image.voxels());
  for (std::size_t i = 0; i < square.size(); ++i) square[i] = member[image.labels[i]] ? 0.0f : unreached;
  // Lengths in units of the first spacing: squares of metres would leave the range of float.
  const double unit = image.spacing[0];
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::size_t n = image.size[axis];
    const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3;
    // Periodic lines are seen three times over; the middle copy then has its neighbours on both sides.
    const std::size_t copies = image.is_periodic ? 3 : 1;
    const std::size_t middle = image.is_periodic ? n : 0;
    Line line(n * copies, image.spacing[axis] / unit);
    for (std::size_t j = 0; j < image.size[v]; ++j) {
      for (std::size_t i = 0; i < image.size[u]; ++i) {
        float* first = &square[i * step[u] + j * step[v]];
        for (std::size_t k = 0; k < n; ++k) {
          const double value = first[k * step[axis]] == unreached ? far : static_cast<double>(first[k * step[axis]]);
          for (std::size_t copy = 0; copy < copies; ++copy) line.f[copy * n + k] = value;
        }
        line.transform();
        for (std::size_t k = 0; k < n; ++k) {
          const double value = line.f[middle + k];
          first[k * step[axis]] = value == far ? unreached : static_cast<float>(value);
        }
      }
    }
  }
  for (float& value : square) value = std::sqrt(value) * static_cast<float>(unit);
  return square;
}

}  // namespace closo::composite
