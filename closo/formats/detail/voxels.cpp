#include "closo/formats/detail/voxels.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "closo/base/number.hpp"
#include "closo/base/unit.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats::detail {
namespace {

[[noreturn]] void refuse_value(const std::string& value, std::size_t index, const VoxelSize& size,
                               const base::Place& place) {
  const std::size_t x = index % size[0], y = index / size[0] % size[1], z = index / size[0] / size[1];
  throw base::InputError(place,
                         "the voxel (" + std::to_string(x) + ", " + std::to_string(y) + ", " + std::to_string(z) +
                             ") has the value " + value,
                         "labels: whole numbers from 0 to 255 (segment a grey image first)");
}

std::uint64_t whole_at(const char* bytes, std::size_t width, ByteOrder order) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    value = value << 8U | static_cast<unsigned char>(order == ByteOrder::big ? bytes[i] : bytes[width - 1 - i]);
  }
  return value;
}

double real_at(const char* bytes, std::size_t width, ByteOrder order) noexcept {
  const std::uint64_t bits = whole_at(bytes, width, order);
  return width == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                    : std::bit_cast<double>(bits);
}

bool is_label(double value) noexcept { return value >= 0.0 && value <= 255.0 && value == std::floor(value); }
bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string to_text(const VoxelSize& size) {
  return std::to_string(size[0]) + " x " + std::to_string(size[1]) + " x " + std::to_string(size[2]);
}

std::size_t voxel_count(const VoxelSize& size, const base::Place& place) {
  std::size_t count = 1;
  for (const std::size_t one : size) {
    if (one == 0)
      throw base::InputError(place, "the image has the size " + to_text(size), "at least one voxel each way");
    if (count > max_voxels / one) {
      throw base::InputError(place, "the image has the size " + to_text(size),
                             "at most " + std::to_string(max_voxels) + " voxels");
    }
    count *= one;
  }
  return count;
}

std::size_t parse_size(std::string_view text, std::string_view what, const base::Place& place) {
  std::size_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size() || value == 0 || value > max_voxels) {
    throw base::InputError(place, std::string(what) + " is " + in_quotes(text),
                           "a whole number from 1 to " + std::to_string(max_voxels));
  }
  return value;
}

void append_labels(std::vector<std::uint8_t>& labels, std::string_view bytes, VoxelType type, ByteOrder order,
                   const VoxelSize& size, const base::Place& place) {
  const std::size_t begin = labels.size(), count = bytes.size() / type.bytes;
  labels.resize(begin + count);
  if (type.bytes == 1 && type.kind == NumberKind::whole) {
    if (count > 0) std::memcpy(labels.data() + begin, bytes.data(), count);
    return;
  }
  const std::uint64_t sign = std::uint64_t{1} << (8 * type.bytes - 1);
  for (std::size_t i = 0; i < count; ++i) {
    const char* const at = bytes.data() + i * type.bytes;
    if (type.kind == NumberKind::real) {
      const double value = real_at(at, type.bytes, order);
      if (!is_label(value)) refuse_value(base::format_number(value), begin + i, size, place);
      labels[begin + i] = static_cast<std::uint8_t>(value);
      continue;
    }
    const std::uint64_t value = whole_at(at, type.bytes, order);
    if (type.kind == NumberKind::signed_whole && (value & sign) != 0) {
      // Two's complement in the width of the type; 2 * sign is 0 for 8 bytes, which is what 2^64 is.
      refuse_value("-" + std::to_string(2 * sign - value), begin + i, size, place);
    }
    if (value > 255) refuse_value(std::to_string(value), begin + i, size, place);
    labels[begin + i] = static_cast<std::uint8_t>(value);
  }
}

std::vector<std::uint8_t> to_labels(std::string_view bytes, VoxelType type, ByteOrder order, const VoxelSize& size,
                                    const base::Place& place) {
  const std::size_t wanted = voxel_count(size, place) * type.bytes;
  if (bytes.size() != wanted) {
    throw base::InputError(place,
                           "the data have " + std::to_string(bytes.size()) + " bytes, " +
                               (bytes.size() < wanted ? "fewer" : "more") + " than the size says",
                           std::to_string(wanted) + " bytes for " + to_text(size) + " voxels of " +
                               std::to_string(type.bytes) + (type.bytes == 1 ? " byte" : " bytes"));
  }
  std::vector<std::uint8_t> labels;
  append_labels(labels, bytes, type, order, size, place);
  return labels;
}

std::vector<std::uint8_t> text_to_labels(std::string_view text, const VoxelSize& size, const base::Place& place) {
  const std::size_t wanted = voxel_count(size, place);
  std::vector<std::uint8_t> labels;
  labels.reserve(std::min(wanted, text.size() / 2 + 1));
  for (std::size_t at = 0;;) {
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) break;
    std::size_t end = at;
    while (end < text.size() && !is_blank(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    if (labels.size() == wanted) {
      throw base::InputError(place, "there are more numbers than the " + std::to_string(wanted) + " of the size",
                             to_text(size) + " numbers");
    }
    const std::optional<double> value = base::try_parse_number(word);
    if (!value || !is_label(*value)) refuse_value(in_quotes(word), labels.size(), size, place);
    labels.push_back(static_cast<std::uint8_t>(*value));
    at = end;
  }
  if (labels.size() < wanted) {
    throw base::InputError(place, "there are " + std::to_string(labels.size()) + " numbers, fewer than the size says",
                           std::to_string(wanted) + " numbers for " + to_text(size));
  }
  return labels;
}

std::vector<std::uint8_t> from_z_fastest(const std::vector<std::uint8_t>& labels, const VoxelSize& size) {
  std::vector<std::uint8_t> turned(labels.size());
  for (std::size_t x = 0; x < size[0]; ++x) {
    for (std::size_t y = 0; y < size[1]; ++y) {
      const std::uint8_t* const from = labels.data() + size[2] * (y + size[1] * x);
      for (std::size_t z = 0; z < size[2]; ++z) turned[x + size[0] * (y + size[1] * z)] = from[z];
    }
  }
  return turned;
}

std::optional<double> metres(std::string_view unit) {
  unit = trimmed(unit);
  const std::string word = lower_case(unit);
  // Image programs' own words; ImageJ writes the micro sign as an escape, or as one byte of Latin-1.
  if (word == "micron" || word == "microns" || word == "micrometer" || word == "micrometers" || word == "micrometre" ||
      unit == "\\u00B5m" || unit == "\xB5m") {
    return 1e-6;
  }
  if (word == "inch" || word == "in" || word == "inches") return 0.0254;
  if (word == "nanometer" || word == "nanometre") return 1e-9;
  if (word == "millimeter" || word == "millimetre") return 1e-3;
  if (word == "centimeter" || word == "centimetre") return 1e-2;
  if (word == "meter" || word == "metre") return 1.0;
  try {
    const base::Unit parsed = base::Unit::parse(unit);
    if (parsed.dimension() != base::Dimension::of(1, 0, 0, 0, 0, 0)) return std::nullopt;
    const double scale = parsed.to_si(1.0);
    return scale > 0.0 ? std::optional(scale) : std::nullopt;
  } catch (const base::InputError&) {
    return std::nullopt;
  }
}

bool set_spacing(LabelVolume& volume, const std::array<double, 3>& spacing, std::optional<double> unit) {
  std::array<double, 3> scaled = spacing;
  for (double& one : scaled) {
    one *= unit.value_or(1.0);
    if (!(one >= 1e-30 && one <= 1e30)) return false;
  }
  volume.spacing = scaled;
  volume.spacing_is_known = unit.has_value();
  return true;
}

SpacingText handy_spacing(const LabelVolume& volume) {
  const double least = std::ranges::min(volume.spacing);
  SpacingText text;
  // Dividing keeps 1e-9 m an exact 1 nm; multiplying by 1e9 would not for every number.
  double scale = 1.0;
  if (!volume.spacing_is_known) {
    text.unit = "";
  } else if (least < 0.5e-6) {
    text.unit = "nm", scale = 1e-9;
  } else if (least < 0.5e-3) {
    text.unit = "um", scale = 1e-6;
  } else if (least < 0.5) {
    text.unit = "mm", scale = 1e-3;
  } else {
    text.unit = "m";
  }
  for (std::size_t i = 0; i < 3; ++i) text.values[i] = volume.spacing[i] / scale;
  return text;
}

void set_name(std::vector<std::string>& names, std::size_t label, std::string_view name) {
  if (label > 255) return;
  if (names.size() <= label) names.resize(label + 1);
  names[label] = on_one_line(name);
}

void check_writable(const LabelVolume& volume) {
  bool fits = true;
  std::size_t count = 1;
  for (const std::size_t one : volume.size) {
    fits = fits && one > 0 && count <= max_voxels / one;
    count = fits ? count * one : count;
  }
  if (!fits || count != volume.labels.size()) {
    throw base::ParameterError(
        "size", to_text(volume.size),
        "sizes above 0 whose product is the number of labels, " + std::to_string(volume.labels.size()));
  }
  for (const double one : volume.spacing) {
    if (!(one > 0.0) || !std::isfinite(one)) {
      throw base::ParameterError("spacing", base::format_number(one), "positive numbers");
    }
  }
  if (volume.names.size() > 256) {
    throw base::ParameterError("names", std::to_string(volume.names.size()) + " names", "at most 256");
  }
  for (const std::string& name : volume.names) {
    const bool is_plain =
        std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (!is_plain || trimmed(name).size() != name.size()) {
      throw base::ParameterError("names", in_quotes(on_one_line(name)), "names on one line without outer blanks");
    }
  }
}

std::string on_one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return std::string(trimmed(line));
}

}  // namespace closo::formats::detail
