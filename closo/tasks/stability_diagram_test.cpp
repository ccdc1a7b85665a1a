#include "closo/tasks/stability_diagram.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(stability_diagram_task, arguments, context);
}

const report::Table& table(const report::Report& report, std::size_t block) {
  return std::get<report::Table>(report.sections.at(0).blocks.at(block));
}

std::vector<std::string> names(const report::Table& table) {
  std::vector<std::string> result;
  for (const auto& row : table.rows) result.push_back(std::get<std::string>(row[0]));
  return result;
}

std::string refusal(const std::string& elements) {
  try {
    elements_of_text({elements});
  } catch (const base::ParameterError& error) {
    return error.what();
  }
  ADD_FAILURE() << elements << " was accepted";
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ElementsText, TakesTheUsualSpellings) {
  const std::vector<std::string> expected{"Li", "B", "H"};
  EXPECT_EQ(elements_of_text({"Li-B-H"}), expected);
  EXPECT_EQ(elements_of_text({"Li", "B", "H"}), expected);
  EXPECT_EQ(elements_of_text({"Li, B, H"}), expected);
  EXPECT_EQ(elements_of_text({"LiBH4"}), expected);
  EXPECT_EQ(elements_of_text({"LiBH4-LiH"}), expected);
  EXPECT_EQ(elements_of_text({"CO"}), (std::vector<std::string>{"C", "O"}));
  EXPECT_EQ(elements_of_text({"Co-O"}), (std::vector<std::string>{"Co", "O"}));
}

TEST(ElementsText, SaysWhatIsWrong) {
  EXPECT_TRUE(holds(refusal("Li"), "two to four"));
  EXPECT_TRUE(holds(refusal("Li-B-H-C-N"), "(5)"));
  EXPECT_TRUE(holds(refusal("Li-B-B"), "once"));
  EXPECT_TRUE(holds(refusal("Li-Bb-H"), "no element"));
  EXPECT_TRUE(holds(refusal("Li&B"), "two to four"));
}

TEST(StabilityDiagram, StablePhasesOfLiBH) {
  const report::Report report = ask({{"elements", "Li-B-H"}});
  const std::vector<std::string> stable = names(table(report, 0));
  for (const char* phase : {"LiBH4", "Li2B12H12", "LiH", "Li", "B", "H2"})
    EXPECT_TRUE(std::ranges::find(stable, phase) != stable.end()) << phase;
  const std::vector<std::string> unstable = names(table(report, 1));
  EXPECT_FALSE(unstable.empty());
  for (const std::string& phase : unstable) EXPECT_TRUE(std::ranges::find(stable, phase) == stable.end()) << phase;
  EXPECT_FALSE(report::render_json(report).empty());
}

TEST(StabilityDiagram, TheOrderOfElementsDoesNotMatter) {
  EXPECT_EQ(names(table(ask({{"elements", "Li-B-H"}}), 0)), names(table(ask({{"elements", "H-Li-B"}}), 0)));
}

TEST(StabilityDiagram, TwoAndFourElementsAndABound) {
  for (const char* elements : {"Li-H", "Li-B-H-N"}) {
    const report::Report report = ask({{"elements", elements}, {"above", "50 meV/atom"}});
    const auto* unstable = std::get_if<report::Table>(&report.sections.at(0).blocks.at(1));
    if (unstable == nullptr) continue;
    for (const auto& row : unstable->rows) {
      EXPECT_GT(*std::get<report::Value>(row[2]).value, 0.0);
      EXPECT_LE(*std::get<report::Value>(row[2]).value, 50.0);
    }
    EXPECT_FALSE(report::render_json(report).empty());
  }
}

TEST(StabilityDiagram, RefusesWhatIsNotThere) {
  EXPECT_THROW(ask({{"elements", "Li-B-H"}, {"above", "100 meV"}}), base::ParameterError);
  EXPECT_THROW(ask({{"elements", "Li-B-H"}, {"set", "none"}}), base::InputError);
  EXPECT_THROW(ask({{"elements", "Li-Og"}}), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
