#include "closo/tasks/composite_interphase.hpp"

#include <cmath>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/composite/effective_medium.hpp"

namespace closo::tasks {

using base::ParameterError;

InterphaseModel::InterphaseModel(StructureRequest powder, InterphaseLaw law, std::optional<ConductivityTable> table,
                                 double reference_temperature)
    : powder_(std::move(powder)), law_(law), table_(std::move(table)), reference_temperature_(reference_temperature) {
  if (law_ == InterphaseLaw::voxel_table && !table_)
    throw ParameterError("table", "missing", "a table of voxel runs for this model");
  if (law_ != InterphaseLaw::voxel_table) table_.reset();
  powder_.fraction = 0.25;
  powder_.cluster_size.reset();
  radius_ = composition(recipe_of(powder_)).particle_radius;
}

double InterphaseModel::filling(double fraction) const {
  if (!(fraction > 0.0)) return 1e9;
  StructureRequest asked = powder_;
  asked.fraction = fraction;
  const double filling = composition(recipe_of(asked)).pore_filling;
  return filling > 0.0 ? filling : 1e9;
}

double InterphaseModel::interphase(const InterphaseGuess& guess, double temperature) const {
  const double exponent =
      guess.energy_eV / base::boltzmann_constant_eV * (1.0 / reference_temperature_ - 1.0 / temperature);
  return guess.conductivity * reference_temperature_ / temperature * std::exp(exponent);
}

InterphaseModel::Answer InterphaseModel::conductivity(const InterphaseGuess& guess, double fraction, double temperature,
                                                      double bulk) const {
  const double layer = interphase(guess, temperature);
  if (law_ != InterphaseLaw::voxel_table) {
    return {composite::coated_filler_conductivity(
                {bulk, layer, 0.0, radius_, guess.thickness, law_ == InterphaseLaw::coated_filler_symmetric}, fraction),
            false};
  }
  const TableAnswer answer = table_->at({fraction, filling(fraction), guess.thickness / radius_, guess.wetted_fraction,
                                         guess.cluster_radius / radius_, layer / bulk});
  return {bulk * answer.relative, answer.is_outside};
}

std::optional<double> InterphaseModel::implied(InterphaseGuess guess, double fraction, double bulk,
                                               double target) const {
  const auto excess = [&](double logarithm) {
    guess.conductivity = bulk * std::exp(logarithm);
    return std::log(conductivity(guess, fraction, reference_temperature_, bulk).conductivity / target);
  };
  double low = std::log(0.1), high = std::log(1e7);
  if (!(excess(low) <= 0.0) || !(excess(high) >= 0.0)) return std::nullopt;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (excess(middle) < 0.0 ? low : high) = middle;
  }
  return bulk * std::exp(0.5 * (low + high));
}

ConductivityTable shipped_conductivity_table(const Context& context) {
  return read_conductivity_table((context.data / "composite" / "coated_spheres.csv").string());
}

}  // namespace closo::tasks
