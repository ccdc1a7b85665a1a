#include "closo/tasks/library_access.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include <filesystem>

#include "closo/base/error.hpp"
#include "closo/library/user_store.hpp"

namespace closo::tasks {
namespace {

Context shipped_context() {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return context;
}

const library::Library& shipped() {
  static const library::Library library = load_library(shipped_context());
  return library;
}

library::Query query(const std::vector<std::pair<std::string, std::string>>& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  return query_of(arguments);
}

TEST(LoadLibrary, WorksWithoutStore) {
  Context context = shipped_context();
  context.user_store = std::filesystem::path(testing::TempDir()) / "closo_no_such_store.sqlite";
  EXPECT_EQ(load_library(context).facts().size(), shipped().facts().size());
  EXPECT_FALSE(std::filesystem::exists(context.user_store));
}

TEST(LoadLibrary, AddsOwnRowsAndPrefersShippedMaterials) {
  Context context = shipped_context();
  context.user_store =
      std::filesystem::path(testing::TempDir()) / ("closo_access_" + std::to_string(::getpid()) + ".sqlite");
  std::filesystem::remove(context.user_store);
  library::Material own;
  own.id = "My salt";
  own.family = "closo-borate";
  library::Material shadow;
  shadow.id = "Li₂B₁₂H₁₂";  // known to the shipped tables by another spelling
  shadow.family = "nonsense";
  library::Fact first;
  first.table = "conductivity";
  first.material = shadow.id;
  first.quantity = "ionic conductivity";
  first.source = "notebook";
  library::Fact clashing = first;
  clashing.id = "CON001";
  clashing.material = own.id;
  library::UserStore::open(context.user_store).add("a.csv", std::vector{own, shadow}, std::vector{first, clashing});
  const library::Library library = load_library(context);
  EXPECT_EQ(library.facts().size(), shipped().facts().size() + 2);
  EXPECT_EQ(library.materials().size(), shipped().materials().size() + 1);
  ASSERT_NE(library.find_fact("user-1-1"), nullptr);
  EXPECT_EQ(library.find_fact("user-1-1")->material, "Li2B12H12");
  EXPECT_NE(library.find_fact("user:CON001"), nullptr);
  EXPECT_EQ(library.material("Li2B12H12").family, "closo-borate");
  std::filesystem::remove(context.user_store);
}

TEST(FactValue, KeepsKindSourceAndDoubt) {
  for (const library::Fact& fact : shipped().facts()) {
    const report::Value value = fact_value(shipped(), fact);
    EXPECT_EQ(value.value, fact.value);
    EXPECT_EQ(value.value_hi, fact.value_hi);
    EXPECT_EQ(value.kind, library::to_string(fact.kind));
    EXPECT_EQ(value.source, shipped().citation(fact));
    EXPECT_EQ(value.note.empty(), !fact.is_doubtful()) << fact.id;
  }
}

TEST(FactValue, OwnDataSayThatTheyAreOwn) {
  library::Fact fact;
  fact.value = 1.0;
  fact.source = "notebook";
  fact.from_user = true;
  EXPECT_EQ(fact_value(shipped(), fact).source, "notebook (own data)");
}

TEST(FactValueOrText, HasWordsWhereThereIsNoNumber) {
  for (const library::Fact& fact : shipped().facts()) {
    const report::Cell cell = fact_value_or_text(shipped(), fact);
    EXPECT_EQ(std::holds_alternative<report::Value>(cell), fact.value.has_value());
    EXPECT_FALSE(report::to_text(cell).empty()) << fact.id;
    EXPECT_NE(report::to_text(cell), "unknown") << fact.id;
  }
}

TEST(TemperatureTexts, GiveKelvinAsStatedAndCelsius) {
  library::Fact fact;
  EXPECT_EQ(temperature_text(fact), "");
  fact.temperature_note = "low temperature";
  EXPECT_EQ(temperature_text(fact), "low temperature");
  fact.temperature = 313.15;
  EXPECT_EQ(temperature_text(fact), "313.15 K");
  fact.temperature_hi = 333.15;
  EXPECT_EQ(temperature_text(fact), "313.15–333.15 K");
  EXPECT_EQ(report::to_text(temperature_value(fact)), "40–60 °C");
  fact.temperature_hi.reset();
  fact.flags = {"nominal_temperature"};
  EXPECT_EQ(temperature_text(fact), "RT (313.15 K)");
  fact.flags = {"temperature_lower_limit"};
  EXPECT_EQ(temperature_text(fact), "> 313.15 K");
}

TEST(DoubtText, NamesRowFlagsAndNote) {
  library::Fact fact;
  fact.id = "X1";
  fact.quantity = "ionic conductivity";
  fact.flags = {"conflict", "restatement", "repaired"};
  EXPECT_EQ(flags_text(fact), "conflict, restatement, repaired");
  EXPECT_EQ(doubt_text(fact), "X1 ionic conductivity (conflict, repaired)");
  fact.note = "see X2";
  EXPECT_EQ(doubt_text(fact), "X1 ionic conductivity (conflict, repaired): see X2");
}

TEST(ShortCitation, NamesReferencesByTheirNumbers) {
  EXPECT_EQ(short_citation(shipped(), *shipped().find_fact("CON005")), "Cuan 2018, §1 [19b]");
  EXPECT_EQ(short_citation(shipped(), *shipped().find_fact("TRN005")), "Hehn 2025, §3.2");
  for (const library::Fact& fact : shipped().facts()) EXPECT_LT(short_citation(shipped(), fact).size(), 80U) << fact.id;
}

TEST(QueryOf, ReadsEveryOption) {
  const library::Query q = query({{"material", "a"},
                                  {"family", "b"},
                                  {"ion", "c"},
                                  {"anion", "d"},
                                  {"role", "e"},
                                  {"table", "f"},
                                  {"quantity", "g"},
                                  {"phase", "h"},
                                  {"kind", "measured"},
                                  {"source", "i"},
                                  {"at", "25 degC"},
                                  {"tolerance", "2 K"},
                                  {"min", "1 mS/cm"},
                                  {"max", "10 mS/cm"},
                                  {"flag", "any"}});
  EXPECT_EQ(q.material, "a");
  EXPECT_EQ(q.family, "b");
  EXPECT_EQ(q.ion, "c");
  EXPECT_EQ(q.anion, "d");
  EXPECT_EQ(q.role, "e");
  EXPECT_EQ(q.table, "f");
  EXPECT_EQ(q.quantity, "g");
  EXPECT_EQ(q.phase, "h");
  EXPECT_EQ(q.kind, library::Kind::measured);
  EXPECT_EQ(q.source, "i");
  EXPECT_DOUBLE_EQ(*q.temperature, 298.15);
  EXPECT_EQ(q.temperature_tolerance, 2.0);
  EXPECT_DOUBLE_EQ(*q.at_least, 0.1);
  EXPECT_DOUBLE_EQ(*q.at_most, 1.0);
  EXPECT_EQ(q.flag, "any");
  EXPECT_TRUE(is_restricted(q));
  EXPECT_FALSE(is_restricted(query({})));
}

TEST(QueryOf, RefusesBoundsAndTolerancesThatMeanNothing) {
  EXPECT_THROW(query({{"min", "much"}}), base::ParameterError);
  EXPECT_THROW(query({{"min", "> 1 mS/cm"}}), base::ParameterError);
  EXPECT_THROW(query({{"min", "1(1) mS/cm"}}), base::ParameterError);
  EXPECT_THROW(query({{"min", "1 mS/cm"}, {"max", "1 V"}}), base::ParameterError);
  EXPECT_THROW(query({{"tolerance", "5 degC"}}), base::ParameterError);
  EXPECT_THROW(query({{"tolerance", "-5 K"}}), base::ParameterError);
  EXPECT_THROW(query({{"at", "5 V"}}), base::ParameterError);
}

TEST(FactTable, HasARowForEveryFactAndNoEmptyColumn) {
  const std::vector<const library::Fact*> facts = shipped().select(query({{"quantity", "conductivity"}}));
  const report::Table table = fact_table(shipped(), facts, "t", true);
  ASSERT_EQ(table.rows.size(), facts.size());
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    bool filled = false;
    for (const auto& row : table.rows) {
      ASSERT_EQ(row.size(), table.columns.size());
      filled = filled || !report::to_text(row[j]).empty();
    }
    EXPECT_TRUE(filled) << table.columns[j].key;
  }
}

TEST(AddSources, NamesEverySourceOnce) {
  report::Report report;
  add_sources(report, shipped(), shipped().select({}));
  EXPECT_EQ(report.provenance.size(), 2U);
  for (const auto& [key, text] : report.provenance) {
    EXPECT_EQ(key, "source");
    EXPECT_NE(text.find("DOI 10."), std::string::npos);
  }
}

}  // namespace
}  // namespace closo::tasks
