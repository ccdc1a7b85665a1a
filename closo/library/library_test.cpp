#include "closo/library/library.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "closo/base/error.hpp"
#include "closo/library/check.hpp"
#include "closo/library/flag.hpp"
#include "closo/library/quantity_rule.hpp"

namespace closo::library {
namespace {

bool mentions(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

const Library& shipped() {
  static const Library library = Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  return library;
}

/// A folder with the smallest complete library; a test spoils one file.
class SmallLibrary : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("closo_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_ / "library");
    for (const auto& [name, text] : files_) write(name, text);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / "library" / (name + ".csv"), std::ios::binary) << text;
  }
  /// The file's text with one piece replaced.
  std::string spoiled(const std::string& name, const std::string& piece, const std::string& by) const {
    std::string text = files_.at(name);
    const std::size_t start = text.rfind(piece);
    EXPECT_NE(start, std::string::npos) << piece;
    return text.replace(start, piece.size(), by);
  }
  void expect_refusal(const std::string& name, const std::string& text, std::size_t line, std::string_view words) const {
    write(name, text);
    try {
      Library::load(folder_);
      ADD_FAILURE() << name << " was accepted: " << words;
    } catch (const base::InputError& error) {
      EXPECT_TRUE(mentions(error.problem(), words)) << error.what();
      EXPECT_TRUE(mentions(error.place().file, name + ".csv")) << error.what();
      EXPECT_EQ(error.place().line, line) << error.what();
      if (line > 1) { EXPECT_GT(error.place().column, 0U) << error.what(); }
    }
    write(name, files_.at(name));
  }

  std::filesystem::path folder_;
  const std::map<std::string, std::string> files_{
      {"sources", "id,doi,authors,title,journal,year,volume,pages,note\nS1,10.1/x,A. B. Alpha; C. Beta,t,J,2020,1,2,\n"},
      {"references", "id,source,number,authors,journal,year,volume,page,doi\nS1:1,S1,1,D. Gamma et al.,K,2010,3,4,\n"},
      {"materials",
       "id,name,formula,role,family,mobile_ion,anion,phases,aliases,note\n"
       "LiBH4,lithium borohydride,LiBH4,electrolyte,borohydride,Li,BH4,,LBH; lithium borohydride,\n"},
      {"electrodes",
       "id,material,electrode,formula,electrons_per_formula,mobile_ion,average_voltage_V,voltage_reference,"
       "volume_change_percent,density_g_cm3,kind,source,locator,references,flags,note\n"
       "E1,LiBH4,anode,Li,1,Li,0,Li/Li+,,0.534,measured,S1,1,this work,,\n"},
      {"criteria",
       "id,quantity,relation,value,unit,temperature_K,temperature_hi_K,kind,source,locator,note\n"
       "C1,ionic conductivity,>=,1,mS/cm,328.15,,target,closo,,\n"},
      {"conductivity",
       "id,material,subject,quantity,qualifier,value,value_hi,uncertainty,unit,temperature_K,temperature_hi_K,"
       "temperature_note,pressure_MPa,phase,preparation,method,kind,conditions,source,locator,references,flags,note\n"
       "F1,LiBH4,s,ionic conductivity,~,1.5,2,0.1,mS/cm,300,320,,100,p,prep,EIS,measured,a=1|cell=Li|LiBH4|Li|b=2,S1,"
       "2.1,S1:1;this work,conflict,n\n"}};
};

TEST_F(SmallLibrary, reads_every_column) {
  const Library library = Library::load(folder_);
  ASSERT_EQ(library.facts().size(), 1U);
  const Fact& fact = library.facts()[0];
  EXPECT_EQ(fact.table, "conductivity");
  EXPECT_EQ(fact.qualifier, base::Qualifier::about);
  EXPECT_EQ(fact.value, 1.5);
  EXPECT_DOUBLE_EQ(*fact.value_si, 0.15);
  EXPECT_DOUBLE_EQ(*fact.value_hi_si, 0.2);
  EXPECT_DOUBLE_EQ(*fact.uncertainty_si, 0.01);
  EXPECT_EQ(fact.temperature, 300.0);
  EXPECT_EQ(fact.temperature_hi, 320.0);
  EXPECT_EQ(fact.pressure, 100e6);
  EXPECT_EQ(fact.condition("a"), "1");
  EXPECT_EQ(fact.condition("cell"), "Li|LiBH4|Li");
  EXPECT_EQ(fact.condition("b"), "2");
  EXPECT_EQ(fact.condition("c"), "");
  EXPECT_EQ(fact.references, (std::vector<std::string>{"S1:1", "this work"}));
  EXPECT_TRUE(fact.has_flag("conflict"));
  EXPECT_TRUE(fact.is_doubtful());
  EXPECT_FALSE(fact.from_user);
  EXPECT_EQ(library.citation(fact), "Alpha & Beta 2020, sec. 2.1 [Gamma et al., K 3 (2010) 4]");
  EXPECT_EQ(library.doi(fact), "10.1/x");
  EXPECT_DOUBLE_EQ(*library.find_electrode("lbh")->density, 534.0);
  EXPECT_EQ(library.criteria()[0].temperature, 328.15);
  EXPECT_TRUE(library.materials()[0].has_role("electrolyte"));
  EXPECT_FALSE(library.materials()[0].has_role("coating"));
}

TEST_F(SmallLibrary, refuses_broken_rows_with_their_place) {
  const std::string facts = "conductivity";
  expect_refusal(facts, spoiled(facts, "mS/cm", "mS/cmm"), 2, "unknown unit");
  expect_refusal(facts, spoiled(facts, "measured", "mesured"), 2, "did you mean 'measured'");
  expect_refusal(facts, spoiled(facts, "~", "about"), 2, "about");
  expect_refusal(facts, spoiled(facts, "1.5", "1.5x"), 2, "1.5x");
  expect_refusal(facts, spoiled(facts, "300", "nan"), 2, "nan");
  expect_refusal(facts, spoiled(facts, "F1,LiBH4", "F1,LiBH5"), 2, "unknown material 'LiBH5'; did you mean 'LiBH4'");
  expect_refusal(facts, spoiled(facts, "S1:1", "S1:2"), 2, "unknown reference 'S1:2'");
  expect_refusal(facts, spoiled(facts, ",S1,2.1", ",S2,2.1"), 2, "unknown source 'S2'");
  expect_refusal(facts, spoiled(facts, "F1,", ","), 2, "'id' is empty");
  expect_refusal(facts, spoiled(facts, "ionic conductivity", ""), 2, "'quantity' is empty");
  expect_refusal(facts, files_.at(facts) + files_.at(facts).substr(files_.at(facts).find('\n') + 1), 3, "stands twice");
  expect_refusal(facts, spoiled(facts, "temperature_note", "temperature_not"), 1, "did you mean 'temperature_note'");
  expect_refusal(facts, "id,material\nF1,LiBH4\n", 1, "is missing");
  expect_refusal("references", spoiled("references", ",S1,1,", ",S9,1,"), 2, "unknown source");
  expect_refusal("materials", spoiled("materials", "LiBH4,lith", ",lith"), 2, "'id' is empty");
  expect_refusal("electrodes", spoiled("electrodes", ",anode,", ",anod,"), 2, "unknown electrode");
  expect_refusal("electrodes", spoiled("electrodes", "measured", "x"), 2, "unknown kind");
  expect_refusal("electrodes", spoiled("electrodes", "this work", "S1:7"), 2, "unknown reference");
  expect_refusal("criteria", spoiled("criteria", "mS/cm", "mS/cmm"), 2, "unknown unit");
  expect_refusal("criteria", spoiled("criteria", ",closo,", ",S7,"), 2, "unknown source");
}

TEST(library_load, refuses_a_folder_without_tables) {
  EXPECT_THROW(Library::load(std::filesystem::path(testing::TempDir()) / "no_such_folder"), base::InputError);
}

TEST(parse_kind, knows_six_kinds_and_names_the_nearest) {
  for (const std::string_view name : {"measured", "computed", "estimated", "summary", "target", "setting"}) {
    EXPECT_EQ(to_string(parse_kind(name)), name);
  }
  EXPECT_THROW(parse_kind("Measured!"), base::InputError);
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

TEST(select, without_conditions_gives_everything) {
  EXPECT_EQ(shipped().select({}).size(), shipped().facts().size());
}

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

TEST(shipped_library, has_no_error_and_no_warning) {
  for (const Finding& finding : check(shipped())) {
    EXPECT_EQ(finding.severity, Severity::doubt) << finding.subject << ": " << finding.text;
  }
}

TEST(shipped_library, every_quantity_has_a_rule_and_every_flag_a_meaning) {
  for (const Fact& fact : shipped().facts()) {
    EXPECT_NE(find_rule(fact.quantity), nullptr) << fact.id << " " << fact.quantity;
    for (const std::string& flag : fact.flags) EXPECT_NE(find_flag(flag), nullptr) << fact.id << " " << flag;
  }
}

}  // namespace
}  // namespace closo::library
