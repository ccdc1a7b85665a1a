#include "closo/composite/detail/memory.hpp"

#include <gtest/gtest.h>

#include <string>

#include "closo/base/error.hpp"
#include "closo/composite/conductivity.hpp"

namespace closo::composite::detail {
namespace {

TEST(memory, the_largest_cube_is_the_last_that_fits) {
  for (const bool with_bounds : {false, true}) {
    for (const bool complex : {false, true}) {
      constexpr std::size_t bytes = std::size_t{24} << 30;
      const std::size_t n = largest_cube(bytes, with_bounds, complex);
      EXPECT_LE(solve_bytes({n, n, n}, with_bounds, complex), bytes);
      EXPECT_GT(solve_bytes({n + 1, n + 1, n + 1}, with_bounds, complex), bytes);
    }
  }
  // 512³ on 24 GB, and 36 bytes a voxel as the bar.
  EXPECT_GE(largest_cube(std::size_t{24} << 30, false, false), 512u);
  EXPECT_LE(solve_bytes({512, 512, 512}, false, false), std::size_t{36} * 512 * 512 * 512);
}

TEST(memory, the_estimate_holds_what_a_solve_says_it_took) {
  VoxelImage image;
  image.size = {40, 33, 50};
  image.phases = {Phase::bulk, Phase::insulator};
  for (std::size_t i = 0; i < image.voxels(); ++i) image.labels.push_back(static_cast<std::uint8_t>(i % 7 == 0));
  const double values[2] = {1.0, 10.0};
  const ConductivityResult result = effective_conductivity(image, values);
  const auto estimate = static_cast<double>(solve_bytes(image.size, false, false));
  EXPECT_GE(estimate, static_cast<double>(result.bytes));
  // A direction more is kept where the convergence asks for it.
  EXPECT_LE(estimate, 1.3 * static_cast<double>(result.bytes));
}

TEST(memory, too_large_an_image_is_refused_with_the_size_that_fits) {
  if (!available_memory()) GTEST_SKIP() << "the system does not say how much memory is free";
  EXPECT_NO_THROW(check_memory({8, 8, 8}, true, true));
  try {
    check_memory({100000, 100000, 100000}, false, false);
    FAIL() << "accepted";
  } catch (const base::ParameterError& error) {
    EXPECT_EQ(error.name(), "image");
    EXPECT_NE(error.allowed().find("at most"), std::string::npos);
  }
}

}  // namespace
}  // namespace closo::composite::detail
