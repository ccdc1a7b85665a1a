#include "closo/formats/detail/text.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;
using namespace closo::formats::detail;

TEST(Text, KeepsUtf8AndDropsTheMark) {
  EXPECT_EQ(decode_text("Z / Ω", "f"), "Z / Ω");
  EXPECT_EQ(decode_text("\xEF\xBB\xBF"
                        "a",
                        "f"),
            "a");
}

TEST(Text, ReadsUtf16OfBothOrders) {
  EXPECT_EQ(decode_text(std::string_view("\xFF\xFE"
                                         "A\0"
                                         "\xB0\0",
                                         6),
                        "f"),
            "A°");
  EXPECT_EQ(decode_text(std::string_view("\xFE\xFF\0A\0\xB0", 6), "f"), "A°");
  // A pair of surrogates is one character; half a pair is replaced.
  EXPECT_EQ(decode_text(std::string_view("\xFE\xFF\xD8\x34\xDD\x1E", 6), "f"), "\xF0\x9D\x84\x9E");
  EXPECT_EQ(decode_text(std::string_view("\xFE\xFF\xD8\x34\0A", 6), "f"),
            "\xEF\xBF\xBD"
            "A");
  refusal(
      [] {
        decode_text(std::string_view("\xFF\xFE"
                                     "A",
                                     3),
                    "f");
      },
      "odd number of bytes");
}

TEST(Text, TakesOtherBytesForWindows1252) { EXPECT_EQ(decode_text("\xB0\x80\xB5", "f"), "°€µ"); }

TEST(Text, RefusesBinaryData) {
  refusal([] { decode_text(std::string_view("a\nb\0c", 5), "f"); }, "binary data", 2);
  EXPECT_EQ(decode_text("a\n\x1A", "f"), "a\n") << "the end mark of old programs";
}

TEST(Text, SplitsLinesOfEveryKind) {
  for (const std::string_view text : {"a\nb\n", "a\r\nb\r\n", "a\r\r\nb\r\r\n", "a\rb\r", "a\nb"}) {
    const std::vector<Line> lines = split_lines(text);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].text, "a");
    EXPECT_EQ(lines[1].text, "b");
    EXPECT_EQ(lines[1].number, 2U);
  }
  EXPECT_TRUE(split_lines("").empty());
  EXPECT_EQ(split_lines("a\n\nb").size(), 3U);
}

TEST(Text, ComparesWithoutCase) {
  EXPECT_TRUE(contains_word("The RelaxIS file", "relaxis"));
  EXPECT_FALSE(contains_word("RelaxI", "relaxis"));
  EXPECT_TRUE(starts_with_word("NB HEADER", "Nb h"));
  EXPECT_FALSE(starts_with_word("N", "Nb"));
  EXPECT_EQ(trimmed(" \t a b \r"), "a b");
}

TEST(Text, CountsCharactersAndShortensQuotes) {
  EXPECT_EQ(character_column("Ω x", 3), 3U);
  EXPECT_EQ(in_quotes("abc"), "'abc'");
  const std::string cut = in_quotes(std::string(59, 'a') + "Ωbc");
  EXPECT_EQ(cut, "'" + std::string(59, 'a') + "…'") << "no character is cut in two";
}
