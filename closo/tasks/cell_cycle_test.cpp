#include "closo/tasks/cell_cycle.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/small_cell_test.hpp"

namespace closo::tasks {
namespace {

CellCycleRequest ageing_request(long cycles) {
  CellCycleRequest request;
  request.cell = small_cell(ageing_sections);
  CyclingPlan plan;
  plan.cycles = cycles;
  plan.discharge = plan.charge = "1C";
  plan.lower = 1.7;
  plan.upper = 2.5;
  request.protocol = cell::parse_protocol(cycling_protocol(plan));
  return request;
}

const report::Table* table_of(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table != nullptr && table->id == id) return table;
    }
  }
  return nullptr;
}

std::string refusal_of(const Arguments& arguments) {
  try {
    run(cell_cycle_task, arguments, test_context());
  } catch (const base::Error& error) {
    return error.what();
  }
  return {};
}

TEST(CyclingProtocol, IsWhatTheOptionsSay) {
  CyclingPlan plan;
  plan.cycles = 3;
  plan.discharge = "C/5";
  plan.charge = "0.1 mA/cm2";
  plan.hold = "C/50";
  plan.rest = "10 min";
  plan.lower = 1.7;
  plan.upper = 2.5;
  EXPECT_EQ(cycling_protocol(plan),
            "Repeat 3 times:\n  Discharge at C/5 until 1.7 V\n  Rest for 10 min\n  Charge at 0.1 mA/cm2 until 2.5 V\n"
            "  Hold at 2.5 V until C/50\n  Rest for 10 min\nEnd\n");
  plan.begins_with_charge = true;
  plan.hold = plan.rest = "";
  EXPECT_EQ(cycling_protocol(plan),
            "Repeat 3 times:\n  Charge at 0.1 mA/cm2 until 2.5 V\n  Discharge at C/5 until 1.7 V\nEnd\n");
}

TEST(CyclingProtocol, NamesTheOptionThatIsWrong) {
  const auto refused = [](auto&& change, const std::string& name) {
    CyclingPlan plan;
    plan.lower = 1.7;
    plan.upper = 2.5;
    change(plan);
    try {
      cycling_protocol(plan);
      ADD_FAILURE() << name;
    } catch (const base::ParameterError& error) {
      EXPECT_EQ(error.name(), name);
    }
  };
  refused([](auto& plan) { plan.cycles = 0; }, "cycles");
  refused([](auto& plan) { plan.cycles = 25001; }, "cycles");
  refused([](auto& plan) { plan.upper = 1.7; }, "upper");
  refused([](auto& plan) { plan.discharge = "fast"; }, "discharge");
  refused([](auto& plan) { plan.charge = "C/0"; }, "charge");
  refused([](auto& plan) { plan.charge = "C/5 until 2 V; Rest"; }, "charge");
  refused([](auto& plan) { plan.hold = "2 h 5"; }, "hold");
  refused([](auto& plan) { plan.rest = "C/5"; }, "rest");
}

TEST(CellCycle, ARunHasItsCyclesFadeAndCauses) {
  CellCycleRequest request = ageing_request(30);
  const CycleStudy study = run_cycles(request, test_context());
  ASSERT_EQ(study.cycles.size(), 30U);
  EXPECT_EQ(study.curves, (std::vector<std::uint32_t>{1, 7, 13, 18, 24, 30}));
  EXPECT_EQ(study.reference, 1U);
  EXPECT_EQ(study.fade_from, 2U) << "the first discharge follows no charge";
  EXPECT_EQ(study.fade_to, 30U);
  ASSERT_TRUE(study.fade.has_value());
  double sum = 0.0;
  for (const double each : study.fade->capacity) sum += each;
  EXPECT_NEAR(sum, study.fade->lost, 1e-9 * std::abs(study.fade->lost));
  const double isolated = 1.0 - (1.0 - study.cycles[29].isolated_fraction) / (1.0 - study.cycles[1].isolated_fraction);
  EXPECT_NEAR(study.fade->capacity[0], isolated * study.cycles[1].discharge_capacity, 1e-6);
  EXPECT_LT(*study.fade_per_cycle, 0.0);
  for (std::size_t k = 1; k < study.rows.visit.size(); ++k) EXPECT_GE(study.rows.visit[k], study.rows.visit[k - 1]);
}

// With a cell that does not age the loop closes: nothing is lost, and the report says so.
TEST(CellCycle, ACellThatDoesNotAgeKeepsItsCapacity) {
  CellCycleRequest request = ageing_request(5);
  request.cell = small_cell();
  const CycleStudy study = run_cycles(request, test_context());
  EXPECT_NEAR(study.cycles[4].discharge_capacity / study.cycles[1].discharge_capacity, 1.0, 1e-4);
  const std::string text = report::render_text(cell_cycle(request, test_context()), {});
  EXPECT_NE(text.find("Nothing is lost"), std::string::npos);
}

TEST(CellCycle, CyclesAtSeveralRatesFadeByThoseOfTheCommonOne) {
  CellCycleRequest request = ageing_request(1);
  request.protocol = cell::parse_protocol(
      "Repeat 2 times:\nCharge at C/5 until 2.5 V\nDischarge at C/5 until 1.7 V\nEnd\n"
      "Repeat 6 times:\nCharge at 1C until 2.5 V\nDischarge at 1C until 1.7 V\nEnd\n"
      "Repeat 2 times:\nCharge at C/5 until 2.5 V\nDischarge at C/5 until 1.7 V\nEnd\n");
  const CycleStudy study = run_cycles(request, test_context());
  EXPECT_EQ(study.reference, 1U);
  EXPECT_EQ(study.fade_from, 3U);
  EXPECT_EQ(study.fade_to, 8U);
}

// Stopped by the user after any look at the progress, and taken up again.
TEST(CellCycle, StoppedAnywhereItGoesOnToTheSameAnswer) {
  const TestFolder folder("cycle_stop");
  CellCycleRequest request = ageing_request(24);
  request.checkpoint = folder.file("run.state");
  request.checkpoint_interval = 1e9;
  int looks = 0;
  Context counting = test_context();
  counting.progress = [&](double, std::string_view) { return ++looks > 0; };
  const CycleStudy uninterrupted = run_cycles(request, counting);
  ASSERT_GE(looks, 4);
  for (int stop = 1; stop < looks; ++stop) {
    std::filesystem::remove(request.checkpoint);
    int seen = 0;
    Context stopping = test_context();
    stopping.progress = [&](double, std::string_view) { return ++seen != stop; };
    EXPECT_THROW(run_cycles(request, stopping), base::Cancelled);
    const CycleStudy study = run_cycles(request, test_context());
    EXPECT_GT(study.resumed_at, 0U);
    EXPECT_EQ(study.rows.voltage, uninterrupted.rows.voltage);
    ASSERT_EQ(study.cycles.size(), uninterrupted.cycles.size());
    for (std::size_t k = 0; k < study.cycles.size(); ++k) {
      EXPECT_EQ(study.cycles[k].discharge_capacity, uninterrupted.cycles[k].discharge_capacity);
      EXPECT_EQ(study.cycles[k].discharge_losses, uninterrupted.cycles[k].discharge_losses);
      EXPECT_EQ(study.cycles[k].isolated_fraction, uninterrupted.cycles[k].isolated_fraction);
    }
  }
}

// Killed without a word: only what was written by then is left.
TEST(CellCycle, KilledAnywhereItGoesOnFromTheLastState) {
  struct Killed : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  const TestFolder folder("cycle_kill");
  CellCycleRequest request = ageing_request(24);
  const CycleStudy whole = run_cycles(request, test_context());
  request.checkpoint = folder.file("run.state");
  request.checkpoint_interval = 0.0;
  Context killing = test_context();
  int kills = 0;
  for (bool is_done = false; !is_done; ++kills) {
    int seen = 0;
    killing.progress = [&](double, std::string_view) -> bool { return ++seen < 3 ? true : throw Killed("now"); };
    try {
      const CycleStudy study = run_cycles(request, killing);
      EXPECT_EQ(study.rows.voltage, whole.rows.voltage);
      EXPECT_EQ(study.result.time_steps, whole.result.time_steps);
      EXPECT_EQ(study.cycles.back().discharge_capacity, whole.cycles.back().discharge_capacity);
      is_done = true;
    } catch (const Killed&) {
      ASSERT_LT(kills, 100);
    }
  }
  EXPECT_GT(kills, 1);
  // The finished state is the answer.
  const CycleStudy again = run_cycles(request, test_context());
  EXPECT_EQ(again.rows.voltage, whole.rows.voltage);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.file(".")), {}), 1) << "no temporary is left";
}

TEST(CellCycle, StatesOfOtherRunsAreRefusedWithTheFile) {
  const TestFolder folder("cycle_other");
  CellCycleRequest request = ageing_request(3);
  request.checkpoint = folder.file("run.state");
  run_cycles(request, test_context());
  const auto refused = [&](const CellCycleRequest& other, const std::string& words) {
    try {
      run_cycles(other, test_context());
      ADD_FAILURE() << words;
    } catch (const base::InputError& error) {
      EXPECT_EQ(error.place().file, request.checkpoint);
      EXPECT_NE(error.problem().find(words), std::string::npos) << error.problem();
      EXPECT_NE(error.expected().find("another name"), std::string::npos) << error.expected();
    }
  };
  CellCycleRequest longer = ageing_request(4);
  longer.checkpoint = request.checkpoint;
  refused(longer, "another cell, protocol or mesh");
  CellCycleRequest thicker = request;
  thicker.cell.description.set_value("separator.thickness", 0.4e-3);
  refused(thicker, "another cell, protocol or mesh");
  CellCycleRequest others = request;
  others.curves = {2};
  refused(others, "other cycles");
  const std::string bytes = base::read_file_bytes(request.checkpoint);
  folder.written("run.state", bytes.substr(0, bytes.size() / 2));
  refused(request, "damaged");
  folder.written("run.state", "cycle,capacity\n");
  refused(request, "no saved run");
}

TEST(CellCycle, ARunThatCannotGoOnKeepsWhatItHas) {
  CellCycleRequest request = ageing_request(1);
  request.protocol = cell::parse_protocol(
      "Repeat 2 times:\nDischarge at 1C until 1.7 V\nCharge at 1C until 2.5 V\nEnd\nDischarge at 900 mW/cm2 for 1 h");
  const report::Report report = cell_cycle(request, test_context());
  ASSERT_EQ(report.doubts.size(), 1U);
  EXPECT_NE(report.doubts[0].find("stopped in cycle 3"), std::string::npos) << report.doubts[0];
  ASSERT_EQ(table_of(report, "cycles")->rows.size(), 3U);
  EXPECT_EQ(report::to_text(table_of(report, "cycles")->rows[1].back()), "done");
  EXPECT_EQ(report::to_text(table_of(report, "cycles")->rows[2].back()), "unfinished");
}

TEST(CellCycle, TheTaskTakesOptionsAndLaysMeasuredPointsOver) {
  const TestFolder folder("cycle_task");
  Arguments arguments;
  arguments.set("system", folder.written("cell.toml", small_cell_text(ageing_sections)));
  arguments.set("cycles", "40");
  arguments.set("discharge", "1C");
  arguments.set("hold", "C/10");
  arguments.set("curves", "1, 40");
  arguments.set("measured", folder.written("m.csv", "cycle,capacity (mAh/g)\n1,205\n20,190\n"));
  const report::Report report = run(cell_cycle_task, arguments, test_context());
  EXPECT_EQ(table_of(report, "cycles")->rows.size(), 40U);
  EXPECT_EQ(table_of(report, "cycles_shown")->rows.size(), 12U);
  ASSERT_NE(table_of(report, "fade"), nullptr);
  std::vector<std::string> figures;
  std::size_t measured = 0;
  for (const report::Block& block : report.sections.front().blocks) {
    const auto* figure = std::get_if<report::Figure>(&block);
    if (figure == nullptr) continue;
    figures.push_back(figure->id);
    for (const report::Layer& layer : figure->layers) measured += layer.series == "measured" ? layer.x.size() : 0;
  }
  EXPECT_EQ(figures, (std::vector<std::string>{"capacity", "retention", "efficiency", "curves", "losses"}));
  EXPECT_EQ(measured, 4U);
  const report::Table* comparison = table_of(report, "comparison_measured");
  ASSERT_NE(comparison, nullptr);
  ASSERT_EQ(comparison->rows.size(), 4U);
  const auto value = [&](std::size_t row, std::size_t column) {
    return *std::get<report::Value>(comparison->rows[row][column]).value;
  };
  EXPECT_NEAR(value(1, 2), 190.0, 1e-9);
  EXPECT_NEAR(value(1, 4), value(1, 3) - 190.0, 1e-9);
  EXPECT_NEAR(value(3, 2), 100.0 * 190.0 / 205.0, 1e-9);
  EXPECT_NE(report::render_text(report, {}).find("12 of 40 cycles"), std::string::npos);
}

TEST(CellCycle, TheProtocolOfTheFileIsTakenUnlessOptionsSayOtherwise) {
  const TestFolder folder("cycle_protocol");
  Arguments arguments;
  arguments.set(
      "system",
      folder.written(
          "cell.toml",
          small_cell_text(
              "protocol = \"Repeat 4 times: Discharge at 1C until 1.7 V; Charge at 1C until 2.5 V; End\"\n")));
  EXPECT_EQ(table_of(run(cell_cycle_task, arguments, test_context()), "cycles")->rows.size(), 4U);
  Arguments planned = arguments;
  planned.set("cycles", "2");
  EXPECT_EQ(table_of(run(cell_cycle_task, planned, test_context()), "cycles")->rows.size(), 2U);
  Arguments words = arguments;
  words.set("protocol", "Discharge at 1C until 1.8 V");
  EXPECT_EQ(table_of(run(cell_cycle_task, words, test_context()), "cycles")->rows.size(), 1U);
}

TEST(CellCycle, WrongOptionsAreNamed) {
  const TestFolder folder("cycle_wrong");
  const std::string file = folder.written("cell.toml", small_cell_text());
  const auto with = [&](std::vector<std::pair<std::string, std::string>> options) {
    Arguments arguments;
    arguments.set("system", file);
    for (auto& [name, text] : options) arguments.set(name, text);
    return refusal_of(arguments);
  };
  EXPECT_NE(with({{"cycles", "0"}}).find("1 to 25000"), std::string::npos);
  EXPECT_NE(with({{"cycles", "2"}, {"protocol", "Rest for 1 h"}}).find("beside a protocol"), std::string::npos);
  EXPECT_NE(with({{"cycles", "2"}, {"curves", "3"}}).find("cycles from 1 to 2"), std::string::npos);
  EXPECT_NE(with({{"cycles", "2"}, {"curves", "one"}}).find("cycle numbers"), std::string::npos);
  EXPECT_NE(with({{"cycles", "2"}, {"upper", "1.5 V"}}).find("above the lower cut-off"), std::string::npos);
  EXPECT_NE(with({{"cycles", "2"}, {"upper", "9 V"}}).find("open-circuit curve can reach"), std::string::npos);
  EXPECT_NE(with({{"cycles", "2"}, {"checkpoint-every", "-1 s"}}).find("0 s or more"), std::string::npos);
  EXPECT_NE(with({{"cycles", "2"}, {"measured", folder.written("m.csv", "a,b\n1,2\n")}}).find("no column 'cycle'"),
            std::string::npos);
  std::string many = "1";
  for (int k = 2; k < 60; ++k) many += ", " + std::to_string(k);
  EXPECT_NE(with({{"cycles", "100"}, {"curves", many}}).find("at most 50"), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks
