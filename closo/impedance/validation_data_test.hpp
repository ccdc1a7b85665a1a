/// Small simulators and readers for the tests of validation, Z-HIT and DRT, independent of the circuits of this room.
#pragma once

#include <cmath>
#include <complex>
#include <fstream>
#include <functional>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "closo/impedance/detail/random.hpp"
#include "closo/impedance/spectrum.hpp"

namespace closo::impedance::trial {

using Law = std::function<Complex(double)>;  ///< impedance [Ohm] at an angular frequency [rad/s]

struct Case {
  std::string name;
  Law law;
};

inline Law series(Law a, Law b) {
  return [=](double w) { return a(w) + b(w); };
}
inline Law resistor(double r) {
  return [=](double) { return Complex(r, 0.0); };
}
inline Law inductor(double l) {
  return [=](double w) { return Complex(0.0, w * l); };
}
/// R/(1 + (jωτ)^n)
inline Law arc(double r, double tau, double n) {
  return [=](double w) { return r / (1.0 + std::pow(Complex(0.0, w * tau), n)); };
}
/// 1/(Q (jω)^n)
inline Law constant_phase(double q, double n) {
  return [=](double w) { return 1.0 / (q * std::pow(Complex(0.0, w), n)); };
}
inline Law randles(double r0, double r1, double c, double sigma) {
  return [=](double w) {
    const Complex branch = r1 + sigma * Complex(1.0, -1.0) / std::sqrt(w);
    return r0 + 1.0 / (Complex(0.0, w * c) + 1.0 / branch);
  };
}

/// Circuits that obey the Kramers-Kronig relations exactly.
inline std::vector<Case> lawful_cases() {
  return {
      {"one RC", series(resistor(10.0), arc(100.0, 1e-4, 1.0))},
      {"three Voigt elements",
       series(series(resistor(1.0), arc(5.0, 1e-5, 1.0)), series(arc(20.0, 1e-3, 1.0), arc(8.0, 3e-2, 1.0)))},
      {"depressed arc", series(resistor(10.0), arc(100.0, 1e-4, 0.8))},
      {"bulk, grain boundary, blocking electrode",
       series(series(arc(1e5, 1e-6, 0.85), arc(1e6, 1e-4, 0.8)), constant_phase(1e-6, 0.55))},
      {"resistor and blocking capacitor", series(resistor(1e3), constant_phase(1e-7, 1.0))},
      {"resistor and blocking constant phase", series(resistor(1e3), constant_phase(1e-7, 0.9))},
      {"Randles with Warburg", randles(10.0, 50.0, 1e-5, 20.0)},
      {"Warburg and blocking capacitor",
       series(series(resistor(100.0), constant_phase(1e-3, 0.5)), constant_phase(1e-4, 1.0))},
      {"lead inductance", series(series(inductor(1e-6), resistor(1.0)), arc(10.0, 1e-3, 0.9))},
      {"inductive loop at low frequency",
       [](double w) {
         return 55.0 / (1.0 + Complex(0.0, w * 1e-4)) + 20.0 * Complex(0.0, w * 0.05) / Complex(1.0, w * 0.05);
       }},
  };
}

inline std::vector<double> frequencies(double highest, double lowest, int per_decade) {
  std::vector<double> out;
  const int count = static_cast<int>(std::lround(std::log10(highest / lowest) * per_decade));
  for (int i = 0; i <= count; ++i) out.push_back(highest * std::pow(10.0, -static_cast<double>(i) / per_decade));
  return out;
}

/// A sweep from the highest frequency down; `growth` is the relative growth of Z during the sweep, linear in its
/// course.
inline Spectrum sweep(const Law& law, const std::vector<double>& frequency, double noise = 0.0, std::uint64_t seed = 1,
                      double growth = 0.0) {
  detail::Random random(seed);
  Spectrum out;
  out.source = "simulated";
  out.frequency = frequency;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const double progress = static_cast<double>(i) / static_cast<double>(frequency.size() - 1);
    Complex z = law(2.0 * std::numbers::pi * frequency[i]) * (1.0 + growth * progress);
    const double spread = noise * std::abs(z);
    z += Complex(spread * random.normal(), spread * random.normal());
    out.impedance.push_back(z);
  }
  return out;
}

inline Spectrum scaled(Spectrum spectrum, double impedance, double frequency) {
  for (Complex& z : spectrum.impedance) z *= impedance;
  for (double& f : spectrum.frequency) f *= frequency;
  return spectrum;
}

/// Columns of numbers (from 0) as frequency, Z', Z''; lines with fewer numbers than needed are passed over. Empty when
/// the file is not there.
inline Spectrum read_columns(const std::string& path, std::size_t frequency, std::size_t real, std::size_t imaginary,
                             std::size_t fewest = 3) {
  Spectrum out;
  out.source = path;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    for (char& c : line) {
      if (c == ',' || c == '\t') c = ' ';
    }
    std::istringstream words(line);
    std::vector<double> values;
    for (double value = 0.0; words >> value;) values.push_back(value);
    if (values.size() < fewest) continue;
    out.frequency.push_back(values[frequency]);
    out.impedance.emplace_back(values[real], values[imaginary]);
  }
  return out;
}

inline std::string shared(const std::string& path) { return std::string(CLOSO_SHARED_DIR) + "/data/eis/" + path; }

inline Spectrum read_zplot(const std::string& name) { return read_columns(shared("impedance.py/" + name), 0, 4, 5, 6); }

inline Spectrum read_neisys(const std::string& path) {
  return read_columns(shared("EISFitpython/EIS_Data/" + path), 0, 1, 2);
}

}  // namespace closo::impedance::trial
