/// A small voxel image and checks for the tests of the image formats, which include GoogleTest before this.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "closo/base/file.hpp"
#include "closo/formats/label_volume.hpp"

namespace closo::formats {

/// 5 x 4 x 3 voxels with label (x + 2 y + 3 z) mod 5; the images of other programs in fuzz/corpus hold the same.
inline LabelVolume example_volume() {
  LabelVolume volume;
  volume.size = {5, 4, 3};
  for (std::size_t z = 0; z < 3; ++z) {
    for (std::size_t y = 0; y < 4; ++y) {
      for (std::size_t x = 0; x < 5; ++x) volume.labels.push_back(static_cast<std::uint8_t>((x + 2 * y + 3 * z) % 5));
    }
  }
  return volume;
}

/// With everything a file can say.
inline LabelVolume full_volume() {
  LabelVolume volume = example_volume();
  volume.spacing = {0.25e-6, 0.5e-6, 0.75e-6};
  volume.spacing_is_known = true;
  volume.names = {"bulk", "inter phase", "Al2O3 <&> \"x\"", "", "pore"};
  volume.is_periodic = true;
  volume.origin = "random field, seed 7";
  return volume;
}

inline void expect_same_labels(const LabelVolume& found, const LabelVolume& expected) {
  EXPECT_EQ(found.size, expected.size);
  EXPECT_EQ(found.labels, expected.labels);
}

inline void expect_spacing(const LabelVolume& found, double x, double y, double z) {
  EXPECT_NEAR(found.spacing[0], x, 1e-9 * x);
  EXPECT_NEAR(found.spacing[1], y, 1e-9 * y);
  EXPECT_NEAR(found.spacing[2], z, 1e-9 * z);
}

inline void expect_same_volume(const LabelVolume& found, const LabelVolume& expected) {
  expect_same_labels(found, expected);
  EXPECT_EQ(found.spacing_is_known, expected.spacing_is_known);
  expect_spacing(found, expected.spacing[0], expected.spacing[1], expected.spacing[2]);
  EXPECT_EQ(found.names, expected.names);
  EXPECT_EQ(found.is_periodic, expected.is_periodic);
  EXPECT_EQ(found.origin, expected.origin);
}

/// An image that another program has written: a seed of the fuzzers.
inline std::string seed(const std::string& format, const std::string& name) {
  return base::read_file_bytes(std::filesystem::path(CLOSO_SOURCE_DIR) / "fuzz" / "corpus" / format / name);
}

inline std::string as_bytes(const LabelVolume& volume) { return {volume.labels.begin(), volume.labels.end()}; }

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace closo::formats
