#include "closo/formats/biologic_mpr.hpp"

#include <bit>
#include <cstdint>

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

/// Composes .mpr bytes by the description in biologic_mpr.hpp; there is no file from an instrument to test against.
class Writer {
 public:
  Writer& whole(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
    return *this;
  }
  Writer& float4(double value) { return whole(std::bit_cast<std::uint32_t>(static_cast<float>(value)), 4); }
  Writer& float8(double value) { return whole(std::bit_cast<std::uint64_t>(value), 8); }
  Writer& text(std::string value, std::size_t width) {
    value.resize(width, ' ');
    bytes_ += value;
    return *this;
  }
  Writer& pad_to(std::size_t size) {
    bytes_.resize(size, '\0');
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

std::string start() { return Writer().text("BIO-LOGIC MODULAR FILE\x1A", 48).whole(0, 4).bytes(); }

std::string module(const std::string& name, unsigned version, const std::string& data, bool is_new = false) {
  Writer w;
  w.text("MODULE", 6).text(name, 10).text(name + " long", 25);
  if (is_new) w.whole(0xFFFFFFFFU, 4);
  w.whole(data.size(), 4).whole(is_new ? 0 : version, 4);
  if (is_new) w.whole(version, 4);
  return w.text("02/04/18", 8).bytes() + data;
}

/// Ids, then rows of freq, Re, -Im (float) with what `tail` adds to each row.
std::string data(const std::vector<unsigned>& ids, unsigned version, std::size_t offset, const std::string& rows,
                 std::size_t count) {
  Writer w;
  w.whole(count, 4).whole(ids.size(), 1);
  for (const unsigned id : ids) w.whole(id, version == 0 ? 1 : 2);
  return w.pad_to(offset).bytes() + rows;
}

std::string row(double frequency, double real, double minus_imaginary) {
  return Writer().float4(frequency).float4(real).float4(minus_imaginary).bytes();
}

const std::string three_rows = row(1000, 50, 20) + row(100, 60, 30) + row(10, 70, 10);

struct Version {
  unsigned version;
  std::size_t offset;
};

class Versions : public testing::TestWithParam<Version> {};

}  // namespace

TEST_P(Versions, AreRead) {
  const auto [version, offset] = GetParam();
  for (const bool is_new : {false, true}) {
    const std::string bytes = start() + module("VMP Set", 0, "\x1D rest", is_new) +
                              module("VMP data", version, data({32, 37, 38}, version, offset, three_rows, 3), is_new) +
                              module("VMP LOG", 0, "log", is_new);
    const auto found = read_biologic_mpr(bytes, "a.mpr");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].rows(), 3U);
    expect_point(found[0], 1, 100, 60, -30);
    EXPECT_EQ(metadata(found[0], "technique"), "PEIS");
    EXPECT_EQ(metadata(found[0], "date"), "02/04/18");
  }
}

INSTANTIATE_TEST_SUITE_P(OfDataModules, Versions,
                         testing::Values(Version{0, 100}, Version{2, 405}, Version{3, 406}, Version{10, 1007},
                                         Version{11, 1007}, Version{77, 500}));

TEST(BiologicMpr, PacksFlagsIntoOneByteAndReadsEveryKind) {
  const std::string one = Writer().whole(0x8F, 1).float8(1.25).whole(9, 2).bytes() + row(1000, 50, 20) +
                          Writer().whole(3, 4).float8(-0.5).bytes();
  const std::string bytes =
      start() + module("VMP data", 3, data({1, 2, 3, 4, 131, 65, 32, 37, 38, 212, 11}, 3, 406, one + one, 2));
  const auto found = read_biologic_mpr(bytes, "a.mpr");
  expect_point(found[0], 1, 1000, 50, -20);
  EXPECT_DOUBLE_EQ(values(found[0], "time")[0], 1.25);
  EXPECT_DOUBLE_EQ(values(found[0], "Ns")[0], 9.0);
  EXPECT_DOUBLE_EQ(values(found[0], "half cycle")[0], 3.0);
  EXPECT_DOUBLE_EQ(values(found[0], "current")[0], -0.5e-3);
}

TEST(BiologicMpr, ToleratesUnknownColumns) {
  const auto with = [](const std::vector<unsigned>& ids, const std::string& before, const std::string& after) {
    const std::string one = before + row(1000, 50, 20) + after;
    return start() + module("VMP data", 3, data(ids, 3, 406, one + one, 2));
  };
  // One unknown: its width is what is left of the row, wherever it stands.
  auto found = read_biologic_mpr(with({999, 32, 37, 38}, std::string(8, 'x'), ""), "a.mpr");
  expect_point(found[0], 1, 1000, 50, -20);
  EXPECT_EQ(metadata(found[0], "unknown_columns"), "999");
  // Several of four bytes each.
  found = read_biologic_mpr(with({999, 32, 37, 38, 998}, "xxxx", "yyyy"), "a.mpr");
  expect_point(found[0], 1, 1000, 50, -20);
  // Several of other widths: what stands before them is read.
  found = read_biologic_mpr(with({32, 37, 38, 998, 999, 4}, "", std::string(6 + 8, 'y')), "a.mpr");
  expect_point(found[0], 1, 1000, 50, -20);
  EXPECT_EQ(metadata(found[0], "unread_columns"), "998, 999, 4");
  // The impedance behind them cannot be placed.
  refusal(
      [&] {
        read_biologic_mpr(with({998, 999, 32, 37, 38}, std::string(6, 'y'), ""), "a.mpr");
      },
      "hide the place of frequency or impedance");
  refusal(
      [&] {
        read_biologic_mpr(start() + module("VMP data", 77, data({999, 32, 37, 38}, 77, 500, "", 2)), "a.mpr");
      },
      "version 77 and columns that are not known");
}

TEST(BiologicMpr, SplitsLoopsAndSkipsOtherTechniques) {
  const std::string rows = row(0, 0, 0) + row(9, 1, 1) + row(3, 1, 1) + row(9, 2, 1) + row(3, 2, 1);
  const std::string main = module("VMP data", 2, data({32, 37, 38}, 2, 405, rows, 5));
  const std::string loops = Writer().whole(2, 4).whole(0, 4).whole(3, 4).bytes();
  const auto found = read_biologic_mpr(start() + main + module("VMP loop", 0, loops), "a.mpr");
  ASSERT_EQ(found.size(), 2U);
  expect_point(found[1], 0, 9, 2, -1);
  EXPECT_EQ(metadata(found[0], "skipped_dc_rows"), "1");
  const std::string wrong = Writer().whole(2, 4).whole(4, 4).whole(2, 4).bytes();
  EXPECT_EQ(read_biologic_mpr(start() + main + module("VMP loop", 0, wrong), "a.mpr").size(), 1U);
}

TEST(BiologicMpr, RefusesBrokenFiles) {
  const std::string good = start() + module("VMP data", 3, data({32, 37, 38}, 3, 406, three_rows, 3));
  const auto read = [](const std::string& bytes) { return [bytes] { read_biologic_mpr(bytes, "a.mpr"); }; };
  refusal(read("BIO-LOGIC"), "does not begin with");
  refusal(read(start()), "no module follows the header");
  refusal(read(start() + module("VMP LOG", 0, "x")), "no module 'VMP data'");
  refusal(read(good + "GARBAGE"), "no module begins at byte");
  refusal(read(start() + module("VMP data", 3, data({32, 37, 38}, 3, 406, "", 0))), "has no rows");
  refusal(read(start() + module("VMP data", 3, data({32, 37, 38}, 3, 406, "", 1000))), "for 1000 rows of 12 bytes");
  refusal(read(start() + module("VMP data", 3, data({4, 6}, 3, 406, std::string(12, '\0'), 1))), "no frequency column");
  refusal(read(start() + module("VMP data", 3, data({32, 37, 38}, 3, 406, row(-1, 1, 1), 1))),
          "the frequency is -1 in point 1");
  // Cut anywhere, a file is refused and never read beyond its end.
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_THROW(read_biologic_mpr(good.substr(0, size), "a.mpr"), base::InputError) << size;
  }
}
