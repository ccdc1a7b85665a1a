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
  void expect_refusal(const std::string& name, const std::string& text, std::size_t line,
                      std::string_view words) const {
    write(name, text);
    try {
      Library::load(folder_);
      ADD_FAILURE() << name << " was accepted: " << words;
    } catch (const base::InputError& error) {
      EXPECT_TRUE(mentions(error.problem(), words)) << error.what();
      EXPECT_TRUE(mentions(error.place().file, name + ".csv")) << error.what();
      EXPECT_EQ(error.place().line, line) << error.what();
      if (line > 1) {
        EXPECT_GT(error.place().column, 0U) << error.what();
      }
    }
    write(name, files_.at(name));
  }

  std::filesystem::path folder_;
  const std::map<std::string, std::string> files_{
      {"sources",
       "id,doi,authors,title,journal,year,volume,pages,note\nS1,10.1/x,A. B. Alpha; C. Beta,t,J,2020,1,2,\n"},
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
