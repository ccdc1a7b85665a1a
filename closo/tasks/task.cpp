#include "closo/tasks/task.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::tasks {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) result.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

base::Quantity checked_quantity(std::string_view name, const std::string& text, std::string_view unit) {
  try {
    return base::parse_quantity(text, base::Unit::parse(unit), "a value");
  } catch (const base::InputError& error) {
    const std::string expected = error.expected().empty() ? "a value in " + std::string(unit) : error.expected();
    throw base::ParameterError(std::string(name), "'" + text + "'", expected + " (" + error.problem() + ")");
  }
}

long checked_integer(std::string_view name, const std::string& text) {
  long value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    throw base::ParameterError(std::string(name), "'" + text + "'", "a whole number");
  }
  return value;
}

void check_names(const Task& task, const Arguments& arguments) {
  std::vector<std::string> known;
  for (const Option& option : task.options) known.emplace_back(option.name);
  for (const auto& entry : arguments.all()) {
    if (std::find(known.begin(), known.end(), entry.first) != known.end()) continue;
    const std::string near = base::did_you_mean(entry.first, known);
    throw base::ParameterError("option", "'" + entry.first + "'",
                               near.empty() ? "an option of '" + std::string(task.name) + "'" : near);
  }
}

void check_value(const Option& option, const std::string& text) {
  switch (option.type) {
    case OptionType::quantity:
      checked_quantity(option.name, text, option.unit);
      break;
    case OptionType::integer:
      checked_integer(option.name, text);
      break;
    case OptionType::choice: {
      const std::vector<std::string> choices = words(option.choices);
      if (std::find(choices.begin(), choices.end(), text) != choices.end()) break;
      std::string list;
      for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
      const std::string near = base::did_you_mean(text, choices);
      throw base::ParameterError(std::string(option.name), "'" + text + "'",
                                 "one of " + list + (near.empty() ? "" : "; " + near));
    }
    case OptionType::text:
    case OptionType::flag:
    case OptionType::file:
    case OptionType::path:
      if (text.empty()) throw base::ParameterError(std::string(option.name), "an empty text", std::string(option.help));
      break;
  }
}

void complete(const Option& option, Arguments& arguments) {
  if (arguments.has(option.name)) {
    const std::vector<std::string> texts = arguments.texts(option.name);
    if (texts.size() > 1 && !option.repeatable) {
      throw base::ParameterError(std::string(option.name), std::to_string(texts.size()) + " values", "one value");
    }
    for (const std::string& text : texts) check_value(option, text);
  } else if (!option.default_value.empty()) {
    arguments.set(std::string(option.name), std::string(option.default_value));
  } else if (option.required) {
    throw base::ParameterError(std::string(option.name), "missing", std::string(option.help));
  }
}

}  // namespace

bool Arguments::has(std::string_view name) const { return values_.find(name) != values_.end(); }

std::string_view Arguments::text(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string_view() : std::string_view(found->second.front());
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::optional<base::Quantity> Arguments::quantity(std::string_view name, std::string_view unit) const {
  if (!has(name)) return std::nullopt;
  return checked_quantity(name, std::string(text(name)), unit);
}

std::vector<base::Quantity> Arguments::quantities(std::string_view name, std::string_view unit) const {
  std::vector<base::Quantity> result;
  for (const std::string& given : texts(name)) result.push_back(checked_quantity(name, given, unit));
  return result;
}

std::optional<long> Arguments::integer(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  return checked_integer(name, std::string(text(name)));
}

const Task* find_task(std::string_view name) noexcept {
  for (const Task& task : tasks()) {
    if (task.name == name) return &task;
  }
  return nullptr;
}

report::Report run(const Task& task, Arguments arguments, const Context& context) {
  check_names(task, arguments);
  std::vector<std::pair<std::string, std::string>> given;
  for (const auto& entry : arguments.all()) {
    for (const std::string& text : entry.second) given.emplace_back("option " + entry.first, text);
  }
  for (const Option& option : task.options) complete(option, arguments);
  report::Report report = task.run(arguments, context);
  if (report.task.empty()) report.task = std::string(task.name);
  report.provenance.insert(report.provenance.begin(),
                           {{"closo", std::string(base::version())}, {"task", std::string(task.name)}});
  report.provenance.insert(report.provenance.end(), given.begin(), given.end());
  return report;
}

std::filesystem::path default_user_store() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  };
  if (const std::string store = variable("CLOSO_STORE"); !store.empty()) return store;
  if (const std::string data = variable("XDG_DATA_HOME"); !data.empty())
    return std::filesystem::path(data) / "closo" / "library.sqlite";
  if (const std::string home = variable("HOME"); !home.empty()) {
    return std::filesystem::path(home) / ".local" / "share" / "closo" / "library.sqlite";
  }
  return "closo-library.sqlite";
}

}  // namespace closo::tasks
