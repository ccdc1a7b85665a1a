#include "closo/formats/raw_volume.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string plain = R"({"schema": "closo-volume/1", "data": "a.raw", "size": [5, 4, 3]})";

/// The plain header with one more key.
std::string with(const std::string& key, const std::string& value) {
  return plain.substr(0, plain.size() - 1) + ", \"" + key + "\": " + value + "}";
}

void refuse_header(const std::string& json, const std::string& part, std::size_t line = 0) {
  refusal([&] { read_raw_header(json, "a.json"); }, part, line);
}

LabelVolume read_seed(const std::string& name) {
  const std::string bytes = seed("raw_volume", name);
  const std::size_t end = bytes.find("\n---\n");
  return read_raw_bytes(bytes.substr(end + 5), "a.raw", read_raw_header(bytes.substr(0, end), "a.json"));
}

}  // namespace

TEST(RawVolume, ReadsWhatOthersWrite) {
  for (const char* const name : {"bytes", "z_fastest_16_bit"}) {
    const LabelVolume volume = read_seed(name);
    expect_same_labels(volume, example_volume());
    EXPECT_TRUE(volume.spacing_is_known);
    expect_spacing(volume, 0.25e-6, 0.5e-6, 0.75e-6);
    EXPECT_EQ(volume.names, (std::vector<std::string>{"bulk", "oxide"}));
    EXPECT_TRUE(volume.is_periodic);
    EXPECT_EQ(volume.origin, "numpy");
  }
}

TEST(RawVolume, ReadsBackWhatItWrites) {
  for (const LabelVolume& volume : {full_volume(), example_volume()}) {
    const RawHeader header = read_raw_header(write_raw_header(volume, "b.raw"), "b.json");
    EXPECT_EQ(header.data, "b.raw");
    expect_same_volume(read_raw_bytes(as_bytes(volume), "b.raw", header), volume);
  }
}

TEST(RawVolume, LeavesOutWhatTheHeaderLeavesOut) {
  const RawHeader header = read_raw_header(plain, "a.json");
  EXPECT_FALSE(header.spacing_is_known || header.is_16_bit || header.is_big_endian || header.is_periodic);
  EXPECT_FALSE(header.shape.z_fastest);
  const RawHeader relative = read_raw_header(with("spacing", "[1, 1, 2.5]"), "a.json");
  EXPECT_FALSE(relative.spacing_is_known);
  EXPECT_EQ(relative.shape.spacing[2], 2.5);
}

TEST(RawVolume, RefusesHeadersThatMakeNoSense) {
  refuse_header("{\n  \"size\": [1, 2,\n", "no JSON text", 3);
  refuse_header("[1]", "no JSON object");
  refuse_header(with("spacings", "[1, 1, 1]"), "did you mean 'spacing'?");
  refuse_header(with("qqq", "1"), "unknown key 'qqq'");
  refuse_header("{}", "the key 'schema' is missing");
  refuse_header(replaced(plain, "/1", "/2"), "'schema' has an unsuitable value");
  refuse_header(replaced(plain, "a.raw", ""), "'data' has an unsuitable value");
  refuse_header(replaced(plain, "\"a.raw\"", "7"), "'data' has an unsuitable value; expected a text");
  for (const char* const size :
       {"[5, 4]", "[5, 4, 0]", "[5, 4, -3]", "[5, 4, 2.5]", "[5, 4, \"3\"]", "5", "[5, 4, 1e30]"}) {
    refuse_header(replaced(plain, "[5, 4, 3]", size), "'size' has an unsuitable value");
  }
  refuse_header(replaced(plain, "[5, 4, 3]", "[100000, 100000, 100000]"), "at most 17179869184 voxels");
  refuse_header(with("spacing", "1e999"), "outside the range of double");
  refuse_header(with("type", "\"float\""), "expected 'uint8' or 'uint16'");
  refuse_header(with("byte_order", "\"middle\""), "expected 'little' or 'big'");
  refuse_header(with("order", "\"y\""), "expected 'x_fastest' or 'z_fastest'");
  refuse_header(with("spacing", "[1, 1, 0]"), "three positive numbers");
  refuse_header(with("spacing", "[1, 1, 1e-40]"), "1e-30 to 1e30");
  refuse_header(with("spacing_unit", "\"nm\""), "the key 'spacing' is missing");
  refuse_header(replaced(with("spacing", "[1, 1, 1], \"spacing_unit\": \"kg\""), "kg", "kg"), "a length such as");
  refuse_header(with("labels", "\"bulk\""), "'labels' has an unsuitable value");
  refuse_header(with("labels", "[1]"), "names in quotes");
  refuse_header(with("periodic", "1"), "true or false");
  refuse_header(with("origin", "1"), "expected a text");
}

TEST(RawVolume, RefusesBytesThatDoNotFit) {
  const RawHeader header = read_raw_header(plain, "a.json");
  const auto read = [&](std::size_t count) {
    return [&header, count] { read_raw_bytes(std::string(count, '\0'), "a.raw", header); };
  };
  refusal(read(59), "the file has 59 bytes, 5 x 4 x 3 voxels need 60");
  refusal(read(120), "two bytes a voxel, 5 x 4 x 6, 5 x 8 x 3, 10 x 4 x 3");
  refusal(read(64), "what would fit: 4 x 4 x 4");
  refusal(read(0), "the file has 0 bytes");
  RawHeader wide = header;
  wide.is_16_bit = true;
  refusal([&] { read_raw_bytes(std::string(60, '\0'), "a.raw", wide); }, "one byte a voxel");
  refusal([&] { read_raw_bytes(std::string(121, '\0'), "a.raw", wide); }, "121 bytes, 5 x 4 x 3 voxels need 120");
  refusal([&] { read_raw_bytes(std::string(118, '\0') + std::string("\0\x01", 2), "a.raw", wide); },
          "the voxel (4, 3, 2) has the value 256");
}

TEST(RawVolume, RefusesToWriteContradictions) {
  LabelVolume volume = example_volume();
  volume.labels.pop_back();
  EXPECT_THROW(write_raw_header(volume, "a.raw"), base::ParameterError);
}
