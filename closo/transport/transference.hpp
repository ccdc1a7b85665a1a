/// Transference numbers from DC polarization: blocking electrodes, Iss/I0, and the Bruce-Vincent correction.
///
/// Blocking electrodes (Wagner): t_ion = (I0 - Iss)/I0, Iss is electronic. Nonblocking electrodes: t+ = Iss/I0, or with
/// the interface resistances R0 and Rss before and after polarization
///   t+ = Iss (dV - I0 R0) / (I0 (dV - Iss Rss)).
/// Valid for small voltages (dV << kT/e) and ideal dilute salts; for single-ion conductors it tests leakage.
/// Source: J. Evans, C. A. Vincent, P. G. Bruce, Polymer 28 (1987) 2324, DOI 10.1016/0032-3861(87)90394-6; J. D. Hehn
/// et al., ACS Appl. Mater. Interfaces 17 (2025) 33824, DOI 10.1021/acsami.5c01939, sec. 2.2.2.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "closo/base/measured.hpp"

namespace closo::transport {

using base::Measured;

enum class TransferenceStatus : unsigned char {
  ok,
  interface_takes_all_voltage,  ///< I R of the interface reaches the applied voltage: no number follows
};

enum class TransferenceWarning : unsigned char {
  voltage_not_small,      ///< dV above 0.4 kT/e (10.3 mV at 25 °C)
  initial_current_off,    ///< I0 differs from dV/(Rb + R0) by more than 10 % and three standard uncertainties
  outside_unit_interval,  ///< below 0 or above 1
  current_grows,          ///< Iss above I0
};
/// One sentence for the user.
std::string_view describe(TransferenceWarning warning) noexcept;

struct Transference {
  TransferenceStatus status = TransferenceStatus::ok;
  double number = 0.0;
  std::optional<double> uncertainty{};  ///< standard, from the stated uncertainties to first order
  std::vector<TransferenceWarning> warnings;
};

/// t_ion = (I0 - Iss)/I0 with blocking electrodes; currents [A]. Throws: ParameterError unless I0 > 0 and finite, Iss
/// finite.
Transference ionic_transference(Measured initial_current, Measured steady_current);

/// t+ = Iss/I0 with nonblocking electrodes. Throws: as above.
Transference cation_transference(Measured initial_current, Measured steady_current);

struct BruceVincent {
  Measured voltage;                           ///< V, applied
  Measured initial_current, steady_current;   ///< A
  Measured initial_resistance;                ///< Ohm, interface before polarization
  Measured steady_resistance;                 ///< Ohm, interface in the steady state
  std::optional<Measured> bulk_resistance{};  ///< Ohm, to check I0
  double temperature = 298.15;                ///< K
};

/// Throws: ParameterError unless voltage, currents and temperature are positive and the resistances not negative.
Transference bruce_vincent(const BruceVincent& measurement);

enum class SteadyState : unsigned char {
  reached,        ///< drift over the window below the limit
  noise_limited,  ///< drift not distinguishable from zero, but the noise does not allow the limit to be tested
  not_reached,
};
std::string_view to_string(SteadyState state) noexcept;

struct TransientOptions {
  std::optional<double>
      time_constant{};        ///< s, R C of the cell: times below 5 RC are dropped. Empty: found from the points
  double window = 0.1;        ///< share of the record at its end that is tested for drift
  double drift_limit = 0.01;  ///< |dI/dt| × window over |I|
};

/// What a current transient at constant voltage says.
struct Transient {
  SteadyState steady_state = SteadyState::not_reached;
  std::size_t dropped = 0;    ///< points at the start taken as charging of the double layer
  Measured initial_current;   ///< A, extrapolated to t = 0 from the points after the spike
  Measured steady_current;    ///< A, mean of the window
  double window_start = 0.0;  ///< s
  double drift = 0.0;         ///< relative change over the window, with sign
  double drift_uncertainty = 0.0;
  /// Limit of the exponential through the last half of the record; only without steady state, empty when it does not
  /// settle within three times the record.
  std::optional<Measured> extrapolated_current{};
  std::optional<double> relaxation_time{};  ///< s
};

/// Reads I0 and Iss from a transient. The spike of the double layer, where its time constant is not given, is dropped
/// as the first points (at most a twentieth of the record) that stand above the quadratic through the next points by
/// more than five times their scatter, and half as many again. I0 is the value at t = 0 of the straight line or
/// parabola through the early points that keep at least 90 % of the total decay.
/// @param time [s] ascending from the step, @param current [A]; at least 8 points of each.
/// Throws: ParameterError on fewer or unequal points, times that do not ascend, or numbers that are not finite.
Transient analyse_transient(std::span<const double> time, std::span<const double> current,
                            const TransientOptions& options = {});

}  // namespace closo::transport
