#include "closo/composite/distributed/detail/hypre_system.hpp"

#include <HYPRE_struct_ls.h>
#include <mpi.h>

#include <limits>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::composite::distributed::detail {
namespace {

using Corner = std::array<HYPRE_Int, 3>;

/// An error on one rank ends the work of all.
void expect_success(const World& world, const char* what) {
  world.together([what] {
    const HYPRE_Int code = HYPRE_GetError();
    if (code == 0) return;
    std::array<char, 256> text{};
    HYPRE_DescribeError(code, text.data());
    HYPRE_ClearAllErrors();
    throw base::NumericsError(std::string("hypre failed ") + what + ": " + text.data());
  });
}

}  // namespace

struct HypreSystem::Handles {
  Corner low{}, high{};
  HYPRE_StructGrid grid = nullptr;
  HYPRE_StructStencil stencil = nullptr;
  HYPRE_StructMatrix matrix = nullptr;
  HYPRE_StructVector right = nullptr, solution = nullptr;
  HYPRE_StructSolver solver = nullptr, preconditioner = nullptr;
  double weight = 0.5;

  Corner plane_low(std::size_t z) const { return {low[0], low[1], low[2] + static_cast<HYPRE_Int>(z)}; }
  Corner plane_high(std::size_t z) const { return {high[0], high[1], low[2] + static_cast<HYPRE_Int>(z)}; }
};

HypreSystem::HypreSystem(const World& world, const Brick& brick)
    : world_(world), handles_(std::make_unique<Handles>()) {
  HYPRE_Init();
  Handles& h = *handles_;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    h.low[axis] = static_cast<HYPRE_Int>(brick.from[axis]);
    h.high[axis] = static_cast<HYPRE_Int>(brick.from[axis] + brick.size[axis]) - 1;
  }
  HYPRE_StructGridCreate(MPI_COMM_WORLD, 3, &h.grid);
  HYPRE_StructGridSetExtents(h.grid, h.low.data(), h.high.data());
  HYPRE_StructGridAssemble(h.grid);
  // A symmetric matrix keeps the half of its stencil.
  std::array<Corner, 4> offsets{Corner{0, 0, 0}, Corner{-1, 0, 0}, Corner{0, -1, 0}, Corner{0, 0, -1}};
  HYPRE_StructStencilCreate(3, 4, &h.stencil);
  for (std::size_t i = 0; i < offsets.size(); ++i)
    HYPRE_StructStencilSetElement(h.stencil, static_cast<HYPRE_Int>(i), offsets[i].data());
  HYPRE_StructMatrixCreate(MPI_COMM_WORLD, h.grid, h.stencil, &h.matrix);
  HYPRE_StructMatrixSetSymmetric(h.matrix, 1);
  HYPRE_StructMatrixInitialize(h.matrix);
  for (HYPRE_StructVector* vector : {&h.right, &h.solution}) {
    HYPRE_StructVectorCreate(MPI_COMM_WORLD, h.grid, vector);
    HYPRE_StructVectorInitialize(*vector);
  }
}

HypreSystem::~HypreSystem() {
  Handles& h = *handles_;
  if (h.solver != nullptr) HYPRE_StructPCGDestroy(h.solver);
  if (h.preconditioner != nullptr) HYPRE_StructPFMGDestroy(h.preconditioner);
  HYPRE_StructVectorDestroy(h.solution);
  HYPRE_StructVectorDestroy(h.right);
  HYPRE_StructMatrixDestroy(h.matrix);
  HYPRE_StructStencilDestroy(h.stencil);
  HYPRE_StructGridDestroy(h.grid);
  HYPRE_Finalize();
}

void HypreSystem::set_rows(std::size_t z, const PlaneRows& rows) {
  Handles& h = *handles_;
  Corner low = h.plane_low(z), high = h.plane_high(z);
  const std::array<std::span<const double>, 4> entries{rows.diagonal, rows.low_x, rows.low_y, rows.low_z};
  std::vector<HYPRE_Complex> values(rows.diagonal.size() * entries.size());
  for (std::size_t k = 0; k < entries.size(); ++k) {
    for (std::size_t i = 0; i < rows.diagonal.size(); ++i) values[entries.size() * i + k] = entries[k][i];
  }
  std::array<HYPRE_Int, 4> indices{0, 1, 2, 3};
  HYPRE_StructMatrixSetBoxValues(h.matrix, low.data(), high.data(), 4, indices.data(), values.data());
  values.assign(rows.right.begin(), rows.right.end());
  HYPRE_StructVectorSetBoxValues(h.right, low.data(), high.data(), values.data());
}

void HypreSystem::set_start(std::size_t z, std::span<const double> values) {
  Handles& h = *handles_;
  Corner low = h.plane_low(z), high = h.plane_high(z);
  std::vector<HYPRE_Complex> copy(values.begin(), values.end());
  HYPRE_StructVectorSetBoxValues(h.solution, low.data(), high.data(), copy.data());
}

void HypreSystem::assemble() {
  Handles& h = *handles_;
  HYPRE_StructMatrixAssemble(h.matrix);
  HYPRE_StructVectorAssemble(h.right);
  HYPRE_StructVectorAssemble(h.solution);

  build_levels();
}

void HypreSystem::build_levels() {
  Handles& h = *handles_;
  if (h.solver != nullptr) HYPRE_StructPCGDestroy(h.solver);
  if (h.preconditioner != nullptr) HYPRE_StructPFMGDestroy(h.preconditioner);
  HYPRE_StructPFMGCreate(MPI_COMM_WORLD, &h.preconditioner);
  HYPRE_StructPFMGSetMaxIter(h.preconditioner, 1);
  HYPRE_StructPFMGSetTol(h.preconditioner, 0.0);
  HYPRE_StructPFMGSetZeroGuess(h.preconditioner);
  HYPRE_StructPFMGSetRAPType(h.preconditioner, 0);
  HYPRE_StructPFMGSetRelaxType(h.preconditioner, 1);
  HYPRE_StructPFMGSetJacobiWeight(h.preconditioner, h.weight);
  HYPRE_StructPFMGSetNumPreRelax(h.preconditioner, 1);
  HYPRE_StructPFMGSetNumPostRelax(h.preconditioner, 1);
  HYPRE_StructPFMGSetSkipRelax(h.preconditioner, 0);

  HYPRE_StructPCGCreate(MPI_COMM_WORLD, &h.solver);
  HYPRE_StructPCGSetTwoNorm(h.solver, 1);
  HYPRE_StructPCGSetPrecond(h.solver, HYPRE_StructPFMGSolve, HYPRE_StructPFMGSetup, h.preconditioner);
  HYPRE_StructPCGSetup(h.solver, h.matrix, h.right, h.solution);
  expect_success(world_, "building the multigrid levels");
}

bool HypreSystem::weaken() {
  constexpr double least_weight = 0.1;
  if (handles_->weight * 0.5 < least_weight) return false;
  handles_->weight *= 0.5;
  build_levels();
  return true;
}

std::size_t HypreSystem::solve(double tolerance, std::size_t max_iterations) {
  Handles& h = *handles_;
  HYPRE_StructPCGSetTol(h.solver, tolerance);
  HYPRE_StructPCGSetMaxIter(h.solver, static_cast<HYPRE_Int>(max_iterations));
  HYPRE_StructPCGSolve(h.solver, h.matrix, h.right, h.solution);
  // Iterations that ran out are an outcome, which the caller sees from the residual.
  HYPRE_ClearError(HYPRE_ERROR_CONV);
  expect_success(world_, "during the iterations");
  HYPRE_Int iterations = 0;
  HYPRE_StructPCGGetNumIterations(h.solver, &iterations);
  return static_cast<std::size_t>(iterations);
}

void HypreSystem::get_solution(std::size_t z, std::span<double> values) const {
  Corner low = handles_->plane_low(z), high = handles_->plane_high(z);
  HYPRE_StructVectorGetBoxValues(handles_->solution, low.data(), high.data(), values.data());
}

double HypreSystem::most_unknowns() { return static_cast<double>(std::numeric_limits<HYPRE_Int>::max()); }

}  // namespace closo::composite::distributed::detail
