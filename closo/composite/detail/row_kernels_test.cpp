#include "closo/composite/detail/row_kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace closo::composite::detail {
namespace {

std::vector<float> random_line(std::size_t n, std::mt19937_64& engine, double low, double high) {
  std::uniform_real_distribution<double> draw(low, high);
  std::vector<float> line(n);
  for (float& value : line) value = static_cast<float>(draw(engine));
  return line;
}

/// One row with all that the loops read; every seventh cell has no links.
struct Row {
  explicit Row(Index count) : n(static_cast<std::size_t>(count)) {
    std::mt19937_64 engine(17);
    for (std::size_t k = 0; k < 6; ++k) {
      c[k] = random_line(n, engine, 0.1, 2.0);
      for (std::size_t i = 3; i < n; i += 7) c[k][i] = 0.0f;
      links.conductance[k] = c[k].data();
      links.neighbour[k] = static_cast<Index>(k * 3);
    }
    links.count = count;
    values = random_line(n + 20, engine, -1.0, 1.0);
    rhs = random_line(n, engine, -1.0, 1.0);
    own = random_line(n, engine, -1.0, 1.0);
    for (std::size_t i = 3; i < n; i += 7) rhs[i] = 0.0f;
  }
  double value(std::size_t k, std::size_t i) const {
    return static_cast<double>(values[static_cast<std::size_t>(links.neighbour[k]) + i]);
  }
  RowOperation operation(std::vector<float>& out) const {
    out.assign(n, -9.0f);
    RowOperation result;
    result.links = &links;
    result.values = values.data();
    result.rhs = rhs.data();
    result.own = own.data();
    result.out = out.data();
    return result;
  }

  std::size_t n;
  std::array<std::vector<float>, 6> c;
  std::vector<float> values, rhs, own;
  RowLinks links;
};

TEST(row_kernels, every_set_does_what_the_formulas_say) {
  ASSERT_FALSE(all_row_kernels().empty());
  for (const RowKernels* kernels : all_row_kernels()) {
    for (const Index count : {0, 1, 7, 16, 33, 129}) {
      const Row row(count);
      std::vector<float> relaxed, started, residual, applied;
      kernels->relax(row.operation(relaxed));
      kernels->relax_from_zero(row.operation(started));
      kernels->residual(row.operation(residual));
      const double product = kernels->apply(row.operation(applied));
      std::vector<float> corrected, rest(row.n);
      RowOperation correct = row.operation(corrected);
      corrected = row.own;
      correct.out = corrected.data();
      correct.rest = rest.data();
      kernels->relax_with_rest(correct);
      double expected_product = 0.0;
      for (std::size_t i = 0; i < row.n; ++i) {
        double sum = 0.0, inflow = 0.0, outflow = 0.0;
        for (std::size_t k = 0; k < 6; ++k) {
          const double c = static_cast<double>(row.c[k][i]);
          sum += c;
          inflow += c * row.value(k, i);
          outflow += c * (static_cast<double>(row.own[i]) - row.value(k, i));
        }
        const double rhs = static_cast<double>(row.rhs[i]);
        EXPECT_NEAR(relaxed[i], sum > 0.0 ? (rhs + inflow) / sum : 0.0, 1e-5);
        EXPECT_NEAR(corrected[i], sum > 0.0 ? (rhs + inflow) / sum : row.own[i], 1e-5);
        // To far more digits than the cell's potential has.
        EXPECT_NEAR(rest[i], rhs + inflow - sum * static_cast<double>(corrected[i]), 2e-6);
        EXPECT_NEAR(started[i], sum > 0.0 ? rhs / sum : 0.0, 1e-5);
        EXPECT_NEAR(residual[i], rhs - outflow, 1e-5);
        EXPECT_NEAR(applied[i], outflow, 1e-5);
        expected_product += outflow * static_cast<double>(row.own[i]);
      }
      EXPECT_NEAR(product, expected_product, 1e-4);
      EXPECT_NEAR(kernels->dot(row.own.data(), applied.data(), count), product, 1e-9);

      std::vector<float> r = row.rhs;
      const double square = kernels->step_residual(r.data(), row.own.data(), 0.25f, count);
      double expected_square = 0.0;
      for (std::size_t i = 0; i < row.n; ++i) {
        EXPECT_NEAR(r[i], row.rhs[i] - 0.25f * row.own[i], 1e-6);
        expected_square += std::pow(static_cast<double>(r[i]), 2);
      }
      EXPECT_NEAR(square, expected_square, 1e-9);

      std::vector<double> x(row.n, 2.0);
      std::vector<float> p = row.rhs;
      kernels->step_direction(x.data(), p.data(), row.own.data(), 0.5, 3.0f, count);
      for (std::size_t i = 0; i < row.n; ++i) {
        EXPECT_NEAR(x[i], 2.0 + 0.5 * static_cast<double>(row.rhs[i]), 1e-12);
        EXPECT_NEAR(p[i], row.own[i] + 3.0f * row.rhs[i], 1e-6);
      }
    }
  }
}

TEST(row_kernels, every_set_looks_up_small_and_large_tables) {
  std::mt19937_64 engine(3);
  for (const RowKernels* kernels : all_row_kernels()) {
    for (const std::size_t largest : {3, 7, 12, 100}) {
      for (const Index count : {1, 15, 40, 67}) {
        const auto n = static_cast<std::size_t>(count);
        // As in a grid, memory goes on behind the row.
        std::array<std::vector<std::uint8_t>, 7> codes;
        for (std::vector<std::uint8_t>& line : codes) {
          for (std::size_t i = 0; i < n + 64; ++i) line.push_back(static_cast<std::uint8_t>(engine() % (largest + 1)));
        }
        std::array<std::vector<float>, 3> table;
        for (std::vector<float>& values : table) values = random_line(256, engine, 0.0, 1.0);
        std::array<std::vector<float>, 6> out;
        std::vector<std::uint8_t> around;
        for (std::size_t k = 0; k < 6; ++k) around.insert(around.end(), codes[k].begin(), codes[k].end());
        RowLinks row;
        row.own_code = codes[6].data();
        row.codes = around.data();
        row.count = count;
        row.entries = 2 * largest + 1;
        for (std::size_t axis = 0; axis < 3; ++axis) row.table[axis] = table[axis].data();
        for (std::size_t k = 0; k < 6; ++k) {
          out[k].assign(n + 64, -1.0f);
          row.neighbour[k] = static_cast<Index>(k * (n + 64));
          row.room[k] = out[k].data();
        }
        kernels->look_up(row);
        for (std::size_t k = 0; k < 6; ++k) {
          for (std::size_t i = 0; i < n; ++i)
            EXPECT_EQ(out[k][i], table[k / 2][static_cast<std::size_t>(codes[6][i]) + codes[k][i]]);
        }
        // The loops give the same whether they look up or are given the conductances.
        RowLinks given = row;
        for (std::size_t k = 0; k < 6; ++k) given.conductance[k] = out[k].data();
        const std::vector<float> values = random_line(6 * (n + 64), engine, -1.0, 1.0);
        const std::vector<float> rhs = random_line(n, engine, -1.0, 1.0), own = random_line(n, engine, -1.0, 1.0);
        std::vector<float> first(n), second(n);
        std::vector<float> first_rest(n), second_rest(n);
        const RowOperation by_code{&row, values.data(), rhs.data(), own.data(), first.data(), first_rest.data()};
        const RowOperation by_value{&given, values.data(), rhs.data(), own.data(), second.data(), second_rest.data()};
        for (const auto loop :
             {kernels->relax, kernels->relax_with_rest, kernels->relax_from_zero, kernels->residual}) {
          loop(by_code);
          loop(by_value);
          for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(first[i], second[i], 1e-5);
        }
        EXPECT_NEAR(kernels->apply(by_code), kernels->apply(by_value), 1e-4);
        for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(first[i], second[i], 1e-5);
      }
    }
  }
}

TEST(row_kernels, every_set_balances_a_row_in_double) {
  for (const RowKernels* kernels : all_row_kernels()) {
    for (const Index count : {1, 16, 35}) {
      const Row row(count);
      std::mt19937_64 engine(4);
      std::vector<double> values(row.values.begin(), row.values.end()), own(row.own.begin(), row.own.end());
      std::array<std::vector<float>, 6> remainder;
      std::array<std::vector<double>, 5> line;
      std::vector<float> residual(row.n);
      RowBalance balance;
      balance.links = &row.links;
      balance.values = values.data();
      balance.own = own.data();
      balance.residual = residual.data();
      for (std::size_t k = 0; k < 6; ++k) {
        remainder[k] = random_line(row.n, engine, -1e-8, 1e-8);
        balance.remainder[k] = remainder[k].data();
      }
      for (std::size_t k = 0; k < 5; ++k) {
        line[k].resize(row.n);
        balance.line[k] = line[k].data();
      }
      const RowSums sums = kernels->balance(balance);
      RowSums expected;
      for (std::size_t i = 0; i < row.n; ++i) {
        double inflow = 0.0;
        for (std::size_t k = 0; k < 6; ++k) {
          const double c = static_cast<double>(row.c[k][i]) + static_cast<double>(remainder[k][i]);
          const double difference = row.value(k, i) - own[i];
          inflow += c * difference;
          expected.energy += c * difference * difference;
          if (k % 2 == 0) expected.current[k / 2] += c * difference;
        }
        EXPECT_NEAR(residual[i], inflow, 1e-6);
        expected.square += inflow * inflow;
      }
      EXPECT_NEAR(sums.energy, expected.energy, 1e-12 * expected.energy);
      EXPECT_NEAR(sums.square, expected.square, 1e-12 * expected.square);
      for (std::size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(sums.current[axis], expected.current[axis], 1e-12 * 100);
    }
  }
}

}  // namespace
}  // namespace closo::composite::detail
