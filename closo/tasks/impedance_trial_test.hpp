/// What the tests of the impedance tasks share: a scratch folder, tasks by their option texts, pieces of a report.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks::trial {

using Given = std::vector<std::pair<std::string, std::string>>;

inline const std::filesystem::path examples = std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "impedance";

inline Arguments arguments_of(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  return arguments;
}

/// Every report of these tests must also be a valid document: render_json refuses repeated ids and uneven tables.
inline report::Report ask(const Task& task, const Given& given, const Context& context = {}) {
  report::Report report = run(task, arguments_of(given), context);
  EXPECT_NO_THROW(report::render_json(report));
  EXPECT_NO_THROW(report::render_text(report));
  return report;
}

class ScratchFolder {
 public:
  ScratchFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("closo_impedance_" + std::to_string(::getpid()) + "_" + std::to_string(++count));
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string name() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return file(name);
  }
  std::string copy(const std::filesystem::path& from, const std::string& name = {}) const {
    const std::filesystem::path to = path_ / (name.empty() ? from.filename().string() : name);
    std::filesystem::copy_file(from, to);
    return to.string();
  }

 private:
  std::filesystem::path path_;
};

/// Three capacitive points: read, but too few for most calculations.
inline constexpr const char* three_points = "f (Hz),Z_real (Ohm),Z_imag (Ohm)\n1000,10,-1\n100,10.5,-2\n10,11,-3\n";

template <class Kind>
const Kind& block_of(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      if (const auto* found = std::get_if<Kind>(&block); found != nullptr && found->id == id) return *found;
    }
  }
  throw base::InternalError("the report has no block " + id);
}

inline bool has_figure(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      if (const auto* found = std::get_if<report::Figure>(&block); found != nullptr && found->id == id) return true;
    }
  }
  return false;
}

inline const report::Cell& cell_of(const report::Table& table, std::size_t row, const std::string& key) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].key == key) return table.rows.at(row).at(i);
  }
  throw base::InternalError("no column " + key);
}
inline report::Value value_of(const report::Table& table, std::size_t row, const std::string& key) {
  return std::get<report::Value>(cell_of(table, row, key));
}
inline std::string text_of(const report::Table& table, std::size_t row, const std::string& key) {
  return std::get<std::string>(cell_of(table, row, key));
}
inline const report::Cell& item_of(const report::KeyValues& values, const std::string& name) {
  for (const auto& [key, cell] : values.items) {
    if (key == name) return cell;
  }
  throw base::InternalError("no item " + name);
}

/// One of the report's warnings has this text in it.
inline bool warns(const report::Report& report, const std::string& text) {
  for (const std::string& warning : report.warnings) {
    if (warning.find(text) != std::string::npos) return true;
  }
  return false;
}

/// The message of the error that `action` throws; empty when it throws none.
template <class Error, class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace closo::tasks::trial
