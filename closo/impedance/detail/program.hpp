/// A circuit as a flat list of instructions, evaluated over all frequencies at once: impedance forward, derivatives
/// backward.
///
/// Every series group sums impedances and every parallel group admittances; plain powers of s enter either sum in the
/// form it needs, so that only the groups themselves are inverted. The derivative by any parameter is the derivative of
/// its element times one factor per sum (reverse mode). No virtual calls, and no allocation after construction.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/impedance/circuit.hpp"
#include "closo/impedance/detail/complex_number.hpp"

namespace closo::impedance::detail {

/// Frequencies with what the instructions need of them. Arrays are padded to a multiple of 4 with the last frequency.
class Grid {
 public:
  /// @param frequency  Hz, positive
  explicit Grid(std::span<const double> frequency);

  std::size_t size() const noexcept { return size_; }
  std::size_t stride() const noexcept { return omega_.size(); }
  const double* omega() const noexcept { return omega_.data(); }  ///< rad/s
  const double* log_omega() const noexcept { return log_omega_.data(); }
  const double* inverse() const noexcept { return inverse_.data(); }  ///< 1/omega
  const double* inverse_root() const noexcept { return inverse_root_.data(); }

 private:
  std::size_t size_ = 0;
  std::vector<double> omega_, log_omega_, inverse_, inverse_root_;
};

class Program {
 public:
  explicit Program(const Circuit& circuit);

  /// Parameters of the circuit, distinct ones.
  std::size_t parameters() const noexcept { return parameters_; }

  struct Leaf {
    ElementKind kind;
    bool admittance;  ///< enters the sum as admittance
    bool first;       ///< starts the sum
    std::size_t sum;
    std::size_t slots[max_element_parameters];
    std::size_t count;
    std::size_t values;       ///< array of the element's value
    std::size_t derivatives;  ///< first of `count` arrays for composite elements
  };
  struct Invert {
    std::size_t from;
    std::size_t to;
    std::size_t value;  ///< array of 1/sum(from)
    bool first;
  };
  struct Step {
    bool leaf;
    std::size_t index;
  };

 private:
  friend class Evaluation;
  std::size_t new_array() { return arrays_++; }
  void add(const Circuit& circuit, std::size_t node, std::size_t sum, bool in_parallel, bool first);

  std::size_t parameters_ = 0;
  std::size_t arrays_ = 0;  ///< complex arrays in use
  std::vector<Leaf> leaves_;
  std::vector<Invert> inversions_;
  std::vector<Step> steps_;
  std::vector<std::size_t> sum_arrays_;
  std::vector<std::size_t> factor_arrays_;
  std::size_t root_sum_ = 0;
};

/// The working memory of one circuit on one grid. One thread at a time.
class Evaluation {
 public:
  Evaluation(const Program& program, const Grid& grid);

  /// Impedance at every frequency. `values`: the circuit's parameters; `logs`: their logarithms (unused for exponents).
  void forward(const double* values, const double* logs);
  const double* real() const noexcept { return array(program_->sum_arrays_[program_->root_sum_]); }
  const double* imaginary() const noexcept { return real() + stride_; }

  /// Derivatives after `forward` with the same parameters. `column[p]` is the Jacobian column of parameter p or -1;
  /// columns lie in `jacobian`, each 2 stride long: Z' times weight_re, then Z'' times weight_im. Derivatives are by
  /// the logarithm for logarithmic parameters.
  void backward(const double* values, const double* weight_re, const double* weight_im, const int* column,
                double* jacobian);

 private:
  double* array(std::size_t index) noexcept { return memory_.data() + 2 * stride_ * index; }
  const double* array(std::size_t index) const noexcept { return memory_.data() + 2 * stride_ * index; }
  void evaluate_leaf(const Program::Leaf& leaf, const double* values, const double* logs);
  void emit(const Program::Leaf& leaf, const double* values, const double* weight_re, const double* weight_im,
            const int* column, double* jacobian);

  const Program* program_;
  const Grid* grid_;
  std::size_t stride_;
  std::vector<double> memory_;
  std::vector<char> started_;  ///< columns that have a first contribution
};

}  // namespace closo::impedance::detail
