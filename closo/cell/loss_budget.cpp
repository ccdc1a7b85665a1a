#include "closo/cell/loss_budget.hpp"

namespace closo::cell {

std::array<double, loss_count> values(const LossBudget& budget) noexcept {
  return {budget.separator,          budget.anode_kinetics, budget.anode_interface, budget.cathode_ionic,
          budget.cathode_electronic, budget.film,           budget.charge_transfer, budget.diffusion,
          budget.utilisation,        budget.side_reaction};
}

std::array<std::string_view, loss_count> loss_names() noexcept {
  return {"separator", "anode kinetics",  "anode interface", "cathode ionic", "cathode electronic",
          "film",      "charge transfer", "diffusion",       "utilisation",   "side reaction"};
}

double LossBudget::total() const noexcept {
  double sum = 0.0;
  for (const double value : values(*this)) sum += value;
  return sum;
}

LossBudget& LossBudget::operator+=(const LossBudget& other) noexcept {
  separator += other.separator;
  anode_kinetics += other.anode_kinetics;
  anode_interface += other.anode_interface;
  cathode_ionic += other.cathode_ionic;
  cathode_electronic += other.cathode_electronic;
  film += other.film;
  charge_transfer += other.charge_transfer;
  diffusion += other.diffusion;
  utilisation += other.utilisation;
  side_reaction += other.side_reaction;
  return *this;
}

LossBudget LossBudget::operator*(double factor) const noexcept {
  return {separator * factor,          anode_kinetics * factor, anode_interface * factor, cathode_ionic * factor,
          cathode_electronic * factor, film * factor,           charge_transfer * factor, diffusion * factor,
          utilisation * factor,        side_reaction * factor};
}

}  // namespace closo::cell
