#include "closo/formats/tiff_stack.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/formats/detail/inflate.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/tiff_compression.hpp"
#include "closo/formats/detail/tiff_directory.hpp"
#include "closo/formats/detail/voxels.hpp"

namespace closo::formats {
namespace {

using detail::TiffPage;

/// Pixels of one page in the type they are stored in (bits of less than a byte become bytes).
class PageReader {
 public:
  PageReader(std::string_view bytes, const std::string& file, detail::ByteOrder order, const TiffPage& page,
             std::size_t number)
      : bytes_(bytes), place_{file}, order_(order), page_(page), name_("page " + std::to_string(number)) {
    check();
  }

  detail::VoxelType type() const {
    const auto kind = page_.sample_format == 3   ? detail::NumberKind::real
                      : page_.sample_format == 2 ? detail::NumberKind::signed_whole
                                                 : detail::NumberKind::whole;
    return {kind, std::max<std::size_t>(page_.bits / 8, 1)};
  }

  std::string pixels() const {
    const std::size_t width = page_.width, height = page_.height, bytes = type().bytes;
    if (page_.tile_width == 0) {
      const std::size_t rows = std::min<std::size_t>(page_.rows_per_strip, height);
      std::string all;
      for (std::size_t i = 0; i * rows < height; ++i) {
        all += segment(i, width, std::min(rows, height - i * rows));
      }
      return all;
    }
    const std::size_t tile_width = page_.tile_width, tile_height = page_.tile_height;
    std::string all;
    for (std::size_t top = 0, i = 0; top < height; top += tile_height) {
      const std::size_t begin = all.size(), rows = std::min(tile_height, height - top);
      for (std::size_t left = 0; left < width; left += tile_width, ++i) {
        const std::string tile = segment(i, tile_width, tile_height);
        if (left == 0) all.resize(begin + rows * width * bytes);
        const std::size_t used = std::min(tile_width, width - left) * bytes;
        for (std::size_t y = 0; y < rows; ++y) {
          all.replace(begin + (y * width + left) * bytes, used, tile, y * tile_width * bytes, used);
        }
      }
    }
    return all;
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& expected) const {
    throw base::InputError(place_, name_ + " has " + what, expected);
  }

  void check() const {
    if (page_.samples != 1) {
      refuse(std::to_string(page_.samples) + " samples a pixel (a colour image)",
             "one label a pixel, as grey or palette image");
    }
    if (page_.photometric != 0 && page_.photometric != 1 && page_.photometric != 3 && page_.photometric != 4) {
      refuse("the photometric interpretation " + std::to_string(page_.photometric), "a grey or palette image");
    }
    constexpr std::array<std::uint64_t, 5> supported = {1, 5, 8, 32773, 32946};
    if (std::ranges::find(supported, page_.compression) == supported.end()) {
      refuse(detail::compression_name(page_.compression) + " (code " + std::to_string(page_.compression) + ")",
             "no compression, LZW, PackBits or Deflate");
    }
    const bool is_real = page_.sample_format == 3;
    constexpr std::array<std::uint64_t, 7> widths = {1, 2, 4, 8, 16, 32, 64};
    if (std::ranges::find(widths, page_.bits) == widths.end() || (is_real && page_.bits < 32)) {
      refuse(std::to_string(page_.bits) + (is_real ? "-bit real numbers" : " bits a pixel"),
             "1, 2, 4, 8, 16, 32 or 64 bits, or real numbers of 32 or 64");
    }
    if (page_.sample_format == 0 || page_.sample_format > 4) {
      refuse("the sample format " + std::to_string(page_.sample_format), "whole or real numbers");
    }
    if (page_.fill_order != 1) refuse("reversed bits", "the most significant bit first (FillOrder 1)");
    if (page_.predictor != 1 && (page_.predictor != 2 || page_.bits < 8 || is_real)) {
      refuse("the predictor " + std::to_string(page_.predictor),
             "none, or horizontal differencing of whole numbers of 8 bits or more");
    }
    constexpr std::uint64_t most = 1U << 20U;
    if (page_.width > most || page_.height > most || page_.tile_width > most || page_.tile_height > most) {
      refuse("the size " + std::to_string(page_.width) + " x " + std::to_string(page_.height),
             "at most " + std::to_string(most) + " pixels each way");
    }
    if ((page_.tile_width == 0) != (page_.tile_height == 0)) refuse("tiles without width or height", "both");
    if (page_.rows_per_strip == 0) refuse("strips of 0 rows", "at least one row");
    const std::uint64_t wide = page_.tile_width == 0 ? page_.width : page_.tile_width;
    const std::uint64_t high = page_.tile_width == 0 ? page_.rows_per_strip : page_.tile_height;
    const std::uint64_t segments = ((page_.width + wide - 1) / wide) * ((page_.height + high - 1) / high);
    if (page_.offsets.size() != segments) {
      refuse(std::to_string(page_.offsets.size()) + " strips or tiles", std::to_string(segments) + " for its size");
    }
    // Old writers leave the counts of a single uncompressed strip out.
    if (page_.byte_counts.size() != segments && !(page_.byte_counts.empty() && page_.compression == 1)) {
      refuse(std::to_string(page_.byte_counts.size()) + " sizes of strips or tiles", std::to_string(segments));
    }
  }

  /// One strip or tile.
  std::string segment(std::size_t index, std::size_t width, std::size_t rows) const {
    const std::size_t row = (width * page_.bits + 7) / 8, wanted = row * rows;
    const std::uint64_t offset = page_.offsets[index];
    const std::uint64_t stored = page_.byte_counts.empty() ? wanted : page_.byte_counts[index];
    if (offset > bytes_.size() || stored > bytes_.size() - offset) {
      refuse("data up to byte " + std::to_string(offset) + " + " + std::to_string(stored) + ", the file ends at byte " +
                 std::to_string(bytes_.size()),
             "a complete file (is it cut off?)");
    }
    const std::string_view packed = bytes_.substr(offset, stored);
    std::string found;
    try {
      found = unpacked(packed, wanted);
    } catch (const base::InputError& error) {
      throw base::InputError(place_, name_ + ": " + error.problem(), error.expected());
    }
    if (page_.predictor == 2) add_differences(found, width, rows);
    return page_.bits < 8 ? spread_bits(found, width, rows) : found;
  }

  std::string unpacked(std::string_view packed, std::size_t wanted) const {
    switch (page_.compression) {
      case 5:
        return detail::unpack_lzw(packed, wanted, place_);
      case 32773:
        return detail::unpack_bits(packed, wanted, place_);
      case 8:
      case 32946:
        return detail::inflate(packed, wanted, place_);
      default:
        if (packed.size() < wanted) {
          throw base::InputError(place_, "a strip or tile has " + std::to_string(packed.size()) + " bytes",
                                 std::to_string(wanted) + " bytes for its size");
        }
        return std::string(packed.substr(0, wanted));
    }
  }

  void add_differences(std::string& found, std::size_t width, std::size_t rows) const {
    const std::size_t bytes = type().bytes;
    const auto place_of = [&](std::size_t byte) {
      return order_ == detail::ByteOrder::little ? byte : bytes - 1 - byte;
    };
    for (std::size_t y = 0; y < rows; ++y) {
      for (std::size_t x = 1; x < width; ++x) {
        char* const at = found.data() + (y * width + x) * bytes;
        unsigned carry = 0;
        for (std::size_t b = 0; b < bytes; ++b) {
          char& byte = at[place_of(b)];
          const unsigned sum =
              static_cast<unsigned char>(byte) + static_cast<unsigned char>((at - bytes)[place_of(b)]) + carry;
          byte = static_cast<char>(sum & 0xFFU);
          carry = sum >> 8U;
        }
      }
    }
  }

  std::string spread_bits(const std::string& found, std::size_t width, std::size_t rows) const {
    const std::size_t bits = page_.bits, row = (width * bits + 7) / 8;
    std::string spread(width * rows, '\0');
    for (std::size_t y = 0; y < rows; ++y) {
      for (std::size_t x = 0; x < width; ++x) {
        const auto byte = static_cast<unsigned char>(found[y * row + x * bits / 8]);
        const std::size_t shift = 8 - bits - x * bits % 8;
        spread[y * width + x] = static_cast<char>(byte >> shift & ((1U << bits) - 1U));
      }
    }
    return spread;
  }

  std::string_view bytes_;
  base::Place place_;
  detail::ByteOrder order_;
  const TiffPage& page_;
  std::string name_;
};

/// "key=value" lines of ImageJ's description; empty for other descriptions.
std::map<std::string, std::string> imagej_lines(const std::string& description) {
  std::map<std::string, std::string> lines;
  if (!description.starts_with("ImageJ=")) return lines;
  for (const detail::Line& line : detail::split_lines(description)) {
    const std::size_t mark = line.text.find('=');
    if (mark == std::string_view::npos) continue;
    lines.emplace(std::string(line.text.substr(0, mark)), std::string(detail::trimmed(line.text.substr(mark + 1))));
  }
  return lines;
}

std::size_t count_of(const std::map<std::string, std::string>& lines, const std::string& key) {
  const auto found = lines.find(key);
  std::size_t value = 1;
  if (found != lines.end()) std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

/// What the description says beyond the pixels. Returns whether it says the distance of slices.
bool take_description(const TiffPage& page, LabelVolume& volume) {
  const auto lines = imagej_lines(page.description);
  const bool has_resolution = page.x_resolution > 0.0 && page.y_resolution > 0.0;
  if (lines.empty()) {
    volume.origin = detail::on_one_line(page.description);
    return false;
  }
  const auto text = [&](const std::string& key) {
    const auto found = lines.find(key);
    return found == lines.end() ? std::string() : found->second;
  };
  for (std::size_t label = 0; label < 256; ++label) {
    const auto found = lines.find("label" + std::to_string(label));
    if (found != lines.end()) detail::set_name(volume.names, label, found->second);
  }
  volume.is_periodic = text("periodic") == "true";
  volume.origin = text("origin");
  const std::optional<double> distance = base::try_parse_number(text("spacing"));
  if (has_resolution || distance) {
    // ImageJ leaves the distance of slices out where it is 1 unit.
    const std::array<double, 3> spacing = {has_resolution ? 1.0 / page.x_resolution : 1.0,
                                           has_resolution ? 1.0 / page.y_resolution : 1.0,
                                           std::abs(distance.value_or(1.0))};
    detail::set_spacing(volume, spacing, detail::metres(text("unit")));
  }
  return distance.has_value();
}

struct Stack {
  LabelVolume volume;
  bool says_distance_of_slices = false;
};

/// ImageJ writes stacks above 4 GB as one directory with all slices behind each other.
void repeat_single_directory(detail::TiffFile& tiff, std::size_t file_size) {
  if (tiff.pages.size() != 1) return;
  const TiffPage first = tiff.pages.front();
  const std::size_t images = count_of(imagej_lines(first.description), "images");
  const bool is_plain = first.compression == 1 && first.tile_width == 0 && first.offsets.size() == 1 && first.bits >= 8;
  if (images < 2 || !is_plain || first.width == 0 || first.height == 0) return;
  if (first.width > file_size || first.height > file_size / first.width) return;
  const std::size_t page = first.width * first.height * (first.bits / 8);
  const std::size_t room = first.offsets[0] < file_size ? file_size - first.offsets[0] : 0;
  if (page == 0 || images > room / page) return;
  for (std::size_t i = 1; i < images; ++i) {
    TiffPage next = first;
    next.offsets[0] += i * page;
    next.byte_counts = {page};
    next.description.clear();
    tiff.pages.push_back(std::move(next));
  }
}

Stack read(std::string_view bytes, const std::string& file) {
  detail::TiffFile tiff = detail::read_tiff_directories(bytes, file);
  repeat_single_directory(tiff, bytes.size());
  const TiffPage& first = tiff.pages.front();
  const auto lines = imagej_lines(first.description);
  if (const std::size_t channels = count_of(lines, "channels"); channels > 1 && channels < tiff.pages.size()) {
    throw base::InputError({file}, "the stack has " + std::to_string(channels) + " channels", "one channel of labels");
  }
  Stack stack;
  LabelVolume& volume = stack.volume;
  volume.size = {static_cast<std::size_t>(first.width), static_cast<std::size_t>(first.height), tiff.pages.size()};
  const std::size_t count = detail::voxel_count(volume.size, {file});
  if (count / detail::max_voxels_per_byte > bytes.size()) {
    throw base::InputError(
        {file},
        "a file of " + std::to_string(bytes.size()) + " bytes cannot hold " + detail::to_text(volume.size) + " voxels",
        "a complete file");
  }
  for (std::size_t i = 0; i < tiff.pages.size(); ++i) {
    const TiffPage& page = tiff.pages[i];
    if (page.width != first.width || page.height != first.height) {
      throw base::InputError({file},
                             "page " + std::to_string(i + 1) + " has " + std::to_string(page.width) + " x " +
                                 std::to_string(page.height) + " pixels, the first has " + std::to_string(first.width) +
                                 " x " + std::to_string(first.height),
                             "pages of one size");
    }
    const PageReader reader(bytes, file, tiff.order, page, i + 1);
    detail::append_labels(volume.labels, reader.pixels(), reader.type(), tiff.order, volume.size, {file});
  }
  stack.says_distance_of_slices = take_description(first, volume);
  return stack;
}

/// The fraction nearest to a positive number with parts of 32 bits, by continued fraction.
std::pair<std::uint32_t, std::uint32_t> nearest_fraction(double value) {
  constexpr double most = 4294967295.0;
  value = std::clamp(value, 1.0 / most, most);
  double before = 1.0, numerator = std::floor(value), before_below = 0.0, denominator = 1.0, rest = value;
  for (int step = 0; step < 40; ++step) {
    const double remainder = rest - std::floor(rest);
    if (remainder < 1e-12) break;
    rest = 1.0 / remainder;
    const double whole = std::floor(rest);
    const double next = whole * numerator + before, next_below = whole * denominator + before_below;
    if (next > most || next_below > most) break;
    before = std::exchange(numerator, next);
    before_below = std::exchange(denominator, next_below);
  }
  return {static_cast<std::uint32_t>(std::max(numerator, 1.0)), static_cast<std::uint32_t>(denominator)};
}

/// Little-endian output.
class Writer {
 public:
  explicit Writer(std::string& bytes) : bytes_(bytes) {}
  void whole(std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  }
  /// A directory entry with one value.
  void entry(std::uint64_t tag, std::uint64_t type, std::uint64_t count, std::uint64_t value, std::size_t width) {
    whole(tag, 2);
    whole(type, 2);
    whole(count, width);
    whole(value, width);
  }

 private:
  std::string& bytes_;
};

std::string description_of(const LabelVolume& volume, const detail::SpacingText& spacing) {
  const std::string slices = std::to_string(volume.size[2]);
  std::string text = "ImageJ=1.11a\nimages=" + slices + "\nslices=" + slices + "\nloop=false\n";
  if (volume.spacing_is_known) text += "unit=" + std::string(spacing.unit) + "\n";
  text += "spacing=" + base::format_exact(spacing.values[2]) + "\n";
  for (std::size_t i = 0; i < volume.names.size(); ++i) {
    text += "label" + std::to_string(i) + "=" + volume.names[i] + "\n";
  }
  if (volume.is_periodic) text += "periodic=true\n";
  if (!volume.origin.empty()) text += "origin=" + detail::on_one_line(volume.origin) + "\n";
  return text + '\0';
}

}  // namespace

LabelVolume read_tiff_stack(std::string_view bytes, const std::string& file) { return read(bytes, file).volume; }

void append_tiff_slice(LabelVolume& stack, std::string_view bytes, const std::string& file) {
  Stack slice = read(bytes, file);
  LabelVolume& volume = slice.volume;
  if (volume.size[2] != 1) {
    throw base::InputError({file}, "the slice has " + std::to_string(volume.size[2]) + " pages", "one page a file");
  }
  if (stack.labels.empty()) {
    stack = std::move(volume);
    stack.spacing_is_known = stack.spacing_is_known && slice.says_distance_of_slices;
    if (!slice.says_distance_of_slices) stack.spacing = {1.0, 1.0, 1.0};
    return;
  }
  if (volume.size[0] != stack.size[0] || volume.size[1] != stack.size[1]) {
    throw base::InputError({file},
                           "the slice has " + std::to_string(volume.size[0]) + " x " + std::to_string(volume.size[1]) +
                               " pixels, the first has " + std::to_string(stack.size[0]) + " x " +
                               std::to_string(stack.size[1]),
                           "slices of one size");
  }
  ++stack.size[2];
  detail::voxel_count(stack.size, {file});
  stack.labels.insert(stack.labels.end(), volume.labels.begin(), volume.labels.end());
}

std::string write_tiff_stack(const LabelVolume& volume) {
  detail::check_writable(volume);
  const detail::SpacingText spacing = detail::handy_spacing(volume);
  const std::string description = description_of(volume, spacing);
  const std::size_t area = volume.size[0] * volume.size[1], pages = volume.size[2];
  if (std::max(volume.size[0], volume.size[1]) > std::numeric_limits<std::uint32_t>::max()) {
    throw base::ParameterError("size", detail::to_text(volume.size), "at most 4294967295 pixels a side in TIFF");
  }
  constexpr std::size_t entries = 13;
  const bool is_big = volume.labels.size() + pages * 512 + description.size() > 0xFFFF0000U;
  const std::size_t width = is_big ? 8 : 4, head = is_big ? 16 : 8;
  const std::size_t directory = (is_big ? 8U : 2U) + entries * (4 + 2 * width) + width;

  std::string bytes;
  bytes.reserve(head + volume.labels.size() + description.size() + 32 + pages * directory);
  Writer writer(bytes);
  bytes += "II";
  writer.whole(is_big ? 43 : 42, 2);
  if (is_big) writer.whole(8, 4);
  // Offsets are even, as the standard asks.
  const std::size_t details = head + volume.labels.size() + volume.labels.size() % 2;
  const std::size_t text_at = details + 16;
  const std::size_t first = text_at + description.size() + description.size() % 2;
  writer.whole(first, width);
  bytes.append(reinterpret_cast<const char*>(volume.labels.data()), volume.labels.size());
  bytes.resize(details, '\0');
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const auto [numerator, denominator] = nearest_fraction(1.0 / spacing.values[axis]);
    writer.whole(numerator, 4);
    writer.whole(denominator, 4);
  }
  bytes += description;
  bytes.resize(first, '\0');
  // Eight bytes of a fraction stand in the entry itself where offsets are as wide.
  const auto fraction = [&](std::size_t axis) {
    const auto [numerator, denominator] = nearest_fraction(1.0 / spacing.values[axis]);
    return is_big ? std::uint64_t{denominator} << 32U | numerator : details + 8 * axis;
  };
  constexpr std::uint64_t text = 2, brief = 3, whole = 4, rational = 5;
  const std::uint64_t offset = is_big ? 16 : 4;
  for (std::size_t page = 0; page < pages; ++page) {
    writer.whole(entries, is_big ? 8 : 2);
    writer.entry(254, whole, 1, 0, width);
    writer.entry(256, whole, 1, volume.size[0], width);
    writer.entry(257, whole, 1, volume.size[1], width);
    writer.entry(258, brief, 1, 8, width);
    writer.entry(259, brief, 1, 1, width);
    writer.entry(262, brief, 1, 1, width);
    writer.entry(270, text, description.size(), text_at, width);
    writer.entry(273, offset, 1, head + page * area, width);
    writer.entry(278, whole, 1, volume.size[1], width);
    writer.entry(279, offset, 1, area, width);
    writer.entry(282, rational, 1, fraction(0), width);
    writer.entry(283, rational, 1, fraction(1), width);
    writer.entry(296, brief, 1, 1, width);
    writer.whole(page + 1 < pages ? first + (page + 1) * directory : 0, width);
  }
  return bytes;
}

}  // namespace closo::formats
