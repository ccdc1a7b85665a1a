#include "closo/formats/detail/tiff_compression.hpp"

#include <gtest/gtest.h>

#include <map>

#include "closo/formats/spectrum_test.hpp"

using namespace closo::formats;

namespace {

/// Packs codes of the given widths, most significant bit first.
class CodeWriter {
 public:
  void put(unsigned code, unsigned width) {
    for (unsigned bit = width; bit-- > 0;) {
      if (bits_ % 8 == 0) bytes_.push_back('\0');
      if ((code >> bit & 1U) != 0)
        bytes_.back() = static_cast<char>(bytes_.back() | static_cast<char>(1U << (7 - bits_ % 8)));
      ++bits_;
    }
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::size_t bits_ = 0;
};

/// The encoder of TIFF 6.0, section 13.
std::string pack_lzw(const std::string& text) {
  CodeWriter writer;
  std::map<std::string, unsigned> table;
  unsigned width = 9, next = 258;
  const auto reset = [&] {
    table.clear();
    for (unsigned i = 0; i < 256; ++i) table[std::string(1, static_cast<char>(i))] = i;
    width = 9, next = 258;
  };
  writer.put(256, width);
  reset();
  std::string held;
  for (const char c : text) {
    if (table.contains(held + c)) {
      held += c;
      continue;
    }
    writer.put(table.at(held), width);
    table[held + c] = next++;
    if (next == 512 || next == 1024 || next == 2048) ++width;
    if (next == 4095) {
      writer.put(256, width);
      reset();
    }
    held = std::string(1, c);
  }
  if (!held.empty()) {
    writer.put(table.at(held), width);
    ++next;
    if (next == 512 || next == 1024 || next == 2048) ++width;
  }
  writer.put(257, width);
  return writer.bytes();
}

}  // namespace

TEST(TiffCompression, UnpacksLzwOfTheStandardsEncoder) {
  std::string long_text, random;
  unsigned state = 1;
  for (int i = 0; i < 30000; ++i) {
    long_text += static_cast<char>(i / 7 % 3);
    state = state * 1664525U + 1013904223U;
    random += static_cast<char>(state >> 24U);
  }
  for (const std::string& text :
       {std::string("a"), std::string(500, 'x'), std::string("\7\7\7\10\10\7\7\6\6"), long_text, random}) {
    EXPECT_EQ(detail::unpack_lzw(pack_lzw(text), text.size(), {"a"}), text);
  }
}

TEST(TiffCompression, RefusesDamagedLzw) {
  const auto unpack = [](const std::string& bytes, std::size_t wanted) {
    return [bytes, wanted] { detail::unpack_lzw(bytes, wanted, {"a"}); };
  };
  refusal(unpack(pack_lzw("abc"), 4), "hold 3 bytes, fewer");
  refusal(unpack("", 4), "do not begin with the clear code");
  refusal(unpack("abcdef", 4), "do not begin with the clear code");
  CodeWriter writer;
  writer.put(256, 9);
  writer.put(65, 9);
  writer.put(300, 9);
  refusal(unpack(writer.bytes(), 4), "damaged after 1 bytes");
}

// The example of TIFF 6.0, section 9.
TEST(TiffCompression, UnpacksRuns) {
  const std::string packed("\xFE\xAA\x02\x80\x00\x2A\xFD\xAA\x03\x80\x00\x2A\x22\xF7\xAA", 15);
  const std::string text(
      "\xAA\xAA\xAA\x80\x00\x2A\xAA\xAA\xAA\xAA\x80\x00\x2A\x22\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA", 24);
  EXPECT_EQ(detail::unpack_bits(packed, 24, {"a"}), text);
  EXPECT_EQ(detail::unpack_bits(std::string("\x80", 1) + packed, 20, {"a"}), text.substr(0, 20));
  refusal([&] { detail::unpack_bits(packed, 25, {"a"}); }, "hold 24 bytes, fewer");
  refusal(
      [&] {
        detail::unpack_bits(
            "\x05"
            "ab",
            6, {"a"});
      },
      "hold 2 bytes");
  refusal([&] { detail::unpack_bits("\xFE", 3, {"a"}); }, "hold 0 bytes");
}

TEST(TiffCompression, NamesWhatItDoesNotRead) {
  EXPECT_EQ(detail::compression_name(7), "JPEG");
  EXPECT_EQ(detail::compression_name(4), "CCITT fax");
  EXPECT_EQ(detail::compression_name(12345), "a compression");
}
