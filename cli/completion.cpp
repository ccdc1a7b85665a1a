#include "completion.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/tasks/task.hpp"

namespace closo::cli {
namespace {

constexpr const char* global_options = "--help --version --json --quiet --output --store --threads --seed --color";

/// Command words typed so far ("library find") → what may follow.
std::map<std::string, std::string> words_after() {
  std::map<std::string, std::set<std::string>> next;
  next[""].insert("completion");
  next["completion"] = {"bash", "fish", "zsh"};
  for (const tasks::Task& task : tasks::tasks()) {
    std::string before;
    const std::string name(task.name);
    for (std::size_t begin = 0; begin < name.size();) {
      const std::size_t end = std::min(name.find(' ', begin), name.size());
      const std::string word = name.substr(begin, end - begin);
      next[before].insert(word);
      before += (before.empty() ? "" : " ") + word;
      begin = end + 1;
    }
    next[name];  // a command without options still ends here
    for (const tasks::Option& option : task.options) {
      if (!option.positional) next[name].insert("--" + std::string(option.name));
    }
  }
  std::map<std::string, std::string> joined;
  for (const auto& entry : next) {
    std::string words;
    for (const std::string& word : entry.second) words += word + ' ';
    joined[entry.first] = words + global_options;
  }
  return joined;
}

/// A bash function that collects the command words before the cursor; zsh runs it through bashcompinit.
std::string bash_script() {
  std::string script =
      "# closo completion for bash: source this file, or put it into bash-completion's folder.\n"
      "_closo() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" command=\"\" word i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=\"${COMP_WORDS[i]}\"\n"
      "    [[ $word == -* ]] && break\n"
      "    command=\"${command:+$command }$word\"\n"
      "  done\n"
      "  while :; do\n"
      "    case \"$command\" in\n";
  for (const auto& entry : words_after()) {
    script +=
        "      '" + entry.first + "') COMPREPLY=($(compgen -W '" + entry.second + "' -- \"$current\")); break ;;\n";
  }
  script +=
      "    esac\n"
      "    [[ $command == *' '* ]] && command=\"${command% *}\" || command=\"\"\n"
      "  done\n"
      "  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- \"$current\"))\n"
      "}\n"
      "complete -o filenames -F _closo closo\n";
  return script;
}

std::string fish_script() {
  std::string script = "# closo completion for fish: save as ~/.config/fish/completions/closo.fish\n";
  for (const auto& entry : words_after()) {
    const std::string condition = entry.first.empty()
                                      ? "__fish_use_subcommand"
                                      : "string match -q -- 'closo " + entry.first + "*' (commandline -cp)";
    script += "complete -c closo -n \"" + condition + "\" -a '" + entry.second + "'\n";
  }
  return script;
}

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return "autoload -U +X bashcompinit && bashcompinit\n" + bash_script();
  if (shell == "fish") return fish_script();
  throw base::ParameterError("shell", "'" + shell + "'", "bash, zsh or fish");
}

}  // namespace closo::cli
