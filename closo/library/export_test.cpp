#include "closo/library/export.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "closo/base/error.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/import.hpp"

namespace closo::library {
namespace {

const Library& shipped() {
  static const Library library = Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  return library;
}

std::vector<const Fact*> everything() { return shipped().select({}); }

TEST(facts_to_csv, gives_every_shipped_fact_back_exactly) {
  const std::vector<Fact> facts = read_facts_csv(facts_to_csv(everything()), "export.csv");
  ASSERT_EQ(facts.size(), shipped().facts().size());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact& before = shipped().facts()[i];
    const Fact& after = facts[i];
    EXPECT_EQ(detail::fact_cells(after), detail::fact_cells(before));
    EXPECT_EQ(after.table, before.table);
    EXPECT_EQ(after.value, before.value);
    EXPECT_EQ(after.value_si, before.value_si);
    EXPECT_EQ(after.value_hi_si, before.value_hi_si);
    EXPECT_EQ(after.uncertainty_si, before.uncertainty_si);
    EXPECT_EQ(after.temperature, before.temperature);
    EXPECT_EQ(after.pressure, before.pressure);
    EXPECT_EQ(after.conditions, before.conditions);
    EXPECT_EQ(after.references, before.references);
    EXPECT_EQ(after.flags, before.flags);
    EXPECT_EQ(after.unit, before.unit);
  }
}

TEST(facts_to_csv, keeps_separators_inside_texts) {
  Fact fact;
  fact.id = "F";
  fact.quantity = "cell voltage";
  fact.conditions = {{"cell", "Li|LiBH4|a=b"}, {"remark", "x=1, \"y\""}};
  fact.note = "two\nlines; a comma, a \"quote\"";
  const Fact* pointer = &fact;
  const std::vector<Fact> back = read_facts_csv(facts_to_csv({&pointer, 1}), "x.csv");
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].conditions, fact.conditions);
  EXPECT_EQ(back[0].note, fact.note);
}

TEST(facts_to_json, holds_numbers_and_citation) {
  const Fact* fact = shipped().find_fact("TRN005");
  ASSERT_NE(fact, nullptr);
  const nlohmann::json document = nlohmann::json::parse(facts_to_json(shipped(), {&fact, 1}));
  EXPECT_EQ(document["schema"], "closo-facts/1");
  const nlohmann::json& entry = document["facts"][0];
  EXPECT_EQ(entry["value"], *fact->value);
  EXPECT_EQ(entry["value_SI"], *fact->value_si);
  EXPECT_EQ(entry["citation"], shipped().citation(*fact));
  EXPECT_EQ(entry["doi"], "10.1021/acsami.5c01939");
  EXPECT_EQ(entry["from_user"], false);
  EXPECT_EQ(nlohmann::json::parse(facts_to_json(shipped(), everything()))["facts"].size(), everything().size());
}

TEST(read_facts_csv, refuses_what_is_no_fact_table) {
  EXPECT_THROW(read_facts_csv("id,material\nF,LiBH4\n", "x.csv"), base::InputError);
}

}  // namespace
}  // namespace closo::library
