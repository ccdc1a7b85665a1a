#include "closo/report/png.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::report {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t longest_side = 65535;
constexpr std::size_t most_colours = 256;

void append_number(std::string& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>((number >> static_cast<unsigned>(shift)) & 255U);
}

const Bytef* as_bytes(std::string_view text) { return reinterpret_cast<const Bytef*>(text.data()); }

// Length, type, data, and the checksum of type and data.
void append_chunk(std::string& file, std::string_view type, std::string_view data) {
  append_number(file, static_cast<std::uint32_t>(data.size()));
  const std::size_t from = file.size();
  file += type;
  file += data;
  const std::string_view covered = std::string_view(file).substr(from);
  append_number(file, static_cast<std::uint32_t>(crc32(0, as_bytes(covered), static_cast<uInt>(covered.size()))));
}

std::string compressed(const Bytes& data) {
  uLongf length = compressBound(static_cast<uLong>(data.size()));
  std::string result(length, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(result.data()), &length, data.data(),
                               static_cast<uLong>(data.size()), Z_DEFAULT_COMPRESSION);
  if (status != Z_OK) throw base::InternalError("zlib refused to compress (" + std::to_string(status) + ")");
  result.resize(length);
  return result;
}

std::uint8_t paeth(int left, int above, int corner) {
  const int guess = left + above - corner;
  const int to_left = std::abs(guess - left);
  const int to_above = std::abs(guess - above);
  const int to_corner = std::abs(guess - corner);
  if (to_left <= to_above && to_left <= to_corner) return static_cast<std::uint8_t>(left);
  return static_cast<std::uint8_t>(to_above <= to_corner ? above : corner);
}

// One row behind each of the five filters; the one whose bytes, read with a sign, have the smallest sum is kept.
void append_filtered(Bytes& data, std::span<const std::uint8_t> row, std::span<const std::uint8_t> above) {
  constexpr std::size_t pixel = 3;
  std::array<Bytes, 5> tries;
  std::array<std::uint64_t, 5> sums{};
  for (Bytes& each : tries) each.reserve(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int left = i < pixel ? 0 : row[i - pixel];
    const int up = above.empty() ? 0 : above[i];
    const int corner = i < pixel || above.empty() ? 0 : above[i - pixel];
    const std::array<int, 5> guesses{0, left, up, (left + up) / 2, paeth(left, up, corner)};
    for (std::size_t filter = 0; filter < guesses.size(); ++filter) {
      const auto byte = static_cast<std::uint8_t>(row[i] - guesses[filter]);
      tries[filter].push_back(byte);
      sums[filter] += byte < 128 ? byte : 256U - byte;
    }
  }
  const auto best = static_cast<std::size_t>(std::ranges::min_element(sums) - sums.begin());
  data.push_back(static_cast<std::uint8_t>(best));
  data.insert(data.end(), tries[best].begin(), tries[best].end());
}

struct Indexed {
  std::string palette;  // red, green, blue of every entry
  Bytes rows;           // unfiltered, one index a pixel
};

std::optional<Indexed> indexed(std::size_t width, std::span<const std::uint8_t> rgb) {
  Indexed result;
  std::unordered_map<std::uint32_t, std::uint8_t> entries;
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    if (i / 3 % width == 0) result.rows.push_back(0);
    const std::uint32_t colour =
        (static_cast<std::uint32_t>(rgb[i]) << 16U) | (static_cast<std::uint32_t>(rgb[i + 1]) << 8U) | rgb[i + 2];
    const auto [entry, is_new] = entries.try_emplace(colour, static_cast<std::uint8_t>(entries.size() % most_colours));
    if (is_new) {
      if (entries.size() > most_colours) return std::nullopt;
      for (std::size_t k = 0; k < 3; ++k) result.palette += static_cast<char>(rgb[i + k]);
    }
    result.rows.push_back(entry->second);
  }
  return result;
}

// Drawings are smallest without filters, shaded surfaces with: both are tried.
std::string compressed_rows(std::size_t width, std::span<const std::uint8_t> rgb) {
  const std::size_t stride = 3 * width;
  Bytes plain;
  Bytes filtered;
  for (std::size_t at = 0; at < rgb.size(); at += stride) {
    const auto row = rgb.subspan(at, stride);
    plain.push_back(0);
    plain.insert(plain.end(), row.begin(), row.end());
    append_filtered(filtered, row, at == 0 ? std::span<const std::uint8_t>() : rgb.subspan(at - stride, stride));
  }
  std::string first = compressed(plain);
  std::string second = compressed(filtered);
  return first.size() <= second.size() ? first : second;
}

bool is_keyword(std::string_view text) {
  const auto allowed = [](char c) {
    return c == ' ' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && text.size() <= 79 && text.front() != ' ' && text.back() != ' ' &&
         text.find("  ") == std::string_view::npos && std::ranges::all_of(text, allowed);
}

void check_side(const char* name, std::size_t pixels) {
  if (pixels == 0 || pixels > longest_side)
    throw base::ParameterError(name, std::to_string(pixels), "1 to " + std::to_string(longest_side) + " pixels");
}

}  // namespace

std::string png(std::size_t width, std::size_t height, std::span<const std::uint8_t> rgb,
                const std::vector<PngText>& texts) {
  check_side("width", width);
  check_side("height", height);
  if (rgb.size() != 3 * width * height) {
    throw base::ParameterError("rgb", std::to_string(rgb.size()) + " bytes",
                               std::to_string(3 * width * height) + " bytes, three a pixel");
  }
  const std::optional<Indexed> palette = indexed(width, rgb);
  std::string file = "\x89PNG\r\n\x1a\n";
  std::string header;
  append_number(header, static_cast<std::uint32_t>(width));
  append_number(header, static_cast<std::uint32_t>(height));
  header += '\x08';                                 // bits a sample
  header += palette.has_value() ? '\x03' : '\x02';  // palette, or red, green and blue
  header.append(3, '\0');                           // deflate, the five filters, not interlaced
  append_chunk(file, "IHDR", header);
  append_chunk(file, "sRGB", std::string_view("\0", 1));  // perceptual
  for (const PngText& text : texts) {
    if (!is_keyword(text.first))
      throw base::ParameterError("keyword", "'" + text.first + "'", "1 to 79 letters, digits and single blanks");
    std::string content = text.second;
    std::erase(content, '\0');
    append_chunk(file, "iTXt", text.first + std::string(5, '\0') + content);  // uncompressed, no language
  }
  if (palette) append_chunk(file, "PLTE", palette->palette);
  append_chunk(file, "IDAT", palette ? compressed(palette->rows) : compressed_rows(width, rgb));
  append_chunk(file, "IEND", {});
  return file;
}

std::string png(const Picture& picture) {
  std::vector<PngText> texts;
  if (!picture.title.empty()) texts.emplace_back("Title", picture.title);
  if (!picture.caption.empty()) texts.emplace_back("Description", picture.caption);
  std::string legend;
  for (const LegendEntry& entry : picture.legend)
    legend += (legend.empty() ? "" : "; ") + to_hex(entry.colour) + " " + entry.name;
  if (!legend.empty()) texts.emplace_back("Legend", legend);
  if (picture.scale_bar) {
    texts.emplace_back("Scale",
                       picture.scale_bar->text + " = " + base::format_number(picture.scale_bar->pixels) + " pixels");
  }
  return png(picture.width, picture.height, picture.rgb, texts);
}

}  // namespace closo::report
