#include "closo/formats/numpy_npy.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

#include <bit>
#include <cstdint>

namespace {

std::string little(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  return bytes;
}
std::string number(double value) { return little(std::bit_cast<std::uint64_t>(value), 8); }

std::string file(const std::string& kind, const std::string& shape, const std::string& data, int version = 1,
                 const std::string& order = "False") {
  std::string header = "{'descr': '" + kind + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY") + little(static_cast<std::uint64_t>(version), 1) + little(0, 1) +
         little(header.size(), version == 1 ? 2 : 4) + header + data;
}

std::string complex_spectrum(double scale) {
  return number(1000) + number(0) + number(100) + number(0) + number(30 * scale) + number(-40 * scale) +
         number(60 * scale) + number(-80 * scale);
}

}  // namespace

TEST(NumpyNpy, ReadsSetsOfSpectra) {
  for (const int version : {1, 2, 3}) {
    const auto found =
        read_numpy_npy(file("<c16", "(2, 2, 2)", complex_spectrum(1) + complex_spectrum(2), version), "a.npy");
    ASSERT_EQ(found.size(), 2U);
    expect_point(found[0], 1, 100, 60, -80);
    expect_point(found[1], 1, 100, 120, -160);
    EXPECT_EQ(metadata(found[1], "loop"), "2");
  }
  EXPECT_EQ(read_numpy_npy(file("<c16", "(2, 2)", complex_spectrum(1)), "a.npy").size(), 1U);
}

TEST(NumpyNpy, ReadsRowsOfThree) {
  const auto found = read_numpy_npy(
      file("<f8", "(2, 3)", number(1000) + number(30) + number(-40) + number(100) + number(60) + number(-80)), "a.npy");
  expect_point(found[0], 1, 100, 60, -80);
}

TEST(NumpyNpy, RefusesOtherArrays) {
  const auto read = [](const std::string& bytes) { return [bytes] { read_numpy_npy(bytes, "a.npy"); }; };
  refusal(read("no array"), "does not begin as NumPy arrays do");
  refusal(read(file("<c16", "(2, 2)", complex_spectrum(1), 9)), "version 9");
  refusal(read(file("<i4", "(2, 2)", "")), "the numbers are ''<i4''");
  refusal(read(file("<f8", "(2, 3)", "", 1, "True")), "Fortran's order");
  refusal(read(file("<f8", "(2, 4)", "")), "has the shape 2 x 4");
  refusal(read(file("<f8", "()", "")), "has the shape ()");
  refusal(read(file("<f8", "(0, 3)", "")), "the shape has the size '0'");
  refusal(read(file("<f8", "(99999999, 3)", "")), "ends before the last number");
  refusal(read("\x93NUMPY\x01" + std::string(1, '\0') + little(5, 2) + "{bad}"), "the header has no 'descr'");
  const std::string good = file("<c16", "(2, 2)", complex_spectrum(1));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_THROW(read_numpy_npy(good.substr(0, size), "a.npy"), base::InputError) << size;
  refusal(read(file("<c16", "(2, 1)", number(0) + number(0) + number(1) + number(1))), "the frequency is 0 in point 1");
}
