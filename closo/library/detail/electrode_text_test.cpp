#include "closo/library/detail/electrode_text.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::library::detail {
namespace {

using Files = std::map<std::string, std::string>;

Files small() {
  return {
      {"sources.csv",
       "id,authors,title,published,year,doi,licence,note\nown,A. Author; B. Author,T,J. 1 2,2020,,facts,\n"},
      {"materials.csv",
       "id,name,formula,electrons_per_formula,ion,role,aliases,note\nTiS2,disulfide,TiS2,1,Li,insertion,A; B,\n"
       "Li,lithium,Li,1,Li,metal,,\n"},
      {"numbers.csv",
       "material,quantity,value,low,high,unit,temperature_K,kind,use,source,locator,note\n"
       "TiS2,density,3.25,3,3.5,g/cm3,298.15,estimated,preferred,own,p. 1,n\n"
       "TiS2,diffusion_coefficient,1e-10,,,cm2/s,,guess,preferred,own,,\n"
       "TiS2,density,3270,,,kg/m3,,literature,alternative,own,,\n"},
      {"curves.csv",
       "id,material,use,branch,form,file,low,high,shift_mV,temperature_K,temperature_low_K,temperature_high_K,"
       "uncertainty_mV,hysteresis_mV,kind,source,note\n"
       "one,TiS2,preferred,equilibrium,formula,,0.1,0.9,,298.15,280,340,20,,literature,own,n\n"
       "two,TiS2,alternative,charge,table,ocp/two.csv,,,-50,,,,,30,estimated,own,\n"
       "metal,Li,preferred,equilibrium,formula,,0,1,,,,,,,computed,own,\n"},
      {"terms.csv",
       "curve,function,a,b,c,is_thermal\none,power,2.2,0,,no\none,ideal,1,,,no\none,tanh,-0.1,2,-1,no\n"
       "one,power,-5,1,,yes\nmetal,power,0,0,,no\n"},
      {"entropy.csv", "curve,stoichiometry,dUdT_mV_per_K\none,0.2,-0.1\none,0.8,0.1\n"},
      {"ocp/two.csv", "stoichiometry,potential_V\n0.1,2.5\n0.5,2.2\n0.9,1.9\n"},
  };
}

struct Records {
  std::vector<ElectrodeMaterial> materials;
  std::vector<ElectrodeSource> sources;
};

Records read(const Files& files) {
  std::vector<ElectrodeFile> list;
  for (const auto& [name, text] : files) list.push_back({name, text});
  Records records;
  read_electrode_texts(list, "folder", records.materials, records.sources);
  return records;
}

TEST(ElectrodeText, ReadsEveryColumn) {
  const Records records = read(small());
  ASSERT_EQ(records.sources.size(), 1U);
  EXPECT_EQ(records.sources[0].published, "J. 1 2");
  ASSERT_EQ(records.materials.size(), 2U);
  const ElectrodeMaterial& tis2 = records.materials[0];
  EXPECT_EQ(tis2.aliases, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(tis2.role, ElectrodeMaterial::Role::insertion);
  EXPECT_EQ(records.materials[1].role, ElectrodeMaterial::Role::metal);
  ASSERT_EQ(tis2.numbers.size(), 3U);
  EXPECT_DOUBLE_EQ(tis2.numbers[0].value, 3250.0);
  EXPECT_DOUBLE_EQ(*tis2.numbers[0].low, 3000.0);
  EXPECT_DOUBLE_EQ(*tis2.numbers[0].high, 3500.0);
  EXPECT_EQ(tis2.numbers[0].locator, "p. 1");
  EXPECT_DOUBLE_EQ(tis2.numbers[1].value, 1e-14);  // cm²/s
  EXPECT_FALSE(tis2.numbers[1].temperature.has_value());
  EXPECT_FALSE(tis2.numbers[2].is_preferred);
  ASSERT_EQ(tis2.curves.size(), 2U);
  const ElectrodeCurve& formula = tis2.curves[0];
  EXPECT_EQ(formula.id, "one");
  ASSERT_EQ(formula.terms.size(), 4U);
  EXPECT_EQ(formula.terms[2].function, ElectrodeCurveTerm::Function::tanh);
  EXPECT_DOUBLE_EQ(formula.terms[2].c, -1.0);
  EXPECT_TRUE(formula.terms[3].is_thermal);
  EXPECT_DOUBLE_EQ(formula.low, 0.1);
  EXPECT_DOUBLE_EQ(*formula.temperature_high, 340.0);
  EXPECT_DOUBLE_EQ(*formula.uncertainty, 0.02);
  EXPECT_FALSE(formula.hysteresis.has_value());
  EXPECT_EQ(formula.entropy_stoichiometry, (std::vector<double>{0.2, 0.8}));
  EXPECT_DOUBLE_EQ(formula.entropy[0], -1e-4);
  const ElectrodeCurve& table = tis2.curves[1];
  EXPECT_EQ(table.branch, ElectrodeCurve::Branch::charge);
  EXPECT_EQ(table.potential, (std::vector<double>{2.5, 2.2, 1.9}));
  EXPECT_DOUBLE_EQ(table.low, 0.1);
  EXPECT_DOUBLE_EQ(table.high, 0.9);
  EXPECT_DOUBLE_EQ(table.shift, -0.05);
  EXPECT_DOUBLE_EQ(*table.hysteresis, 0.03);
}

TEST(ElectrodeText, IgnoresTheOrderOfColumns) {
  Files files = small();
  files["ocp/two.csv"] = "potential_V,stoichiometry\n2.5,0.1\n2.2,0.5\n1.9,0.9\n";
  EXPECT_EQ(read(files).materials[0].curves[1].stoichiometry, (std::vector<double>{0.1, 0.5, 0.9}));
}

struct Defect {
  const char* file;
  const char* find;
  const char* replace;
  const char* says;
};

TEST(ElectrodeText, RefusesEachDefectAndSaysWhere) {
  const std::vector<Defect> defects = {
      {"sources.csv", "own,A.", "own,X,,,,,,\nown,A.", "stands twice"},
      {"sources.csv", "own,A.", ",A.", "the column 'id' is empty"},
      {"sources.csv", "licence", "license", "unknown column 'license'; did you mean 'licence'?"},
      {"materials.csv", "TiS2,1,Li", "Ti2X,1,Li", "X"},
      {"materials.csv", "TiS2,1,Li", "TiS2,,Li", "is empty"},
      {"materials.csv", "TiS2,1,Li", "TiS2,0,Li", "cannot be exchanged"},
      {"materials.csv", "TiS2,1,Li", "TiS2,1,Lj", "no element"},
      {"materials.csv", "insertion", "insertin", "unknown role 'insertin'; did you mean 'insertion'?"},
      {"materials.csv", "Li,lithium,Li,1,Li,metal,,\n", "Li,lithium,Li,1,Li,metal,,\nNa,,Na,1,Na,metal,,\n",
       "no preferred open-circuit curve"},
      {"numbers.csv", "TiS2,density,3.25", "TiS3,density,3.25", "unknown material 'TiS3'; did you mean 'TiS2'?"},
      {"numbers.csv", "TiS2,density,3.25", "TiS2,densiti,3.25", "did you mean 'density'?"},
      {"numbers.csv", "g/cm3", "g/cm2", "does not measure density"},
      {"numbers.csv", "g/cm3", "g/cmm3", "unknown unit 'cmm'"},
      {"numbers.csv", "3.25,3,3.5", "325,3,3.5", "no possible density"},
      {"numbers.csv", "3.25,3,3.5", "3.25,3.3,3.5", "outside of its own range"},
      {"numbers.csv", "3.25,3,3.5", "3.25,3,3.2", "outside of its own range"},
      {"numbers.csv", "3.25,3,3.5", ",3,3.5", "is empty"},
      {"numbers.csv", "3.25,3,3.5", "a,3,3.5", "'a'"},
      {"numbers.csv", "298.15", "25", "no possible temperature"},
      {"numbers.csv", "estimated,preferred", "estimate,preferred", "did you mean 'estimated'?"},
      {"numbers.csv", "estimated,preferred", "estimated,prefered", "did you mean 'preferred'?"},
      {"numbers.csv", "own,p. 1", "owm,p. 1", "did you mean 'own'?"},
      {"numbers.csv", "literature,alternative", "literature,preferred", "has a preferred density already"},
      {"numbers.csv", "guess,preferred", "guess,alternative", "only alternatives of diffusion_coefficient"},
      {"curves.csv", "one,TiS2,preferred", "two,TiS2,preferred", "stands twice"},
      {"curves.csv", "one,TiS2", "one,TiS", "unknown material 'TiS'"},
      {"curves.csv", "literature,own", "literature,now", "unknown source"},
      {"curves.csv", "two,TiS2,alternative", "two,TiS2,preferred", "has a preferred curve already"},
      {"curves.csv", "charge,table", "chargs,table", "did you mean 'charge'?"},
      {"curves.csv", "charge,table", "charge,tabel", "unknown form"},
      {"curves.csv", "ocp/two.csv", "", "a table needs its file"},
      {"curves.csv", "ocp/two.csv", "ocp/three.csv", "the file is missing"},
      {"curves.csv", "formula,,0.1,0.9", "formula,,0.9,0.1", "no possible range"},
      {"curves.csv", "formula,,0.1,0.9", "formula,,0.1,", "is empty"},
      {"curves.csv", "formula,,0.1,0.9", "formula,ocp/two.csv,0.1,0.9", "a formula has no file"},
      {"curves.csv", "two,TiS2,alternative,charge,table,ocp/two.csv,,,-50,,,,,30,estimated,own,\n", "",
       "nothing refers to this file"},
      {"ocp/two.csv", "0.1,2.5", "-0.1,2.5", "no stoichiometry"},
      {"ocp/two.csv", "0.5,2.2", "0.1,2.2", "does not rise"},
      {"ocp/two.csv", "0.5,2.2", "0.5,2.6", "rises with stoichiometry"},
      {"ocp/two.csv", "0.5,2.2", "0.5,-22", "no possible potential"},
      {"ocp/two.csv", "0.5,2.2\n0.9,1.9\n", "", "fewer than two points"},
      {"terms.csv", "one,tanh", "onw,tanh", "unknown curve 'onw'"},
      {"terms.csv", "one,tanh", "two,tanh", "has no terms"},
      {"terms.csv", "one,tanh", "one,tan", "did you mean 'tanh'?"},
      {"terms.csv", "tanh,-0.1,2,-1", "tanh,-0.1,2,", "is empty"},
      {"terms.csv", "-5,1,,yes", "-5,1,,yess", "did you mean 'yes'?"},
      {"terms.csv", "metal,power,0,0,,no\n", "", "the formula 'metal' has no terms"},
      {"entropy.csv", "one,0.8", "one,0.1", "does not rise"},
      {"entropy.csv", "one,0.8", "one,1.8", "no stoichiometry"},
      {"entropy.csv", "one,0.8", "other,0.8", "unknown curve"},
      {"entropy.csv", "0.8,0.1", "0.8,10", "no possible entropy"},
  };
  for (const Defect& defect : defects) {
    Files files = small();
    std::string& text = files[defect.file];
    const std::size_t at = text.find(defect.find);
    ASSERT_NE(at, std::string::npos) << defect.find;
    text.replace(at, std::string(defect.find).size(), defect.replace);
    try {
      read(files);
      ADD_FAILURE() << defect.file << ": " << defect.find << " -> " << defect.replace << " was accepted";
    } catch (const base::InputError& error) {
      EXPECT_NE(std::string(error.what()).find(defect.says), std::string::npos) << defect.says << "\n" << error.what();
      EXPECT_EQ(error.place().file.rfind("folder/", 0), 0U) << error.what();
    }
  }
}

TEST(ElectrodeText, RefusesAMissingFileByName) {
  for (const char* name : {"sources.csv", "materials.csv", "numbers.csv", "curves.csv", "terms.csv", "entropy.csv"}) {
    Files files = small();
    files.erase(name);
    try {
      read(files);
      ADD_FAILURE() << name;
    } catch (const base::InputError& error) {
      EXPECT_EQ(error.place().file, std::string("folder/") + name);
    }
  }
}

}  // namespace
}  // namespace closo::library::detail
