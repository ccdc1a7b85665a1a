#include "closo/formats/detail/tiff_directory.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo::formats;

namespace {

std::string little(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  return bytes;
}

/// One directory with one entry.
std::string file(std::uint64_t tag, std::uint64_t type, std::uint64_t count, std::uint64_t value,
                 std::uint64_t next = 0) {
  return little(0x2A4949, 4) + little(8, 4) + little(1, 2) + little(tag, 2) + little(type, 2) + little(count, 4) +
         little(value, 4) + little(next, 4);
}

void refuse(const std::string& bytes, const std::string& part) {
  refusal([&] { detail::read_tiff_directories(bytes, "a.tif"); }, part);
}

}  // namespace

TEST(TiffDirectory, ReadsEitherByteOrderAndWidth) {
  const detail::TiffFile big =
      detail::read_tiff_directories(seed("tiff_stack", "lzw_tiles_big_endian_16_bit"), "a.tif");
  EXPECT_EQ(big.order, detail::ByteOrder::big);
  ASSERT_EQ(big.pages.size(), 3U);
  EXPECT_EQ(big.pages[1].width, 5U);
  EXPECT_EQ(big.pages[1].bits, 16U);
  EXPECT_EQ(big.pages[1].compression, 5U);
  EXPECT_EQ(big.pages[1].tile_width, 16U);
  EXPECT_EQ(big.pages[1].offsets.size(), 1U);
  EXPECT_EQ(detail::read_tiff_directories(seed("tiff_stack", "big_tiff_lzw"), "a.tif").pages.size(), 3U);
  const auto imagej = detail::read_tiff_directories(seed("tiff_stack", "imagej_um"), "a.tif").pages.at(0);
  EXPECT_DOUBLE_EQ(imagej.x_resolution, 4.0);
  EXPECT_DOUBLE_EQ(imagej.y_resolution, 2.0);
  EXPECT_EQ(imagej.resolution_unit, 1U);
  EXPECT_TRUE(imagej.description.starts_with("ImageJ="));
}

TEST(TiffDirectory, TakesTheDefaultsOfTheStandard) {
  const detail::TiffPage page = detail::read_tiff_directories(file(256, 3, 1, 7), "a.tif").pages.at(0);
  EXPECT_EQ(page.width, 7U);
  EXPECT_EQ(page.bits, 1U);
  EXPECT_EQ(page.compression, 1U);
  EXPECT_EQ(page.rows_per_strip, 0xFFFFFFFFU);
  EXPECT_TRUE(page.offsets.empty());
  const std::string whole = file(256, 3, 1, 7);
  EXPECT_EQ(detail::read_tiff_directories(whole.substr(0, whole.size() - 4), "a.tif").pages.size(), 1U);
}

TEST(TiffDirectory, RefusesDirectoriesThatMakeNoSense) {
  refuse("no image", "does not begin as TIFF files do");
  refuse(little(0x2B4949, 4) + little(4, 2) + little(0, 2) + little(16, 8), "offsets of another width");
  refuse(little(0x2A4949, 4) + little(0, 4), "the file has no directory");
  refuse(little(0x2A4949, 4), "the first directory");
  refuse(little(0x2A4949, 4) + little(9999, 4), "inside the directory of page 1");
  refuse(little(0x2A4949, 4) + little(8, 4) + little(500, 2), "beyond the end of the file");
  refuse(file(256, 3, 1, 7, 8), "run in a circle after page 1");
  refuse(file(254, 4, 1, 1), "reduced images only");
  refuse(file(256, 2, 1, 7), "tag 256 of page 1 has type 2 and 1 values");
  refuse(file(256, 3, 0, 7), "has type 3 and 0 values");
  refuse(file(256, 99, 1, 7), "has type 99");
  refuse(file(273, 4, 0xFFFFFFFF, 8), "4294967295 values");
  refuse(file(273, 4, 3, 30), "tag 273 of page 1");
  refuse(file(282, 4, 1, 8), "tag 282 of page 1");
  refuse(file(282, 5, 1, 30), "a resolution");
  refuse(file(270, 3, 9, 8), "tag 270 of page 1");
  refuse(file(270, 2, 20, 28), "a description");
}
