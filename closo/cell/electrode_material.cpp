#include "closo/cell/electrode_material.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::cell {
namespace {

using library::ElectrodeCurve;
using library::ElectrodeCurveTerm;
using library::ElectrodeMaterial;
using library::ElectrodeNumber;
using Role = ElectrodeMaterial::Role;

OpenCircuitTerm::Kind kind_of(ElectrodeCurveTerm::Function function) {
  switch (function) {
    case ElectrodeCurveTerm::Function::power:
      return OpenCircuitTerm::Kind::power;
    case ElectrodeCurveTerm::Function::exponential:
      return OpenCircuitTerm::Kind::exponential;
    case ElectrodeCurveTerm::Function::tanh:
      return OpenCircuitTerm::Kind::tanh;
    case ElectrodeCurveTerm::Function::ideal:
      return OpenCircuitTerm::Kind::ideal;
    case ElectrodeCurveTerm::Function::redlich_kister:
      break;
  }
  return OpenCircuitTerm::Kind::redlich_kister;
}

OpenCircuit without_entropy(const ElectrodeCurve& curve) {
  if (!curve.stoichiometry.empty()) {
    std::vector<double> potential = curve.potential;
    for (double& each : potential) each += curve.shift;
    return OpenCircuit::from_table(curve.stoichiometry, potential);
  }
  std::vector<OpenCircuitTerm> terms;
  for (const ElectrodeCurveTerm& term : curve.terms) {
    OpenCircuitTerm converted;
    converted.kind = kind_of(term.function);
    converted.a = term.a;
    converted.b = term.b;
    converted.c = term.c;
    converted.is_thermal = term.is_thermal;
    terms.push_back(converted);
  }
  if (curve.shift != 0.0) {
    OpenCircuitTerm shift;
    shift.a = curve.shift;
    terms.push_back(shift);
  }
  return OpenCircuit::from_formula(std::move(terms), curve.low, curve.high);
}

void require_positive(const char* name, double value, const char* unit) {
  if (!(value > 0.0) || !std::isfinite(value)) {
    throw base::ParameterError(name, base::format_number(value) + " " + unit, "a number above 0");
  }
}

/// The number at the reference temperature, with the energy it was brought there by.
Activated activated(const ElectrodeMaterial& material, std::string_view value, std::string_view energy,
                    double reference_temperature) {
  const ElectrodeNumber& stated = material.number(value);
  Activated result;
  result.value = stated.value;
  result.energy = material.number(energy).value;
  if (stated.temperature) result.value = at_temperature(result, reference_temperature, *stated.temperature);
  return result;
}

}  // namespace

OpenCircuit open_circuit(const ElectrodeCurve& curve) {
  OpenCircuit result = without_entropy(curve);
  if (curve.entropy.empty()) return result;
  return result.with_entropy(curve.entropy_stoichiometry, curve.entropy, curve.temperature);
}

ActiveMaterial active_material(const ElectrodeMaterial& material, double radius, double reference_temperature,
                               std::string_view curve) {
  if (material.role == Role::metal) {
    throw base::ParameterError("active material", material.id, "an insertion or conversion material, not a metal");
  }
  require_positive("radius", radius, "m");
  require_positive("reference temperature", reference_temperature, "K");
  ActiveMaterial result;
  result.open_circuit = open_circuit(material.curve(curve));
  result.maximum_concentration = material.number("maximum_concentration").value;
  result.shape = ParticleShape::sphere;
  result.sizes.push_back({});
  result.sizes.back().radius = radius;
  result.diffusivity =
      activated(material, "diffusion_coefficient", "diffusion_activation_energy", reference_temperature);
  result.kinetics.exchange_current_density =
      activated(material, "exchange_current_density", "exchange_current_activation_energy", reference_temperature);
  return result;
}

double metal_potential(const ElectrodeMaterial& material) {
  if (material.role != Role::metal) {
    throw base::ParameterError("anode", material.id, "a metal or two-phase alloy such as Li, Na or In-Li");
  }
  return open_circuit(material.curve()).potential(0.5, material.curve().temperature);
}

double partial_molar_volume(const ElectrodeMaterial& material) {
  return material.number("volume_change").value / material.number("maximum_concentration").value;
}

}  // namespace closo::cell
