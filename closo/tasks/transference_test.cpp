#include "closo/tasks/transference.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

const std::filesystem::path examples = std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "transference";

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  return run(transference_task, arguments, Context{});
}

report::Value number(const report::Report& report, const std::string& name) {
  for (const report::Block& block : report.sections.at(0).blocks) {
    for (const auto& [key, cell] : std::get<report::KeyValues>(block).items) {
      if (key == name) return std::get<report::Value>(cell);
    }
  }
  throw base::InternalError("no " + name);
}

bool warns(const report::Report& report, const std::string& part) {
  return std::ranges::any_of(report.warnings,
                             [&part](const std::string& w) { return w.find(part) != std::string::npos; });
}

// Evans, Vincent & Bruce, Polymer 28 (1987) 2324, table 1, cell 1 after 95 h: T+ = 0.48.
TEST(TransferenceTask, NumbersOnly) {
  const report::Report report =
      ask({{"voltage", "10 mV"}, {"i0", "17.54 uA"}, {"iss", "10.78 uA"}, {"r0", "243 Ohm"}, {"rss", "250 Ohm"}});
  EXPECT_NEAR(*number(report, "cation transport number, Bruce-Vincent").value, 0.483, 0.001);
  EXPECT_NEAR(*number(report, "cation transport number, Iss/I0").value, 0.6146, 1e-4);
  EXPECT_TRUE(report.warnings.empty());
  const report::Report bare = ask({{"i0", "17.54 uA"}, {"iss", "10.78 uA"}});
  EXPECT_TRUE(warns(bare, "without --r0 and --rss"));
  const report::Report blocking = ask({{"i0", "100.0(1) nA"}, {"iss", "0.50(1) nA"}, {"electrodes", "blocking"}});
  const report::Value t = number(blocking, "ionic transference number");
  EXPECT_NEAR(*t.value, 0.995, 1e-12);
  EXPECT_NEAR(*t.uncertainty, 1e-4, 1e-6);
}

TEST(TransferenceTask, BlockingExample) {
  const report::Report report =
      ask({{"data", (examples / "blocking.csv").string()}, {"electrodes", "blocking"}, {"voltage", "0.5 V"}});
  // Made with 120.06 uA and 0.06 uA.
  EXPECT_NEAR(*number(report, "ionic transference number").value, 1 - 0.06 / 120.06, 1e-4);
  EXPECT_NEAR(*number(report, "initial current").value, 120.06, 0.3);
  EXPECT_NO_THROW(report::render_json(report));
}

TEST(TransferenceTask, LithiumExample) {
  const std::string file = (examples / "lithium_symmetric.csv").string();
  const report::Report report = ask({{"data", file},
                                     {"voltage", "10 mV"},
                                     {"r0", "60(2) Ohm"},
                                     {"rss", "66(2) Ohm"},
                                     {"bulk-resistance", "52 Ohm"},
                                     {"temperature", "60 degC"}});
  const report::Value t = number(report, "cation transport number, Bruce-Vincent");
  EXPECT_NEAR(*t.value, 0.93, 0.005);
  EXPECT_GT(*t.uncertainty, 0.01);
  EXPECT_TRUE(report.warnings.empty());
  EXPECT_TRUE(warns(ask({{"data", file}, {"voltage", "0.5 V"}}), "not small"));
  // Options take the place of what the transient says.
  EXPECT_NEAR(*number(ask({{"data", file}, {"i0", "100 uA"}}), "initial current").value, 100.0, 1e-9);
}

std::filesystem::path write(const std::string& name, const std::string& text) {
  const auto path =
      std::filesystem::temp_directory_path() / ("closo_transference_" + name + std::to_string(::getpid()) + ".csv");
  std::ofstream(path) << text;
  return path;
}

TEST(TransferenceTask, UnsettledTransientIsExtrapolatedAndSaysSo) {
  std::string text = "t (s),I (uA)\n", line = text;
  for (int i = 0; i < 200; ++i) {
    text += std::to_string(5 * i) + "," + std::to_string(-(60 + 40 * std::exp(-5.0 * i / 600))) + "\n";
    line += std::to_string(i) + "," + std::to_string(100 - 0.2 * i) + "\n";
  }
  const report::Report report = ask({{"data", write("unsettled", text).string()}, {"electrodes", "nonblocking"}});
  EXPECT_TRUE(warns(report, "steady state not reached"));
  EXPECT_NEAR(*number(report, "cation transport number, Iss/I0").value, 0.6, 1e-3) << "negative currents are mirrored";
  EXPECT_TRUE(warns(ask({{"data", write("line", line).string()}}), "no limit can be extrapolated"));
  EXPECT_FALSE(warns(ask({{"data", write("line", line).string()}, {"iss", "50 uA"}}), "no limit can be extrapolated"));
}

TEST(TransferenceTask, InterfaceThatTakesTheVoltage) {
  const report::Report report =
      ask({{"voltage", "10 mV"}, {"i0", "50 uA"}, {"iss", "10 uA"}, {"r0", "243 Ohm"}, {"rss", "250 Ohm"}});
  EXPECT_TRUE(warns(report, "takes the whole voltage"));
  EXPECT_FALSE(number(report, "cation transport number, Bruce-Vincent").value.has_value());
}

TEST(TransferenceTask, RefusesBadInput) {
  const Given currents{{"i0", "17 uA"}, {"iss", "10 uA"}};
  const auto refuses = [&currents](Given more) {
    more.insert(more.end(), currents.begin(), currents.end());
    EXPECT_THROW(ask(more), base::ParameterError) << more[0].first;
  };
  EXPECT_THROW(ask({}), base::ParameterError);
  EXPECT_THROW(ask({{"i0", "17 uA"}}), base::ParameterError);
  refuses({{"r0", "10 Ohm"}});
  refuses({{"r0", "10 Ohm"}, {"rss", "10 Ohm"}});
  refuses({{"r0", "10 Ohm"}, {"rss", "10 Ohm"}, {"voltage", "10 mV"}, {"electrodes", "blocking"}});
  refuses({{"r0", "10 Ohm"}, {"rss", "10 Ohm"}, {"voltage", "0 mV"}});
  refuses({{"r0", "-10 Ohm"}, {"rss", "10 Ohm"}, {"voltage", "10 mV"}});
  EXPECT_THROW(ask({{"i0", "0 uA"}, {"iss", "1 uA"}}), base::ParameterError);
  EXPECT_THROW(ask({{"data", "/nowhere/data.csv"}}), base::InputError);
  std::string rows;
  for (int i = 0; i < 10; ++i) rows += std::to_string(i) + ",1\n";
  const auto file = [&](const char* name, const std::string& text) {
    EXPECT_THROW(ask({{"data", write(name, text).string()}}), base::InputError) << name;
  };
  file("short", "t (s),I (A)\n0,1\n1,0.5\n");
  file("no_time", "x (m),I (A)\n" + rows);
  file("no_current", "t (s),U (V)\n" + rows);
  file("two_currents", "t (s),I (A),J (A)\n0,1,1\n");
  file("back", "t (s),I (A)\n" + rows + "3,1\n");
  file("before", "t (s),I (A)\n-1,1\n" + rows);
  file("empty", "t (s),I (A)\n" + rows + "11,\n");
  const std::string good = write("good", "t (s),I (A)\n" + rows).string();
  EXPECT_THROW(ask({{"data", good}, {"drift-limit", "0 %"}}), base::ParameterError);
  EXPECT_THROW(ask({{"data", good}, {"time-constant", "-1 s"}}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
