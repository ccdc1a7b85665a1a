#include "closo/report/png.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <random>

#include "closo/base/error.hpp"

namespace closo::report {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Chunk {
  std::string type, data;
};

std::uint32_t number(const std::string& file, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | static_cast<unsigned char>(file.at(at + i));
  return value;
}

// The checksum bit by bit, as annex D of the specification defines it.
std::uint32_t checksum(const std::string& bytes) {
  std::uint32_t register_bits = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    register_bits ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit)
      register_bits = (register_bits & 1U) != 0 ? 0xEDB88320U ^ (register_bits >> 1U) : register_bits >> 1U;
  }
  return ~register_bits;
}

std::vector<Chunk> chunks_of(const std::string& file) {
  EXPECT_EQ(file.substr(0, 8), "\x89PNG\r\n\x1a\n");
  std::vector<Chunk> chunks;
  for (std::size_t at = 8; at < file.size();) {
    const std::size_t length = number(file, at);
    chunks.push_back({file.substr(at + 4, 4), file.substr(at + 8, length)});
    EXPECT_EQ(number(file, at + 8 + length), checksum(file.substr(at + 4, 4 + length))) << chunks.back().type;
    at += 12 + length;
  }
  return chunks;
}

std::string data_of(const std::vector<Chunk>& chunks, const std::string& type) {
  for (const Chunk& chunk : chunks) {
    if (chunk.type == type) return chunk.data;
  }
  return {};
}

Bytes inflated(const std::string& data, std::size_t length) {
  Bytes bytes(length + 1);
  uLongf got = static_cast<uLongf>(bytes.size());
  EXPECT_EQ(
      uncompress(bytes.data(), &got, reinterpret_cast<const Bytef*>(data.data()), static_cast<uLong>(data.size())),
      Z_OK);
  EXPECT_EQ(got, length);
  bytes.resize(length);
  return bytes;
}

// The reading side of section 9 of the specification.
Bytes unfiltered(Bytes rows, std::size_t stride, std::size_t pixel) {
  Bytes result;
  for (std::size_t at = 0; at < rows.size(); at += stride + 1) {
    const int filter = rows[at];
    EXPECT_LE(filter, 4);
    for (std::size_t i = 0; i < stride; ++i) {
      const std::size_t here = result.size();
      const int a = i >= pixel ? result[here - pixel] : 0;
      const int b = here >= stride ? result[here - stride] : 0;
      const int c = i >= pixel && here >= stride ? result[here - stride - pixel] : 0;
      const int p = a + b - c;
      int guess = 0;
      if (filter == 1) guess = a;
      if (filter == 2) guess = b;
      if (filter == 3) guess = (a + b) / 2;
      if (filter == 4) {
        const int pa = std::abs(p - a);
        const int pb = std::abs(p - b);
        const int pc = std::abs(p - c);
        guess = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      }
      result.push_back(static_cast<std::uint8_t>(rows[at + 1 + i] + guess));
    }
  }
  return result;
}

struct Decoded {
  std::size_t width = 0, height = 0;
  int type = 0;
  Bytes rgb;
};

Decoded decode(const std::string& file) {
  const auto chunks = chunks_of(file);
  const std::string header = data_of(chunks, "IHDR");
  EXPECT_EQ(header.size(), 13U);
  Decoded picture{.width = number(header, 0), .height = number(header, 4), .type = header[9], .rgb = {}};
  EXPECT_EQ(header[8], 8);
  EXPECT_EQ(header.substr(10), std::string(3, '\0'));
  const std::size_t pixel = picture.type == 2 ? 3 : 1;
  const std::size_t stride = pixel * picture.width;
  const Bytes samples = unfiltered(inflated(data_of(chunks, "IDAT"), (stride + 1) * picture.height), stride, pixel);
  if (picture.type == 2) {
    picture.rgb = samples;
    return picture;
  }
  const std::string palette = data_of(chunks, "PLTE");
  EXPECT_EQ(palette.size() % 3, 0U);
  EXPECT_LE(palette.size(), 768U);
  for (const std::uint8_t index : samples) {
    for (std::size_t k = 0; k < 3; ++k) picture.rgb.push_back(static_cast<std::uint8_t>(palette.at(3U * index + k)));
  }
  return picture;
}

Bytes noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(n);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 24U);
  return bytes;
}

// Shaded surfaces, stripes and noise, for which different filters are the best.
Bytes scene(std::size_t width, std::size_t height, unsigned kind) {
  Bytes rgb = noise(3 * width * height, kind);
  if (kind % 4 == 0) return rgb;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      for (std::size_t k = 0; k < 3; ++k) {
        std::uint8_t& byte = rgb[3 * (x + width * y) + k];
        const auto grain = static_cast<std::size_t>(byte % 3);
        if (kind % 4 == 1) byte = static_cast<std::uint8_t>(5 * x + 3 * y + 40 * k + grain);
        if (kind % 4 == 2) byte = static_cast<std::uint8_t>(y % 5 == 0 ? 17 * y + grain : 90 * k);
        if (kind % 4 == 3) byte = static_cast<std::uint8_t>(11 * x + grain);
      }
    }
  }
  return rgb;
}

TEST(Png, RoundTripOfManyPictures) {
  std::map<int, int> types;
  for (const std::size_t width : {1U, 2U, 3U, 7U, 33U, 64U}) {
    for (const std::size_t height : {1U, 2U, 5U, 40U}) {
      for (unsigned kind = 0; kind < 8; ++kind) {
        const Bytes rgb = scene(width, height, kind);
        const std::string file = png(width, height, rgb);
        const Decoded back = decode(file);
        EXPECT_EQ(back.width, width);
        EXPECT_EQ(back.height, height);
        EXPECT_EQ(back.rgb, rgb) << width << " × " << height << ", kind " << kind;
        EXPECT_EQ(png(width, height, rgb), file);
        ++types[back.type];
      }
    }
  }
  EXPECT_GT(types[2], 10) << "red, green and blue";
  EXPECT_GT(types[3], 10) << "palette";
  EXPECT_EQ(types.size(), 2U);
}

// Each picture is made so that one guess (left, above, their mean, Paeth's) comes nearest.
TEST(Png, EveryFilterIsUsedWhereItIsBest) {
  constexpr std::size_t side = 64;
  const Bytes random = noise(3 * side * side, 5);
  const auto byte_of = [&](int filter, std::size_t x, std::size_t y, std::size_t k) -> std::size_t {
    const std::size_t column = random[3 * x + k];
    const std::size_t row = random[3 * side + 3 * y + k];
    switch (filter) {
      case 1:
        return row + x;
      case 2:
        return column + y;
      case 3:
        return 80 + x + y + random[3 * (x + side * y) + k] % 60;
      default:
        return random[3 * (x / 3) + k] % 120 + row % 120;
    }
  };
  for (int filter = 1; filter <= 4; ++filter) {
    Bytes rgb;
    for (std::size_t y = 0; y < side; ++y) {
      for (std::size_t x = 0; x < side; ++x) {
        for (std::size_t k = 0; k < 3; ++k) rgb.push_back(static_cast<std::uint8_t>(byte_of(filter, x, y, k)));
      }
    }
    const std::string file = png(side, side, rgb);
    const Decoded back = decode(file);
    ASSERT_EQ(back.type, 2) << "filters are for red, green and blue";
    EXPECT_EQ(back.rgb, rgb);
    const Bytes rows = inflated(data_of(chunks_of(file), "IDAT"), (3 * side + 1) * side);
    int used = 0;
    for (std::size_t at = 0; at < rows.size(); at += 3 * side + 1) used += rows[at] == filter ? 1 : 0;
    EXPECT_GT(used, 32) << "of 64 rows with filter " << filter;
  }
}

TEST(Png, APaletteUpTo256Colours) {
  for (const std::size_t colours : {1U, 2U, 255U, 256U, 257U}) {
    Bytes rgb;
    for (std::size_t i = 0; i < 2 * colours; ++i) {
      const std::size_t colour = i % colours;
      rgb.insert(rgb.end(), {static_cast<std::uint8_t>(colour), static_cast<std::uint8_t>(colour / 256), 9});
    }
    const std::string file = png(2 * colours, 1, rgb);
    const Decoded back = decode(file);
    EXPECT_EQ(back.type, colours <= 256 ? 3 : 2) << colours;
    EXPECT_EQ(back.rgb, rgb);
    EXPECT_EQ(data_of(chunks_of(file), "PLTE").size(), colours <= 256 ? 3 * colours : 0);
  }
}

TEST(Png, ChunksInTheirOrder) {
  const auto chunks = chunks_of(png(1, 1, Bytes{1, 2, 3}, {{"Title", "µ"}}));
  std::string order;
  for (const Chunk& chunk : chunks) order += chunk.type + " ";
  EXPECT_EQ(order, "IHDR sRGB iTXt PLTE IDAT IEND ");
  EXPECT_EQ(data_of(chunks, "iTXt"), std::string("Title\0\0\0\0\0µ", 12));
  EXPECT_EQ(data_of(chunks, "PLTE"), "\x01\x02\x03");
  const std::string end = png(1, 1, Bytes{1, 2, 3}).substr(png(1, 1, Bytes{1, 2, 3}).size() - 12);
  EXPECT_EQ(end, std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12)) << "as in every PNG file";
}

TEST(Png, DrawingsAreSmall) {
  Bytes rgb(3 * 900 * 300, 255);
  for (std::size_t i = 0; i < rgb.size(); i += 30) rgb[i] = 0;
  EXPECT_LT(png(900, 300, rgb).size(), 10000U);
}

TEST(Png, APictureBringsItsWords) {
  const auto chunks = chunks_of(png({.id = "p",
                                     .title = "T",
                                     .caption = std::string("a\0b", 3),
                                     .width = 1,
                                     .height = 1,
                                     .rgb = {0, 0, 0},
                                     .legend = {{"bulk", {1, 2, 3}}, {"void", {255, 255, 255}}},
                                     .scale_bar = ScaleBar{"20 nm", 12.5}}));
  std::map<std::string, std::string> texts;
  for (const Chunk& chunk : chunks) {
    if (chunk.type != "iTXt") continue;
    const std::size_t keyword = chunk.data.find('\0');
    texts[chunk.data.substr(0, keyword)] = chunk.data.substr(keyword + 5);
  }
  EXPECT_EQ(texts, (std::map<std::string, std::string>{{"Title", "T"},
                                                       {"Description", "ab"},
                                                       {"Legend", "#010203 bulk; #ffffff void"},
                                                       {"Scale", "20 nm = 12.5 pixels"}}));
}

TEST(Png, BadPicturesThrow) {
  EXPECT_THROW(png(0, 1, {}), base::ParameterError);
  EXPECT_THROW(png(1, 0, {}), base::ParameterError);
  EXPECT_THROW(png(65536, 1, Bytes(3 * 65536)), base::ParameterError);
  EXPECT_THROW(png(1, 1, Bytes(4)), base::ParameterError);
  const Bytes one(3);
  for (const std::string& keyword : {std::string(), std::string(80, 'a'), std::string(" a"), std::string("a "),
                                     std::string("a  b"), std::string("a\nb"), std::string("µ")}) {
    EXPECT_THROW(png(1, 1, one, {{keyword, "x"}}), base::ParameterError) << keyword;
  }
  EXPECT_NO_THROW(png(1, 1, one, {{std::string(79, 'a'), "x"}}));
}

}  // namespace
}  // namespace closo::report
