/// Circuits and parameters that several tests share, and a reader for the text files of the shared spectra.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "closo/impedance/circuit.hpp"
#include "closo/impedance/simulate.hpp"
#include "closo/impedance/spectrum.hpp"

namespace closo::impedance {

struct CircuitCase {
  std::string text;
  std::vector<double> values;
  double lowest;   ///< Hz
  double highest;  ///< Hz
};

/// Every element once, in circuits whose parameters the frequency range shows.
inline std::vector<CircuitCase> circuit_cases() {
  return {
      {"R0-C1", {120.0, 2e-6}, 1.0, 1e6},
      {"L0-R0-p(R1,CPE1)", {4e-7, 30.0, 470.0, 3e-6, 0.85}, 0.1, 1e7},
      {"R0-p(R1,CPE1)-p(R2,CPE2)-W1", {20.0, 100.0, 1e-6, 0.92, 300.0, 2e-4, 0.8, 30.0}, 1e-2, 1e6},
      {"p(R1,CPE1)-p(R2,CPE2)-CPE3", {1.4e5, 1e-10, 0.83, 2e6, 8e-10, 0.8, 1.4e-6, 0.6}, 0.1, 1e6},
      {"R0-p(R1,C1)-Ws1", {10.0, 50.0, 1e-6, 80.0, 0.5}, 1e-2, 1e6},
      {"R0-p(R1-Wo1,C1)", {10.0, 50.0, 80.0, 2.0, 1e-5}, 1e-3, 1e5},
      {"R0-G1", {5.0, 40.0, 0.01}, 1e-2, 1e6},
      {"R0-Gs1", {5.0, 40.0, 0.01, 0.7}, 1e-2, 1e6},
      {"R0-Zarc1-K1", {8.0, 60.0, 1e-5, 0.8, 90.0, 1e-2}, 1e-2, 1e7},
      {"R0-HN1", {8.0, 60.0, 1e-3, 0.8, 0.7}, 1e-2, 1e6},
      {"La1-R0-p(R1,C1)", {1e-5, 0.9, 2.0, 25.0, 1e-4}, 1e-1, 1e6},
      {"R0-Tb1", {3.0, 50.0, 1e-3, 0.9}, 1e-2, 1e5},
      {"R0-Tr1", {3.0, 50.0, 200.0, 1e-4, 0.9}, 1e-2, 1e5},
  };
}

/// The spectra next to the source tree; absent in an installed copy.
inline std::filesystem::path shared_spectra() { return std::filesystem::path(CLOSO_SHARED_DIR) / "data" / "eis"; }

/// Rows "frequency, Z', Z''" of a text file, whatever stands between the numbers; other lines are skipped.
inline Spectrum read_rows(const std::filesystem::path& path, bool capacitive_only = false) {
  Spectrum out;
  out.source = path.filename().string();
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    for (char& c : line) {
      if (c == ',' || c == '\t') c = ' ';
    }
    std::istringstream words(line);
    double f = 0.0, re = 0.0, im = 0.0;
    if (!(words >> f >> re >> im) || (capacitive_only && im >= 0.0)) continue;
    out.frequency.push_back(f);
    out.impedance.emplace_back(re, im);
  }
  return out;
}

/// Segment 1 of a VersaStudio file: columns 10, 15 and 16 are frequency, Z' and Z''.
inline Spectrum read_versa_studio(const std::filesystem::path& path) {
  Spectrum out;
  out.source = path.filename().string();
  std::ifstream file(path);
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("Definition=Segment #", 0) == 0) {
      inside = true;
      continue;
    }
    if (line.rfind("</Segment1", 0) == 0) break;
    std::vector<double> cells;
    std::istringstream words(line);
    for (std::string cell; inside && std::getline(words, cell, ',');)
      cells.push_back(std::strtod(cell.c_str(), nullptr));
    if (cells.size() < 16 || cells[15] >= 0.0) continue;
    out.frequency.push_back(cells[9]);
    out.impedance.emplace_back(cells[14], cells[15]);
  }
  return out;
}

/// A ZPlot file: after "End Comments" frequency, two potentials, time, Z', Z''.
inline Spectrum read_zplot(const std::filesystem::path& path) {
  Spectrum out;
  out.source = path.filename().string();
  std::ifstream file(path);
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.find("End Comments") != line.npos) {
      inside = true;
      continue;
    }
    for (char& c : line) {
      if (c == ',' || c == '\t') c = ' ';
    }
    std::istringstream words(line);
    std::vector<double> cells;
    for (double value = 0.0; inside && words >> value;) cells.push_back(value);
    if (cells.size() < 6) continue;
    out.frequency.push_back(cells[0]);
    out.impedance.emplace_back(cells[4], cells[5]);
  }
  return out;
}

}  // namespace closo::impedance
