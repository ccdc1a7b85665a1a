#include "closo/library/library.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "closo/base/error.hpp"

namespace closo::library {
namespace {

bool mentions(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

const Library& shipped() {
  static const Library library = Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  return library;
}

TEST(find_material, takes_ids_aliases_formulas_and_typographic_subscripts) {
  const Material& material = shipped().material("Li2B12H12");
  EXPECT_EQ(shipped().find_material("li2b12h12"), &material);
  EXPECT_EQ(shipped().find_material(" Li₂B₁₂H₁₂ "), &material);
  for (const std::string& alias : material.aliases) EXPECT_EQ(shipped().find_material(alias), &material) << alias;
  EXPECT_EQ(shipped().find_material("unobtainium"), nullptr);
  try {
    shipped().material("TiS");
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_TRUE(mentions(error.problem(), "unknown material 'TiS'; did you mean 'TiS2'")) << error.what();
  }
}

TEST(find_material, finds_every_material_by_its_id) {
  for (const Material& material : shipped().materials()) EXPECT_EQ(shipped().find_material(material.id), &material);
}

TEST(library_add, takes_user_rows_and_refuses_existing_ids) {
  Library library = shipped();
  Material material;
  material.id = "MyMaterial";
  material.family = "closo-borate";
  material.aliases = {"mine"};
  Fact fact;
  fact.id = "user-1-1";
  fact.material = "MyMaterial";
  fact.quantity = "ionic conductivity";
  fact.source = "my notebook, page 3";
  fact.from_user = true;
  library.add({material}, {fact});
  ASSERT_NE(library.find_fact("user-1-1"), nullptr);
  EXPECT_EQ(library.material("MINE").id, "MyMaterial");
  EXPECT_EQ(library.citation(*library.find_fact("user-1-1")), "my notebook, page 3");
  EXPECT_EQ(library.doi(*library.find_fact("user-1-1")), "");
  EXPECT_EQ(library.select({.source = "user"}).size(), 1U);
  EXPECT_EQ(library.select({.source = "notebook"}).size(), 1U);
  EXPECT_THROW(library.add({}, {fact}), base::InputError);
  EXPECT_THROW(library.add({material}, {}), base::InputError);
}

TEST(citation, every_shipped_fact_has_one_with_the_year) {
  for (const Fact& fact : shipped().facts()) {
    const std::string citation = shipped().citation(fact);
    EXPECT_TRUE(mentions(citation, "et al. 20")) << fact.id << ": " << citation;
    EXPECT_FALSE(shipped().doi(fact).empty());
  }
}

}  // namespace
}  // namespace closo::library
