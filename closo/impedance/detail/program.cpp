#include "closo/impedance/detail/program.hpp"

#include <algorithm>
#include <cmath>

#include "closo/impedance/detail/element_kernel.hpp"

namespace closo::impedance::detail {
namespace {

constexpr double two_pi = 6.283185307179586476925;

bool is_power(ElementKind kind) {
  switch (kind) {
    case ElementKind::resistor:
    case ElementKind::capacitor:
    case ElementKind::inductor:
    case ElementKind::constant_phase:
    case ElementKind::warburg:
    case ElementKind::modified_inductor:
      return true;
    default:
      return false;
  }
}

void accumulate(bool first, std::size_t n, const double* __restrict from, double* __restrict to) {
  if (first) {
    std::copy(from, from + n, to);
  } else {
    for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
  }
}

/// One Jacobian column: (re, im) weighted and stored, or added when the parameter stands in several elements.
struct Column {
  double* re;
  double* im;
  const double* weight_re;
  const double* weight_im;
  bool first;

  void put(std::size_t i, Number z) const {
    const double a = weight_re[i] * z.re;
    const double b = weight_im[i] * z.im;
    re[i] = first ? a : re[i] + a;
    im[i] = first ? b : im[i] + b;
  }
};

}  // namespace

Grid::Grid(std::span<const double> frequency) : size_(frequency.size()) {
  const std::size_t stride = (size_ + 3) / 4 * 4;
  for (std::size_t i = 0; i < stride; ++i) {
    const double w = two_pi * frequency[std::min(i, size_ - 1)];
    omega_.push_back(w);
    log_omega_.push_back(std::log(w));
    inverse_.push_back(1.0 / w);
    inverse_root_.push_back(1.0 / std::sqrt(w));
  }
}

Program::Program(const Circuit& circuit) : parameters_(circuit.parameters.size()) {
  root_sum_ = 0;
  sum_arrays_.push_back(new_array());
  factor_arrays_.push_back(new_array());
  add(circuit, circuit.root, 0, false, true);
}

void Program::add(const Circuit& circuit, std::size_t node, std::size_t sum, bool in_parallel, bool first) {
  const CircuitNode& item = circuit.nodes[node];
  if (item.type == CircuitNode::Type::element) {
    const CircuitElement& element = circuit.elements[item.element];
    Leaf leaf{element.kind, in_parallel, first, sum, {}, element.parameters.size(), new_array(), 0};
    for (std::size_t i = 0; i < leaf.count; ++i) leaf.slots[i] = element.parameters[i];
    if (!is_power(leaf.kind)) {
      leaf.derivatives = arrays_;
      arrays_ += leaf.count;
    }
    steps_.push_back({true, leaves_.size()});
    leaves_.push_back(leaf);
    return;
  }
  const bool parallel = item.type == CircuitNode::Type::parallel;
  if (parallel == in_parallel) {
    for (std::size_t i = 0; i < item.children.size(); ++i) {
      add(circuit, item.children[i], sum, in_parallel, first && i == 0);
    }
    return;
  }
  const std::size_t inner = sum_arrays_.size();
  sum_arrays_.push_back(new_array());
  factor_arrays_.push_back(new_array());
  for (std::size_t i = 0; i < item.children.size(); ++i) add(circuit, item.children[i], inner, parallel, i == 0);
  steps_.push_back({false, inversions_.size()});
  inversions_.push_back({inner, sum, new_array(), first});
}

Evaluation::Evaluation(const Program& program, const Grid& grid)
    : program_(&program),
      grid_(&grid),
      stride_(grid.stride()),
      memory_(2 * grid.stride() * program.arrays_, 0.0),
      started_(program.parameters(), 0) {}

void Evaluation::evaluate_leaf(const Program::Leaf& leaf, const double* values, const double* logs) {
  const std::size_t n = stride_;
  double* __restrict re = array(leaf.values);
  double* __restrict im = re + n;
  const bool composite = with_kind(leaf.kind, [&]<ElementKind kind>() {
    double p[max_element_parameters];
    double lp[max_element_parameters];
    for (std::size_t k = 0; k < leaf.count; ++k) {
      p[k] = values[leaf.slots[k]];
      lp[k] = logs[leaf.slots[k]];
    }
    double* slopes = array(leaf.derivatives);
    Number dz[max_element_parameters];
    const double* log_w = grid_->log_omega();
    for (std::size_t i = 0; i < n; ++i) {
      Number z = response<kind>(p, lp, log_w[i], dz);
      if (leaf.admittance) {
        const Number y = inverse(z);
        const Number factor = -(y * y);
        for (std::size_t k = 0; k < leaf.count; ++k) dz[k] = factor * dz[k];
        z = y;
      }
      re[i] = z.re;
      im[i] = z.im;
      for (std::size_t k = 0; k < leaf.count; ++k) {
        slopes[2 * k * n + i] = dz[k].re;
        slopes[(2 * k + 1) * n + i] = dz[k].im;
      }
    }
  });
  if (composite) return;

  const PowerForm form = power_form(leaf.kind);
  const double side = leaf.admittance ? -1.0 : 1.0;
  const double amplitude = (form.sign * side > 0.0 ? values[leaf.slots[0]] : 1.0 / values[leaf.slots[0]]) *
                           (leaf.admittance ? 1.0 / form.factor : form.factor);
  switch (leaf.kind) {
    case ElementKind::resistor:
      std::fill(re, re + n, amplitude);
      std::fill(im, im + n, 0.0);
      return;
    case ElementKind::capacitor:
    case ElementKind::inductor: {
      const bool rising = side * form.exponent > 0.0;
      const double* w = rising ? grid_->omega() : grid_->inverse();
      const double signed_amplitude = rising ? amplitude : -amplitude;
      std::fill(re, re + n, 0.0);
      for (std::size_t i = 0; i < n; ++i) im[i] = signed_amplitude * w[i];
      return;
    }
    case ElementKind::warburg: {
      const double part = amplitude * 0.70710678118654752440;
      const double* w = grid_->inverse_root();
      for (std::size_t i = 0; i < n; ++i) {
        re[i] = leaf.admittance ? part / w[i] : part * w[i];
        im[i] = leaf.admittance ? re[i] : -re[i];
      }
      return;
    }
    default: {
      const double exponent = side * form.free_exponent * values[leaf.slots[1]];
      const double log_amplitude = form.sign * side * logs[leaf.slots[0]];
      const double c = std::cos(exponent * half_pi);
      const double s = std::sin(exponent * half_pi);
      const double* log_w = grid_->log_omega();
      for (std::size_t i = 0; i < n; ++i) {
        const double modulus = std::exp(log_amplitude + exponent * log_w[i]);
        re[i] = c * modulus;
        im[i] = s * modulus;
      }
      return;
    }
  }
}

void Evaluation::forward(const double* values, const double* logs) {
  const std::size_t n = stride_;
  for (const Program::Step& step : program_->steps_) {
    if (step.leaf) {
      const Program::Leaf& leaf = program_->leaves_[step.index];
      evaluate_leaf(leaf, values, logs);
      accumulate(leaf.first, 2 * n, array(leaf.values), array(program_->sum_arrays_[leaf.sum]));
    } else {
      const Program::Invert& item = program_->inversions_[step.index];
      const double* __restrict re = array(program_->sum_arrays_[item.from]);
      const double* __restrict im = re + n;
      double* __restrict out_re = array(item.value);
      double* __restrict out_im = out_re + n;
      for (std::size_t i = 0; i < n; ++i) {
        const double scale = 1.0 / (re[i] * re[i] + im[i] * im[i]);
        out_re[i] = re[i] * scale;
        out_im[i] = -im[i] * scale;
      }
      accumulate(item.first, 2 * n, out_re, array(program_->sum_arrays_[item.to]));
    }
  }
}

void Evaluation::emit(const Program::Leaf& leaf, const double* values, const double* weight_re, const double* weight_im,
                      const int* column, double* jacobian) {
  const std::size_t n = stride_;
  const bool at_root = leaf.sum == program_->root_sum_;
  const double* __restrict factor_re = array(program_->factor_arrays_[leaf.sum]);
  const double* __restrict factor_im = factor_re + n;
  const double* __restrict value_re = array(leaf.values);
  const double* __restrict value_im = value_re + n;
  const auto open = [&](std::size_t slot) -> Column {
    double* begin = jacobian + static_cast<std::size_t>(column[slot]) * 2 * n;
    const bool first = !started_[slot];
    started_[slot] = 1;
    return {begin, begin + n, weight_re, weight_im, first};
  };

  if (!is_power(leaf.kind)) {
    for (std::size_t k = 0; k < leaf.count; ++k) {
      if (column[leaf.slots[k]] < 0) continue;
      const Column out = open(leaf.slots[k]);
      const double* slope = array(leaf.derivatives) + 2 * k * n;
      for (std::size_t i = 0; i < n; ++i) {
        const Number d{slope[i], slope[n + i]};
        out.put(i, at_root ? d : Number{factor_re[i], factor_im[i]} * d);
      }
    }
    return;
  }
  const PowerForm form = power_form(leaf.kind);
  const double side = leaf.admittance ? -1.0 : 1.0;
  const double sign = form.sign * side;
  if (column[leaf.slots[0]] >= 0) {
    const Column out = open(leaf.slots[0]);
    if (leaf.kind == ElementKind::resistor) {
      const double d = sign * (leaf.admittance ? 1.0 / values[leaf.slots[0]] : values[leaf.slots[0]]);
      for (std::size_t i = 0; i < n; ++i) {
        out.put(i, at_root ? Number{d, 0.0} : Number{d * factor_re[i], d * factor_im[i]});
      }
    } else {
      for (std::size_t i = 0; i < n; ++i) {
        const Number d{sign * value_re[i], sign * value_im[i]};
        out.put(i, at_root ? d : Number{factor_re[i], factor_im[i]} * d);
      }
    }
  }
  if (leaf.count > 1 && column[leaf.slots[1]] >= 0) {
    const Column out = open(leaf.slots[1]);
    const double direction = side * form.free_exponent;
    const double* __restrict log_w = grid_->log_omega();
    for (std::size_t i = 0; i < n; ++i) {
      const Number d = direction * (Number{value_re[i], value_im[i]} * Number{log_w[i], half_pi});
      out.put(i, at_root ? d : Number{factor_re[i], factor_im[i]} * d);
    }
  }
}

void Evaluation::backward(const double* values, const double* weight_re, const double* weight_im, const int* column,
                          double* jacobian) {
  const std::size_t n = stride_;
  std::fill(started_.begin(), started_.end(), 0);
  for (std::size_t k = program_->steps_.size(); k-- > 0;) {
    const Program::Step& step = program_->steps_[k];
    if (step.leaf) {
      emit(program_->leaves_[step.index], values, weight_re, weight_im, column, jacobian);
      continue;
    }
    const Program::Invert& item = program_->inversions_[step.index];
    const double* __restrict re = array(item.value);
    const double* __restrict im = re + n;
    double* __restrict out_re = array(program_->factor_arrays_[item.from]);
    double* __restrict out_im = out_re + n;
    if (item.to == program_->root_sum_) {
      for (std::size_t i = 0; i < n; ++i) {
        out_re[i] = im[i] * im[i] - re[i] * re[i];
        out_im[i] = -2.0 * re[i] * im[i];
      }
    } else {
      const double* __restrict up_re = array(program_->factor_arrays_[item.to]);
      const double* __restrict up_im = up_re + n;
      for (std::size_t i = 0; i < n; ++i) {
        const double a = im[i] * im[i] - re[i] * re[i];
        const double b = -2.0 * re[i] * im[i];
        out_re[i] = a * up_re[i] - b * up_im[i];
        out_im[i] = a * up_im[i] + b * up_re[i];
      }
    }
  }
}

}  // namespace closo::impedance::detail
