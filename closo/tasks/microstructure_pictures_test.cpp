#include "closo/tasks/microstructure_pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "closo/base/error.hpp"
#include "closo/composite/microstructure.hpp"
#include "closo/report/png.hpp"

namespace closo::tasks {
namespace {

using composite::Phase;
using composite::VoxelImage;
using report::Colour;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Colour pixel(const report::Picture& picture, std::size_t x, std::size_t y) {
  const std::size_t i = 3 * (x + picture.width * y);
  return {picture.rgb.at(i), picture.rgb.at(i + 1), picture.rgb.at(i + 2)};
}

std::size_t count(const report::Picture& picture, Colour colour) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    n += Colour{picture.rgb[i], picture.rgb[i + 1], picture.rgb[i + 2]} == colour ? 1 : 0;
  }
  return n;
}

std::vector<Phase> all_phases() {
  std::vector<Phase> phases;
  for (std::uint8_t i = 0; i < 8; ++i) phases.push_back(static_cast<Phase>(i));
  return phases;
}

VoxelImage filled(std::array<std::size_t, 3> size, std::vector<Phase> phases) {
  VoxelImage image;
  image.size = size;
  image.labels.assign(image.voxels(), 0);
  image.phases = std::move(phases);
  return image;
}

// CIE L*a*b* (D65) of a linear sRGB colour.
std::array<double, 3> lab(std::array<double, 3> rgb) {
  const std::array<std::array<double, 3>, 3> to_xyz{
      {{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}};
  const std::array<double, 3> white{0.9505, 1.0, 1.089};
  std::array<double, 3> f{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double t = std::inner_product(rgb.begin(), rgb.end(), to_xyz[i].begin(), 0.0) / white[i];
    f[i] = t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116.0;
  }
  return {116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])};
}

// As seen by an eye; matrices for the whole loss of one cone: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, IEEE
// Trans. Vis. Comput. Graph. 15 (2009) 1291, DOI 10.1109/TVCG.2009.113, severity 1.0.
std::array<double, 3> seen(Colour colour, const std::array<std::array<double, 3>, 3>& eye) {
  std::array<double, 3> linear{};
  const std::array<std::uint8_t, 3> bytes{colour.red, colour.green, colour.blue};
  for (std::size_t i = 0; i < 3; ++i) {
    const double v = bytes[i] / 255.0;
    linear[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  }
  std::array<double, 3> result{};
  for (std::size_t i = 0; i < 3; ++i)
    result[i] = std::clamp(std::inner_product(linear.begin(), linear.end(), eye[i].begin(), 0.0), 0.0, 1.0);
  return lab(result);
}

TEST(MicrostructurePictures, EveryEyeTellsThePhasesApart) {
  const std::vector<std::array<std::array<double, 3>, 3>> eyes{
      {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
      {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
      {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
      {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}};
  const std::vector<Colour> colours = label_colours(all_phases());
  ASSERT_EQ(colours.size(), 8U);
  for (std::size_t eye = 0; eye < eyes.size(); ++eye) {
    for (std::size_t a = 0; a < colours.size(); ++a) {
      for (std::size_t b = a + 1; b < colours.size(); ++b) {
        const auto first = seen(colours[a], eyes[eye]);
        const auto second = seen(colours[b], eyes[eye]);
        const double apart = std::hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
        EXPECT_GT(apart, 14.0) << composite::to_string(static_cast<Phase>(a)) << " and "
                               << composite::to_string(static_cast<Phase>(b)) << " for eye " << eye;
      }
    }
  }
}

TEST(MicrostructurePictures, FurtherLabelsOfAPhaseGetTonesOfTheirOwn) {
  const std::vector<Phase> phases{Phase::bulk,       Phase::interphase, Phase::bulk,       Phase::bulk,
                                  Phase::interphase, Phase::void_space, Phase::void_space, Phase::bulk};
  const std::vector<Colour> colours = label_colours(phases);
  std::set<std::string> different;
  for (const Colour& colour : colours) different.insert(report::to_hex(colour));
  EXPECT_EQ(different.size(), 7U) << "all but the second void";
  EXPECT_EQ(colours[0], label_colours({Phase::bulk})[0]) << "the first label of a phase has its colour everywhere";
  EXPECT_EQ(colours[5], (Colour{255, 255, 255}));
  EXPECT_EQ(label_colours({}).size(), 0U);
}

TEST(MicrostructurePictures, SlicesShowTheVoxelsWhereTheyAre) {
  // A mark in each of the three planes through the middle voxel (2, 2, 2), near the origin of the panel.
  VoxelImage image = filled({4, 4, 4}, all_phases());
  image.labels[image.index(0, 3, 2)] = 1;  // x–y: left, top
  image.labels[image.index(3, 2, 0)] = 2;  // x–z: right, bottom
  image.labels[image.index(2, 0, 0)] = 4;  // y–z: left, bottom
  const report::Picture picture = slices_picture(image, "slices", "Slices");
  const std::vector<Colour> colours = label_colours(image.phases);
  EXPECT_NO_THROW(report::png(picture));
  EXPECT_EQ(picture.id, "slices");
  EXPECT_LE(picture.width, 962U);
  const std::size_t voxel = (picture.width - 2 - 3 * 26) / 12;
  const auto panel_left = [&](std::size_t panel) { return 26 + panel * (4 * voxel + 26); };
  const auto at = [&](std::size_t panel, std::size_t i, std::size_t j) {
    const std::size_t bottom = picture.height - 26;
    return pixel(picture, panel_left(panel) + i * voxel + voxel / 2, bottom - 1 - j * voxel - voxel / 2);
  };
  for (std::size_t panel = 0; panel < 3; ++panel) {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        const std::array<std::size_t, 3> expected_label{
            i == 0 && j == 3 ? 1U : 0U,
            i == 3 && j == 0 ? 2U : (i == 2 && j == 0 ? 4U : 0U),
            i == 0 && j == 0 ? 4U : 0U,
        };
        const std::size_t truth = panel == 0   ? image.labels[image.index(i, j, 2)]
                                  : panel == 1 ? image.labels[image.index(i, 2, j)]
                                               : image.labels[image.index(2, i, j)];
        EXPECT_EQ(at(panel, i, j), colours[truth]) << panel << " " << i << " " << j;
        if (panel != 1) {
          EXPECT_EQ(truth, expected_label[panel]);
        }
      }
    }
  }
  EXPECT_EQ(count(picture, colours[1]), voxel * voxel) << "whole pixels a voxel, edges sharp";
}

TEST(MicrostructurePictures, SlicesSayWhereAndHowMuch) {
  VoxelImage image = filled({4, 4, 4}, {Phase::bulk, Phase::insulator, Phase::bulk, Phase::void_space});
  image.spacing = {0.5e-9, 0.5e-9, 1e-9};
  std::fill(image.labels.begin(), image.labels.begin() + 16, std::uint8_t{1});
  std::fill(image.labels.begin() + 16, image.labels.begin() + 24, std::uint8_t{2});
  const report::Picture picture = slices_picture(image, "s", "S", std::array<std::size_t, 3>{0, 1, 3});
  EXPECT_EQ(
      picture.caption,
      "Slices at z = 3.5 nm, y = 0.75 nm, x = 0.25 nm (from the left). 4 × 4 × 4 voxels of 0.5 nm × 0.5 nm × 1 nm.");
  ASSERT_EQ(picture.legend.size(), 3U) << "labels that do not occur are left out";
  EXPECT_EQ(picture.legend[0].name, "bulk (label 0), 62.5 vol%");
  EXPECT_EQ(picture.legend[1].name, "insulator, 25 vol%");
  EXPECT_EQ(picture.legend[2].name, "bulk (label 2), 12.5 vol%");
  ASSERT_TRUE(picture.scale_bar.has_value());
  // z is twice as long as x: the tallest panel has 4 nm.
  const double nm = picture.scale_bar->pixels / std::stod(picture.scale_bar->text);
  EXPECT_TRUE(has(picture.scale_bar->text, " nm"));
  EXPECT_NEAR(static_cast<double>(picture.height) - 28.0, 4.0 * nm, 2.0);
}

TEST(MicrostructurePictures, OfFlatImagesOnlyWhatShowsSomething) {
  const std::vector<Phase> phases{Phase::bulk};
  EXPECT_TRUE(has(slices_picture(filled({8, 8, 1}, phases), "s", "S").caption, "Slice at z = 0.5 nm. "));
  EXPECT_TRUE(has(slices_picture(filled({8, 1, 8}, phases), "s", "S").caption, "Slice at y = 0.5 nm. "));
  EXPECT_TRUE(has(slices_picture(filled({1, 1, 8}, phases), "s", "S").caption, "Slice at z = 4.5 nm. "));
  EXPECT_NO_THROW(report::png(slices_picture(filled({1, 1, 1}, phases), "s", "S")));
  EXPECT_NO_THROW(report::png(slices_picture(filled({3000, 2, 2}, phases), "s", "S")));
}

// Voxels finer than pixels are averaged: the mean colour of the panels is that of the volume.
TEST(MicrostructurePictures, LargeImagesKeepTheirMeanColour) {
  VoxelImage image = filled({700, 700, 1}, {Phase::insulator, Phase::void_space});
  for (std::size_t i = 0; i < image.labels.size(); ++i) image.labels[i] = i * 2654435761U % 1000 < 300 ? 1 : 0;
  image.size = {1400, 350, 1};
  const report::Picture picture = slices_picture(image, "s", "S");
  double sum = 0.0;
  std::size_t n = 0;
  for (std::size_t y = 2; y + 30 < picture.height; ++y) {
    for (std::size_t x = 30; x + 4 < picture.width; ++x, ++n) sum += pixel(picture, x, y).green;
  }
  const double expected = 0.7 * label_colours({Phase::insulator})[0].green + 0.3 * 255.0;
  EXPECT_NEAR(sum / static_cast<double>(n), expected, 2.0);
}

TEST(MicrostructurePictures, TheViewNamesItsBox) {
  VoxelImage image = composite::cubic_spheres(24, 0.3);
  image.spacing = {1e-9, 1e-9, 1e-9};
  const report::Picture picture = view_picture(image, "view", "View", 300);
  EXPECT_NO_THROW(report::png(picture));
  EXPECT_EQ(std::max(picture.width, picture.height), 300U);
  EXPECT_TRUE(has(picture.caption, "Box of 24 nm × 24 nm × 24 nm, the nearest octant cut out. ")) << picture.caption;
  EXPECT_EQ(picture.legend.size(), 2U);
  ASSERT_TRUE(picture.scale_bar.has_value());
  EXPECT_GT(picture.scale_bar->pixels, 20.0);
  image.phases[1] = Phase::void_space;
  EXPECT_TRUE(has(view_picture(image, "view", "View", 300).caption, "cut out, voids transparent. "));
  EXPECT_FALSE(has(view_picture(filled({4, 4, 1}, {Phase::bulk}), "v", "V", 300).caption, "cut out"));
  EXPECT_THROW(view_picture(image, "v", "V", 10), base::ParameterError);
}

struct Heated {
  VoxelImage image = filled({10, 8, 6}, {Phase::bulk, Phase::insulator, Phase::void_space});
  std::vector<float> dissipation = std::vector<float>(480, 1.0F);
};

TEST(MicrostructurePictures, HotSpotsInTheirPlane) {
  Heated h;
  for (std::size_t i = 0; i < 480; ++i) {
    if (i % 10 >= 8) h.image.labels[i] = 1;
    if (i % 10 == 9) h.image.labels[i] = 2;
    if (i % 10 >= 8) h.dissipation[i] = 0.0F;
  }
  h.dissipation[h.image.index(3, 5, 2)] = 90.0F;
  h.dissipation[h.image.index(2, 5, 2)] = 1e-9F;
  const report::Picture picture = hot_spot_picture(h.image, h.dissipation, "hot", "Hot");
  EXPECT_NO_THROW(report::png(picture));
  EXPECT_TRUE(has(picture.caption, "Plane y = 5.5 nm, current along x")) << picture.caption;
  EXPECT_TRUE(has(picture.caption, "has 90 times the mean and lies in this plane"));
  ASSERT_TRUE(picture.colour_bar.has_value());
  ASSERT_EQ(picture.colour_bar->ticks.size(), 6U) << "at most five decades";
  EXPECT_EQ(picture.colour_bar->ticks[0].text, "10⁻³");
  EXPECT_EQ(picture.colour_bar->ticks[3].text, "1");
  EXPECT_EQ(picture.colour_bar->ticks[3].place, 0.6);
  EXPECT_EQ(picture.colour_bar->ticks[4].text, "10");
  EXPECT_EQ(picture.colour_bar->ticks[5].text, "10²");
  ASSERT_EQ(picture.legend.size(), 2U);
  EXPECT_EQ(picture.legend[0].name, "no current, solid");
  EXPECT_EQ(picture.legend[1].name, "no current, void");
  const std::size_t voxel = (picture.width - 28) / 10;
  const auto at = [&](std::size_t i, std::size_t j) {
    return pixel(picture, 26 + i * voxel + voxel / 2, picture.height - 27 - j * voxel - voxel / 2);
  };
  const auto lightness = [](Colour colour) { return colour.red + colour.green + colour.blue; };
  EXPECT_GT(lightness(at(3, 2)), lightness(at(4, 2)) + 200) << "the hot spot";
  EXPECT_EQ(at(2, 2), picture.colour_bar->colours.front()) << "beyond the low end: its colour";
  EXPECT_EQ(at(4, 2), at(6, 5));
  EXPECT_EQ(at(8, 3), picture.legend[0].colour);
  EXPECT_EQ(at(9, 3), picture.legend[1].colour);
  EXPECT_GT(count(picture, pixel(picture, 26 + 8 * voxel - 1, picture.height - 26 - voxel / 2)), voxel * 5)
      << "a line between the phases";
  EXPECT_NE(pixel(picture, 26 + 8 * voxel - 1, picture.height - 26 - voxel / 2), at(7, 3));

  const report::Picture other =
      hot_spot_picture(h.image, h.dissipation, "hot", "Hot", {.current_axis = 1, .across = 0, .position = 4});
  EXPECT_TRUE(has(other.caption, "Plane x = 4.5 nm, current along y")) << other.caption;
  EXPECT_FALSE(has(other.caption, "lies in this plane"));
  EXPECT_EQ(other.legend.size(), 0U);
}

TEST(MicrostructurePictures, HeatOfEveryRangeHasAScale) {
  for (const float top : {1e-6F, 0.3F, 1.0F, 1e4F, 1e12F}) {
    Heated h;
    for (std::size_t i = 0; i < 480; ++i) h.dissipation[i] = top * std::pow(10.0F, -static_cast<float>(i % 97) / 8.0F);
    const report::Picture picture = hot_spot_picture(h.image, h.dissipation, "h", "H");
    ASSERT_TRUE(picture.colour_bar.has_value());
    EXPECT_GE(picture.colour_bar->ticks.size(), 2U);
    EXPECT_LE(picture.colour_bar->ticks.size(), 6U);
    EXPECT_EQ(picture.colour_bar->ticks.front().place, 0.0);
    EXPECT_EQ(picture.colour_bar->ticks.back().place, 1.0);
  }
}

TEST(MicrostructurePictures, WithoutCurrentThereIsNoScale) {
  Heated h;
  std::ranges::fill(h.dissipation, 0.0F);
  const report::Picture picture = hot_spot_picture(h.image, h.dissipation, "h", "H");
  EXPECT_FALSE(picture.colour_bar.has_value());
  EXPECT_TRUE(has(picture.caption, "Nothing dissipates."));
}

TEST(MicrostructurePictures, HottestShareOfKnownHeat) {
  std::vector<float> heat(1000, 1.0F);
  EXPECT_NEAR(hottest_share(heat, 0.01), 0.01, 1e-12);
  EXPECT_NEAR(hottest_share(heat, 1.0), 1.0, 1e-12);
  EXPECT_EQ(hottest_share(heat, 0.0), 0.0);
  for (std::size_t i = 0; i < 10; ++i) heat[100 * i] = 99.0F;
  EXPECT_NEAR(hottest_share(heat, 0.01), 0.5, 1e-12);
  EXPECT_NEAR(hottest_share(heat, 0.005), 0.25, 1e-12);
  EXPECT_EQ(hottest_share(std::vector<float>(10, 0.0F), 0.5), 0.0);
  EXPECT_EQ(hottest_share({}, 0.5), 0.0);
  EXPECT_THROW(hottest_share(heat, -0.1), base::ParameterError);
  EXPECT_THROW(hottest_share(heat, 1.1), base::ParameterError);
  EXPECT_THROW(hottest_share(heat, std::nan("")), base::ParameterError);
}

// Against sorting, over fields of many decades.
TEST(MicrostructurePictures, LawOfTheHottestShare) {
  std::vector<float> heat;
  for (std::size_t i = 0; i < 5000; ++i)
    heat.push_back(std::pow(10.0F, static_cast<float>(i * 2654435761U % 8000) / 1000.0F - 4.0F));
  std::vector<float> sorted = heat;
  std::ranges::sort(sorted, std::greater<>());
  const double total = std::accumulate(sorted.begin(), sorted.end(), 0.0);
  for (const std::size_t n : {1U, 10U, 50U, 700U, 4000U}) {
    const double exact = std::accumulate(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(n), 0.0) / total;
    EXPECT_NEAR(hottest_share(heat, static_cast<double>(n) / 5000.0), exact, 0.008 * exact);
  }
}

TEST(MicrostructurePictures, BadInputIsNamed) {
  const Heated h;
  VoxelImage broken = h.image;
  broken.labels.pop_back();
  EXPECT_THROW(slices_picture(broken, "s", "S"), base::ParameterError);
  EXPECT_THROW(view_picture(broken, "s", "S"), base::ParameterError);
  EXPECT_THROW(hot_spot_picture(broken, h.dissipation, "s", "S"), base::ParameterError);
  EXPECT_THROW(slices_picture(h.image, "s", "S", std::array<std::size_t, 3>{0, 8, 0}), base::ParameterError);
  const auto hot = [&](std::vector<float> heat, HotSpotPlane plane = {}) {
    return hot_spot_picture(h.image, heat, "h", "H", plane);
  };
  EXPECT_THROW(hot(std::vector<float>(3)), base::ParameterError);
  for (const float bad : {-1.0F, std::nanf(""), INFINITY}) {
    std::vector<float> heat = h.dissipation;
    heat[7] = bad;
    EXPECT_THROW(hot(heat), base::ParameterError);
  }
  EXPECT_THROW(hot(h.dissipation, {.current_axis = 3}), base::ParameterError);
  EXPECT_THROW(hot(h.dissipation, {.current_axis = 1, .across = 1}), base::ParameterError);
  EXPECT_THROW(hot(h.dissipation, {.current_axis = 1, .across = 3}), base::ParameterError);
  EXPECT_THROW(hot(h.dissipation, {.current_axis = 0, .across = 2, .position = 6}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
