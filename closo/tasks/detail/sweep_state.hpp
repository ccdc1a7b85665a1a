/// What a sweep of cells has finished, in a file, so that a stopped run goes on where it was with the same answer.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "closo/cell/outcome.hpp"

namespace closo::tasks::detail {

/// Finished cells by everything that decides their outcome (the text of `fingerprint`, kept as its hash). Safe between
/// threads.
class SweepState {
 public:
  /// Throws: InputError when the file is there but is no state of a sweep. An empty path keeps nothing.
  explicit SweepState(std::filesystem::path file);
  /// A run that ends by an exception keeps what it has finished.
  ~SweepState();
  SweepState(const SweepState&) = delete;
  SweepState& operator=(const SweepState&) = delete;

  std::optional<cell::CellOutcome> find(const std::string& key) const;
  /// The file is written anew every few seconds (temporary, then rename): a run that is killed leaves a whole file.
  void add(const std::string& key, const cell::CellOutcome& outcome);
  /// Throws: InputError when the folder cannot be written.
  void save();
  std::size_t size() const;

 private:
  void save_locked();

  std::filesystem::path file_;
  std::map<std::string, cell::CellOutcome> outcomes_;
  bool is_saved_ = true;
  std::chrono::steady_clock::time_point saved_at_ = std::chrono::steady_clock::now();
  mutable std::mutex guard_;
};

}  // namespace closo::tasks::detail
