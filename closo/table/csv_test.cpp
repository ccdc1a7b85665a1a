#include "closo/table/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "closo/base/file.hpp"

namespace closo::table {
namespace {

base::InputError refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::InputError& error) {
    return error;
  }
  throw std::logic_error("nothing was refused");
}

base::InputError csv_refusal(std::string_view text) {
  return refusal([text] { parse_csv(text, "a.csv"); });
}

bool mentions(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST(parse_csv, reads_cells_with_their_places) {
  const CsvDocument csv =
      parse_csv("# made by hand\nname, value ,unit\nLiBH₄,\"1,5\",S/cm\n\n  b ,\"a\"\"q\", \n", "a.csv");
  ASSERT_EQ(csv.header, (std::vector<std::string>{"name", "value", "unit"}));
  EXPECT_EQ(csv.header_line, 2U);
  ASSERT_EQ(csv.rows.size(), 2U);
  EXPECT_EQ(csv.rows[0].line, 3U);
  EXPECT_EQ(csv.rows[0].cells[1].text, "1,5");
  EXPECT_EQ(csv.rows[0].cells[1].column, 7U);  // characters, not bytes
  EXPECT_EQ(csv.rows[0].cells[2].column, 13U);
  EXPECT_EQ(csv.rows[1].line, 5U);
  EXPECT_EQ(csv.rows[1].cells[0].text, "b");
  EXPECT_EQ(csv.rows[1].cells[0].column, 3U);
  EXPECT_EQ(csv.rows[1].cells[1].text, "a\"q");
  EXPECT_EQ(csv.rows[1].cells[2].text, "");
  EXPECT_EQ(csv.comments, std::vector<std::string>{"made by hand"});
  EXPECT_EQ(csv.index_of("VALUE"), 1U);
  EXPECT_EQ(csv.index_of("valu"), std::string::npos);
  EXPECT_EQ(csv.place(csv.rows[0], 1), (base::Place{"a.csv", 3, 7}));
}

TEST(parse_csv, keeps_line_breaks_inside_quotes_and_counts_them) {
  const CsvDocument csv = parse_csv("a,b\n\"x\ny\",1\n2,3", "a.csv");
  ASSERT_EQ(csv.rows.size(), 2U);
  EXPECT_EQ(csv.rows[0].cells[0].text, "x\ny");
  EXPECT_EQ(csv.rows[1].line, 4U);
}

TEST(parse_csv, drops_a_byte_order_mark_and_one_trailing_separator) {
  const CsvDocument csv = parse_csv(
      "\xEF\xBB\xBF"
      "a;b;\n1;2;\n3;4\n",
      "a.csv");
  EXPECT_EQ(csv.header, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(csv.rows.size(), 2U);
  EXPECT_EQ(csv.rows[0].cells.size(), 2U);
}

TEST(parse_csv, refuses_decimal_commas_by_name) {
  for (const std::string_view number : {"0,5", "-1,25e-3", "+12,0"}) {
    for (const std::string separator : {";", "\t"}) {
      const base::InputError error = csv_refusal("a" + separator + "b\n1" + separator + std::string(number) + "\n");
      EXPECT_TRUE(mentions(error.problem(), "decimal comma")) << error.what();
      EXPECT_EQ(error.place(), (base::Place{"a.csv", 2, 3}));
    }
  }
  EXPECT_EQ(parse_csv("a;b\n\"0,5\";1,2-dimethoxyethane\n", "a.csv").rows.size(), 1U);
  EXPECT_TRUE(mentions(csv_refusal("a,b\n0,5,1,2\n").expected(), "decimal comma"));
}

TEST(parse_csv, refuses_ragged_rows) {
  const base::InputError error = csv_refusal("a,b,c\n1,2,3\n1,2\n");
  EXPECT_EQ(error.place(), (base::Place{"a.csv", 3, 3}));
  EXPECT_TRUE(mentions(error.problem(), "2 cells"));
  EXPECT_TRUE(mentions(error.expected(), "3 as in the header"));
  EXPECT_EQ(csv_refusal("a,b\n1,2,\n").place(), (base::Place{"a.csv", 2, 5}));
}

TEST(parse_csv, refuses_broken_quotes) {
  EXPECT_EQ(csv_refusal("a,b\n1,\"2\n3,4\n").place(), (base::Place{"a.csv", 2, 3}));
  EXPECT_TRUE(mentions(csv_refusal("a,b\n1,\"2\n").problem(), "never closed"));
  const base::InputError after = csv_refusal("a,b\n\"1\"x,2\n");
  EXPECT_EQ(after.place(), (base::Place{"a.csv", 2, 4}));
  EXPECT_TRUE(mentions(after.problem(), "follows a closing quote"));
  EXPECT_TRUE(mentions(csv_refusal("a,\"b\n").problem(), "never closed"));
}

TEST(parse_csv, refuses_broken_headers_and_empty_texts) {
  EXPECT_TRUE(mentions(csv_refusal("a,b,A\n").problem(), "two columns named 'A'"));
  EXPECT_EQ(csv_refusal("a,b,A\n").place(), (base::Place{"a.csv", 1, 5}));
  EXPECT_TRUE(mentions(csv_refusal("a,,b\n").problem(), "no name"));
  EXPECT_TRUE(mentions(csv_refusal("").problem(), "empty"));
  EXPECT_TRUE(mentions(csv_refusal("# only\n\n  \n").problem(), "no header"));
}

TEST(parse_csv, refuses_nul_bytes) {
  const base::InputError error = csv_refusal(std::string_view("a,b\n1,\0\n", 8));
  EXPECT_TRUE(mentions(error.problem(), "NUL"));
  EXPECT_EQ(error.place(), (base::Place{"a.csv", 2, 3}));
}

TEST(parse_csv, leaves_the_encoding_to_the_file_reader) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "latin1.csv";
  std::ofstream(path, std::ios::binary) << "name,value\nOhm\xB2,1\n";
  EXPECT_THROW(base::read_text_file(path), base::InputError);
  std::filesystem::remove(path);
}

TEST(parse_csv, collects_the_defects_of_rows) {
  const CsvDocument csv =
      parse_csv("a;b\n1;2\n3\n0,5;1\n\"x\"y;1\n4;5\n\"open;6\n7;8\n\"again;9\n10;11\n\"never;12\n13;14\n", "a.csv",
                CsvErrors::collect);
  std::vector<std::size_t> lines;
  for (const CsvProblem& problem : csv.problems) lines.push_back(problem.place.line);
  EXPECT_EQ(lines, (std::vector<std::size_t>{3, 4, 5, 7, 9, 11}));
  ASSERT_EQ(csv.rows.size(), 5U);
  EXPECT_EQ(csv.rows[2].cells[0].text, "7");
  EXPECT_EQ(csv.rows[3].line, 10U);
  EXPECT_TRUE(mentions(csv.problems[0].reason, "1 cell;"));
  EXPECT_THROW(parse_csv("a,a\n", "a.csv", CsvErrors::collect), base::InputError);
}

/// Texts that strain the quoting rules.
std::string random_text(std::mt19937_64& random) {
  static const std::vector<std::string> pieces{"a",    "Li₂B₁₂H₁₂", ",", ";",   "\t", "\"", "\n",
                                               "\r\n", " ",         "#", "0,5", "é",  ""};
  std::string text;
  const int length = std::uniform_int_distribution<int>(0, 6)(random);
  for (int i = 0; i < length; ++i)
    text += pieces[std::uniform_int_distribution<std::size_t>(0, pieces.size() - 1)(random)];
  return text;
}

TEST(csv_law, what_is_written_is_read_back) {
  std::mt19937_64 random(20240917);
  for (int trial = 0; trial < 500; ++trial) {
    const std::size_t columns = 2 + random() % 5;
    const std::size_t rows = random() % 8;
    const std::string separator{",;\t"[random() % 3]};
    const std::string line_end = random() % 2 == 0 ? "\n" : "\r\n";
    std::vector<std::vector<std::string>> cells(rows, std::vector<std::string>(columns));
    std::string text;
    for (std::size_t j = 0; j < columns; ++j) text += (j > 0 ? separator : "") + "c" + std::to_string(j);
    text += line_end;
    for (auto& row : cells) {
      for (std::size_t j = 0; j < columns; ++j) {
        row[j] = random_text(random);
        text += (j > 0 ? separator : "") + csv_cell(row[j]);
      }
      text += line_end;
    }
    const CsvDocument csv = parse_csv(text, "random.csv");
    // A row of empty cells between tabs is a row; nothing is lost with any separator.
    ASSERT_EQ(csv.rows.size(), rows) << text;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) ASSERT_EQ(csv.rows[i].cells[j].text, cells[i][j]) << text;
    }
  }
}

TEST(csv_law, separator_and_line_end_do_not_change_the_table) {
  std::mt19937_64 random(7);
  for (int trial = 0; trial < 100; ++trial) {
    const std::size_t columns = 2 + random() % 4;
    std::vector<std::vector<std::string>> cells;
    for (std::size_t i = 0; i < 6; ++i) {
      cells.emplace_back();
      for (std::size_t j = 0; j < columns; ++j) {
        cells.back().push_back(i == 0 ? "c" + std::to_string(j)
                                      : std::to_string(static_cast<double>(random() % 1000) / 8));
      }
    }
    std::vector<std::vector<double>> first;
    for (const std::string separator : {",", ";", "\t"}) {
      for (const std::string line_end : {"\n", "\r\n", "\r"}) {
        std::string text;
        for (const auto& row : cells) {
          for (std::size_t j = 0; j < columns; ++j) text += (j > 0 ? separator : "") + row[j];
          text += line_end;
        }
        const Table table = parse_numeric_csv(text, "x.csv");
        std::vector<std::vector<double>> values;
        for (const Column& column : table.columns) values.push_back(column.values);
        if (first.empty()) first = values;
        EXPECT_EQ(values, first);
      }
    }
    EXPECT_EQ(first.size(), columns);
  }
}

struct HeaderCase {
  std::string_view text, name, unit;
  bool has_unit;
};

TEST(parse_column_header, splits_name_and_unit) {
  for (const HeaderCase& expected : {HeaderCase{"T/degC", "T", "degC", true},
                                     {"sigma (S/cm)", "sigma", "S/cm", true},
                                     {"Z' [Ohm]", "Z'", "Ohm", true},
                                     {"temperature_K", "temperature", "K", true},
                                     {"time", "time", "", false},
                                     {"1000/T (1/K)", "1000/T", "1/K", true},
                                     {"sigma/(S/cm)", "sigma", "S/cm", true},
                                     {"sigma_S_per_cm", "sigma", "S/cm", true},
                                     {"value_hi", "value_hi", "", false},
                                     {"mobile_ion", "mobile_ion", "", false},
                                     {"R_s", "R_s", "", false},
                                     {"time_s", "time", "s", true},
                                     {"electrons_per_formula", "electrons_per_formula", "", false},
                                     {"E vs. Li/Li+ (V)", "E vs. Li/Li+", "V", true}}) {
    const ColumnHeader header = parse_column_header(expected.text);
    EXPECT_EQ(header.name, expected.name);
    EXPECT_EQ(header.has_unit, expected.has_unit) << expected.text;
    if (expected.has_unit) {
      EXPECT_EQ(header.unit, base::Unit::parse(expected.unit)) << expected.text;
    }
  }
}

TEST(parse_column_header, refuses_unknown_units_with_the_column) {
  const base::InputError error = refusal([] { parse_column_header("sigma (S/cmm)"); });
  EXPECT_TRUE(mentions(error.problem(), "sigma (S/cmm)"));
  EXPECT_GE(error.place().column, 8U);
  EXPECT_THROW(parse_column_header("I/foo"), base::InputError);
}

TEST(parse_numeric_csv, gives_si_values_and_metadata) {
  const Table table =
      parse_numeric_csv("# operator: A. B.\n# plain remark\nT/degC,sigma (mS/cm)\n25,1.5\n60,\n", "a.csv");
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_DOUBLE_EQ(table.columns[0].values[0], 298.15);
  EXPECT_DOUBLE_EQ(table.columns[1].values[0], 0.15);
  EXPECT_TRUE(std::isnan(table.columns[1].values[1]));
  EXPECT_EQ(table.metadata.at("operator"), "A. B.");
  EXPECT_EQ(table.metadata.size(), 1U);
  EXPECT_EQ(table.source, "a.csv");
}

TEST(parse_numeric_csv, points_at_the_cell_that_is_no_number) {
  const base::InputError error = refusal([] { parse_numeric_csv("a,b\n1,2\n3,x4\n", "a.csv"); });
  EXPECT_EQ(error.place().file, "a.csv");
  EXPECT_EQ(error.place().line, 3U);
  EXPECT_GE(error.place().column, 3U);
  for (const std::string_view bad : {"nan", "inf", "-inf", "1e999", "1 2", "0x10"}) {
    EXPECT_THROW(parse_numeric_csv("a,b\n1," + std::string(bad) + "\n", "a.csv"), base::InputError) << bad;
  }
  EXPECT_EQ(refusal([] { parse_numeric_csv("a,b (foo)\n1,2\n", "a.csv"); }).place().line, 1U);
}

}  // namespace
}  // namespace closo::table
