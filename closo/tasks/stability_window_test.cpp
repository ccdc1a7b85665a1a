#include "closo/tasks/stability_window.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

using base::InputError;
using base::ParameterError;
using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(stability_window_task, arguments, context);
}

report::Report ask_fast(Given given) {
  given.emplace_back("draws", "0");
  return ask(given);
}

const report::Table* find_table(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table != nullptr && table->id == id) return table;
    }
  }
  return nullptr;
}

const report::Table& table(const report::Report& report, const std::string& id) {
  const report::Table* found = find_table(report, id);
  if (found == nullptr) throw base::InternalError("no table '" + id + "'");
  return *found;
}

std::size_t column(const report::Table& table, const std::string& key) {
  const auto found = std::ranges::find(table.columns, key, &report::TableColumn::key);
  if (found == table.columns.end()) throw base::InternalError("no column '" + key + "'");
  return static_cast<std::size_t>(found - table.columns.begin());
}

/// The row of one kind of window.
const std::vector<report::Cell>& row(const report::Table& table, const std::string& kind) {
  const std::size_t place = column(table, "window");
  for (const auto& each : table.rows) {
    if (std::get<std::string>(each[place]).starts_with(kind)) return each;
  }
  throw base::InternalError("no row '" + kind + "'");
}

double value(const report::Report& report, const std::string& kind, const std::string& key) {
  const report::Table& windows = table(report, "windows");
  return *std::get<report::Value>(row(windows, kind)[column(windows, key)]).value;
}

std::string reaction(const report::Report& report, const std::string& kind, const std::string& limit) {
  const report::Table& limits = table(report, "limits");
  for (const auto& each : limits.rows) {
    if (std::get<std::string>(each[column(limits, "window")]).starts_with(kind) &&
        std::get<std::string>(each[column(limits, "limit")]) == limit)
      return std::get<std::string>(each[column(limits, "reaction")]);
  }
  return {};
}

std::string refusal(const Given& given) {
  try {
    ask_fast(given);
  } catch (const base::Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The static set of 2019 recomputed by an independent linear program; V against the metal.
TEST(StabilityWindow, StaticWindowsOfTheSet) {
  const std::vector<std::tuple<std::string, double, double>> known{
      {"LiBH4", 0.546, 2.024},   {"Li2B12H12", 0.383, 3.184},   {"NaBH4", 0.0, 1.968},
      {"Na2B12H12", 0.0, 3.278}, {"Li10GeP2S12", 1.721, 2.291}, {"Li7La3Zr2O12", 0.049, 2.914},
      {"Li3PO4", 0.689, 4.210},  {"Mg(BH4)2", 0.0, 1.264},      {"LiNH2", 0.383, 1.196}};
  for (const auto& [compound, reduction, oxidation] : known) {
    const report::Report report =
        ask_fast({{"compound", compound}, {"window", "equilibrium"}, {"no-estimates", "true"}});
    EXPECT_NEAR(value(report, "static", "reduction_V"), reduction, 0.002) << compound;
    EXPECT_NEAR(value(report, "static", "oxidation_V"), oxidation, 0.002) << compound;
  }
}

// The same for all compounds of that recomputation, from there.
TEST(StabilityWindow, AllRecomputedWindows) {
  std::ifstream file(std::string(CLOSO_SHARED_DIR) + "/data/thermo/ref_windows.csv");
  if (!file) GTEST_SKIP() << "the shared reference windows are not there";
  int compared = 0;
  for (std::string line; std::getline(file, line);) {
    const std::string source = "MP2019_this_work,";
    if (!line.starts_with(source)) continue;
    std::istringstream fields(line.substr(source.size()));
    std::string compound, reduction, oxidation;
    std::getline(fields, compound, ',');
    std::getline(fields, reduction, ',');
    std::getline(fields, oxidation, ',');
    const report::Report report =
        ask_fast({{"compound", compound}, {"window", "equilibrium"}, {"no-estimates", "true"}, {"highest", "8 V"}});
    EXPECT_NEAR(value(report, "static", "reduction_V"), std::stod(reduction), 0.002) << compound;
    EXPECT_NEAR(value(report, "static", "oxidation_V"), std::stod(oxidation), 0.002) << compound;
    ++compared;
  }
  EXPECT_GE(compared, 30);
}

TEST(StabilityWindow, GibbsStandsBesideStatic) {
  const report::Report lithium = ask_fast({{"compound", "LiBH4"}});
  EXPECT_NEAR(value(lithium, "Gibbs 298 K, tabulated", "oxidation_V"), 1.29, 0.01);
  EXPECT_EQ(reaction(lithium, "Gibbs 298 K, tabulated", "oxidation"), "LiBH4 → B + 2 H2 + Li");
  EXPECT_LT(value(lithium, "Gibbs 298 K", "oxidation_V"), 1.2) << "with the estimate of Li2B12H12";
  EXPECT_FALSE(lithium.doubts.empty()) << "0.7 V between the sets must be said";
  EXPECT_NEAR(value(ask_fast({{"compound", "NaBH4"}}), "Gibbs 298 K, tabulated", "oxidation_V"), 1.31, 0.01);
  const std::string name = "Gibbs 298 K";
  const Given known{{"compound", "LiBH4"}, {"no-estimates", "true"}};
  const double cold = value(ask_fast(known), name, "oxidation_V");
  EXPECT_NEAR(cold, 1.29, 0.01);
  Given hot = known;
  hot.emplace_back("temperature", "500 K");
  EXPECT_LT(value(ask_fast(hot), "Gibbs 500 K", "oxidation_V"), cold - 0.05) << "hydrogen gains entropy";
  Given pressed = known;
  pressed.emplace_back("pressure", "H2=100 bar");
  // 2 H2 per electron: 2 kT ln 100.
  EXPECT_NEAR(value(ask_fast(pressed), name, "oxidation_V") - cold, 0.2366, 0.002);
  const report::Report sulfide = ask_fast({{"compound", "Li10GeP2S12"}});
  const report::Table& remarks = table(sulfide, "remarks");
  EXPECT_TRUE(holds(std::get<std::string>(row(remarks, "Gibbs")[column(remarks, "remark")]), "Li10GeP2S12"));
}

// Review (Cuan et al. 2018), sec. 4.2: about 5 V when the products of closo-borates may not be boron hydrides.
TEST(StabilityWindow, ConstrainedByTheRule) {
  EXPECT_NEAR(value(ask_fast({{"compound", "Li2B12H12"}}), "constrained", "oxidation_V"), 5.08, 0.01);
  EXPECT_NEAR(value(ask_fast({{"compound", "Na2B12H12"}}), "constrained", "oxidation_V"), 5.18, 0.01);
  const report::Report oxide = ask_fast({{"compound", "Li3PO4"}});
  const report::Table& remarks = table(oxide, "remarks");
  EXPECT_TRUE(holds(std::get<std::string>(row(remarks, "constrained")[column(remarks, "remark")]), "no rule"));
  const report::Report blocked = ask_fast({{"compound", "Li3PO4"}, {"blocked", "Li4P2O7"}});
  EXPECT_GT(value(blocked, "constrained", "oxidation_V"), 4.25);
  EXPECT_NEAR(value(blocked, "static", "oxidation_V"), 4.210, 0.002) << "only the constrained window is without it";
}

TEST(StabilityWindow, ReactionsAndTheirTex) {
  const report::Report report = ask_fast({{"compound", "LiBH4"}});
  EXPECT_EQ(reaction(report, "static", "oxidation"), "2 LiBH4 → B2H6 + H2 + 2 Li");
  EXPECT_TRUE(holds(reaction(report, "static", "reduction"), "LiH"));
  const report::Table& tex = table(report, "reactions_tex");
  ASSERT_FALSE(tex.rows.empty());
  EXPECT_TRUE(holds(std::get<std::string>(tex.rows[0].back()), "\\rightarrow"));
  EXPECT_EQ(reaction(ask_fast({{"compound", "NaBH4"}}), "static", "reduction"), "stable against Na metal");
}

TEST(StabilityWindow, UncertaintyByDrawsAgreesWithFirstOrder) {
  const report::Report report =
      ask({{"compound", "LiBH4"}, {"draws", "400"}, {"uncertainty", "5 meV/atom"}, {"window", "equilibrium"}});
  const report::Table& distribution = table(report, "distribution");
  for (const auto& each : distribution.rows) {
    const double drawn = *std::get<report::Value>(each[column(distribution, "deviation_V")]).value;
    const double first = *std::get<report::Value>(each[column(distribution, "first_order_V")]).value;
    // 400 draws: 3.5 % statistical; other assemblages take over in some draws and narrow the window.
    EXPECT_NEAR(drawn, first, 0.35 * first) << std::get<std::string>(each[0]);
  }
  const report::Table& products = table(report, "products");
  EXPECT_FALSE(products.rows.empty());
  EXPECT_EQ(find_table(ask_fast({{"compound", "LiBH4"}}), "distribution"), nullptr);
}

TEST(StabilityWindow, PlateausJoinAtTheLimits) {
  const report::Report report = ask_fast({{"compound", "LiBH4"}});
  const report::Table& plateaus = table(report, "plateaus");
  double before = 0.0;
  bool has_window = false;
  for (const auto& each : plateaus.rows) {
    const double low = *std::get<report::Value>(each[column(plateaus, "low_V")]).value;
    EXPECT_NEAR(low, before, 1e-9);
    before = *std::get<report::Value>(each[column(plateaus, "high_V")]).value;
    const double uptake = *std::get<report::Value>(each[column(plateaus, "uptake_per_formula")]).value;
    if (uptake == 0.0) {
      has_window = true;
      EXPECT_NEAR(low, 0.546, 0.002);
      EXPECT_NEAR(before, 2.024, 0.002);
      EXPECT_EQ(std::get<std::string>(each[column(plateaus, "phases")]), "LiBH4");
    }
  }
  EXPECT_NEAR(before, 6.0, 1e-9);
  EXPECT_TRUE(has_window);
}

// Review (Cuan et al. 2018), sec. 4.2: BH4 salts turn into B12H12 interphases with a window to 3.2 V. The set binds
// diborane by 1.6 eV too strongly, so the boranes have to be left out to see it.
TEST(StabilityWindow, ProtectiveLayerOfTheBorohydride) {
  const report::Report report =
      ask_fast({{"compound", "LiBH4"}, {"exclude", "B2H6"}, {"exclude", "B4H10"}, {"exclude", "B5H11"}});
  EXPECT_EQ(reaction(report, "static", "oxidation"), "12 LiBH4 → Li2B12H12 + 18 H2 + 10 Li");
  const report::Table& layers = table(report, "layers");
  const auto closo = std::ranges::find_if(layers.rows, [&](const auto& each) {
    return std::get<std::string>(each[column(layers, "phase")]) == "Li2B12H12" &&
           std::get<std::string>(each[column(layers, "side")]) == "oxidation";
  });
  ASSERT_NE(closo, layers.rows.end());
  EXPECT_TRUE(holds(std::get<std::string>((*closo)[column(layers, "finding")]), "can protect"));
  EXPECT_NEAR(*std::get<report::Value>((*closo)[column(layers, "oxidation_V")]).value, 3.184, 0.002);
}

TEST(StabilityWindow, ShowsWhatTheLibraryReports) {
  const report::Report report = ask_fast({{"compound", "Li2B12H12"}});
  const report::Table& reported = table(report, "reported");
  std::vector<std::string> ids;
  for (const auto& each : reported.rows) ids.push_back(std::get<std::string>(each[0]));
  EXPECT_TRUE(std::ranges::find(ids, "WIN026") != ids.end());
  EXPECT_TRUE(std::ranges::find(ids, "WIN024") != ids.end()) << "the composite with ZrO2";
  EXPECT_TRUE(std::ranges::find(ids, "WIN027") == ids.end()) << "a scan range is no window";
  EXPECT_TRUE(std::ranges::find(ids, "WIN014") == ids.end()) << "a band gap is no window";
  EXPECT_EQ(find_table(ask_fast({{"compound", "Li3PO4"}}), "reported"), nullptr);
}

TEST(StabilityWindow, SeveralCompoundsShareOneFigure) {
  const report::Report report = ask_fast({{"compound", "LiBH4"}, {"compound", "NaBH4"}, {"window", "equilibrium"}});
  EXPECT_EQ(table(report, "windows").rows.size(), 6U);
  EXPECT_NE(find_table(report, "plateaus_2"), nullptr);
  EXPECT_FALSE(report::render_json(report).empty());
}

TEST(StabilityWindow, ExclusionAndOtherIons) {
  const report::Report report = ask_fast({{"compound", "LiBH4"}, {"exclude", "B2H6"}});
  EXPECT_GT(value(report, "static", "oxidation_V"), 2.03);
  EXPECT_THROW(ask_fast({{"compound", "Al2O3"}}), ParameterError) << "no mobile ion to be seen";
  const report::Report alumina = ask_fast({{"compound", "Al2O3"}, {"ion", "Li"}});
  EXPECT_GT(value(alumina, "static", "reduction_V"), 0.0);
}

TEST(StabilityWindow, TellsWhatIsWrong) {
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"set", "statik"}}), "static"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiB3H3"}}), "nearest"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiXy2"}}), "Xy"));
  EXPECT_TRUE(holds(refusal({{"compound", "BH4-"}}), "neutral"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"compound", "Li2B2H8"}}), "once"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"highest", "0 V"}}), "above 0"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"blocked", "XX"}}), "blocked"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"blocked", "NaCl"}}), "within the elements"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"ion", "Xe"}}), "Xe"));
  EXPECT_THROW(ask({{"compound", "LiBH4"}, {"draws", "5"}}), ParameterError);
  EXPECT_THROW(ask({{"compound", "LiBH4"}, {"draws", "-5"}}), ParameterError);
  EXPECT_THROW(ask_fast({{"compound", "LiBH4"}, {"uncertainty", "much"}}), ParameterError);
  EXPECT_THROW(ask_fast({}), ParameterError);
}

TEST(StabilityWindow, AsMixtureTakesWhatTheSetHasNot) {
  const report::Report report = ask_fast({{"compound", "Li3.25Ge0.25P0.75S4"}, {"as-mixture", "true"}});
  EXPECT_GT(value(report, "static", "oxidation_V"), 2.0);
  const report::Table& windows = table(report, "remarks");
  EXPECT_TRUE(holds(std::get<std::string>(row(windows, "static")[column(windows, "remark")]), "not in the set"));
}

TEST(StabilityWindow, TemperatureWithAnOwnStaticSetIsThatOfTheGibbsWindow) {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  StabilityWindowRequest request;
  request.compounds = {"LiBH4"};
  request.draws = 0;
  request.energy.conditions.temperature = request.gibbs.temperature = 400.0;
  const report::Report report = stability_window(request, context);
  EXPECT_NEAR(value(report, "static", "oxidation_V"), 2.024, 0.002);
  EXPECT_LT(value(report, "Gibbs 400 K, tabulated", "oxidation_V"), 1.29);
}

TEST(StabilityWindow, StopsWhenAsked) {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  context.progress = [](double, std::string_view) { return false; };
  StabilityWindowRequest request;
  request.compounds = {"LiBH4"};
  request.draws = 0;
  EXPECT_THROW(stability_window(request, context), base::Cancelled);
}

}  // namespace
}  // namespace closo::tasks
