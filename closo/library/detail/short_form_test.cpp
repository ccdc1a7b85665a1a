#include "closo/library/detail/short_form.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "closo/base/error.hpp"

namespace closo::library::detail {
namespace {

const Library& shipped() {
  static const Library library = Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  return library;
}

TEST(quantity_named, knows_symbols_quantities_and_rules) {
  for (const std::string_view name : {"sigma", "σ", "Conductivity", "ionic conductivity", "Ionic_conductivity"}) {
    EXPECT_EQ(quantity_named(shipped(), name), "ionic conductivity") << name;
  }
  EXPECT_EQ(quantity_named(shipped(), "E_a"), "activation energy for ionic conduction");
  EXPECT_EQ(quantity_named(shipped(), "peak current"), "peak current");  // by a rule only
  EXPECT_EQ(quantity_named(shipped(), "mood"), "");
  EXPECT_THROW(refuse_quantity(shipped(), "sigmma"), base::InputError);
}

TEST(short_form, every_shipped_quantity_can_be_written_as_a_column) {
  for (const Fact& fact : shipped().facts()) {
    // These two words head the columns of the conditions.
    if (fact.quantity == "temperature" || fact.quantity == "pressure") continue;
    const std::string header = fact.quantity + " (" + (fact.unit.text().empty() ? "1" : fact.unit.text()) + ")";
    EXPECT_EQ(quantity_named(shipped(), fact.quantity), fact.quantity);
    const std::string text = "material,\"" + header + "\"\nLiBH4,1\n";
    const table::CsvDocument document = table::parse_csv(text, "a.csv");
    const ShortForm form(document, shipped());
    const ShortRow row = form.read(document.rows[0]);
    ASSERT_EQ(row.facts.size(), 1U) << header;
    EXPECT_EQ(row.facts[0].quantity, fact.quantity);
    EXPECT_EQ(row.facts[0].unit, fact.unit) << header;
    EXPECT_EQ(row.columns, std::vector<std::size_t>{1});
  }
}

TEST(short_form, a_row_may_bring_ranges_uncertainties_and_its_material) {
  const table::CsvDocument document = table::parse_csv(
      "material,quantity,qualifier,value,value_hi,uncertainty,unit,temperature_K,temperature_hi,kind,name,formula,"
      "family,mobile_ion,anion,role,table\n"
      "X,sigma,~,1,2,0.1,mS/cm,300,320 K,estimated,ex,LiBH4,fam,Li;Na,BH4,coating,own table\n",
      "a.csv");
  const ShortForm form(document, shipped());
  const ShortRow row = form.read(document.rows[0]);
  ASSERT_EQ(row.facts.size(), 1U);
  const Fact& fact = row.facts[0];
  EXPECT_EQ(fact.qualifier, base::Qualifier::about);
  EXPECT_EQ(fact.value_hi, 2.0);
  EXPECT_EQ(fact.uncertainty, 0.1);
  EXPECT_DOUBLE_EQ(*fact.value_hi_si, 0.2);
  EXPECT_EQ(fact.temperature, 300.0);
  EXPECT_EQ(fact.temperature_hi, 320.0);
  EXPECT_EQ(fact.kind, Kind::estimated);
  EXPECT_EQ(fact.table, "own table");
  EXPECT_EQ(row.material_name, "X");
  EXPECT_EQ(row.definition.mobile_ions, (std::vector<std::string>{"Li", "Na"}));
  EXPECT_EQ(row.definition.roles, std::vector<std::string>{"coating"});
}

}  // namespace
}  // namespace closo::library::detail
