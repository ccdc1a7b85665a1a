#include "closo/tasks/task.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"

namespace closo::tasks {
namespace {

constexpr Option options[] = {
    {"file", OptionType::file, "", "", "", "a file", true, true},
    {"at", OptionType::quantity, "K", "25 degC", "", "a temperature", false, false, true},
    {"form", OptionType::choice, "", "sigma_t", "", "a form", false, false, false, "sigma_t sigma"},
    {"count", OptionType::integer, "", "", "", "a number"},
    {"all", OptionType::flag, "", "", "", "a flag"},
};

report::Report echo(const Arguments& arguments, const Context&) {
  report::Report report;
  report.title = std::string(arguments.text("form"));
  for (const base::Quantity& at : arguments.quantities("at", "K")) report.subtitle += std::to_string(at.value) + ' ';
  return report;
}

constexpr Task task{"echo", "say it again", options, echo, "echo"};

std::string error_of(const Arguments& arguments) {
  try {
    run(task, arguments, {});
  } catch (const base::ParameterError& error) {
    return error.what();
  }
  return "accepted";
}

Arguments given(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  Arguments arguments;
  for (const auto& pair : pairs) arguments.set(pair.first, pair.second);
  return arguments;
}

TEST(Task, DefaultsAreFilledInAndProvenanceSaysWhatWasGiven) {
  const report::Report report = run(task, given({{"file", "a.csv"}}), {});
  EXPECT_EQ(report.title, "sigma_t");
  EXPECT_EQ(report.subtitle, "298.150000 ");
  EXPECT_EQ(report.provenance[0], (std::pair<std::string, std::string>{"closo", std::string(base::version())}));
  EXPECT_EQ(report.provenance[1].second, "echo");
  EXPECT_EQ(report.provenance[2], (std::pair<std::string, std::string>{"option file", "a.csv"}));
  EXPECT_EQ(report.provenance.size(), 3U);
}

TEST(Task, RepeatableOptionsKeepEveryValue) {
  EXPECT_EQ(run(task, given({{"file", "a"}, {"at", "300 K"}, {"at", "310 K"}}), {}).subtitle, "300.000000 310.000000 ");
  EXPECT_NE(error_of(given({{"file", "a"}, {"form", "sigma"}, {"form", "sigma_t"}})).find("2 values"),
            std::string::npos);
}

TEST(Task, EveryMistakeIsNamed) {
  EXPECT_NE(error_of(given({})).find("file = missing"), std::string::npos);
  EXPECT_NE(error_of(given({{"file", ""}})).find("empty"), std::string::npos);
  EXPECT_NE(error_of(given({{"file", "a"}, {"fil", "b"}})).find("did you mean 'file'?"), std::string::npos);
  EXPECT_NE(error_of(given({{"file", "a"}, {"at", "5 V"}})).find("is a voltage"), std::string::npos);
  EXPECT_NE(error_of(given({{"file", "a"}, {"at", "300"}})).find("has no unit"), std::string::npos);
  EXPECT_NE(error_of(given({{"file", "a"}, {"form", "sigm"}})).find("did you mean 'sigma'"), std::string::npos);
  EXPECT_NE(error_of(given({{"file", "a"}, {"count", "3.5"}})).find("whole number"), std::string::npos);
  EXPECT_EQ(error_of(given({{"file", "a"}, {"count", "3"}, {"all", "true"}})), "accepted");
}

TEST(Registry, TheTableOfTasksIsSound) {
  std::set<std::string> names, stems;
  for (const Task& each : tasks()) {
    EXPECT_TRUE(names.emplace(each.name).second) << each.name;
    EXPECT_TRUE(stems.emplace(each.stem).second) << each.name;
    EXPECT_EQ(find_task(each.name)->name, each.name);
    EXPECT_FALSE(each.summary.empty());
    EXPECT_NE(each.summary.back(), '.') << each.name;
    std::set<std::string> option_names;
    for (const Option& option : each.options) {
      EXPECT_TRUE(option_names.emplace(option.name).second) << each.name << ' ' << option.name;
      EXPECT_FALSE(option.help.empty()) << each.name << ' ' << option.name;
      EXPECT_EQ(option.type == OptionType::choice, !option.choices.empty()) << each.name << ' ' << option.name;
      if (option.type == OptionType::quantity) {
        EXPECT_NO_THROW(base::Unit::parse(option.unit)) << each.name << ' ' << option.name;
        if (!option.default_value.empty()) {
          EXPECT_NO_THROW(base::parse_quantity(option.default_value, base::Unit::parse(option.unit), "default"))
              << option.name;
        }
      }
    }
  }
  EXPECT_EQ(find_task("no such task"), nullptr);
}

}  // namespace
}  // namespace closo::tasks
