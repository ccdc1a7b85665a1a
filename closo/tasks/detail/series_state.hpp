/// What a series has finished, in a small file, so that a stopped run goes on where it was.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "closo/impedance/spectrum.hpp"

namespace closo::tasks::detail {

/// The optimum of each finished spectrum, by the content of the spectrum and for one circuit. Safe between threads.
class SeriesState {
 public:
  /// Reads `file` when it is there and belongs to `circuit`; an empty path keeps nothing.
  /// Throws: InputError when the file is there but is no state of a series.
  SeriesState(std::filesystem::path file, std::string circuit);
  /// A run that ends by an exception keeps what it has finished.
  ~SeriesState();
  SeriesState(const SeriesState&) = delete;
  SeriesState& operator=(const SeriesState&) = delete;

  /// Parameter values found before, or empty.
  std::optional<std::vector<double>> find(const impedance::Spectrum& spectrum) const;

  /// Adds an optimum; the file is written again (temporary, then rename) after every few of them.
  void add(const impedance::Spectrum& spectrum, const std::vector<double>& values);

  /// Writes what is known. Throws: InputError when the folder cannot be written.
  void save();

  std::size_t size() const;

 private:
  void save_locked();

  std::filesystem::path file_;
  std::string circuit_;
  std::map<std::string, std::vector<double>> optima_;
  std::size_t unsaved_ = 0;
  mutable std::mutex guard_;
};

}  // namespace closo::tasks::detail
