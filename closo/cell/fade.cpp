#include "closo/cell/fade.hpp"

#include <cmath>
#include <numeric>

namespace closo::cell {
namespace {

constexpr double same_current = 0.01;     // relative
constexpr double least_agreement = 0.5;   // of the net growth to the sum of its magnitudes
constexpr double smallest_growth = 1e-7;  // V: below, nothing has grown

/// Mean overpotentials [V] of discharge and charge together.
struct Means {
  double contact = 0.0, film = 0.0, metal = 0.0, other = 0.0;
};

void add(Means& means, const LossBudget& losses, double charge) {
  if (!(charge > 0.0)) return;
  means.contact += (losses.charge_transfer + losses.diffusion + losses.utilisation) / charge;
  means.film += losses.film / charge;
  means.metal += (losses.anode_interface + losses.anode_kinetics) / charge;
  means.other += (losses.separator + losses.cathode_ionic + losses.cathode_electronic) / charge;
}

Means means_of(const CycleRow& row) {
  Means means;
  add(means, row.discharge_losses, row.discharge_capacity);
  add(means, row.charge_losses, row.charge_capacity);
  return means;
}

double& of(std::array<double, fade_cause_count>& values, FadeCause cause) {
  return values[static_cast<std::size_t>(cause)];
}

}  // namespace

std::string_view to_string(FadeCause cause) noexcept {
  switch (cause) {
    case FadeCause::isolation:
      return "isolated particles";
    case FadeCause::contact:
      return "lost contact area";
    case FadeCause::interphase:
      return "interphase on the particles";
    case FadeCause::metal:
      return "interface of the metal";
    case FadeCause::other:
      break;
  }
  return "other";
}

std::optional<FadeSplit> split_fade(const CycleRow& reference, const CycleRow& now) {
  if (!(reference.discharge_capacity > 0.0) || !(now.discharge_capacity > 0.0)) return std::nullopt;
  if (std::abs(now.largest_current - reference.largest_current) > same_current * reference.largest_current)
    return std::nullopt;
  FadeSplit split;
  split.lost = reference.discharge_capacity - now.discharge_capacity;
  const double connected = (1.0 - now.isolated_fraction) / (1.0 - reference.isolated_fraction);
  of(split.capacity, FadeCause::isolation) = reference.discharge_capacity * (1.0 - connected);

  const Means before = means_of(reference);
  const Means after = means_of(now);
  // The old film on the area that is left.
  const double area = now.contact_fraction / reference.contact_fraction * connected;
  const double old_film = area > 0.0 ? before.film / area : before.film;
  of(split.overpotential, FadeCause::contact) = after.contact - before.contact + old_film - before.film;
  of(split.overpotential, FadeCause::interphase) = after.film - old_film;
  of(split.overpotential, FadeCause::metal) = after.metal - before.metal;
  of(split.overpotential, FadeCause::other) = after.other - before.other;

  const double rest = split.lost - of(split.capacity, FadeCause::isolation);
  const double growth = std::accumulate(split.overpotential.begin(), split.overpotential.end(), 0.0);
  double magnitude = 0.0;
  for (const double each : split.overpotential) magnitude += std::abs(each);
  split.is_divided = magnitude > smallest_growth && std::abs(growth) >= least_agreement * magnitude;
  if (!split.is_divided) {
    of(split.capacity, FadeCause::other) += rest;
    return split;
  }
  for (std::size_t k = 0; k < fade_cause_count; ++k) split.capacity[k] += rest * split.overpotential[k] / growth;
  return split;
}

}  // namespace closo::cell
