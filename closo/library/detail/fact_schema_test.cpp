#include "closo/library/detail/fact_schema.hpp"

#include <gtest/gtest.h>

#include <random>

#include "closo/base/error.hpp"

namespace closo::library::detail {
namespace {

using Conditions = std::vector<std::pair<std::string, std::string>>;

TEST(split_list, drops_blanks_and_empty_items) {
  EXPECT_EQ(split_list(" a; b ;;c d;"), (std::vector<std::string>{"a", "b", "c d"}));
  EXPECT_TRUE(split_list("").empty());
  EXPECT_EQ(join_list({"a", "b"}), "a;b");
  EXPECT_EQ(join_list({}), "");
}

TEST(split_conditions, reads_pairs_and_bars_inside_values) {
  EXPECT_EQ(split_conditions("a=1|b=x=y"), (Conditions{{"a", "1"}, {"b", "x=y"}}));
  EXPECT_EQ(split_conditions("cell=Li|LiBH4|TiS2|cycle=5"), (Conditions{{"cell", "Li|LiBH4|TiS2"}, {"cycle", "5"}}));
  EXPECT_EQ(split_conditions("a=1\\|b=2"), (Conditions{{"a", "1|b=2"}}));
  EXPECT_EQ(split_conditions("alone"), (Conditions{{"alone", ""}}));
  EXPECT_TRUE(split_conditions("").empty());
}

TEST(conditions_law, what_is_joined_is_split_again) {
  std::mt19937_64 random(11);
  const std::string letters = "ab|=; ,x";
  for (int trial = 0; trial < 500; ++trial) {
    Conditions conditions;
    for (std::size_t i = 0; i < 1 + random() % 4; ++i) {
      std::string value = "v";
      for (std::size_t j = 0; j < random() % 6; ++j) value += letters[random() % letters.size()];
      conditions.emplace_back("k" + std::to_string(i), value + "w");
    }
    EXPECT_EQ(split_conditions(join_conditions(conditions)), conditions);
  }
}

TEST(columns_of, finds_columns_in_any_order_and_refuses_others) {
  const std::vector<std::string_view> wanted{"id", "value"};
  const table::CsvDocument swapped = table::parse_csv("value,id\n", "a.csv");
  EXPECT_EQ(columns_of(swapped, wanted), (std::vector<std::size_t>{1, 0}));
  const table::CsvDocument more = table::parse_csv("value,id,table\n", "a.csv");
  EXPECT_EQ(columns_of(more, wanted, "table").size(), 2U);
  EXPECT_THROW(columns_of(more, wanted), base::InputError);
  EXPECT_THROW(columns_of(table::parse_csv("id\n", "a.csv"), wanted), base::InputError);
}

TEST(number_at, reads_numbers_and_points_at_others) {
  const table::CsvDocument document = table::parse_csv("a,b,c\n1.5,,x\n", "a.csv");
  EXPECT_EQ(number_at(document, document.rows[0], 0), 1.5);
  EXPECT_EQ(number_at(document, document.rows[0], 1), std::nullopt);
  try {
    number_at(document, document.rows[0], 2);
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place(), (base::Place{"a.csv", 2, 6}));
  }
}

TEST(unit_cache, parses_once_and_refuses_unknown_units) {
  UnitCache cache;
  EXPECT_EQ(&cache.parse("S/cm"), &cache.parse("S/cm"));
  EXPECT_THROW(cache.parse("S/cmm"), base::InputError);
}

TEST(set_si, gives_energies_per_particle) {
  Fact fact;
  fact.quantity = "activation energy for ionic conduction";
  fact.value = 96.485;
  fact.uncertainty = 9.6485;
  fact.unit = base::Unit::parse("kJ/mol");
  set_si(fact);
  EXPECT_NEAR(*fact.value_si, 1.602e-19, 1e-22);
  EXPECT_NEAR(*fact.uncertainty_si, 1.602e-20, 1e-23);
  EXPECT_FALSE(fact.value_hi_si.has_value());
}

}  // namespace
}  // namespace closo::library::detail
