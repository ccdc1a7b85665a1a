#include "closo/tasks/detail/voxel_view.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <tuple>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

using composite::Phase;
using composite::VoxelImage;

constexpr report::Colour white{255, 255, 255};
constexpr report::Colour blue{80, 160, 240};
constexpr report::Colour red{240, 40, 20};

VoxelImage box(std::size_t nx, std::size_t ny, std::size_t nz, std::vector<Phase> phases = {Phase::bulk}) {
  VoxelImage image;
  image.size = {nx, ny, nz};
  image.labels.assign(image.voxels(), 0);
  image.phases = std::move(phases);
  return image;
}

bool is_reddish(report::Colour colour) { return colour.red > 2 * colour.blue; }

std::map<std::tuple<int, int, int>, std::size_t> colours_of(const Canvas& canvas) {
  std::map<std::tuple<int, int, int>, std::size_t> counts;
  for (std::size_t y = 0; y < canvas.height(); ++y) {
    for (std::size_t x = 0; x < canvas.width(); ++x) {
      const report::Colour colour = canvas.at(x, y);
      ++counts[{colour.red, colour.green, colour.blue}];
    }
  }
  return counts;
}

double covered(const Canvas& canvas) {
  const auto counts = colours_of(canvas);
  const auto background = counts.find({255, 255, 255});
  const double all = static_cast<double>(canvas.width() * canvas.height());
  return all - (background == counts.end() ? 0.0 : static_cast<double>(background->second));
}

// A box covers the sum of its faces, each times the cosine to the line of sight (Cauchy), from every side, with
// voxels of any shape, and whether its nearest octant is cut out or not.
TEST(VoxelView, LawOfTheShadow) {
  for (const double azimuth : {8.0, 38.0, 45.0, 77.0}) {
    for (const double elevation : {12.0, 30.0, 60.0}) {
      for (const bool cut : {false, true}) {
        for (const auto& size : {std::array<std::size_t, 3>{8, 8, 8}, {16, 5, 9}, {3, 12, 2}}) {
          VoxelImage image = box(size[0], size[1], size[2]);
          image.spacing = {1e-9, 2e-9, 1.5e-9};
          const VoxelView view = voxel_view(
              image, std::vector<Surface>{{.colour = blue}},
              {.azimuth = azimuth, .elevation = elevation, .pixels = 500, .cut_octant = cut, .frame = false});
          const double a = azimuth * std::numbers::pi / 180.0;
          const double e = elevation * std::numbers::pi / 180.0;
          const double x = static_cast<double>(size[0]) * 1e-9;
          const double y = static_cast<double>(size[1]) * 2e-9;
          const double z = static_cast<double>(size[2]) * 1.5e-9;
          const double area =
              y * z * std::cos(e) * std::cos(a) + x * z * std::cos(e) * std::sin(a) + x * y * std::sin(e);
          const double expected = area / (view.pixel * view.pixel);
          // Pixels on the rim count whole: half their number, at most half the rim, is too many.
          EXPECT_NEAR(covered(view.canvas), expected, 0.02 * expected + 400.0) << azimuth << " " << elevation;
          EXPECT_EQ(std::max(view.canvas.width(), view.canvas.height()), 500U);
        }
      }
    }
  }
}

TEST(VoxelView, ThreeFacesHaveThreeShades) {
  const VoxelView view = voxel_view(box(8, 8, 8), std::vector<Surface>{{.colour = blue}},
                                    {.pixels = 300, .cut_octant = false, .frame = false});
  std::size_t large = 0;
  for (const auto& [colour, count] : colours_of(view.canvas)) large += count > 4000 ? 1 : 0;
  EXPECT_EQ(large, 4U) << "three faces and the background";
  EXPECT_EQ(view.canvas.at(150, 20), blue) << "the top has its full colour";
}

TEST(VoxelView, TheCutShowsTheInsideAndItsShadow) {
  VoxelImage image = box(20, 20, 20, {Phase::bulk, Phase::insulator});
  for (std::size_t z = 6; z < 14; ++z) {
    for (std::size_t y = 6; y < 14; ++y) {
      for (std::size_t x = 6; x < 14; ++x) image.labels[image.index(x, y, z)] = 1;
    }
  }
  const std::vector<Surface> surfaces{{.colour = blue}, {.colour = red}};
  const auto reddish = [&](bool cut) {
    const VoxelView view = voxel_view(image, surfaces, {.pixels = 400, .cut_octant = cut, .frame = false});
    std::size_t count = 0;
    for (const auto& [colour, n] : colours_of(view.canvas)) {
      const auto& [r, g, b] = colour;
      count += r > 2 * b ? n : 0;
    }
    return count;
  };
  EXPECT_EQ(reddish(false), 0U);
  EXPECT_GT(reddish(true), 2000U);
  const VoxelView view = voxel_view(image, surfaces, {.pixels = 400, .frame = false});
  EXPECT_TRUE(is_reddish(view.canvas.at(view.canvas.width() / 2, view.canvas.height() / 2))) << "the inner corner";
  std::size_t shades = 0;
  for (const auto& [colour, n] : colours_of(view.canvas)) {
    const auto& [r, g, b] = colour;
    shades += b > r && n > 800 ? 1 : 0;
  }
  EXPECT_GE(shades, 4U) << "a shadow besides the three faces";
}

TEST(VoxelView, TransparentVoxelsLetSeeWhatIsBehind) {
  VoxelImage image = box(10, 10, 10, {Phase::void_space, Phase::bulk});
  const std::vector<Surface> surfaces{{.colour = blue, .transparent = true}, {.colour = red}};
  const VoxelView empty = voxel_view(image, surfaces, {.pixels = 200, .frame = false});
  EXPECT_EQ(covered(empty.canvas), 0.0) << "nothing in the box";
  EXPECT_GT(covered(voxel_view(image, surfaces, {.pixels = 200}).canvas), 500.0) << "but its frame";
  // One voxel in the corner away from the viewer, then in front: the same size (nothing is nearer in a parallel view),
  // darker behind the voids.
  const auto corner = [&](std::size_t at) {
    VoxelImage one = image;
    one.labels[one.index(at, at, at)] = 1;
    return voxel_view(one, surfaces, {.pixels = 300, .cut_octant = false, .frame = false});
  };
  const VoxelView far = corner(0);
  const VoxelView near = corner(9);
  EXPECT_NEAR(covered(far.canvas), covered(near.canvas), 0.1 * covered(near.canvas));
  const auto brightest = [](const Canvas& canvas) {
    int most = 0;
    for (std::size_t y = 0; y < canvas.height(); ++y) {
      for (std::size_t x = 0; x < canvas.width(); ++x) {
        const report::Colour colour = canvas.at(x, y);
        if (is_reddish(colour) && colour.blue < 30) most = std::max<int>(most, colour.red);
      }
    }
    return most;
  };
  EXPECT_GT(brightest(near.canvas), brightest(far.canvas) + 40);
  EXPECT_GT(brightest(far.canvas), 40);
}

// Twice as many voxels of half the size are the same body.
TEST(VoxelView, FinerVoxelsGiveTheSamePicture) {
  VoxelImage image = box(6, 5, 7, {Phase::bulk, Phase::insulator, Phase::void_space});
  for (std::size_t i = 0; i < image.labels.size(); ++i) image.labels[i] = static_cast<std::uint8_t>(i * 7919 % 13 % 3);
  const std::vector<Surface> surfaces{{.colour = blue}, {.colour = red}, {.transparent = true}};
  const ViewOptions options{.pixels = 300, .cut_octant = false, .frame = false};  // odd counts are cut differently
  const Canvas coarse = voxel_view(image, surfaces, options).canvas;
  const Canvas fine = voxel_view(composite::subdivide(image), surfaces, options).canvas;
  ASSERT_EQ(coarse.rgb().size(), fine.rgb().size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < fine.rgb().size(); ++i)
    different += std::abs(int{coarse.rgb()[i]} - int{fine.rgb()[i]}) > 2 ? 1 : 0;
  EXPECT_LT(different, fine.rgb().size() / 200);
}

TEST(VoxelView, ImagesOfOneVoxelAreNotCut) {
  const VoxelView view =
      voxel_view(box(1, 1, 1), std::vector<Surface>{{.colour = blue}}, {.pixels = 200, .frame = false});
  EXPECT_EQ(view.canvas.at(view.canvas.width() / 2, view.canvas.height() / 4), blue);
  EXPECT_EQ(view.canvas.at(0, 0), white);
}

TEST(VoxelView, BadRequestsThrow) {
  const VoxelImage image = box(2, 2, 2);
  const std::vector<Surface> one{{.colour = blue}};
  for (const double angle : {0.0, 90.0, -10.0, std::nan("")}) {
    EXPECT_THROW(voxel_view(image, one, {.azimuth = angle}), base::ParameterError);
    EXPECT_THROW(voxel_view(image, one, {.elevation = angle}), base::ParameterError);
  }
  EXPECT_THROW(voxel_view(image, one, {.pixels = 99}), base::ParameterError);
  EXPECT_THROW(voxel_view(image, one, {.pixels = 20001}), base::ParameterError);
  EXPECT_THROW(voxel_view(image, {}), base::ParameterError);
  VoxelImage broken = image;
  broken.labels.pop_back();
  EXPECT_THROW(voxel_view(broken, one), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks::detail
