#include "closo/library/import.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "closo/base/error.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/export.hpp"

namespace closo::library {
namespace {

bool mentions(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

const Library& shipped() {
  static const Library library = Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  return library;
}

ImportResult read(std::string_view text, const ImportOptions& options = {}) {
  return read_measurements(text, "own.csv", shipped(), options);
}

TEST(read_measurements, refuses_a_condition_name_that_could_not_be_written_back) {
  for (const char* name : {"condition:pre=sure", "condition:a|b"}) {
    EXPECT_THROW(read("material,quantity,value,unit," + std::string(name) + "\nLiBH4,sigma,1,S/cm,x\n"),
                 base::InputError)
        << name;
  }
}

TEST(read_measurements, takes_one_number_a_row) {
  const ImportResult result = read(
      "material,sample,quantity,value,unit,temperature,pressure,method,condition:humidity,note\n"
      "Li2B12H12,A,sigma,1.2(1)e-3 S/cm,,60 degC,100 MPa,EIS,dry,n\n"
      "lithium borohydride,B,activation energy for ionic conduction,32.8,kJ/mol,,,,,\n"
      "LiBH4,C,t_ion,>0.9,,RT,,,,\n");
  ASSERT_TRUE(result.rejected.empty()) << result.rejected[0].reason;
  ASSERT_EQ(result.facts.size(), 3U);
  EXPECT_EQ(result.rows, 3U);
  const Fact& sigma = result.facts[0];
  EXPECT_EQ(sigma.material, "Li2B12H12");
  EXPECT_EQ(sigma.subject, "A");
  EXPECT_EQ(sigma.quantity, "ionic conductivity");
  EXPECT_EQ(sigma.table, "conductivity");
  EXPECT_EQ(sigma.value, 1.2e-3);
  EXPECT_EQ(sigma.unit.text(), "S/cm");
  EXPECT_DOUBLE_EQ(*sigma.value_si, 0.12);
  EXPECT_NEAR(*sigma.uncertainty, 1e-4, 1e-18);
  EXPECT_EQ(sigma.temperature, 333.15);
  EXPECT_EQ(sigma.pressure, 1e8);
  EXPECT_EQ(sigma.condition("humidity"), "dry");
  EXPECT_EQ(sigma.kind, Kind::measured);
  EXPECT_EQ(sigma.source, "own measurement, own.csv");
  EXPECT_TRUE(sigma.from_user);
  EXPECT_EQ(result.facts[1].material, "LiBH4");
  EXPECT_EQ(result.facts[1].value, 32.8);
  EXPECT_EQ(result.facts[1].unit.text(), "kJ/mol");
  EXPECT_NEAR(*result.facts[1].value_si, 32.8e3 / 6.02214076e23, 1e-30);  // per particle, as for eV
  EXPECT_EQ(result.facts[2].qualifier, base::Qualifier::greater);
  EXPECT_EQ(result.facts[2].temperature, 298.0);
  EXPECT_TRUE(result.facts[2].has_flag("nominal_temperature"));
  ASSERT_EQ(result.notes.size(), 1U);
}

TEST(read_measurements, takes_one_column_a_quantity) {
  const ImportResult result = read(
      "material;T (degC);sigma (mS/cm);Ea/eV\n"
      "Li2B12H12;30;0.29;0.42(1)\n"
      "Li2B12H12;60;1.2;\n",
      {.source = "notebook 7"});
  ASSERT_TRUE(result.rejected.empty()) << result.rejected[0].reason;
  ASSERT_EQ(result.facts.size(), 3U);
  EXPECT_EQ(result.facts[0].value, 0.29);
  EXPECT_EQ(result.facts[0].unit, base::Unit::parse("mS/cm"));
  EXPECT_EQ(result.facts[0].temperature, 303.15);
  EXPECT_EQ(result.facts[1].table, "activation");
  EXPECT_NEAR(*result.facts[1].uncertainty, 0.01, 1e-15);
  EXPECT_EQ(result.facts[2].source, "notebook 7");
}

TEST(read_measurements, law_units_do_not_change_the_physics) {
  double reference = 0.0;
  for (const std::string row : {"1.2e-3 S/cm", "1.2 mS/cm", "1200 uS/cm", "0.12 S/m", "1.2×10^-3 S cm^-1"}) {
    for (const std::string temperature : {"60 degC", "333.15 K"}) {
      const ImportResult result =
          read("material,quantity,value,temperature\nLiBH4,ionic conductivity," + row + "," + temperature + "\n");
      ASSERT_EQ(result.facts.size(), 1U) << row;
      if (reference == 0.0) reference = *result.facts[0].value_si;
      EXPECT_DOUBLE_EQ(*result.facts[0].value_si, reference) << row;
      EXPECT_DOUBLE_EQ(*result.facts[0].temperature, 333.15) << temperature;
    }
  }
}

struct Rejection {
  std::string row;
  std::size_t column;
  std::string words;
};

TEST(read_measurements, rejects_bad_rows_with_line_column_and_reason) {
  const std::string header = "material,quantity,value,temperature,kind\nLiBH4,sigma,1 mS/cm,300 K,\n";
  for (const Rejection& bad : {Rejection{"LiBH4,sigma,-1 mS/cm,300 K,", 13, "is not above 0"},
                               {"LiBH4,sigma,nan,300 K,", 13, "nan"},
                               {"LiBH4,sigma,0 S/cm,300 K,", 13, "is not above 0"},
                               {"LiBH4,sigma,3 V,300 K,", 13, "no unit of ionic conductivity"},
                               {"LiBH4,sigma,3,300 K,", 13, "no unit of ionic conductivity"},
                               {"LiBH4,sigma,3 S/cmm,300 K,", 17, "unknown unit"},
                               {"LiBH4,sigma,3 S/cm,-5 K,", 20, "absolute zero"},
                               {"LiBH4,sigma,3 S/cm,-300 degC,", 20, "absolute zero"},
                               {"LiBH4,sigma,3 S/cm,300,", 20, "has no unit"},
                               {"LiBH4,sigma,3 S/cm,300 V,", 20, "V"},
                               {"LiBH4,t_Li,1.2,300 K,", 12, "above 1"},
                               {"LiBH4,oxide volume fraction,120 vol%,,", 29, "above 100"},
                               {"LiBH4,Ea,5 eV,300 K,", 10, "above 3 eV"},
                               {"LiBH4,sigmma,3 S/cm,300 K,", 14, "unknown quantity 'sigmma'; did you mean 'sigma'"},
                               {"LiBH5,sigma,3 S/cm,300 K,", 1, "unknown material 'LiBH5'; did you mean 'LiBH4'"},
                               {",sigma,3 S/cm,300 K,", 1, "material is missing"},
                               {"LiBH4,,3 S/cm,300 K,", 8, "quantity is missing"},
                               {"LiBH4,sigma,,300 K,", 0, "no number"},
                               {"LiBH4,sigma,3 S/cm,300 K,guess", 26, "unknown kind"},
                               {"LiBH4,sigma,3 S/cm", 13, "3 cells"},
                               {"LiBH4,sigma,1 mS/cm,300 K,", 13, "same measurement as line 2"}}) {
    const ImportResult result = read(header + bad.row + "\n");
    ASSERT_EQ(result.rejected.size(), 1U) << bad.row;
    EXPECT_EQ(result.facts.size(), 1U) << bad.row;
    EXPECT_TRUE(mentions(result.rejected[0].reason, bad.words)) << bad.row << " → " << result.rejected[0].reason;
    EXPECT_EQ(result.rejected[0].place.file, "own.csv");
    EXPECT_EQ(result.rejected[0].place.line, 3U) << bad.row;
    EXPECT_EQ(result.rejected[0].place.column, bad.column) << bad.row << " → " << result.rejected[0].reason;
  }
}

TEST(read_measurements, refuses_headers_that_say_too_little) {
  const auto expect_refusal = [](std::string_view text, std::string_view words) {
    try {
      read(text);
      ADD_FAILURE() << text;
    } catch (const base::InputError& error) {
      EXPECT_TRUE(mentions(error.problem(), words)) << error.what();
      EXPECT_EQ(error.place().file, "own.csv");
      EXPECT_EQ(error.place().line, 1U);
    }
  };
  expect_refusal("material,quantity,value,temperatur\n", "unknown column 'temperatur'; did you mean 'temperature'");
  expect_refusal("quantity,value\n", "no column 'material'");
  expect_refusal("material,note\n", "no column with numbers");
  expect_refusal("material,compound,sigma (S/cm)\n", "mean the same");
  expect_refusal("material,sigma (S/cmm)\n", "known unit");
}

TEST(read_measurements, takes_a_new_material_only_with_its_definition) {
  const std::string rows = "NewOne,1e-4\nnewone,2e-4\n";
  EXPECT_EQ(read("material,sigma (S/cm)\n" + rows).rejected.size(), 2U);
  const ImportResult by_file = read(
      "material,sigma (S/cm),formula,family,mobile_ion\nNewOne,1e-4,LiCB9H10,closo-carborate,Li\nnewone,2e-4,,,\n");
  ASSERT_TRUE(by_file.rejected.empty()) << by_file.rejected[0].reason;
  ASSERT_EQ(by_file.materials.size(), 1U);
  EXPECT_EQ(by_file.materials[0].formula, "LiCB9H10");
  EXPECT_EQ(by_file.facts[1].material, "NewOne");
  const ImportResult by_option = read("material,sigma (S/cm)\n" + rows,
                                      {.source = "", .formula = "LiCB9H10", .family = "new-kind", .mobile_ion = "Li"});
  ASSERT_EQ(by_option.materials.size(), 1U);
  EXPECT_EQ(by_option.materials[0].mobile_ions, std::vector<std::string>{"Li"});
  ASSERT_EQ(by_option.notes.size(), 1U);
  EXPECT_TRUE(mentions(by_option.notes[0], "new family"));
  EXPECT_EQ(
      read("material,sigma (S/cm),formula,family,mobile_ion\nNewOne,1e-4,LiXq9,closo-carborate,Li\n").rejected.size(),
      1U);
  // A definition whose row is rejected is not kept.
  EXPECT_TRUE(read("material,sigma (S/cm),family,mobile_ion\nNewOne,-1,closo-borate,Li\n").materials.empty());
}

TEST(read_measurements, takes_an_export_back) {
  Fact fact = *shipped().find_fact("CON005");
  const Fact* pointer = &fact;
  const ImportResult result = read(facts_to_csv({&pointer, 1}));
  ASSERT_EQ(result.facts.size(), 1U);
  EXPECT_EQ(result.facts[0].id, "");  // the shipped row keeps its id to itself
  fact.id.clear();
  EXPECT_EQ(detail::fact_cells(result.facts[0]), detail::fact_cells(fact));
  EXPECT_EQ(result.facts[0].table, "conductivity");
  fact.id = "mine-1";
  fact.quantity = "nonsense";
  EXPECT_TRUE(mentions(read(facts_to_csv({&pointer, 1})).rejected.at(0).reason, "unknown quantity"));
}

TEST(read_measurements, reports_rows_that_are_stored_already) {
  const std::string text = "material,T (K),sigma (S/cm)\nLiBH4,300,1e-7\nLiBH4,310,2e-7\n";
  Library library = shipped();
  std::vector<Fact> stored = read(text).facts;
  stored.pop_back();
  stored[0].id = "user-1-1";
  library.add({}, stored);
  const ImportResult again = read_measurements(text, "other_name.csv", library);
  EXPECT_EQ(again.facts.size(), 1U);
  ASSERT_EQ(again.rejected.size(), 1U);
  EXPECT_TRUE(mentions(again.rejected[0].reason, "row 'user-1-1' of the store")) << again.rejected[0].reason;
}

TEST(store_measurements, stores_all_or_nothing_unless_told_otherwise) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "closo_import_test.sqlite";
  std::filesystem::remove(path);
  UserStore store = UserStore::open(path);
  const ImportResult mixed = read("material,T (K),sigma (S/cm)\nLiBH4,300,1e-7\nLiBH4,310,-2e-7\n");
  EXPECT_FALSE(store_measurements(store, mixed, "own.csv", false).has_value());
  EXPECT_TRUE(store.batches().empty());
  const std::optional<Batch> batch = store_measurements(store, mixed, "own.csv", true);
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->rows, 1U);
  EXPECT_FALSE(store_measurements(store, read("material,sigma (S/cm)\nLiBH4,-1\n"), "own.csv", true).has_value());
  EXPECT_EQ(store.read().facts.size(), 1U);
  std::filesystem::remove(path);
}

TEST(example_files, are_accepted_whole) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "library")) {
    if (entry.path().extension() != ".csv") continue;
    ++files;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const ImportResult result = read(text.str());
    EXPECT_TRUE(result.rejected.empty()) << entry.path() << ": " << result.rejected[0].reason;
    EXPECT_FALSE(result.facts.empty());
  }
  EXPECT_GE(files, 2U);
}

}  // namespace
}  // namespace closo::library
