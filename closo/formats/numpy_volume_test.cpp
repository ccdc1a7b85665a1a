#include "closo/formats/numpy_volume.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

std::string file(const std::string& kind, const std::string& order, const std::string& shape, const std::string& data) {
  const std::string header = "{'descr': '" + kind + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(header.size()) + '\0' + header + data;
}

const std::string six("\0\1\2\3\4\5", 6);
const std::vector<std::uint8_t> counted = {0, 1, 2, 3, 4, 5};

}  // namespace

TEST(NumpyVolume, TakesTheLastIndexAsX) {
  const LabelVolume volume = read_numpy_volume(file("|u1", "False", "(1, 2, 3)", six), "a.npy");
  EXPECT_EQ(volume.size, (std::array<std::size_t, 3>{3, 2, 1}));
  EXPECT_EQ(volume.labels, counted);
  EXPECT_FALSE(volume.spacing_is_known);
  EXPECT_EQ(read_numpy_volume(file("|b1", "False", "(2, 3)", std::string(6, '\1')), "a.npy").size[1], 2U);
  // In Fortran's order the first index, z, runs fastest.
  const LabelVolume turned = read_numpy_volume(file("|u1", "True", "(3, 2, 1)", six), "a.npy");
  EXPECT_EQ(turned.size, (std::array<std::size_t, 3>{1, 2, 3}));
  EXPECT_EQ(turned.labels, (std::vector<std::uint8_t>{0, 3, 1, 4, 2, 5}));
}

TEST(NumpyVolume, ReadsEitherByteOrder) {
  const std::string big("\0\0\0\1\0\2\0\3\0\4\0\5", 12);
  EXPECT_EQ(read_numpy_volume(file(">i2", "False", "(1, 2, 3)", big), "a.npy").labels, counted);
}

TEST(NumpyVolume, ReadsBackWhatItWrites) {
  expect_same_volume(read_numpy_volume(write_numpy_volume(example_volume()), "a.npy"), example_volume());
  EXPECT_EQ(write_numpy_volume(example_volume()).size() % 64, 60U);
}

TEST(NumpyVolume, RefusesOtherArrays) {
  const auto read = [](const std::string& bytes) { return [bytes] { read_numpy_volume(bytes, "a.npy"); }; };
  refusal(read(file("<c16", "False", "(1, 2, 3)", "")), "the numbers are ''<c16''");
  refusal(read(file("|u1", "False", "(6,)", six)), "the array has 1 axes");
  refusal(read(file("|u1", "False", "(1, 2, 4)", six)), "the data have 6 bytes, fewer");
  refusal(read(file("|i1", "False", "(1, 2, 3)", std::string(6, '\xFF'))), "the voxel (0, 0, 0) has the value -1");
  refusal(read("text"), "inside the magic word");
  LabelVolume volume = example_volume();
  volume.size[2] = 0;
  EXPECT_THROW(write_numpy_volume(volume), base::ParameterError);
}
