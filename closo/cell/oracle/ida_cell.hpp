/// A cell as one differential-algebraic system under SUNDIALS IDA with KLU: what the simulator is measured against.
///
/// Model: the equations of parameters.hpp on the simulator's meshes, written anew: both potentials, every shell, every
/// current density and the cell's current are unknowns of one sparse system with an analytic Jacobian; BDF of order 1
/// to 5, D(z) implicit. No slow states and no heat. Source: A. C. Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005)
/// 363, DOI 10.1145/1089014.1089020 (IDA); T. A. Davis, E. Palamadai Natarajan, ACM Trans. Math. Softw. 37 (2010) 36,
/// DOI 10.1145/1824801.1824814 (KLU).
#pragma once

#include <cstddef>
#include <memory>

#include "closo/cell/parameters.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

struct IdaTolerances {
  double relative = 1e-8;
  double absolute = 1e-10;  ///< of stoichiometries, V and A/m² alike
};

class IdaCell {
 public:
  /// At rest. Only the mesh of the options counts. Throws: ParameterError for contact, growth or heat in the
  /// parameters; InternalError where SUNDIALS refuses.
  IdaCell(const CellParameters& parameters, const SimulationOptions& mesh, const IdaTolerances& tolerances = {});
  ~IdaCell();
  IdaCell(const IdaCell&) = delete;
  IdaCell& operator=(const IdaCell&) = delete;

  /// Holds a current density [A/m²], voltage [V] or power density [W/m²] from now on and finds the state of this
  /// moment. Throws: NumericsError where there is none.
  void hold_current(double target);
  void hold_voltage(double target);
  void hold_power(double target);

  /// Goes on to a time [s]. Throws: NumericsError where IDA cannot.
  void advance(double time);
  /// The same, but ends where the terminal voltage [V] is met; true if it was.
  bool advance_until_voltage(double voltage, double latest_time);

  double time() const noexcept;                ///< s
  double current() const noexcept;             ///< A/m²
  double voltage() const noexcept;             ///< V
  double mean_stoichiometry() const noexcept;  ///< of the cathode
  std::size_t steps() const;                   ///< since the last hold

 private:
  class System;
  std::unique_ptr<System> system_;
};

}  // namespace closo::cell
