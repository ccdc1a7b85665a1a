#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "closo/num/linear_program.hpp"
#include "closo/num/linear_program_test.hpp"

#if __has_include(<Clp_C_Interface.h>)
#include <Clp_C_Interface.h>
#endif

namespace closo::num {
namespace {

#if __has_include(<Clp_C_Interface.h>)

struct Answer {
  LpStatus status = LpStatus::infeasible;
  double objective = 0.0;
  bool known = true;  // false when the reference gives up
};

/// J. Forrest et al., CLP 1.17 (COIN-OR), primal simplex. Its status does not always tell infeasible from unbounded:
/// a second run without costs does.
Answer reference(const LinearProgram& program) {
  const int count = static_cast<int>(program.cost.size());
  std::vector<CoinBigIndex> starts{0};
  std::vector<int> rows;
  std::vector<double> elements;
  for (std::size_t j = 0; j < program.cost.size(); ++j) {
    for (std::size_t k = 0; k < program.rows; ++k) {
      if (program.at(k, j) == 0.0) continue;
      rows.push_back(static_cast<int>(k));
      elements.push_back(program.at(k, j));
    }
    starts.push_back(static_cast<CoinBigIndex>(rows.size()));
  }
  Clp_Simplex* model = Clp_newModel();
  Clp_setLogLevel(model, 0);
  Clp_loadProblem(model, count, static_cast<int>(program.rows), starts.data(), rows.data(), elements.data(), nullptr,
                  nullptr, program.cost.data(), program.rhs.data(), program.rhs.data());
  Clp_setPrimalTolerance(model, 1e-9);
  Clp_setDualTolerance(model, 1e-9);
  Clp_primal(model, 0);
  Answer out;
  out.objective = Clp_objectiveValue(model);
  const int status = Clp_status(model);
  if (status == 0) {
    out.status = LpStatus::optimal;
  } else if (status == 1 || status == 2) {
    Clp_chgObjCoefficients(model, std::vector<double>(program.cost.size(), 0.0).data());
    Clp_primal(model, 0);
    out.status = Clp_status(model) == 0 ? LpStatus::unbounded : LpStatus::infeasible;
    out.known = Clp_status(model) <= 1;
  } else {
    out.known = false;
  }
  Clp_deleteModel(model);
  return out;
}

void expect_agreement(const LinearProgram& program, std::vector<int>& outcomes) {
  const Answer answer = reference(program);
  if (!answer.known) {
    ++outcomes[3];
    return;
  }
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), answer.status);
  ++outcomes[static_cast<std::size_t>(answer.status)];
  if (answer.status != LpStatus::optimal) return;
  EXPECT_NEAR(simplex.objective(), answer.objective, 1e-8 * (1.0 + std::abs(answer.objective)));
}

TEST(LinearProgramReference, AgreesOnSmallProgramsOfEveryKind) {
  std::vector<int> outcomes(4, 0);
  for (std::uint64_t seed = 0; seed < 10000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_agreement(any_program(seed + 5000000), outcomes);
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_GT(outcomes[i], 500) << i;
  EXPECT_LT(outcomes[3], 30) << "the reference gives up";
}

TEST(LinearProgramReference, AgreesOnPhases) {
  std::vector<int> outcomes(4, 0);
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    LinearProgram program = phases(2 + seed % 8, 50 + 6 * seed, seed + 900);
    Draws draws(seed);
    for (double& right : program.rhs) right = draws.integer(0, 4);
    expect_agreement(program, outcomes);
  }
  EXPECT_EQ(outcomes[0], 150);
}

TEST(LinearProgramReference, AgreesOnManyRows) {
  std::vector<int> outcomes(4, 0);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed + 31);
    LinearProgram program;
    program.rows = 10 + draws.below(Simplex::max_rows - 9);
    program.rhs.assign(program.rows, 0.0);
    for (std::size_t j = 0; j < 120; ++j) {
      const double x = draws.below(4) == 0 ? draws.integer(1, 3) : 0.0;
      for (std::size_t k = 0; k < program.rows; ++k) {
        program.columns.push_back(draws.below(4) == 0 ? draws.integer(-1, 3) : 0.0);
        program.rhs[k] += x * program.columns.back();
      }
      program.cost.push_back(draws.integer(0, 9));
    }
    expect_agreement(program, outcomes);
  }
  EXPECT_GT(outcomes[0], 90);
}

#else

TEST(LinearProgramReference, AgreesOnSmallProgramsOfEveryKind) {
  GTEST_SKIP() << "the reference solver CLP (Debian package coinor-libclp-dev) is not installed";
}

#endif

}  // namespace
}  // namespace closo::num
