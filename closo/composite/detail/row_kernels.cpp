#include "closo/composite/detail/row_kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace closo::composite::detail {
namespace {

/// Keeps cells without any link finite: their right-hand side is zero and so is the quotient.
constexpr float tiny = 1e-35f;

/// Calls loop(count, out, rhs, own, c0 … c5, v0 … v5): restrict counts for the optimiser only on function arguments.
template <class Loop>
[[gnu::always_inline]] inline auto with_links(const RowOperation& op) {
  const RowLinks& links = *op.links;
  const float* v = op.values;
  const std::array<Index, 6>& at = links.neighbour;
  const std::array<const float*, 6>& c = links.conductance;
  return Loop::loop(links.count, op.out, op.rhs, op.own, c[0], c[1], c[2], c[3], c[4], c[5], v + at[0], v + at[1],
                    v + at[2], v + at[3], v + at[4], v + at[5]);
}

struct Relax {
  [[gnu::always_inline]] static inline void run(const RowOperation& op) { return with_links<Relax>(op); }
  [[gnu::always_inline]] static inline void loop(
      Index count, float* __restrict out, const float* __restrict rhs, const float* __restrict,
      const float* __restrict c0, const float* __restrict c1, const float* __restrict c2, const float* __restrict c3,
      const float* __restrict c4, const float* __restrict c5, const float* __restrict v0, const float* __restrict v1,
      const float* __restrict v2, const float* __restrict v3, const float* __restrict v4, const float* __restrict v5) {
    for (Index i = 0; i < count; ++i) {
      const float sum = ((c0[i] + c1[i]) + (c2[i] + c3[i])) + (c4[i] + c5[i]);
      const float inflow = ((c0[i] * v0[i] + c1[i] * v1[i]) + (c2[i] * v2[i] + c3[i] * v3[i])) +
                           (c4[i] * v4[i] + c5[i] * v5[i]) + rhs[i];
      out[i] = inflow / (sum > tiny ? sum : tiny);
    }
  }
};

struct RelaxFromZero {
  [[gnu::always_inline]] static inline void run(const RowOperation& op) { return with_links<RelaxFromZero>(op); }
  [[gnu::always_inline]] static inline void loop(Index count, float* __restrict out, const float* __restrict rhs,
                                                 const float* __restrict, const float* __restrict c0,
                                                 const float* __restrict c1, const float* __restrict c2,
                                                 const float* __restrict c3, const float* __restrict c4,
                                                 const float* __restrict c5, const float*, const float*, const float*,
                                                 const float*, const float*, const float*) {
    for (Index i = 0; i < count; ++i) {
      const float sum = ((c0[i] + c1[i]) + (c2[i] + c3[i])) + (c4[i] + c5[i]);
      out[i] = rhs[i] / (sum > tiny ? sum : tiny);
    }
  }
};

struct Residual {
  [[gnu::always_inline]] static inline void run(const RowOperation& op) { return with_links<Residual>(op); }
  [[gnu::always_inline]] static inline void loop(
      Index count, float* __restrict out, const float* __restrict rhs, const float* __restrict own,
      const float* __restrict c0, const float* __restrict c1, const float* __restrict c2, const float* __restrict c3,
      const float* __restrict c4, const float* __restrict c5, const float* __restrict v0, const float* __restrict v1,
      const float* __restrict v2, const float* __restrict v3, const float* __restrict v4, const float* __restrict v5) {
    for (Index i = 0; i < count; ++i) {
      const float x = own[i];
      out[i] = ((c0[i] * (v0[i] - x) + c1[i] * (v1[i] - x)) + (c2[i] * (v2[i] - x) + c3[i] * (v3[i] - x))) +
               (c4[i] * (v4[i] - x) + c5[i] * (v5[i] - x)) + rhs[i];
    }
  }
};

constexpr Index lanes = 16;

struct Dot {
  [[gnu::always_inline]] static inline double run(const float* __restrict a, const float* __restrict b, Index count) {
    double sums[lanes] = {};
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
      for (Index j = 0; j < lanes; ++j) sums[j] += static_cast<double>(a[i + j]) * static_cast<double>(b[i + j]);
    }
    for (; i < count; ++i) sums[0] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    double total = 0.0;
    for (const double sum : sums) total += sum;
    return total;
  }
};

struct Apply {
  [[gnu::always_inline]] static inline double run(const RowOperation& op) { return with_links<Apply>(op); }
  [[gnu::always_inline]] static inline double loop(
      Index count, float* __restrict out, const float* __restrict, const float* __restrict own,
      const float* __restrict c0, const float* __restrict c1, const float* __restrict c2, const float* __restrict c3,
      const float* __restrict c4, const float* __restrict c5, const float* __restrict v0, const float* __restrict v1,
      const float* __restrict v2, const float* __restrict v3, const float* __restrict v4, const float* __restrict v5) {
    for (Index i = 0; i < count; ++i) {
      const float x = own[i];
      out[i] = ((c0[i] * (x - v0[i]) + c1[i] * (x - v1[i])) + (c2[i] * (x - v2[i]) + c3[i] * (x - v3[i]))) +
               (c4[i] * (x - v4[i]) + c5[i] * (x - v5[i]));
    }
    return Dot::run(own, out, count);
  }
};

struct StepResidual {
  [[gnu::always_inline]] static inline double run(float* __restrict r, const float* __restrict q, float a, Index count,
                                                  double& total) {
    double squares[lanes] = {}, sums[lanes] = {};
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
      for (Index j = 0; j < lanes; ++j) {
        r[i + j] -= a * q[i + j];
        const double value = static_cast<double>(r[i + j]);
        squares[j] += value * value;
        sums[j] += value;
      }
    }
    for (; i < count; ++i) {
      r[i] -= a * q[i];
      const double value = static_cast<double>(r[i]);
      squares[0] += value * value;
      sums[0] += value;
    }
    double square = 0.0;
    for (Index j = 0; j < lanes; ++j) {
      square += squares[j];
      total += sums[j];
    }
    return square;
  }
};

struct StepDirection {
  [[gnu::always_inline]] static inline void run(double* __restrict x, float* __restrict p, const float* __restrict z,
                                                double a, float b, Index count) {
    for (Index i = 0; i < count; ++i) {
      x[i] += a * static_cast<double>(p[i]);
      p[i] = z[i] + b * p[i];
    }
  }
};

struct LookUp {
  [[gnu::always_inline]] static inline void run(const RowLookup& row, Index from) {
    for (std::size_t link = 0; link < 6; ++link) {
      const std::uint8_t* __restrict own = row.own, * __restrict other = row.neighbour[link];
      const float* __restrict table = row.table[link / 2];
      float* __restrict out = row.out[link];
      for (Index i = from; i < row.count; ++i) out[i] = table[own[i] + other[i]];
    }
  }
};

template <class Kernel, class... Arguments>
auto plain(Arguments... arguments) {
  return Kernel::run(arguments...);
}

double plain_step_residual(float* r, const float* q, float a, Index count, double& total) {
  return StepResidual::run(r, q, a, count, total);
}

void plain_look_up(const RowLookup& row) { LookUp::run(row, 0); }

constexpr RowKernels base_kernels{[](const RowOperation& op) { Relax::run(op); },
                                  [](const RowOperation& op) { RelaxFromZero::run(op); },
                                  [](const RowOperation& op) { Residual::run(op); },
                                  [](const RowOperation& op) { return Apply::run(op); },
                                  plain_look_up,
                                  plain_step_residual,
                                  plain<Dot, const float*, const float*, Index>,
                                  plain<StepDirection, double*, float*, const float*, double, float, Index>};

#if defined(__x86_64__)

[[gnu::target("avx2,fma")]] void relax_avx2(const RowOperation& op) { Relax::run(op); }
[[gnu::target("avx2,fma")]] void relax_from_zero_avx2(const RowOperation& op) { RelaxFromZero::run(op); }
[[gnu::target("avx2,fma")]] void residual_avx2(const RowOperation& op) { Residual::run(op); }
[[gnu::target("avx2,fma")]] double apply_avx2(const RowOperation& op) { return Apply::run(op); }
[[gnu::target("avx2,fma")]] double step_residual_avx2(float* r, const float* q, float a, Index n, double& total) {
  return StepResidual::run(r, q, a, n, total);
}
[[gnu::target("avx2,fma")]] double dot_avx2(const float* a, const float* b, Index n) { return Dot::run(a, b, n); }
[[gnu::target("avx2,fma")]] void step_direction_avx2(double* x, float* p, const float* z, double a, float b, Index n) {
  StepDirection::run(x, p, z, a, b, n);
}
/// Tables of up to eight entries fit one register.
[[gnu::target("avx2,fma")]] void look_up_avx2(const RowLookup& row) {
  Index done = 0;
  if (row.entries <= 8) {
    const __m256 table[3] = {_mm256_loadu_ps(row.table[0]), _mm256_loadu_ps(row.table[1]),
                             _mm256_loadu_ps(row.table[2])};
    for (; done + 8 <= row.count; done += 8) {
      const __m128i own = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row.own + done));
      for (std::size_t link = 0; link < 6; ++link) {
        const __m128i other = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row.neighbour[link] + done));
        const __m256i code = _mm256_cvtepu8_epi32(_mm_add_epi8(own, other));
        _mm256_storeu_ps(row.out[link] + done, _mm256_permutevar8x32_ps(table[link / 2], code));
      }
    }
  }
  LookUp::run(row, done);
}
constexpr RowKernels avx2_kernels{relax_avx2,   relax_from_zero_avx2, residual_avx2, apply_avx2,
                                  look_up_avx2, step_residual_avx2,   dot_avx2,      step_direction_avx2};

[[gnu::target("avx512f")]] void relax_avx512(const RowOperation& op) { Relax::run(op); }
[[gnu::target("avx512f")]] void relax_from_zero_avx512(const RowOperation& op) { RelaxFromZero::run(op); }
[[gnu::target("avx512f")]] void residual_avx512(const RowOperation& op) { Residual::run(op); }
[[gnu::target("avx512f")]] double apply_avx512(const RowOperation& op) { return Apply::run(op); }
[[gnu::target("avx512f")]] double step_residual_avx512(float* r, const float* q, float a, Index n, double& total) {
  return StepResidual::run(r, q, a, n, total);
}
[[gnu::target("avx512f")]] double dot_avx512(const float* a, const float* b, Index n) { return Dot::run(a, b, n); }
[[gnu::target("avx512f")]] void step_direction_avx512(double* x, float* p, const float* z, double a, float b, Index n) {
  StepDirection::run(x, p, z, a, b, n);
}
/// Tables of up to thirty-two entries fit two registers.
[[gnu::target("avx512f")]] void look_up_avx512(const RowLookup& row) {
  Index done = 0;
  if (row.entries <= 32) {
    __m512 low[3], high[3];
    for (std::size_t axis = 0; axis < 3; ++axis) {
      low[axis] = _mm512_loadu_ps(row.table[axis]);
      high[axis] = _mm512_loadu_ps(row.table[axis] + 16);
    }
    for (; done + 16 <= row.count; done += 16) {
      const __m128i own = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.own + done));
      for (std::size_t link = 0; link < 6; ++link) {
        const __m128i other = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.neighbour[link] + done));
        const __m512i code = _mm512_maskz_cvtepu8_epi32(0xffff, _mm_add_epi8(own, other));
        _mm512_storeu_ps(row.out[link] + done, _mm512_permutex2var_ps(low[link / 2], code, high[link / 2]));
      }
    }
  }
  LookUp::run(row, done);
}
constexpr RowKernels avx512_kernels{relax_avx512,   relax_from_zero_avx512, residual_avx512, apply_avx512,
                                    look_up_avx512, step_residual_avx512,   dot_avx512,      step_direction_avx512};

const RowKernels& choose() {
  if (__builtin_cpu_supports("avx512f")) return avx512_kernels;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_kernels;
  return base_kernels;
}

#else

const RowKernels& choose() { return base_kernels; }

#endif

}  // namespace

const RowKernels& row_kernels() {
  static const RowKernels& chosen = choose();
  return chosen;
}

}  // namespace closo::composite::detail
