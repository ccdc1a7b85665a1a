/// The inner loops of the conductance network: one colour of one row at a time.
///
/// Every cell has six links (−x, +x, −y, +y, −z, +z), all to cells of the other colour. The loops are compiled for the
/// vector units of the processor that runs them (AVX-512, AVX2 or the common base of the architecture).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "closo/composite/detail/split_grid.hpp"

namespace closo::composite::detail {

/// The cells of one colour in one row: their links' conductances, and where the neighbours stand in the other colour.
/// Either `conductance` is given, or it is looked up by the sum of the two cells' codes: `conductance[0]` is null then.
struct RowLinks {
  Index start = 0;  ///< slot of the first cell
  Index count = 0;
  std::array<Index, 6> neighbour{};           ///< slot of the first cell's neighbour
  std::array<const float*, 6> conductance{};  ///< of cell 0, 1, … of the row
  const std::uint8_t* own_code = nullptr;     ///< at the first cell; readable 16 beyond the row, like the neighbours'
  const std::uint8_t* codes = nullptr;        ///< base of the other colour's codes
  std::array<const float*, 3> table{};        ///< per axis, 256 entries
  std::size_t entries = 256;                  ///< how many of them occur
  std::array<float*, 6> room{};               ///< line buffers for what is looked up
};

/// What a loop does with a row; `values` are the other colour's.
struct RowOperation {
  const RowLinks* links = nullptr;
  const float* values = nullptr;  ///< neighbours: base of the other colour's array
  const float* rhs = nullptr;     ///< at the first cell
  const float* own = nullptr;     ///< at the first cell
  float* out = nullptr;           ///< at the first cell
  float* rest = nullptr;          ///< line buffer
};

/// Residual, dissipation and currents of a row in double, from conductances in two floats.
struct RowBalance {
  const RowLinks* links = nullptr;
  std::array<const float*, 6> remainder{};
  const double* values = nullptr;  ///< neighbours: base of the other colour's array
  const double* own = nullptr;     ///< at the first cell
  float* residual = nullptr;       ///< at the first cell
  /// Line buffers: Σ c (v − own), Σ c (v − own)², and c (v − own) for the links −x, −y, −z.
  std::array<double*, 5> line{};
};
struct RowSums {
  double square = 0.0, energy = 0.0;  ///< residual², c (v − own)²
  std::array<double, 3> current{};
};

struct RowKernels {
  /// out = (rhs + Σ c v)/Σ c: one Gauss–Seidel step; 0 where nothing conducts.
  void (*relax)(const RowOperation&);
  /// out += (rhs + Σ c (v − out))/Σ c: the same step; rest = the residual that rounding leaves behind.
  void (*relax_with_rest)(const RowOperation&);
  /// out = rhs/Σ c: the same for neighbours that are all zero.
  void (*relax_from_zero)(const RowOperation&);
  /// out = rhs + Σ c (v − own).
  void (*residual)(const RowOperation&);
  /// out = Σ c (own − v); returns Σ own out.
  double (*apply)(const RowOperation&);
  /// Fills the line buffers of a row of codes.
  void (*look_up)(const RowLinks&);
  /// r −= a q; returns Σ r².
  double (*step_residual)(float* r, const float* q, float a, Index count);
  double (*dot)(const float* a, const float* b, Index count);
  /// x += a p; p = z + b p.
  void (*step_direction)(double* x, float* p, const float* z, double a, float b, Index count);
  RowSums (*balance)(const RowBalance&);
};

/// The fastest set that this processor runs.
const RowKernels& row_kernels();
/// All sets that it runs, the common one first.
std::span<const RowKernels* const> all_row_kernels();

}  // namespace closo::composite::detail
