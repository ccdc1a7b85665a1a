#include "closo/composite/detail/row_kernels.hpp"

#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace closo::composite::detail {
namespace {

/// Keeps cells without any link finite: their right-hand side is zero and so is the quotient.
constexpr float tiny = 1e-35f;

struct LookUp {
  [[gnu::always_inline]] static inline void run(const RowLinks& row, Index from) {
    for (std::size_t link = 0; link < 6; ++link) {
      const std::uint8_t* __restrict own = row.own_code, * __restrict other = row.codes + row.neighbour[link];
      const float* __restrict table = row.table[link / 2];
      float* __restrict out = row.room[link];
      for (Index i = from; i < row.count; ++i) out[i] = table[own[i] + other[i]];
    }
  }
};

/// Calls loop(count, out, rhs, own, c0 … c5, v0 … v5, rest): restrict counts for the optimiser only on function
/// arguments.
template <class Loop>
[[gnu::always_inline]] inline auto with_links(const RowOperation& op) {
  const RowLinks& links = *op.links;
  const float* v = op.values;
  const std::array<Index, 6>& at = links.neighbour;
  std::array<const float*, 6> c = links.conductance;
  if (c[0] == nullptr) {
    LookUp::run(links, 0);
    for (std::size_t i = 0; i < 6; ++i) c[i] = links.room[i];
  }
  return Loop::loop(links.count, op.out, op.rhs, op.own, c[0], c[1], c[2], c[3], c[4], c[5], v + at[0], v + at[1],
                    v + at[2], v + at[3], v + at[4], v + at[5], op.rest);
}

struct Relax {
  [[gnu::always_inline]] static inline void run(const RowOperation& op) { return with_links<Relax>(op); }
  [[gnu::always_inline]] static inline void loop(Index count, float* __restrict out, const float* __restrict rhs,
                                                 const float* __restrict, const float* __restrict c0,
                                                 const float* __restrict c1, const float* __restrict c2,
                                                 const float* __restrict c3, const float* __restrict c4,
                                                 const float* __restrict c5, const float* __restrict v0,
                                                 const float* __restrict v1, const float* __restrict v2,
                                                 const float* __restrict v3, const float* __restrict v4,
                                                 const float* __restrict v5, float* __restrict) {
    for (Index i = 0; i < count; ++i) {
      const float sum = ((c0[i] + c1[i]) + (c2[i] + c3[i])) + (c4[i] + c5[i]);
      const float inflow = ((c0[i] * v0[i] + c1[i] * v1[i]) + (c2[i] * v2[i] + c3[i] * v3[i])) +
                           (c4[i] * v4[i] + c5[i] * v5[i]) + rhs[i];
      out[i] = inflow / (sum > tiny ? sum : tiny);
    }
  }
};

struct RelaxWithRest {
  [[gnu::always_inline]] static inline void run(const RowOperation& op) { return with_links<RelaxWithRest>(op); }
  [[gnu::always_inline]] static inline void loop(Index count, float* __restrict out, const float* __restrict rhs,
                                                 const float* __restrict, const float* __restrict c0,
                                                 const float* __restrict c1, const float* __restrict c2,
                                                 const float* __restrict c3, const float* __restrict c4,
                                                 const float* __restrict c5, const float* __restrict v0,
                                                 const float* __restrict v1, const float* __restrict v2,
                                                 const float* __restrict v3, const float* __restrict v4,
                                                 const float* __restrict v5, float* __restrict rest) {
    for (Index i = 0; i < count; ++i) {
      const float x = out[i];
      const float sum = ((c0[i] + c1[i]) + (c2[i] + c3[i])) + (c4[i] + c5[i]);
      const float inflow = ((c0[i] * (v0[i] - x) + c1[i] * (v1[i] - x)) + (c2[i] * (v2[i] - x) + c3[i] * (v3[i] - x))) +
                           (c4[i] * (v4[i] - x) + c5[i] * (v5[i] - x)) + rhs[i];
      const float next = x + inflow / (sum > tiny ? sum : tiny);
      out[i] = next;
      rest[i] = inflow - sum * (next - x);
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
                                                 const float*, const float*, const float*, float*) {
    for (Index i = 0; i < count; ++i) {
      const float sum = ((c0[i] + c1[i]) + (c2[i] + c3[i])) + (c4[i] + c5[i]);
      out[i] = rhs[i] / (sum > tiny ? sum : tiny);
    }
  }
};

struct Residual {
  [[gnu::always_inline]] static inline void run(const RowOperation& op) { return with_links<Residual>(op); }
  [[gnu::always_inline]] static inline void loop(Index count, float* __restrict out, const float* __restrict rhs,
                                                 const float* __restrict own, const float* __restrict c0,
                                                 const float* __restrict c1, const float* __restrict c2,
                                                 const float* __restrict c3, const float* __restrict c4,
                                                 const float* __restrict c5, const float* __restrict v0,
                                                 const float* __restrict v1, const float* __restrict v2,
                                                 const float* __restrict v3, const float* __restrict v4,
                                                 const float* __restrict v5, float* __restrict) {
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
  [[gnu::always_inline]] static inline double loop(Index count, float* __restrict out, const float* __restrict,
                                                   const float* __restrict own, const float* __restrict c0,
                                                   const float* __restrict c1, const float* __restrict c2,
                                                   const float* __restrict c3, const float* __restrict c4,
                                                   const float* __restrict c5, const float* __restrict v0,
                                                   const float* __restrict v1, const float* __restrict v2,
                                                   const float* __restrict v3, const float* __restrict v4,
                                                   const float* __restrict v5, float* __restrict) {
    for (Index i = 0; i < count; ++i) {
      const float x = own[i];
      out[i] = ((c0[i] * (x - v0[i]) + c1[i] * (x - v1[i])) + (c2[i] * (x - v2[i]) + c3[i] * (x - v3[i]))) +
               (c4[i] * (x - v4[i]) + c5[i] * (x - v5[i]));
    }
    return Dot::run(own, out, count);
  }
};

struct StepResidual {
  [[gnu::always_inline]] static inline double run(float* __restrict r, const float* __restrict q, float a,
                                                  Index count) {
    double squares[lanes] = {};
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
      for (Index j = 0; j < lanes; ++j) {
        r[i + j] -= a * q[i + j];
        const double value = static_cast<double>(r[i + j]);
        squares[j] += value * value;
      }
    }
    for (; i < count; ++i) {
      r[i] -= a * q[i];
      const double value = static_cast<double>(r[i]);
      squares[0] += value * value;
    }
    double square = 0.0;
    for (const double part : squares) square += part;
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

struct Balance {
  [[gnu::always_inline]] static inline void loop(
      Index count, float* __restrict residual, double* __restrict inflow, double* __restrict energy,
      double* __restrict low_x, double* __restrict low_y, double* __restrict low_z, const double* __restrict own,
      const float* __restrict c0, const float* __restrict c1, const float* __restrict c2, const float* __restrict c3,
      const float* __restrict c4, const float* __restrict c5, const float* __restrict d0, const float* __restrict d1,
      const float* __restrict d2, const float* __restrict d3, const float* __restrict d4, const float* __restrict d5,
      const double* __restrict v0, const double* __restrict v1, const double* __restrict v2,
      const double* __restrict v3, const double* __restrict v4, const double* __restrict v5) {
    for (Index i = 0; i < count; ++i) {
      const double f0 = (static_cast<double>(c0[i]) + static_cast<double>(d0[i])) * (v0[i] - own[i]);
      const double f1 = (static_cast<double>(c1[i]) + static_cast<double>(d1[i])) * (v1[i] - own[i]);
      const double f2 = (static_cast<double>(c2[i]) + static_cast<double>(d2[i])) * (v2[i] - own[i]);
      const double f3 = (static_cast<double>(c3[i]) + static_cast<double>(d3[i])) * (v3[i] - own[i]);
      const double f4 = (static_cast<double>(c4[i]) + static_cast<double>(d4[i])) * (v4[i] - own[i]);
      const double f5 = (static_cast<double>(c5[i]) + static_cast<double>(d5[i])) * (v5[i] - own[i]);
      const double sum = ((f0 + f1) + (f2 + f3)) + (f4 + f5);
      inflow[i] = sum;
      residual[i] = static_cast<float>(sum);
      energy[i] = ((f0 * (v0[i] - own[i]) + f1 * (v1[i] - own[i])) + (f2 * (v2[i] - own[i]) + f3 * (v3[i] - own[i]))) +
                  (f4 * (v4[i] - own[i]) + f5 * (v5[i] - own[i]));
      low_x[i] = f0;
      low_y[i] = f2;
      low_z[i] = f4;
    }
  }
  [[gnu::always_inline]] static inline double sum(const double* __restrict line, Index count, bool squared) {
    double sums[lanes] = {};
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
      for (Index j = 0; j < lanes; ++j) sums[j] += squared ? line[i + j] * line[i + j] : line[i + j];
    }
    for (; i < count; ++i) sums[0] += squared ? line[i] * line[i] : line[i];
    double total = 0.0;
    for (const double value : sums) total += value;
    return total;
  }
  [[gnu::always_inline]] static inline RowSums run(const RowBalance& row) {
    const RowLinks& links = *row.links;
    const std::array<Index, 6>& at = links.neighbour;
    const std::array<const float*, 6>&c = links.conductance, &d = row.remainder;
    const double* v = row.values;
    loop(links.count, row.residual, row.line[0], row.line[1], row.line[2], row.line[3], row.line[4], row.own, c[0],
         c[1], c[2], c[3], c[4], c[5], d[0], d[1], d[2], d[3], d[4], d[5], v + at[0], v + at[1], v + at[2], v + at[3],
         v + at[4], v + at[5]);
    RowSums sums;
    sums.square = sum(row.line[0], links.count, true);
    sums.energy = sum(row.line[1], links.count, false);
    for (std::size_t axis = 0; axis < 3; ++axis) sums.current[axis] = sum(row.line[axis + 2], links.count, false);
    return sums;
  }
};

template <class Kernel, class... Arguments>
auto plain(Arguments... arguments) {
  return Kernel::run(arguments...);
}

void plain_look_up(const RowLinks& row) { LookUp::run(row, 0); }

constexpr RowKernels base_kernels{[](const RowOperation& op) { Relax::run(op); },
                                  [](const RowOperation& op) { RelaxWithRest::run(op); },
                                  [](const RowOperation& op) { RelaxFromZero::run(op); },
                                  [](const RowOperation& op) { Residual::run(op); },
                                  [](const RowOperation& op) { return Apply::run(op); },
                                  plain_look_up,
                                  plain<StepResidual, float*, const float*, float, Index>,
                                  plain<Dot, const float*, const float*, Index>,
                                  plain<StepDirection, double*, float*, const float*, double, float, Index>,
                                  [](const RowBalance& row) { return Balance::run(row); }};

#if defined(__x86_64__)

[[gnu::target("avx2,fma")]] double step_residual_avx2(float* r, const float* q, float a, Index n) {
  return StepResidual::run(r, q, a, n);
}
[[gnu::target("avx2,fma")]] double dot_avx2(const float* a, const float* b, Index n) { return Dot::run(a, b, n); }
[[gnu::target("avx2,fma")]] void step_direction_avx2(double* x, float* p, const float* z, double a, float b, Index n) {
  StepDirection::run(x, p, z, a, b, n);
}
/// Eight cells at a time; tables of up to thirty-two entries fit four registers.
[[gnu::target("avx2,fma")]] void look_up_avx2(const RowLinks& row) {
  Index i = 0;
  for (; row.entries <= 32 && i + 8 <= row.count; i += 8) {
    const __m128i own = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row.own_code + i));
    for (std::size_t k = 0; k < 6; ++k) {
      const std::uint8_t* codes = row.codes + row.neighbour[k] + i;
      const __m128i other = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes));
      const __m256i sum = _mm256_cvtepu8_epi32(_mm_add_epi8(own, other));
      const float* table = row.table[k / 2];
      __m256 value = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), sum);
      if (row.entries > 8) {
        // Bits 3 and 4 of the sum choose the register.
        const __m256 bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(sum, 28));
        value = _mm256_blendv_ps(value, _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), sum), bit3);
        if (row.entries > 16) {
          const __m256 bit4 = _mm256_castsi256_ps(_mm256_slli_epi32(sum, 27));
          const __m256 high = _mm256_blendv_ps(_mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 16), sum),
                                               _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 24), sum), bit3);
          value = _mm256_blendv_ps(value, high, bit4);
        }
      }
      _mm256_storeu_ps(row.room[k] + i, value);
    }
  }
  LookUp::run(row, i);
}
/// The common loops look up one cell after the other; here they get the conductances of a row of codes ready.
template <class Loop>
[[gnu::target("avx2,fma"), gnu::always_inline]] inline auto run_avx2(const RowOperation& op) {
  if (op.links->conductance[0] != nullptr) return Loop::run(op);
  RowLinks links = *op.links;
  look_up_avx2(links);
  for (std::size_t k = 0; k < 6; ++k) links.conductance[k] = links.room[k];
  RowOperation ready = op;
  ready.links = &links;
  return Loop::run(ready);
}
[[gnu::target("avx2,fma")]] void relax_avx2(const RowOperation& op) { run_avx2<Relax>(op); }
[[gnu::target("avx2,fma")]] void relax_with_rest_avx2(const RowOperation& op) { run_avx2<RelaxWithRest>(op); }
[[gnu::target("avx2,fma")]] void relax_from_zero_avx2(const RowOperation& op) { run_avx2<RelaxFromZero>(op); }
[[gnu::target("avx2,fma")]] void residual_avx2(const RowOperation& op) { run_avx2<Residual>(op); }
[[gnu::target("avx2,fma")]] double apply_avx2(const RowOperation& op) { return run_avx2<Apply>(op); }
[[gnu::target("avx2,fma")]] RowSums balance_avx2(const RowBalance& row) { return Balance::run(row); }
constexpr RowKernels avx2_kernels{relax_avx2,          relax_with_rest_avx2, relax_from_zero_avx2, residual_avx2,
                                  apply_avx2,          look_up_avx2,         step_residual_avx2,   dot_avx2,
                                  step_direction_avx2, balance_avx2};

/// Sixteen cells at a time; a table of up to thirty-two entries fits two registers per axis.
struct Lanes {
  __m512 low[3], high[3];
};
constexpr std::size_t most_entries = 32;

[[gnu::target("avx512f"), gnu::always_inline]] inline Lanes load_tables(const RowLinks& row) {
  Lanes lanes_of;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    lanes_of.low[axis] = _mm512_loadu_ps(row.table[axis]);
    lanes_of.high[axis] = _mm512_loadu_ps(row.table[axis] + 16);
  }
  return lanes_of;
}
[[gnu::target("avx512f"), gnu::always_inline]] inline __mmask16 mask_of(Index remaining) {
  return remaining >= 16 ? __mmask16(0xffff) : static_cast<__mmask16>((1u << remaining) - 1u);
}
/// Conductances of link `k` of the cells i … i + 15.
[[gnu::target("avx512f"), gnu::always_inline]] inline __m512 links_at(const RowLinks& row, const Lanes& tables,
                                                                      std::size_t k, Index i, __m128i own) {
  const std::uint8_t* codes = row.codes + row.neighbour[k] + i;
  const __m128i other = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes));
  const __m512i sum = _mm512_maskz_cvtepu8_epi32(__mmask16(0xffff), _mm_add_epi8(own, other));
  return _mm512_permutex2var_ps(tables.low[k / 2], sum, tables.high[k / 2]);
}
[[gnu::target("avx512f"), gnu::always_inline]] inline __m128i own_codes(const RowLinks& row, Index i) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.own_code + i));
}
[[gnu::target("avx512f"), gnu::always_inline]] inline bool fits(const RowLinks& row) {
  return row.conductance[0] == nullptr && row.entries <= most_entries;
}

[[gnu::target("avx512f")]] void relax_avx512(const RowOperation& op) {
  const RowLinks& row = *op.links;
  if (!fits(row)) return Relax::run(op);
  const Lanes tables = load_tables(row);
  for (Index i = 0; i < row.count; i += 16) {
    const __mmask16 mask = mask_of(row.count - i);
    const __m128i own = own_codes(row, i);
    __m512 sum = _mm512_set1_ps(0.0f), inflow = _mm512_maskz_loadu_ps(mask, op.rhs + i);
    for (std::size_t k = 0; k < 6; ++k) {
      const __m512 c = links_at(row, tables, k, i, own);
      sum = _mm512_add_ps(sum, c);
      inflow = _mm512_fmadd_ps(c, _mm512_maskz_loadu_ps(mask, op.values + row.neighbour[k] + i), inflow);
    }
    sum = _mm512_mask_blend_ps(_mm512_cmp_ps_mask(sum, _mm512_set1_ps(tiny), _CMP_GT_OQ), _mm512_set1_ps(tiny), sum);
    _mm512_mask_storeu_ps(op.out + i, mask, _mm512_div_ps(inflow, sum));
  }
}
[[gnu::target("avx512f")]] void relax_with_rest_avx512(const RowOperation& op) {
  const RowLinks& row = *op.links;
  if (!fits(row)) return RelaxWithRest::run(op);
  const Lanes tables = load_tables(row);
  for (Index i = 0; i < row.count; i += 16) {
    const __mmask16 mask = mask_of(row.count - i);
    const __m128i own = own_codes(row, i);
    const __m512 x = _mm512_maskz_loadu_ps(mask, op.out + i);
    __m512 sum = _mm512_set1_ps(0.0f), inflow = _mm512_maskz_loadu_ps(mask, op.rhs + i);
    for (std::size_t k = 0; k < 6; ++k) {
      const __m512 c = links_at(row, tables, k, i, own);
      const __m512 v = _mm512_maskz_loadu_ps(mask, op.values + row.neighbour[k] + i);
      sum = _mm512_add_ps(sum, c);
      inflow = _mm512_fmadd_ps(c, _mm512_sub_ps(v, x), inflow);
    }
    sum = _mm512_mask_blend_ps(_mm512_cmp_ps_mask(sum, _mm512_set1_ps(tiny), _CMP_GT_OQ), _mm512_set1_ps(tiny), sum);
    const __m512 next = _mm512_add_ps(x, _mm512_div_ps(inflow, sum));
    _mm512_mask_storeu_ps(op.out + i, mask, next);
    _mm512_mask_storeu_ps(op.rest + i, mask, _mm512_fnmadd_ps(sum, _mm512_sub_ps(next, x), inflow));
  }
}
[[gnu::target("avx512f")]] void relax_from_zero_avx512(const RowOperation& op) {
  const RowLinks& row = *op.links;
  if (!fits(row)) return RelaxFromZero::run(op);
  const Lanes tables = load_tables(row);
  for (Index i = 0; i < row.count; i += 16) {
    const __mmask16 mask = mask_of(row.count - i);
    const __m128i own = own_codes(row, i);
    __m512 sum = _mm512_set1_ps(0.0f);
    for (std::size_t k = 0; k < 6; ++k) sum = _mm512_add_ps(sum, links_at(row, tables, k, i, own));
    sum = _mm512_mask_blend_ps(_mm512_cmp_ps_mask(sum, _mm512_set1_ps(tiny), _CMP_GT_OQ), _mm512_set1_ps(tiny), sum);
    _mm512_mask_storeu_ps(op.out + i, mask, _mm512_div_ps(_mm512_maskz_loadu_ps(mask, op.rhs + i), sum));
  }
}
[[gnu::target("avx512f")]] void residual_avx512(const RowOperation& op) {
  const RowLinks& row = *op.links;
  if (!fits(row)) return Residual::run(op);
  const Lanes tables = load_tables(row);
  for (Index i = 0; i < row.count; i += 16) {
    const __mmask16 mask = mask_of(row.count - i);
    const __m128i own = own_codes(row, i);
    const __m512 x = _mm512_maskz_loadu_ps(mask, op.own + i);
    __m512 sum = _mm512_maskz_loadu_ps(mask, op.rhs + i);
    for (std::size_t k = 0; k < 6; ++k) {
      const __m512 v = _mm512_maskz_loadu_ps(mask, op.values + row.neighbour[k] + i);
      sum = _mm512_fmadd_ps(links_at(row, tables, k, i, own), _mm512_sub_ps(v, x), sum);
    }
    _mm512_mask_storeu_ps(op.out + i, mask, sum);
  }
}
[[gnu::target("avx512f")]] double apply_avx512(const RowOperation& op) {
  const RowLinks& row = *op.links;
  if (!fits(row)) return Apply::run(op);
  const Lanes tables = load_tables(row);
  for (Index i = 0; i < row.count; i += 16) {
    const __mmask16 mask = mask_of(row.count - i);
    const __m128i own = own_codes(row, i);
    const __m512 x = _mm512_maskz_loadu_ps(mask, op.own + i);
    __m512 sum = _mm512_set1_ps(0.0f);
    for (std::size_t k = 0; k < 6; ++k) {
      const __m512 v = _mm512_maskz_loadu_ps(mask, op.values + row.neighbour[k] + i);
      sum = _mm512_fmadd_ps(links_at(row, tables, k, i, own), _mm512_sub_ps(x, v), sum);
    }
    _mm512_mask_storeu_ps(op.out + i, mask, sum);
  }
  return Dot::run(op.own, op.out, row.count);
}
[[gnu::target("avx512f")]] double step_residual_avx512(float* r, const float* q, float a, Index n) {
  return StepResidual::run(r, q, a, n);
}
[[gnu::target("avx512f")]] double dot_avx512(const float* a, const float* b, Index n) { return Dot::run(a, b, n); }
[[gnu::target("avx512f")]] void step_direction_avx512(double* x, float* p, const float* z, double a, float b, Index n) {
  StepDirection::run(x, p, z, a, b, n);
}
[[gnu::target("avx512f")]] RowSums balance_avx512(const RowBalance& row) { return Balance::run(row); }
[[gnu::target("avx512f")]] void look_up_avx512(const RowLinks& row) {
  Index i = 0;
  if (row.entries <= most_entries) {
    const Lanes tables = load_tables(row);
    for (; i + 16 <= row.count; i += 16) {
      const __m128i own = own_codes(row, i);
      for (std::size_t k = 0; k < 6; ++k) _mm512_storeu_ps(row.room[k] + i, links_at(row, tables, k, i, own));
    }
  }
  LookUp::run(row, i);
}
constexpr RowKernels avx512_kernels{
    relax_avx512,          relax_with_rest_avx512, relax_from_zero_avx512, residual_avx512,
    apply_avx512,          look_up_avx512,         step_residual_avx512,   dot_avx512,
    step_direction_avx512, balance_avx512};

std::vector<const RowKernels*> supported() {
  std::vector<const RowKernels*> sets{&base_kernels};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets.push_back(&avx2_kernels);
  if (__builtin_cpu_supports("avx512f")) sets.push_back(&avx512_kernels);
  return sets;
}

#else

std::vector<const RowKernels*> supported() { return {&base_kernels}; }

#endif

}  // namespace

std::span<const RowKernels* const> all_row_kernels() {
  static const std::vector<const RowKernels*> sets = supported();
  return sets;
}

const RowKernels& row_kernels() {
  static const RowKernels& fastest = *all_row_kernels().back();
  return fastest;
}

}  // namespace closo::composite::detail
