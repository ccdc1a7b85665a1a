/// Shell completion scripts, generated from the table of tasks.
#pragma once

#include <string>

namespace closo::cli {

/// Script text for "bash", "zsh" or "fish". Throws: base::ParameterError for another shell.
std::string completion_script(const std::string& shell);

}  // namespace closo::cli
