#include "closo/formats/tiff_stack.hpp"

#include <gtest/gtest.h>

#include <map>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

void put(std::string& bytes, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

/// Pages in little endian from tag → value; tag 273 is filled in with the place of the page's data.
struct Page {
  std::map<int, std::uint64_t> tags;
  std::string data;
};

Page grey_page(const std::string& data = std::string("\0\1\2\3\4\5", 6)) {
  return {{{256, 3}, {257, 2}, {258, 8}, {259, 1}, {262, 1}, {273, 0}, {277, 1}, {278, 2}, {279, data.size()}}, data};
}

std::string tiff(const std::vector<Page>& pages) {
  std::string bytes = "II*";
  bytes.push_back('\0');
  std::size_t at = 8;
  put(bytes, at + pages[0].data.size(), 4);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    bytes += pages[i].data;
    put(bytes, pages[i].tags.size(), 2);
    for (const auto& [tag, value] : pages[i].tags) {
      put(bytes, static_cast<std::uint64_t>(tag), 2);
      put(bytes, 4, 2);
      put(bytes, 1, 4);
      put(bytes, tag == 273 ? at : value, 4);
    }
    at = bytes.size() + 4;
    put(bytes, i + 1 < pages.size() ? at + pages[i + 1].data.size() : 0, 4);
  }
  return bytes;
}

std::string with(int tag, std::uint64_t value) {
  Page page = grey_page();
  page.tags[tag] = value;
  return tiff({page});
}

void refuse(const std::string& bytes, const std::string& part) {
  refusal([&] { read_tiff_stack(bytes, "a.tif"); }, part);
}

}  // namespace

TEST(TiffStack, ReadsStacksOfOtherPrograms) {
  for (const char* const name : {"lzw_tiles_big_endian_16_bit", "deflate_differences", "lzw_differences_32_bit",
                                 "big_tiff_lzw", "real_numbers", "signed_big_endian"}) {
    const LabelVolume volume = read_tiff_stack(seed("tiff_stack", name), name);
    expect_same_labels(volume, example_volume());
    EXPECT_FALSE(volume.spacing_is_known) << name;
  }
  LabelVolume bits = example_volume();
  for (std::uint8_t& label : bits.labels) label %= 2;
  expect_same_labels(read_tiff_stack(seed("tiff_stack", "packbits_1_bit"), "a.tif"), bits);
  LabelVolume slice = example_volume();
  slice.size[2] = 1;
  slice.labels.resize(20);
  expect_same_labels(read_tiff_stack(seed("tiff_stack", "palette"), "a.tif"), slice);
}

TEST(TiffStack, TakesTheSpacingOfImageJ) {
  for (const char* const name : {"imagej_um", "imagej_single_directory"}) {
    const LabelVolume volume = read_tiff_stack(seed("tiff_stack", name), name);
    expect_same_labels(volume, example_volume());
    EXPECT_TRUE(volume.spacing_is_known);
    expect_spacing(volume, 0.25e-6, 0.5e-6, 0.75e-6);
  }
  const std::string bytes = seed("tiff_stack", "imagej_um");
  const LabelVolume pixels = read_tiff_stack(replaced(bytes, "unit=um", "unit=px"), "a.tif");
  EXPECT_FALSE(pixels.spacing_is_known);
  expect_spacing(pixels, 0.25, 0.5, 0.75);
  // Without a distance of slices ImageJ means 1 unit.
  expect_spacing(read_tiff_stack(replaced(bytes, "spacing=", "distance"), "a.tif"), 0.25e-6, 0.5e-6, 1e-6);
}

TEST(TiffStack, ReadsBackWhatItWrites) {
  LabelVolume odd = full_volume();
  odd.spacing = {0.3333e-9, 1.94e-9, 7e-3};
  for (const LabelVolume& volume : {full_volume(), example_volume(), odd}) {
    expect_same_volume(read_tiff_stack(write_tiff_stack(volume), "a.tif"), volume);
  }
}

TEST(TiffStack, ReadsEveryWidthOfBits) {
  for (const std::uint64_t bits : {1U, 2U, 4U, 8U, 16U, 32U, 64U}) {
    LabelVolume expected;
    expected.size = {3, 2, 1};
    const std::size_t row = (3 * bits + 7) / 8;
    std::string data(2 * row, '\0');
    for (std::size_t i = 0; i < 6; ++i) {
      const std::uint64_t label = bits == 1 ? i % 2 : i % 4;
      expected.labels.push_back(static_cast<std::uint8_t>(label));
      char& byte = data[i / 3 * row + i % 3 * bits / 8];
      byte = static_cast<char>(byte | static_cast<char>(bits < 8 ? label << (8 - bits - i % 3 * bits % 8) : label));
    }
    Page page = grey_page(data);
    page.tags[258] = bits;
    expect_same_labels(read_tiff_stack(tiff({page}), "a.tif"), expected);
  }
}

TEST(TiffStack, LeavesReducedPagesAndMissingCountsOut) {
  Page thumbnail = grey_page(), page = grey_page();
  thumbnail.tags[254] = 1;
  page.tags.erase(279);
  const LabelVolume volume = read_tiff_stack(tiff({page, thumbnail, grey_page()}), "a.tif");
  EXPECT_EQ(volume.size, (std::array<std::size_t, 3>{3, 2, 2}));
}

TEST(TiffStack, RefusesWhatItDoesNotSupport) {
  refuse(with(277, 3), "3 samples a pixel (a colour image)");
  refuse(with(262, 2), "photometric interpretation 2");
  refuse(with(259, 7), "page 1 has JPEG (code 7)");
  refuse(with(259, 99), "a compression (code 99)");
  refuse(with(258, 12), "12 bits a pixel");
  refuse(with(339, 3), "8-bit real numbers");
  refuse(with(339, 6), "sample format 6");
  refuse(with(266, 2), "reversed bits");
  refuse(with(317, 3), "the predictor 3");
  refuse(with(256, 0), "the image has the size 0 x 2 x 1");
  refuse(with(278, 0), "strips of 0 rows");
  refuse(with(322, 16), "tiles without width or height");
  refuse(with(278, 1), "1 strips or tiles; expected 2");
  Page page = grey_page();
  page.tags.erase(279);
  page.tags[259] = 5;
  refuse(tiff({page}), "0 sizes of strips or tiles");
}

TEST(TiffStack, RefusesSizesBeyondTheFile) {
  refuse(with(257, 4000000000U), "a file of");
  Page wide = grey_page();
  wide.tags[256] = 2U << 20U;
  wide.tags[257] = 1;
  refuse(tiff({wide}), "at most 1048576 pixels each way");
  refuse(with(279, 5000), "the file ends at byte");
  refuse(with(279, 5), "page 1: a strip or tile has 5 bytes; expected 6 bytes");
  Page tall = grey_page();
  tall.tags[257] = 0xFFFFFFFF;
  tall.tags[256] = 0xFFFFFFFF;
  refuse(tiff({tall}), "at most 17179869184 voxels");
}

TEST(TiffStack, RefusesPagesThatDoNotFitTogether) {
  Page other = grey_page();
  other.tags[256] = 2;
  refuse(tiff({grey_page(), other}), "page 2 has 2 x 2 pixels, the first has 3 x 2");
  refuse(replaced(seed("tiff_stack", "imagej_um"), "mode=grayscale\n", "channels=2\nab=\n"), "2 channels");
}

TEST(TiffStack, NamesTheVoxelThatIsNoLabel) {
  Page page = grey_page(std::string("\0\0\1\0\2\0\3\0\4\0\5\1", 12));
  page.tags[258] = 16;
  refuse(tiff({page}), "the voxel (2, 1, 0) has the value 261");
}

TEST(TiffStack, RefusesDamagedParts) {
  const std::string whole = seed("tiff_stack", "deflate_differences");
  std::size_t refused = 0;
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    try {
      read_tiff_stack(whole.substr(0, size), "a.tif");
    } catch (const base::InputError& error) {
      EXPECT_EQ(error.place().file, "a.tif");
      ++refused;
    }
  }
  EXPECT_GE(refused, whole.size() / 7 - 4);
}

TEST(TiffStack, PutsSlicesBehindEachOther) {
  LabelVolume stack;
  append_tiff_slice(stack, tiff({grey_page()}), "1.tif");
  append_tiff_slice(stack, tiff({grey_page()}), "2.tif");
  EXPECT_EQ(stack.size, (std::array<std::size_t, 3>{3, 2, 2}));
  EXPECT_EQ(stack.labels, (std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}));
  EXPECT_FALSE(stack.spacing_is_known);
  refusal([&] { append_tiff_slice(stack, tiff({grey_page(), grey_page()}), "3.tif"); }, "the slice has 2 pages");
  refusal([&] { append_tiff_slice(stack, seed("tiff_stack", "palette"), "3.tif"); }, "the slice has 5 x 4 pixels");
}

TEST(TiffStack, KnowsTheSpacingOfSlicesThatSayTheirDistance) {
  LabelVolume slice = full_volume(), stack;
  slice.size[2] = 1;
  slice.labels.resize(20);
  append_tiff_slice(stack, write_tiff_stack(slice), "1.tif");
  EXPECT_TRUE(stack.spacing_is_known);
  expect_spacing(stack, 0.25e-6, 0.5e-6, 0.75e-6);
  LabelVolume silent;
  append_tiff_slice(silent, replaced(write_tiff_stack(slice), "spacing=", "distance"), "1.tif");
  EXPECT_FALSE(silent.spacing_is_known);
  expect_spacing(silent, 1.0, 1.0, 1.0);
}

TEST(TiffStack, RefusesToWriteContradictions) {
  LabelVolume volume = example_volume();
  volume.size[0] = 6;
  EXPECT_THROW(write_tiff_stack(volume), base::ParameterError);
}
