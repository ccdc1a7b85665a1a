#include "closo/formats/detail/byte_reader.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;
using namespace closo::formats::detail;

TEST(ByteReader, ReadsBothOrders) {
  const std::string_view bytes("\x01\x02\x03\x04", 4);
  EXPECT_EQ(ByteReader(bytes, "f", ByteOrder::big).whole(4, "x"), 0x01020304U);
  EXPECT_EQ(ByteReader(bytes, "f", ByteOrder::little).whole(4, "x"), 0x04030201U);
  EXPECT_EQ(ByteReader(bytes, "f", ByteOrder::little).whole(1, "x"), 1U);
}

TEST(ByteReader, ReadsNumbers) {
  EXPECT_EQ(ByteReader(std::string_view("\x3F\xF8\0\0\0\0\0\0", 8), "f", ByteOrder::big).float64("x"), 1.5);
  EXPECT_EQ(ByteReader(std::string_view("\0\0\xC0\x3F", 4), "f", ByteOrder::little).float32("x"), 1.5);
}

TEST(ByteReader, MovesAndRefusesTheEnd) {
  ByteReader reader("abcd", "f", ByteOrder::big, 1);
  EXPECT_EQ(reader.text(2, "x"), "bc");
  EXPECT_EQ(reader.position(), 3U);
  EXPECT_EQ(reader.remaining(), 1U);
  const base::InputError error =
      refusal([&reader] { reader.whole(2, "the count"); }, "ends at byte 4 inside the count");
  EXPECT_NE(error.expected().find("from byte 3 on"), std::string::npos);
  reader.move_to(100);
  EXPECT_EQ(reader.remaining(), 0U);
  refusal([&reader] { reader.text(1, "more"); }, "inside more");
}

TEST(ByteReader, PrintsTexts) { EXPECT_EQ(printable(std::string_view(" a\xE9z \0rest", 9)), "a?z"); }
