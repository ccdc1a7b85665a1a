#include "command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"
#include "closo/base/suggestion.hpp"
#include "completion.hpp"
#include "exit_code.hpp"

namespace closo::cli {
namespace {

std::string value_name(const tasks::Option& option) {
  switch (option.type) {
    case tasks::OptionType::quantity:
      return option.unit == "1" ? "NUMBER" : "VALUE[" + std::string(option.unit) + "]";
    case tasks::OptionType::integer:
      return "N";
    case tasks::OptionType::choice: {
      std::string choices(option.choices);
      std::replace(choices.begin(), choices.end(), ' ', '|');
      return choices;
    }
    case tasks::OptionType::file:
      return "FILE";
    case tasks::OptionType::path:
      return "PATH";
    case tasks::OptionType::flag:
      return "";
    case tasks::OptionType::text:
      return "TEXT";
  }
  throw base::InternalError("option type out of range");
}

std::string help_text(const tasks::Option& option) {
  std::string text(option.help);
  if (!option.range.empty()) text += " (" + std::string(option.range) + ")";
  if (!option.default_value.empty()) text += " [default: " + std::string(option.default_value) + "]";
  if (option.repeatable) text += " (may be repeated)";
  return text;
}

/// The CLI11 application with one (nested) subcommand per task, and what each of them collects.
class Builder {
 public:
  Builder()
      : app_("closo - evaluation of borohydride and closo-borate solid electrolytes and their batteries", "closo") {
    app_.set_version_flag("--version", "closo " + std::string(base::version()), "Print the version");
    app_.set_help_flag("-h,--help", "Print this help");
    app_.get_formatter()->column_width(34);
    app_.fallthrough();
    app_.allow_extras();
    app_.add_flag("--json", invocation_.json, "Print the report as JSON");
    app_.add_flag("-q,--quiet", invocation_.quiet, "Print nothing but errors and the result");
    app_.add_option("--output", invocation_.output,
                    "Write report.html, report.json, tables and figures into this folder")
        ->type_name("DIR");
    app_.add_option("--store", invocation_.store, "The user's own library (SQLite file)")->type_name("FILE");
    app_.add_option("--threads", invocation_.threads, "Threads to use; 0: all")->type_name("N");
    app_.add_option("--seed", invocation_.seed, "Seed of every random stream")->type_name("N");
    app_.add_option("--color", invocation_.colour, "Coloured text")
        ->type_name("auto|always|never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    for (const tasks::Task& task : tasks::tasks()) add(task);
    completion_ = app_.add_subcommand("completion", "Print a shell completion script");
    completion_->add_option("shell", shell_, "Shell")
        ->type_name("bash|zsh|fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  }

  ParsedCommandLine parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    try {
      app_.parse(std::move(words));
    } catch (const CLI::CallForVersion&) {
      return {std::nullopt, "closo " + std::string(base::version()) + "\n", false, exit_ok};
    } catch (const CLI::CallForHelp&) {
      return {std::nullopt, app_.help(), false, exit_ok};  // of the subcommand, under its full name
    } catch (const CLI::ParseError& error) {
      return usage_error(error.what());
    }
    if (completion_->parsed()) return {std::nullopt, completion_script(shell_), false, exit_ok};
    CLI::App* leaf = deepest();
    // Words nobody took may lie at any level of the nested subcommands.
    if (const std::vector<std::string> extra = app_.remaining(true); !extra.empty())
      return unknown_word(*leaf, extra.front());
    const auto found = task_of_.find(leaf);
    if (found == task_of_.end()) {
      const bool nothing_asked = leaf == &app_;
      return {std::nullopt, app_.help(), !nothing_asked, nothing_asked ? exit_ok : exit_usage};
    }
    invocation_.task = found->second;
    for (const Collected& collected : collected_) {
      if (collected.app != leaf) continue;
      if (collected.option->type == tasks::OptionType::flag) {
        if (collected.cli->count() > 0) invocation_.arguments.set(std::string(collected.option->name), "true");
      } else {
        for (const std::string& text : collected.cli->results())
          invocation_.arguments.set(std::string(collected.option->name), text);
      }
    }
    return {invocation_, {}, false, exit_ok};
  }

 private:
  struct Collected {
    CLI::App* app;
    const tasks::Option* option;
    CLI::Option* cli;
  };

  CLI::App* subcommand(CLI::App& parent, const std::string& word) {
    for (CLI::App* existing : parent.get_subcommands([](const CLI::App*) { return true; })) {
      if (existing->get_name() == word) return existing;
    }
    CLI::App* made = parent.add_subcommand(word);
    made->fallthrough();
    made->allow_extras();
    made->set_help_flag("-h,--help", "Print this help");
    return made;
  }

  void add(const tasks::Task& task) {
    CLI::App* app = &app_;
    std::string name(task.name);
    for (std::size_t begin = 0; begin <= name.size();) {
      const std::size_t end = std::min(name.find(' ', begin), name.size());
      const std::string word = name.substr(begin, end - begin);
      app = subcommand(*app, word);
      begin = end + 1;
      if (end < name.size() && app->get_description().empty()) app->description(group_description(word));
    }
    app->description(std::string(task.summary));
    task_of_[app] = &task;
    for (const tasks::Option& option : task.options) {
      const std::string flag = option.positional ? std::string(option.name) : "--" + std::string(option.name);
      CLI::Option* cli = nullptr;
      if (option.type == tasks::OptionType::flag) {
        cli = app->add_flag(flag)->description(help_text(option));
      } else {
        cli = app->add_option(flag)->description(help_text(option))->type_name(value_name(option));
        if (option.positional) {
          cli->expected(1, option.repeatable ? 1000 : 1)->allow_extra_args(option.repeatable);
        } else {
          // One value each time; how often an option may stand is checked by the task.
          cli->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
        }
        if (option.required) cli->required();
      }
      collected_.push_back({app, &option, cli});
    }
  }

  static std::string group_description(const std::string& word) {
    return word == "library" ? "The knowledge base: list, show, find, plot, check, import, export" : "Tasks of " + word;
  }

  CLI::App* deepest() {
    CLI::App* app = &app_;
    while (true) {
      const std::vector<CLI::App*> chosen = app->get_subcommands();
      if (chosen.empty()) return app;
      app = chosen.back();
    }
  }

  static ParsedCommandLine usage_error(const std::string& message) {
    return {std::nullopt, "closo: " + message + "\nRun 'closo --help' or 'closo COMMAND --help'.\n", true, exit_usage};
  }

  ParsedCommandLine unknown_word(CLI::App& leaf, const std::string& word) {
    const bool option = word.size() > 1 && word.front() == '-';
    std::vector<std::string> known;
    for (CLI::App* app = &leaf; app != nullptr; app = app->get_parent()) {
      for (const CLI::Option* each : app->get_options()) {
        for (const std::string& name : each->get_lnames()) known.push_back("--" + name);
      }
      if (!option) {
        for (const CLI::App* each : app->get_subcommands([](const CLI::App*) { return true; }))
          known.push_back(each->get_name());
      }
    }
    std::string bare = word.substr(0, word.find('='));
    const std::string near = base::did_you_mean(bare, known);
    const std::string where = leaf.get_parent() == nullptr ? "" : " for '" + full_name(leaf) + "'";
    return usage_error("unknown " + std::string(option ? "option" : "word") + " '" + bare + "'" + where +
                       (near.empty() ? "" : "; " + near));
  }

  static std::string full_name(const CLI::App& app) {
    std::string name;
    for (const CLI::App* each = &app; each != nullptr; each = each->get_parent())
      name = each->get_name() + (name.empty() ? "" : " " + name);
    return name;
  }

  Invocation invocation_;
  CLI::App app_;
  CLI::App* completion_ = nullptr;
  std::string shell_;
  std::map<const CLI::App*, const tasks::Task*> task_of_;
  std::vector<Collected> collected_;
};

}  // namespace

ParsedCommandLine parse_command_line(const std::vector<std::string>& words) { return Builder().parse(words); }

}  // namespace closo::cli
