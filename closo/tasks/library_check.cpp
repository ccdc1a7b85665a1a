#include "closo/tasks/library_check.hpp"

#include <algorithm>
#include <array>

#include "closo/library/check.hpp"
#include "closo/tasks/library_access.hpp"
#include "closo/transport/consistency.hpp"

namespace closo::tasks {
namespace {

using library::Finding;
using library::Severity;

constexpr std::array options = std::to_array<Option>({
    {"own", OptionType::flag, "", "", "", "only what concerns own rows"},
});

bool is_own(const library::Library& library, const std::string& id) {
  const library::Fact* fact = library.find_fact(id);
  return fact != nullptr && fact->from_user;
}

report::Table finding_table(const std::vector<Finding>& findings, Severity severity, std::string id,
                            std::string title) {
  report::Table table{
      std::move(id), std::move(title), {{"subject", "row or material"}, {"finding", "finding"}}, {}, {}};
  for (const Finding& finding : findings) {
    if (finding.severity == severity) table.rows.push_back({finding.subject, finding.text});
  }
  return table;
}

report::Report run_library_check(const Arguments& arguments, const Context& context) {
  return library_check({arguments.flag("own")}, context);
}

}  // namespace

report::Report library_check(const LibraryCheckRequest& request, const Context& context) {
  const library::Library library = load_library(context);
  std::vector<Finding> findings = library::check(library);
  std::vector<transport::EnergyCheck> contradictions = transport::find_contradictions(library);
  if (request.own_only) {
    std::erase_if(findings, [&library](const Finding& finding) { return !is_own(library, finding.subject); });
    std::erase_if(contradictions, [](const transport::EnergyCheck& check) {
      return !check.cold->from_user && !check.hot->from_user && !check.energy->from_user;
    });
  }
  const auto number_of = [&findings](Severity severity) {
    return std::ranges::count(findings, severity, &Finding::severity);
  };
  const auto errors = number_of(Severity::error);
  report::Report report;
  report.title = "Library check";
  report.subtitle = std::to_string(library.facts().size()) + " facts";
  report::Verdict verdict;
  verdict.criterion = "rows";
  verdict.target = "no errors";
  verdict.outcome = errors == 0 ? report::Outcome::pass : report::Outcome::fail;
  verdict.finding = std::to_string(errors) + " errors, " + std::to_string(number_of(Severity::warning)) +
                    " warnings, " + std::to_string(number_of(Severity::doubt)) + " doubts, " +
                    std::to_string(contradictions.size()) + " contradictions";
  verdict.reason = "units, ranges, temperatures and names of every row against the rules of its quantity";
  report.verdicts.push_back(std::move(verdict));
  for (const transport::EnergyCheck& check : contradictions) report.doubts.push_back(transport::describe(check));

  // The one-screen summary shows warnings and no sections: what is wrong has to stand here.
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::doubt) report.warnings.push_back(finding.subject + ": " + finding.text);
  }

  const auto add = [&](Severity severity, const char* id, const char* title) {
    report::Table table = finding_table(findings, severity, id, "");
    if (!table.rows.empty()) report.sections.push_back({id, title, {std::move(table)}, false});
  };
  add(Severity::error, "errors", "Errors");
  add(Severity::warning, "warnings", "Warnings");
  add(Severity::doubt, "doubts", "Rows with a doubt");
  report.sections.push_back({"method",
                             "Method",
                             {report::Paragraph{"Contradictions: two conductivities of one material, source and phase "
                                                "imply an activation energy; a stated one "
                                                "that differs by more than rounding and stated uncertainties allow is "
                                                "listed with both forms of the Arrhenius law."}},
                             true});
  return report;
}

constinit const Task library_check_task{
    .name = "library check",
    .summary = "Check every row: units, ranges, names, doubts, contradictions",
    .options = options,
    .run = run_library_check,
    .stem = "library_check",
};

}  // namespace closo::tasks
