/// Hand-made facts for the tests of this room.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "closo/library/library.hpp"

namespace closo::transport::test {

inline library::Fact fact(std::string id, std::string table, std::string quantity, double value,
                          const std::string& unit) {
  library::Fact f;
  f.id = std::move(id);
  f.table = std::move(table);
  f.material = "X";
  f.quantity = std::move(quantity);
  f.unit = base::Unit::parse(unit);
  f.value = value;
  f.value_si = f.unit.to_si(value);
  f.source = "paper";
  f.locator = "2.1";
  f.references = {"paper:1"};
  return f;
}

inline library::Fact conductivity(std::string id, double temperature, double value_S_per_cm) {
  library::Fact f = fact(std::move(id), "conductivity", "ionic conductivity", value_S_per_cm, "S/cm");
  f.temperature = temperature;
  return f;
}

inline library::Fact energy(std::string id, double value_eV, double uncertainty_eV = 0.0) {
  library::Fact f = fact(std::move(id), "activation", "activation energy for ionic conduction", value_eV, "eV");
  if (uncertainty_eV > 0.0) {
    f.uncertainty = uncertainty_eV;
    f.uncertainty_si = f.unit.difference_to_si(uncertainty_eV);
  }
  return f;
}

inline library::Fact transition(std::string id, double temperature, std::string from = {}, std::string to = {}) {
  library::Fact f = fact(std::move(id), "transition", "phase transition temperature", temperature, "K");
  f.conditions = {{"from_phase", std::move(from)}, {"to_phase", std::move(to)}};
  return f;
}

inline library::Library with(std::vector<library::Fact> facts, std::vector<std::string> roles = {"electrolyte"}) {
  library::Material material;
  material.id = "X";
  material.name = "substance X";
  material.roles = std::move(roles);
  material.phases = {"cubic", "hexagonal"};
  library::Library library;
  library.add({material}, std::move(facts));
  return library;
}

}  // namespace closo::transport::test
