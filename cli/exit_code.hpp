/// The one translation of closo's errors into exit codes of the program.
#pragma once

namespace closo::cli {

enum ExitCode : int {
  exit_ok = 0,
  exit_internal = 1,
  exit_usage = 2,
  exit_input = 3,
  exit_not_converged = 4,
  exit_cancelled = 130,
};

}  // namespace closo::cli
