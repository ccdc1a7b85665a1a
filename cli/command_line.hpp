/// The command line, generated from the table of tasks: subcommands, options, help, near-name suggestions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/tasks/task.hpp"

namespace closo::cli {

/// What the user asked for.
struct Invocation {
  const tasks::Task* task = nullptr;
  tasks::Arguments arguments;
  bool json = false;
  bool quiet = false;
  std::string colour = "auto";
  std::string output;       ///< folder named with --output; empty: none named
  std::string store;        ///< user store named with --store; empty: the default
  std::size_t threads = 0;  ///< 0: as many as the machine has
  unsigned long long seed = 1;
};

/// Either an invocation, or a text to print and the exit code to leave with (help, version, completion, usage errors).
struct ParsedCommandLine {
  std::optional<Invocation> invocation;
  std::string text;
  bool to_error_stream = false;
  int exit_code = 0;
};

/// Reads the words behind the program name.
ParsedCommandLine parse_command_line(const std::vector<std::string>& words);

}  // namespace closo::cli
