#include "closo/composite/distributed/command.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "closo/base/error.hpp"

namespace closo::composite::distributed {
namespace {

Command parse(const std::vector<std::string>& arguments) { return parse_command(arguments); }

TEST(Command, ReadsAllOptions) {
  const Command command = parse({"a.raw", "--size", "3x4x5", "--conductivity=1,1e3,0", "--axis", "z", "--tolerance",
                                 "1e-8", "--iterations", "70", "--parts", "1x2x3", "--spacing", "1,2,0.5", "--json"});
  EXPECT_EQ(command.image, "a.raw");
  EXPECT_EQ(command.size, (std::array<std::size_t, 3>{3, 4, 5}));
  EXPECT_EQ(command.conductivities, (std::vector<double>{1.0, 1000.0, 0.0}));
  EXPECT_EQ(command.options.axis, 2U);
  EXPECT_EQ(command.options.tolerance, 1e-8);
  EXPECT_EQ(command.options.max_iterations, 70U);
  EXPECT_EQ(command.parts, (std::array<std::size_t, 3>{1, 2, 3}));
  EXPECT_EQ(command.spacing, (std::array<double, 3>{1.0, 2.0, 0.5}));
  EXPECT_TRUE(command.json);
  EXPECT_TRUE(parse({"--help"}).help);
  EXPECT_TRUE(parse({"--version"}).version);
}

TEST(Command, DefaultsStandInTheHelp) {
  const Command command = parse({"a.raw", "--size=1x1x2", "--conductivity", "1"});
  EXPECT_EQ(command.options.axis, 0U);
  EXPECT_EQ(command.options.tolerance, 1e-6);
  EXPECT_EQ(command.options.max_iterations, 1000U);
  EXPECT_FALSE(command.parts || command.json || command.help);
  for (const char* word : {"--axis x|y|z         direction of the current (x)", "(1e-6)", "at most (1000)", "(1,1,1)"})
    EXPECT_NE(help_text().find(word), std::string::npos) << word;
}

TEST(Command, RefusesWhatItCannotRead) {
  const std::vector<std::string> good{"a.raw", "--size", "2x2x2", "--conductivity", "1,0"};
  EXPECT_NO_THROW(parse(good));
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{{"b.raw"},
                                                                                    {"--size", "2x2"},
                                                                                    {"--size", "2x2x0"},
                                                                                    {"--size", "2x2x-1"},
                                                                                    {"--size", "2x2x2x2"},
                                                                                    {"--size", "2x2x1000001"},
                                                                                    {"--conductivity", "1,,2"},
                                                                                    {"--conductivity", "1,nan"},
                                                                                    {"--axis", "w"},
                                                                                    {"--axis", "xy"},
                                                                                    {"--axis", ""},
                                                                                    {"--tolerance", "0"},
                                                                                    {"--tolerance", "1"},
                                                                                    {"--tolerance", "small"},
                                                                                    {"--iterations", "0"},
                                                                                    {"--iterations", "1.5"},
                                                                                    {"--parts", "4"},
                                                                                    {"--spacing", "1,1"},
                                                                                    {"--spacing", "a,b,c"},
                                                                                    {"--json=yes"},
                                                                                    {"--axis"}}) {
    std::vector<std::string> arguments = good;
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_THROW(parse(arguments), base::ParameterError) << more.front() << " " << more.back();
  }
  for (const std::vector<std::string>& missing : std::vector<std::vector<std::string>>{
           {}, {"a.raw"}, {"a.raw", "--size", "2x2x2"}, {"--size", "2x2x2", "--conductivity", "1"}})
    EXPECT_THROW(parse(missing), base::ParameterError);
  try {
    parse({"--tolerence", "1"});
    FAIL() << "nothing thrown";
  } catch (const base::ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find("--tolerance"), std::string::npos);
  }
}

TEST(Command, OutputCarriesTheResult) {
  Command command = parse({"a.raw", "--size", "2x2x2", "--conductivity", "1,0", "--axis", "y", "--parts", "1x1x2"});
  Result result;
  result.conductivity = 0.259660457;
  result.flux_conductivity = 0.25966046;
  result.iterations = 74;
  result.removed_cells = 12;
  const auto json = nlohmann::json::parse(render_json(command, result, 2));
  EXPECT_EQ(json["conductivity_S_per_m"], 0.259660457);
  EXPECT_EQ(json["iterations"], 74);
  EXPECT_EQ(json["removed_cells"], 12);
  EXPECT_EQ(json["axis"], "y");
  EXPECT_EQ(json["ranks"], 2);
  EXPECT_EQ(json["status"], "converged");
  const std::string text = render_text(command, result, 2);
  EXPECT_NE(text.find("along y: 0.259660457 S/m (converged)"), std::string::npos);
  EXPECT_NE(text.find("12 voxels"), std::string::npos);
  result.status = SolveStatus::no_path;
  EXPECT_EQ(render_text(command, result, 2).find("flux imbalance"), std::string::npos);
}

}  // namespace
}  // namespace closo::composite::distributed
