/// The table of tasks that every skin (command line, Python, web) is generated from.
///
/// A task is a name, a sentence, an option table and a function from the given option texts to a Report. Texts with
/// units become SI in the task, once, with a dimension check.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/base/quantity.hpp"
#include "closo/report/report.hpp"

namespace closo::tasks {

enum class OptionType : unsigned char {
  text,      ///< free text
  choice,    ///< one of Option::choices
  quantity,  ///< number with unit, dimension checked against Option::unit
  integer,
  flag,  ///< present or not
  file,  ///< an input file
  path,  ///< a file or folder to write
};

/// One option of a task. The name is the long flag without dashes and the JSON / Python / web key.
struct Option {
  std::string_view name;  ///< "at"
  OptionType type = OptionType::text;
  std::string_view unit;           ///< expected unit for quantities ("K"); a number without unit is refused
  std::string_view default_value;  ///< as text; empty: none
  std::string_view range;          ///< in words: "above 0 K"; empty: none
  std::string_view help;
  bool positional = false;
  bool required = false;
  bool repeatable = false;
  std::string_view choices = {};  ///< space separated
};

/// Option texts as given by a skin. Defaults of the option table are filled in by `run`.
class Arguments {
 public:
  void set(std::string name, std::string text) { values_[std::move(name)].push_back(std::move(text)); }

  bool has(std::string_view name) const;
  /// First text of an option, or empty.
  std::string_view text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  bool flag(std::string_view name) const { return has(name) && text(name) != "false"; }
  /// Quantity in SI, checked against the unit of the option; empty when the option was not given.
  /// Throws: ParameterError naming the option, the value and what would be accepted.
  std::optional<base::Quantity> quantity(std::string_view name, std::string_view unit) const;
  std::vector<base::Quantity> quantities(std::string_view name, std::string_view unit) const;
  std::optional<long> integer(std::string_view name) const;

  const std::map<std::string, std::vector<std::string>, std::less<>>& all() const noexcept { return values_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// What a task may use besides its arguments.
struct Context {
  std::filesystem::path data;        ///< shipped data
  std::filesystem::path user_store;  ///< the user's SQLite file; may not exist yet
  base::Progress progress;           ///< may be empty
  std::size_t threads = 1;
  unsigned long long seed = 1;
};

/// One row of the table of tasks.
struct Task {
  std::string_view name;     ///< "library find": words are subcommands
  std::string_view summary;  ///< one sentence, no full stop
  std::span<const Option> options;
  report::Report (*run)(const Arguments&, const Context&);
  std::string_view stem = {};            ///< file stem of docs/tasks/<stem>.md: "library_find"
  std::string_view default_output = {};  ///< folder that a skin writes the report to when none is named; empty: none
};

/// Every task, in the order of the help page.
std::span<const Task> tasks();

const Task* find_task(std::string_view name) noexcept;

/// Checks names, required options, choices and types against the table, fills in defaults, runs the task, and adds
/// version, task and options to the provenance. Throws: ParameterError (unknown or missing option, with near names) and
/// whatever the task throws.
report::Report run(const Task& task, Arguments arguments, const Context& context);

/// The user's store: $CLOSO_STORE if set, else $XDG_DATA_HOME/closo/library.sqlite, else
/// ~/.local/share/closo/library.sqlite.
std::filesystem::path default_user_store();

}  // namespace closo::tasks
