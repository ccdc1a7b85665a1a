#include "closo/formats/detail/voxels.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;
using detail::ByteOrder;
using detail::NumberKind;

namespace {

std::string number(std::uint64_t value, std::size_t width, ByteOrder order) {
  std::string bytes;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t shift = 8 * (order == ByteOrder::little ? i : width - 1 - i);
    bytes.push_back(static_cast<char>(value >> shift & 0xFFU));
  }
  return bytes;
}

}  // namespace

TEST(Voxels, ConvertEveryTypeInEitherByteOrder) {
  const detail::VoxelSize size = {2, 1, 2};
  const std::vector<std::uint8_t> expected = {0, 1, 127, 100};
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    for (const std::size_t width : {1U, 2U, 4U, 8U}) {
      std::string bytes;
      for (const std::uint8_t label : expected) bytes += number(label, width, order);
      for (const NumberKind kind : {NumberKind::whole, NumberKind::signed_whole}) {
        EXPECT_EQ(detail::to_labels(bytes, {kind, width}, order, size, {"a"}), expected);
      }
    }
    std::string single, full;
    for (const std::uint8_t label : expected) {
      single += number(std::bit_cast<std::uint32_t>(static_cast<float>(label)), 4, order);
      full += number(std::bit_cast<std::uint64_t>(static_cast<double>(label)), 8, order);
    }
    EXPECT_EQ(detail::to_labels(single, {NumberKind::real, 4}, order, size, {"a"}), expected);
    EXPECT_EQ(detail::to_labels(full, {NumberKind::real, 8}, order, size, {"a"}), expected);
  }
}

TEST(Voxels, RefuseValuesThatAreNoLabels) {
  const auto convert = [](std::uint64_t value, detail::VoxelType type) {
    return [=] {
      detail::to_labels(std::string(type.bytes, '\0') + number(value, type.bytes, ByteOrder::little), type,
                        ByteOrder::little, {1, 2, 1}, {"a"});
    };
  };
  refusal(convert(256, {NumberKind::whole, 2}), "the voxel (0, 1, 0) has the value 256");
  refusal(convert(0xFFFF, {NumberKind::signed_whole, 2}), "has the value -1");
  refusal(convert(0x80, {NumberKind::signed_whole, 1}), "has the value -128");
  refusal(convert(std::uint64_t{1} << 63U, {NumberKind::signed_whole, 8}), "has the value -9223372036854775808");
  refusal(convert(std::bit_cast<std::uint32_t>(1.5F), {NumberKind::real, 4}), "has the value 1.5");
  refusal(convert(std::bit_cast<std::uint64_t>(-1.0), {NumberKind::real, 8}), "has the value -1");
  refusal(convert(std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN()), {NumberKind::real, 8}),
          "has the value");
}

TEST(Voxels, CountWithoutOverflow) {
  EXPECT_EQ(detail::voxel_count({5, 4, 3}, {"a"}), 60U);
  const auto count = [](const detail::VoxelSize& size) { return [size] { detail::voxel_count(size, {"a"}); }; };
  refusal(count({5, 0, 3}), "the image has the size 5 x 0 x 3");
  refusal(count({1U << 30U, 1U << 30U, 16}), "at most 17179869184 voxels");
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  refusal(count({most, most, most}), "at most 17179869184 voxels");
}

TEST(Voxels, ReadTheirSizes) {
  EXPECT_EQ(detail::parse_size("17", "a size", {"a"}), 17U);
  for (const char* const text : {"", "0", "-1", "1.5", "1x", "99999999999999999999", "99999999999999"}) {
    refusal([text] { detail::parse_size(text, "a size", {"a"}); }, "a size is '" + std::string(text) + "'");
  }
}

TEST(Voxels, TurnTheOrderOfAxes) {
  // z fastest: the label counts 100 x + 10 y + z.
  std::vector<std::uint8_t> stored;
  const detail::VoxelSize size = {2, 3, 4};
  for (unsigned x = 0; x < 2; ++x) {
    for (unsigned y = 0; y < 3; ++y) {
      for (unsigned z = 0; z < 4; ++z) stored.push_back(static_cast<std::uint8_t>(100 * x + 10 * y + z));
    }
  }
  const std::vector<std::uint8_t> turned = detail::from_z_fastest(stored, size);
  for (unsigned x = 0; x < 2; ++x) {
    for (unsigned y = 0; y < 3; ++y) {
      for (unsigned z = 0; z < 4; ++z) EXPECT_EQ(turned[x + 2 * (y + 3 * z)], 100 * x + 10 * y + z);
    }
  }
}

TEST(Voxels, KnowTheLengthUnitsOfImagePrograms) {
  for (const auto& [unit, metres] : std::vector<std::pair<std::string, double>>{{"nm", 1e-9},
                                                                                {"um", 1e-6},
                                                                                {"µm", 1e-6},
                                                                                {"\\u00B5m", 1e-6},
                                                                                {"\xB5m", 1e-6},
                                                                                {"micron", 1e-6},
                                                                                {"Microns", 1e-6},
                                                                                {"mm", 1e-3},
                                                                                {"cm", 1e-2},
                                                                                {"m", 1.0},
                                                                                {"inch", 0.0254},
                                                                                {"angstrom", 1e-10},
                                                                                {"meter", 1.0},
                                                                                {"nanometer", 1e-9},
                                                                                {"millimetre", 1e-3},
                                                                                {"centimeter", 1e-2}}) {
    const auto found = detail::metres(unit);
    ASSERT_TRUE(found.has_value()) << unit;
    EXPECT_NEAR(*found, metres, 1e-12 * metres) << unit;
  }
  for (const char* const unit : {"", "pixel", "px", "s", "mm^2", "1"})
    EXPECT_FALSE(detail::metres(unit).has_value()) << unit;
}

TEST(Voxels, SetOnlySpacingsThatMakeSense) {
  LabelVolume volume;
  const double huge = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(detail::set_spacing(volume, {1, 1, 0}, 1e-9));
  EXPECT_FALSE(detail::set_spacing(volume, {1, -1, 1}, 1e-9));
  EXPECT_FALSE(detail::set_spacing(volume, {1, huge, 1}, 1e-9));
  EXPECT_FALSE(detail::set_spacing(volume, {1, std::numeric_limits<double>::quiet_NaN(), 1}, 1e-9));
  EXPECT_FALSE(volume.spacing_is_known);
  EXPECT_EQ(volume.spacing[1], 1.0);
  EXPECT_TRUE(detail::set_spacing(volume, {1, 2, 3}, 1e-9));
  EXPECT_TRUE(volume.spacing_is_known);
  for (const double scale : {1e-9, 1e-6, 1e-3, 1.0}) {
    detail::set_spacing(volume, {1, 2, 3}, scale);
    const detail::SpacingText text = detail::handy_spacing(volume);
    EXPECT_EQ(detail::metres(text.unit).value_or(0.0) * text.values[2], 3 * scale);
    EXPECT_NEAR(text.values[0], 1.0, 1e-12);
  }
}

TEST(Voxels, CheckWhatIsWritten) {
  EXPECT_NO_THROW(detail::check_writable(full_volume()));
  const auto refused = [](const std::function<void(LabelVolume&)>& change, const std::string& name) {
    LabelVolume volume = full_volume();
    change(volume);
    try {
      detail::check_writable(volume);
      ADD_FAILURE() << name;
    } catch (const base::ParameterError& error) {
      EXPECT_EQ(error.name(), name);
    }
  };
  refused([](LabelVolume& v) { v.labels.pop_back(); }, "size");
  refused([](LabelVolume& v) { v.size[0] = 0; }, "size");
  refused([](LabelVolume& v) { v.size = {std::size_t{1} << 63U, 2, 1}; }, "size");
  refused([](LabelVolume& v) { v.spacing[2] = 0.0; }, "spacing");
  refused([](LabelVolume& v) { v.spacing[2] = std::numeric_limits<double>::infinity(); }, "spacing");
  refused([](LabelVolume& v) { v.names.resize(257); }, "names");
  refused([](LabelVolume& v) { v.names[0] = "a\nb"; }, "names");
  refused([](LabelVolume& v) { v.names[0] = " a"; }, "names");
}

TEST(Voxels, PutNamesAtTheirLabels) {
  std::vector<std::string> names;
  detail::set_name(names, 2, "oxide");
  detail::set_name(names, 256, "beyond");
  EXPECT_EQ(names, (std::vector<std::string>{"", "", "oxide"}));
  EXPECT_EQ(detail::on_one_line(" a\nb\tc "), "a b c");
}
