#include "closo/library/library.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "closo/base/error.hpp"

namespace closo::library {
namespace {

bool mentions(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

const Library& shipped() {
  static const Library library = Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  return library;
}

TEST(select, without_conditions_gives_everything) { EXPECT_EQ(shipped().select({}).size(), shipped().facts().size()); }

TEST(select, every_condition_holds_for_what_is_given_and_for_nothing_else) {
  const Library& library = shipped();
  const auto expect_exactly = [&library](const Query& query, const auto& holds) {
    const std::vector<const Fact*> selected = library.select(query);
    std::vector<const Fact*> expected;
    for (const Fact& fact : library.facts()) {
      if (holds(fact)) expected.push_back(&fact);
    }
    EXPECT_EQ(selected, expected);
    EXPECT_FALSE(expected.empty());
  };
  expect_exactly({.material = "li2b12h12"}, [](const Fact& f) { return f.material == "Li2B12H12"; });
  expect_exactly({.family = "Closo-Borate"},
                 [&](const Fact& f) { return library.material(f.material).family == "closo-borate"; });
  expect_exactly({.ion = "Na+"}, [&](const Fact& f) {
    const auto& ions = library.material(f.material).mobile_ions;
    return std::find(ions.begin(), ions.end(), "Na") != ions.end();
  });
  expect_exactly({.anion = "b12h12"}, [&](const Fact& f) {
    const auto& anions = library.material(f.material).anions;
    return std::find(anions.begin(), anions.end(), "B12H12") != anions.end();
  });
  expect_exactly({.role = "filler"}, [&](const Fact& f) { return library.material(f.material).has_role("filler"); });
  expect_exactly({.table = "window"}, [](const Fact& f) { return f.table == "window"; });
  expect_exactly({.quantity = "conductivity"}, [](const Fact& f) { return mentions(f.quantity, "conductivity"); });
  expect_exactly({.kind = Kind::target}, [](const Fact& f) { return f.kind == Kind::target; });
  expect_exactly({.source = "10.1021/acsami.5c01939"}, [](const Fact& f) { return f.source == "hehn2025"; });
  expect_exactly({.source = "hehn2025"}, [](const Fact& f) { return f.source == "hehn2025"; });
  expect_exactly({.flag = "any"}, [](const Fact& f) { return f.is_doubtful(); });
  expect_exactly({.flag = "restatement"}, [](const Fact& f) { return f.has_flag("restatement"); });
  expect_exactly({.temperature = 333.0, .temperature_tolerance = 0.15}, [](const Fact& f) {
    return f.temperature && *f.temperature <= 333.1501 && f.temperature_hi.value_or(*f.temperature) >= 332.8499;
  });
  expect_exactly({.at_least = 0.1, .bound_unit = base::Unit::parse("S/cm")}, [](const Fact& f) {
    return f.unit.dimension() == base::Unit::parse("S/cm").dimension() && f.value_si &&
           f.value_hi_si.value_or(*f.value_si) >= 0.1 && f.qualifier != base::Qualifier::less &&
           f.qualifier != base::Qualifier::less_equal;
  });
}

TEST(select, bounds_may_be_given_in_any_unit_of_the_quantity) {
  const auto count = [](double bound, std::string_view unit_text) {
    const base::Unit unit = base::Unit::parse(unit_text);
    return shipped()
        .select({.quantity = "activation energy", .at_least = unit.to_si(bound), .bound_unit = unit})
        .size();
  };
  EXPECT_GT(count(0.3, "eV"), 0U);
  EXPECT_LT(count(0.5, "eV"), count(0.3, "eV"));
  EXPECT_EQ(count(0.3, "eV"), count(28.94, "kJ/mol"));
  EXPECT_EQ(count(0.3, "eV"), count(300, "meV"));
  EXPECT_EQ(count(0.3, "V"), 0U);
}

TEST(select, more_conditions_never_give_more) {
  const Query wide{.ion = "Li", .quantity = "ionic conductivity"};
  Query narrow = wide;
  narrow.temperature = 300.0;
  std::size_t last = 0;
  for (const double tolerance : {0.0, 1.0, 5.0, 50.0, 1000.0}) {
    narrow.temperature_tolerance = tolerance;
    const std::size_t count = shipped().select(narrow).size();
    EXPECT_GE(count, last);
    EXPECT_LE(count, shipped().select(wide).size());
    last = count;
  }
}

TEST(select, refuses_names_that_do_not_exist) {
  const auto expect_refusal = [](const Query& query, std::string_view words) {
    try {
      shipped().select(query);
      ADD_FAILURE() << words;
    } catch (const base::InputError& error) {
      EXPECT_TRUE(mentions(error.problem(), words)) << error.what();
    }
  };
  expect_refusal({.material = "Li2B12H13"}, "did you mean 'Li2B12H12'");
  expect_refusal({.family = "closo-borat"}, "unknown family 'closo-borat'; did you mean 'closo-borate'");
  expect_refusal({.ion = "Lu"}, "unknown ion 'Lu'");
  expect_refusal({.anion = "B12H13"}, "did you mean 'B12H12'");
  expect_refusal({.role = "filer"}, "did you mean 'filler'");
  expect_refusal({.table = "windows"}, "did you mean 'window'");
  expect_refusal({.quantity = "ionic conductivty"}, "did you mean 'ionic conductivity'");
  expect_refusal({.phase = "no such phase"}, "unknown phase");
  expect_refusal({.source = "hehn2024"}, "did you mean 'hehn2025'");
  expect_refusal({.flag = "conflicts"}, "did you mean 'conflict'");
}

}  // namespace
}  // namespace closo::library
