/// The finite-volume system of closo/composite/conductivity.hpp assembled for hypre and solved on one rank: conjugate
/// gradients with the structured multigrid PFMG or with BoomerAMG. Prints one line of JSON for
/// bench/composite/peers.py.
///
/// Usage: closo_composite_hypre_peer <image.u8> <voxels per edge> <2 or 3 phases> <pfmg or boomeramg>
/// The time covers the removal of isolated cells, assembly, set-up and solution to a relative residual of 1e-6 (2-norm,
/// against the currents of the first layer), from a linear potential. Settings were chosen as the fastest of those
/// tried on these images: BoomerAMG with PMIS coarsening, aggressive on the first level, extended+i interpolation of at
/// most 4 entries, symmetric Gauss–Seidel; PFMG with weighted Jacobi and Galerkin coarse grids (red–black
/// Gauss–Seidel goes with 7-point coarse grids only and needs several times the iterations).
#include <HYPRE.h>
#include <HYPRE_krylov.h>
#include <HYPRE_parcsr_ls.h>
#include <HYPRE_struct_ls.h>
#include <mpi.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "closo/composite/components.hpp"
#include "resident_memory.hpp"

namespace {

constexpr double tolerance = 1e-6;
constexpr HYPRE_Int most_iterations = 1000;

/// What one cell is joined to; neighbours in the order −k, +k, −j, +j, −i, +i.
struct Links {
  std::array<double, 6> conductance{};
  double to_electrode_1 = 0.0, to_electrode_0 = 0.0;  ///< with the potentials 1 (before i = 0) and 0
  double sum = 0.0;
};

/// n × n × n cells, index (i n + j) n + k, electrodes across i.
struct Cells {
  long n = 0;
  std::vector<double> conductivity;  ///< of every label; the last label: cut off, 0
  std::vector<std::uint8_t> labels;

  long count() const { return n * n * n; }
  double at(long cell) const { return conductivity[labels[static_cast<std::size_t>(cell)]]; }
  std::array<long, 6> steps() const { return {-1, 1, -n, n, -n * n, n * n}; }
  Links links(long i, long j, long k) const {
    Links out;
    const long cell = (i * n + j) * n + k;
    const double own = at(cell);
    if (own == 0.0) return out;
    const std::array<bool, 6> inside{k > 0, k<n - 1, j> 0, j<n - 1, i> 0, i < n - 1};
    const std::array<long, 6> step = steps();
    for (std::size_t face = 0; face < 6; ++face) {
      if (!inside[face]) continue;
      const double other = at(cell + step[face]);
      if (other > 0.0) out.conductance[face] = 2.0 * own * other / (own + other);
      out.sum += out.conductance[face];
    }
    if (i == 0) out.to_electrode_1 = 2.0 * own;
    if (i == n - 1) out.to_electrode_0 = 2.0 * own;
    out.sum += out.to_electrode_1 + out.to_electrode_0;
    return out;
  }
  double linear_potential(long i) const { return 1.0 - (static_cast<double>(i) + 0.5) / static_cast<double>(n); }
};

/// Conducting cells without contact to an electrode would make the matrix singular.
void remove_islands(Cells& cells) {
  closo::composite::VoxelImage image;
  const auto n = static_cast<std::size_t>(cells.n);
  image.size = {n, n, n};
  image.labels = cells.labels;
  image.phases.assign(cells.conductivity.size(), closo::composite::Phase::bulk);
  bool conducts[8] = {};
  for (std::size_t label = 0; label < cells.conductivity.size(); ++label)
    conducts[label] = cells.conductivity[label] > 0.0;
  const auto found =
      closo::composite::label_components(image, std::span<const bool>(conducts, cells.conductivity.size()));
  std::vector<bool> touches(found.sizes.size() + 1, false);
  const std::size_t layer = n * n, last = image.labels.size() - layer;
  for (std::size_t i = 0; i < layer; ++i) touches[found.component[i]] = touches[found.component[last + i]] = true;
  for (std::size_t cell = 0; cell < cells.labels.size(); ++cell) {
    if (found.component[cell] != 0 && !touches[found.component[cell]])
      cells.labels[cell] = static_cast<std::uint8_t>(cells.conductivity.size() - 1);
  }
}

struct Solution {
  std::vector<double> potential;  ///< per cell
  HYPRE_Int iterations = 0;
  double seconds = 0.0, cpu_seconds = 0.0;
};

struct Begin {
  std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
  std::clock_t cpu = std::clock();
};
void stop(const Begin& begin, Solution& out) {
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin.wall).count();
  out.cpu_seconds = static_cast<double>(std::clock() - begin.cpu) / CLOCKS_PER_SEC;
}

/// Cells without conductance keep a row of the identity.
Solution solve_pfmg(const Cells& cells, const Begin& begin) {
  const auto n = static_cast<HYPRE_Int>(cells.n);
  HYPRE_Int low[3] = {0, 0, 0}, high[3] = {n - 1, n - 1, n - 1};
  HYPRE_StructGrid grid = nullptr;
  HYPRE_StructGridCreate(MPI_COMM_WORLD, 3, &grid);
  HYPRE_StructGridSetExtents(grid, low, high);
  HYPRE_StructGridAssemble(grid);
  HYPRE_StructStencil stencil = nullptr;
  HYPRE_StructStencilCreate(3, 4, &stencil);
  HYPRE_Int offsets[4][3] = {{0, 0, 0}, {-1, 0, 0}, {0, -1, 0}, {0, 0, -1}};
  for (HYPRE_Int entry = 0; entry < 4; ++entry) HYPRE_StructStencilSetElement(stencil, entry, offsets[entry]);
  HYPRE_StructMatrix matrix = nullptr;
  HYPRE_StructMatrixCreate(MPI_COMM_WORLD, grid, stencil, &matrix);
  HYPRE_StructMatrixSetSymmetric(matrix, 1);
  HYPRE_StructMatrixInitialize(matrix);
  HYPRE_StructVector b = nullptr, x = nullptr;
  HYPRE_StructVectorCreate(MPI_COMM_WORLD, grid, &b);
  HYPRE_StructVectorCreate(MPI_COMM_WORLD, grid, &x);
  HYPRE_StructVectorInitialize(b);
  HYPRE_StructVectorInitialize(x);
  const auto layer = static_cast<std::size_t>(cells.n * cells.n);
  std::vector<double> values(4 * layer), rhs(layer), start(layer);
  HYPRE_Int entries[4] = {0, 1, 2, 3};
  for (HYPRE_Int i = 0; i < n; ++i) {
    std::size_t at = 0;
    for (long j = 0; j < cells.n; ++j) {
      for (long k = 0; k < cells.n; ++k, ++at) {
        const Links links = cells.links(i, j, k);
        values[4 * at] = links.sum > 0.0 ? links.sum : 1.0;
        for (std::size_t axis = 0; axis < 3; ++axis) values[4 * at + 1 + axis] = -links.conductance[2 * axis];
        rhs[at] = links.to_electrode_1;
        start[at] = links.sum > 0.0 ? cells.linear_potential(i) : 0.0;
      }
    }
    HYPRE_Int from[3] = {0, 0, i}, to[3] = {n - 1, n - 1, i};
    HYPRE_StructMatrixSetBoxValues(matrix, from, to, 4, entries, values.data());
    HYPRE_StructVectorSetBoxValues(b, from, to, rhs.data());
    HYPRE_StructVectorSetBoxValues(x, from, to, start.data());
  }
  HYPRE_StructMatrixAssemble(matrix);
  HYPRE_StructVectorAssemble(b);
  HYPRE_StructVectorAssemble(x);

  HYPRE_StructSolver multigrid = nullptr, solver = nullptr;
  HYPRE_StructPFMGCreate(MPI_COMM_WORLD, &multigrid);
  HYPRE_StructPFMGSetMaxIter(multigrid, 1);
  HYPRE_StructPFMGSetTol(multigrid, 0.0);
  HYPRE_StructPFMGSetZeroGuess(multigrid);
  HYPRE_StructPFMGSetRelaxType(multigrid, 1);
  HYPRE_StructPFMGSetRAPType(multigrid, 0);
  HYPRE_StructPFMGSetNumPreRelax(multigrid, 1);
  HYPRE_StructPFMGSetNumPostRelax(multigrid, 1);
  HYPRE_StructPCGCreate(MPI_COMM_WORLD, &solver);
  HYPRE_StructPCGSetTol(solver, tolerance);
  HYPRE_StructPCGSetTwoNorm(solver, 1);
  HYPRE_StructPCGSetMaxIter(solver, most_iterations);
  HYPRE_StructPCGSetPrecond(solver, HYPRE_StructPFMGSolve, HYPRE_StructPFMGSetup, multigrid);
  HYPRE_StructPCGSetup(solver, matrix, b, x);
  HYPRE_StructPCGSolve(solver, matrix, b, x);
  Solution out;
  HYPRE_StructPCGGetNumIterations(solver, &out.iterations);
  stop(begin, out);
  out.potential.resize(static_cast<std::size_t>(cells.count()));
  HYPRE_StructVectorGetBoxValues(x, low, high, out.potential.data());
  return out;
}

/// Cells without conductance are no unknowns.
Solution solve_boomeramg(const Cells& cells, const Begin& begin) {
  std::vector<HYPRE_BigInt> row(static_cast<std::size_t>(cells.count()), -1);
  HYPRE_BigInt rows = 0;
  for (long cell = 0; cell < cells.count(); ++cell) {
    if (cells.at(cell) > 0.0) row[static_cast<std::size_t>(cell)] = rows++;
  }
  HYPRE_IJMatrix matrix = nullptr;
  HYPRE_IJMatrixCreate(MPI_COMM_WORLD, 0, rows - 1, 0, rows - 1, &matrix);
  HYPRE_IJMatrixSetObjectType(matrix, HYPRE_PARCSR);
  const std::vector<HYPRE_Int> sizes(static_cast<std::size_t>(rows), 7), none(static_cast<std::size_t>(rows), 0);
  HYPRE_IJMatrixSetDiagOffdSizes(matrix, sizes.data(), none.data());
  HYPRE_IJMatrixInitialize(matrix);
  HYPRE_IJVector vectors[2] = {nullptr, nullptr};
  for (HYPRE_IJVector& vector : vectors) {
    HYPRE_IJVectorCreate(MPI_COMM_WORLD, 0, rows - 1, &vector);
    HYPRE_IJVectorSetObjectType(vector, HYPRE_PARCSR);
    HYPRE_IJVectorInitialize(vector);
  }
  const std::array<long, 6> step = cells.steps();
  std::vector<HYPRE_Int> counts;
  std::vector<HYPRE_BigInt> numbers, columns;
  std::vector<double> values, rhs, start;
  for (long i = 0; i < cells.n; ++i) {
    counts.clear(), numbers.clear(), columns.clear(), values.clear(), rhs.clear(), start.clear();
    for (long j = 0; j < cells.n; ++j) {
      for (long k = 0; k < cells.n; ++k) {
        const long cell = (i * cells.n + j) * cells.n + k;
        const HYPRE_BigInt number = row[static_cast<std::size_t>(cell)];
        if (number < 0) continue;
        const Links links = cells.links(i, j, k);
        numbers.push_back(number);
        columns.push_back(number);
        values.push_back(links.sum);
        HYPRE_Int count = 1;
        for (std::size_t face = 0; face < 6; ++face) {
          if (links.conductance[face] == 0.0) continue;
          columns.push_back(row[static_cast<std::size_t>(cell + step[face])]);
          values.push_back(-links.conductance[face]);
          ++count;
        }
        counts.push_back(count);
        rhs.push_back(links.to_electrode_1);
        start.push_back(cells.linear_potential(i));
      }
    }
    const auto size = static_cast<HYPRE_Int>(numbers.size());
    HYPRE_IJMatrixSetValues(matrix, size, counts.data(), numbers.data(), columns.data(), values.data());
    HYPRE_IJVectorSetValues(vectors[0], size, numbers.data(), rhs.data());
    HYPRE_IJVectorSetValues(vectors[1], size, numbers.data(), start.data());
  }
  HYPRE_IJMatrixAssemble(matrix);
  HYPRE_ParCSRMatrix a = nullptr;
  HYPRE_IJMatrixGetObject(matrix, reinterpret_cast<void**>(&a));
  HYPRE_ParVector b = nullptr, x = nullptr;
  for (HYPRE_IJVector& vector : vectors) HYPRE_IJVectorAssemble(vector);
  HYPRE_IJVectorGetObject(vectors[0], reinterpret_cast<void**>(&b));
  HYPRE_IJVectorGetObject(vectors[1], reinterpret_cast<void**>(&x));

  HYPRE_Solver multigrid = nullptr, solver = nullptr;
  HYPRE_BoomerAMGCreate(&multigrid);
  HYPRE_BoomerAMGSetMaxIter(multigrid, 1);
  HYPRE_BoomerAMGSetTol(multigrid, 0.0);
  HYPRE_BoomerAMGSetCoarsenType(multigrid, 8);
  HYPRE_BoomerAMGSetInterpType(multigrid, 6);
  HYPRE_BoomerAMGSetPMaxElmts(multigrid, 4);
  HYPRE_BoomerAMGSetAggNumLevels(multigrid, 1);
  HYPRE_BoomerAMGSetStrongThreshold(multigrid, 0.25);
  HYPRE_BoomerAMGSetRelaxType(multigrid, 6);
  HYPRE_BoomerAMGSetNumSweeps(multigrid, 1);
  HYPRE_ParCSRPCGCreate(MPI_COMM_WORLD, &solver);
  HYPRE_ParCSRPCGSetTol(solver, tolerance);
  HYPRE_ParCSRPCGSetTwoNorm(solver, 1);
  HYPRE_ParCSRPCGSetMaxIter(solver, most_iterations);
  HYPRE_ParCSRPCGSetPrecond(solver, HYPRE_BoomerAMGSolve, HYPRE_BoomerAMGSetup, multigrid);
  HYPRE_ParCSRPCGSetup(solver, a, b, x);
  HYPRE_ParCSRPCGSolve(solver, a, b, x);
  Solution out;
  HYPRE_ParCSRPCGGetNumIterations(solver, &out.iterations);
  stop(begin, out);
  out.potential.assign(static_cast<std::size_t>(cells.count()), 0.0);
  for (std::size_t cell = 0; cell < row.size(); ++cell) {
    if (row[cell] >= 0) HYPRE_IJVectorGetValues(vectors[1], 1, &row[cell], &out.potential[cell]);
  }
  return out;
}

/// Conductivity from the dissipated energy, and the residual, both in double.
void print(const Cells& cells, const Solution& solution, const std::string& method, std::size_t bytes) {
  const std::array<long, 6> step = cells.steps();
  double energy = 0.0, square = 0.0, reference = 0.0;
  for (long i = 0; i < cells.n; ++i) {
    for (long j = 0; j < cells.n; ++j) {
      for (long k = 0; k < cells.n; ++k) {
        const Links links = cells.links(i, j, k);
        const long cell = (i * cells.n + j) * cells.n + k;
        const double own = solution.potential[static_cast<std::size_t>(cell)];
        double residual = links.to_electrode_1 * (1.0 - own) - links.to_electrode_0 * own;
        energy += links.to_electrode_1 * (1.0 - own) * (1.0 - own) + links.to_electrode_0 * own * own;
        for (std::size_t face = 0; face < 6; ++face) {
          if (links.conductance[face] == 0.0) continue;
          const double drop = solution.potential[static_cast<std::size_t>(cell + step[face])] - own;
          residual += links.conductance[face] * drop;
          energy += 0.5 * links.conductance[face] * drop * drop;
        }
        square += residual * residual;
        reference += links.to_electrode_1 * links.to_electrode_1;
      }
    }
  }
  const double relative = std::sqrt(square / reference);
  std::printf(
      "{\"method\": \"%s\", \"version\": \" %s\", \"seconds\": %.6g, \"cpu_seconds\": %.6g, \"iterations\": %d, "
      "\"conductivity\": %.9g, "
      "\"relative_residual\": %.3g, \"converged\": %s, \"bytes_per_voxel\": %.1f}\n",
      method.c_str(), HYPRE_RELEASE_VERSION, solution.seconds, solution.cpu_seconds,
      static_cast<int>(solution.iterations), energy / static_cast<double>(cells.n),
      std::isfinite(relative) ? relative : 1e99, relative <= 2.0 * tolerance ? "true" : "false",
      static_cast<double>(bytes) / static_cast<double>(cells.count()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string method = argc == 5 ? argv[4] : "", phases = argc == 5 ? argv[3] : "";
  if ((method != "pfmg" && method != "boomeramg") || (phases != "2" && phases != "3")) {
    std::fprintf(stderr, "usage: %s <image.u8> <voxels per edge> <2 or 3> <pfmg or boomeramg>\n", argv[0]);
    return 2;
  }
  Cells cells;
  cells.n = std::stol(argv[2]);
  cells.conductivity = phases == "2" ? std::vector<double>{0.0, 1.0, 0.0} : std::vector<double>{1.0, 1e3, 1e-6, 0.0};
  std::ifstream file(argv[1], std::ios::binary);
  cells.labels.resize(static_cast<std::size_t>(cells.count()));
  file.read(reinterpret_cast<char*>(cells.labels.data()), cells.count());
  if (file.gcount() != cells.count()) {
    std::fprintf(stderr, "%s: %ld bytes expected\n", argv[1], cells.count());
    return 3;
  }
  for (std::uint8_t& label : cells.labels) label = phases == "2" ? label & 1 : label >> 1;
  MPI_Init(&argc, &argv);
  HYPRE_Init();
  const std::size_t before = resident_bytes();
  const Begin begin;
  remove_islands(cells);
  const Solution solution = method == "pfmg" ? solve_pfmg(cells, begin) : solve_boomeramg(cells, begin);
  const std::size_t peak = peak_resident_bytes();
  print(cells, solution, method, peak > before ? peak - before : 0);
  HYPRE_Finalize();
  MPI_Finalize();
  return 0;
}
