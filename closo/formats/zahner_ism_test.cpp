#include "closo/formats/zahner_ism.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

#include <bit>
#include <cstdint>

namespace {

std::string big(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = width - 1; i >= 0; --i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  return bytes;
}
std::string number(double value) { return big(std::bit_cast<std::uint64_t>(value), 8); }
std::string text(const std::string& value) { return big(value.size(), 2) + value; }

/// Two points; the texts have their case exchanged as in the files of the program.
std::string file(const std::string& temperature, double phase = -1.0) {
  return big(0xFFFFFFFEU, 6) + big(1, 6) + number(1000.0) + number(10.0) + number(5.0) + number(50.0) + number(phase) +
         number(-0.5) + number(1405589568.0) + number(1405589570.5) + big(1000, 2) + big(999, 2) + text("160724") +
         text("rc hiz") + text("1v, aMPL: 10Mv") + text("10Na") + text(temperature) + text("09:32:45 - 09:37:42") +
         text("fIRST lINE") + text("") + "rest";
}

}  // namespace

TEST(ZahnerIsm, ReadsPointsAndTexts) {
  const auto found = read_zahner_ism(file("23.8+-0.1c"), "a.ism");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 0, 1000, 5.0 * std::cos(1.0), -5.0 * std::sin(1.0));
  EXPECT_DOUBLE_EQ(values(found[0], "Z_modulus")[1], 50.0);
  EXPECT_DOUBLE_EQ(values(found[0], "time")[1], 2.5);
  EXPECT_DOUBLE_EQ(values(found[0], "significance")[1], 0.999);
  EXPECT_EQ(metadata(found[0], "date"), "2024-07-16 09:32:48");
  EXPECT_EQ(metadata(found[0], "instrument"), "RC HIZ");
  EXPECT_EQ(metadata(found[0], "potential"), "1V, Ampl: 10mV");
  EXPECT_EQ(metadata(found[0], "current"), "10nA");
  EXPECT_EQ(metadata(found[0], "comment"), "First Line");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "23.8");
}

TEST(ZahnerIsm, DoubtsAnUnconnectedThermometer) {
  const auto noise = read_zahner_ism(file("-0.2+-0.1c"), "a.ism");
  EXPECT_EQ(metadata(noise[0], "temperature_degC"), "");
  EXPECT_TRUE(noise[0].metadata.contains("warning.temperature"));
  EXPECT_EQ(metadata(read_zahner_ism(file("-273.15+-0.0c"), "a.ism")[0], "temperature_degC"), "");
  EXPECT_EQ(metadata(read_zahner_ism(file("rt"), "a.ism")[0], "temperature_degC"), "");
}

TEST(ZahnerIsm, RefusesBrokenFiles) {
  const std::string good = file("23.8+-0.1c");
  EXPECT_TRUE(begins_as_zahner_ism(good));
  EXPECT_FALSE(begins_as_zahner_ism("text"));
  refusal([] { read_zahner_ism("text", "a.ism"); }, "does not begin as Zahner's");
  refusal([] { read_zahner_ism(big(0xFFFFFFFEU, 6) + big(999, 6) + number(1.0), "a.ism"); }, "announces 1000 points");
  refusal([] { read_zahner_ism(file("", std::nan("")), "a.ism"); }, "is not a finite number in point 1");
  // Points are never read beyond the end; the texts may be missing.
  const std::size_t points = 12 + 2 * 34;
  for (std::size_t size = 0; size < points; ++size) {
    EXPECT_THROW(read_zahner_ism(good.substr(0, size), "a.ism"), base::InputError) << size;
  }
  for (std::size_t size = points; size < good.size(); ++size) {
    EXPECT_EQ(read_zahner_ism(good.substr(0, size), "a.ism")[0].rows(), 2U) << size;
  }
}
