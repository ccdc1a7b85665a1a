#include "closo/formats/detail/cells.hpp"

#include <gtest/gtest.h>

using namespace closo::formats::detail;

namespace {

std::vector<std::string> texts(std::string_view line, Separator separator) {
  std::vector<std::string> result;
  for (const Cell& cell : split_cells(line, separator)) result.emplace_back(cell.text);
  return result;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST(Cells, SplitsAtEverySeparator) {
  EXPECT_EQ(texts("a\t b\t\tc\t", Separator::tab), (Texts{"a", "b", "", "c", ""}));
  EXPECT_EQ(texts("1,5; 2;", Separator::semicolon), (Texts{"1,5", "2", ""}));
  EXPECT_EQ(texts("  a  b c\td ", Separator::blank), (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(texts("  Freq (Hz)    Ampl \tZ' x ", Separator::wide_blank), (Texts{"Freq (Hz)", "Ampl", "Z' x"}));
  EXPECT_EQ(texts("", Separator::comma), (Texts{""}));
  EXPECT_TRUE(texts("   ", Separator::blank).empty());
}

TEST(Cells, QuotesCountOnlyAtTheBegin) {
  EXPECT_EQ(texts(R"("a,b",c)", Separator::comma), (Texts{"a,b", "c"}));
  EXPECT_EQ(texts(R"(Freq/Hz, Z"/ohm, x)", Separator::comma), (Texts{"Freq/Hz", "Z\"/ohm", "x"}));
}

TEST(Cells, KnowTheirColumnInCharacters) {
  const std::vector<Cell> cells = split_cells("Ω/x\t  1", Separator::tab);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0].column, 1U);
  EXPECT_EQ(cells[1].column, 7U);
}

TEST(Cells, ReadNumbersOfInstruments) {
  EXPECT_DOUBLE_EQ(*try_number("1.0003201E+003", DecimalMark::point), 1000.3201);
  EXPECT_DOUBLE_EQ(*try_number("-5.00000E-002", DecimalMark::point), -0.05);
  EXPECT_DOUBLE_EQ(*try_number("+3", DecimalMark::unknown), 3.0);
  EXPECT_DOUBLE_EQ(*try_number("1.5D+02", DecimalMark::point), 150.0);
  EXPECT_DOUBLE_EQ(*try_number("1,5E2", DecimalMark::comma), 150.0);
  EXPECT_DOUBLE_EQ(*try_number("1e-400", DecimalMark::point), 0.0);
  for (const std::string_view bad :
       {"", "nan", "inf", "1e999", "0x10", "1 2", "1,5", "--1", "+-1", "e5", ".", "1.2.3"}) {
    EXPECT_FALSE(try_number(bad, DecimalMark::point)) << bad;
  }
  EXPECT_FALSE(try_number("1.5", DecimalMark::comma));
  EXPECT_FALSE(try_number(std::string(80, '1'), DecimalMark::point));
}

TEST(Cells, AFileHasOneDecimalMark) {
  NumberReader numbers;
  EXPECT_TRUE(numbers.read("100"));
  EXPECT_EQ(numbers.mark(), DecimalMark::unknown);
  EXPECT_DOUBLE_EQ(*numbers.read("2,5"), 2.5);
  EXPECT_EQ(numbers.mark(), DecimalMark::comma);
  EXPECT_FALSE(numbers.read("2.5"));
}

TEST(Cells, KnowTextsOfFailedNumbers) {
  for (const std::string_view text : {"NaN", "-inf", "1.#IND", "-1.#QNAN", "#DIV/0!", "n/a"}) {
    EXPECT_TRUE(is_not_a_number_text(text)) << text;
  }
  EXPECT_FALSE(is_not_a_number_text("#"));
  EXPECT_FALSE(is_not_a_number_text("abc"));
}

TEST(Cells, FindsTheStyleOfARow) {
  EXPECT_EQ(row_of_numbers("1, 914.218, -1152.37", 3)->separator, Separator::comma);
  EXPECT_EQ(row_of_numbers("1,5\t2,5\t3,5", 3)->separator, Separator::tab);
  EXPECT_EQ(row_of_numbers("1,5 2,5 3,5", 3)->separator, Separator::blank);
  EXPECT_EQ(row_of_numbers("1,5;2;3;", 3)->separator, Separator::semicolon);
  EXPECT_EQ(row_of_numbers("1,5;2;3;", 3)->cells, 3U);
  EXPECT_FALSE(row_of_numbers("1 2", 3));
  EXPECT_FALSE(row_of_numbers("a 2 3", 3));
}
