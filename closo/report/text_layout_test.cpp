#include <gtest/gtest.h>

#include "closo/report/detail/text_layout.hpp"

namespace closo::report::detail {
namespace {

TEST(TextLayout, WidthCountsColumnsNotBytes) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("Ω cm²"), 5U);
  EXPECT_EQ(display_width("40–60 °C"), 8U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U) << "e and a combining accent";
  EXPECT_EQ(display_width("電池"), 4U);
  EXPECT_EQ(display_width("🔋"), 2U);
}

TEST(TextLayout, ControlsAndBadBytesAreMadeVisible) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\td\x7f"), "a [31mb c d ");
  EXPECT_EQ(printable("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(printable("a\xE2\x80\xAEz"), "a z") << "an override of the writing direction";
  EXPECT_EQ(printable("cut \xE2\x82"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable("σ = 1 · 10⁻³"), "σ = 1 · 10⁻³");
}

TEST(TextLayout, WrapsAtBlanksWithinTheWidth) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrap("", 10), Lines{""});
  EXPECT_EQ(wrap("  a  b ", 10), Lines{"a b"});
  EXPECT_EQ(wrap("aaa bbb ccc", 7), (Lines{"aaa bbb", "ccc"}));
  EXPECT_EQ(wrap("Ω Ω Ω Ω", 3), (Lines{"Ω Ω", "Ω Ω"}));
  EXPECT_EQ(wrap("abcdefgh x", 3), (Lines{"abc", "def", "gh", "x"}));
  EXPECT_EQ(wrap("ab cdefg", 3), (Lines{"ab", "cde", "fg"}));
  EXPECT_EQ(wrap("電池電", 3), (Lines{"電", "池", "電"}));
}

// Over many texts and widths: no line is too wide and no character but blanks is lost.
TEST(TextLayout, LawOfWrapping) {
  const std::vector<std::string> texts = {"Li2B12H12 + 25 vol% ZrO2 | Li | TiS2", "電池 はいい σ ≥ 1 mS/cm",
                                          "one-very-long-word-without-blanks", "a bb ccc dddd eeeee ffffff"};
  const auto without_blanks = [](std::string text) {
    std::erase(text, ' ');
    return text;
  };
  for (const std::string& text : texts) {
    for (std::size_t width = 2; width < 45; ++width) {
      std::string joined;
      for (const std::string& line : wrap(text, width)) {
        EXPECT_LE(display_width(line), width);
        joined += line;
      }
      EXPECT_EQ(without_blanks(joined), without_blanks(text));
    }
  }
}

TEST(TextLayout, PaddingFillsToTheWidth) {
  EXPECT_EQ(pad_right("σ", 3), "σ  ");
  EXPECT_EQ(pad_left("σ", 3), "  σ");
  EXPECT_EQ(pad_left("long", 3), "long");
  EXPECT_EQ(pad_right("電", 3), "電 ");
}

}  // namespace
}  // namespace closo::report::detail
