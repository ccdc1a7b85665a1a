#include "closo/stability/detail/open_program.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/stability/random_set_test.hpp"

namespace closo::stability::detail {
namespace {

using trial::entry_of;
using trial::formula;

const EntrySet hydrides("hydrides", {entry_of("LiH", -1.0), entry_of("LiBH4", -3.0), entry_of("Li2B12H12", -11.0),
                                     entry_of("LiN3", -0.2), entry_of("B2H6", -0.5)});

ChemicalSystem quaternary() { return ChemicalSystem(hydrides, {"Li", "B", "H", "N"}); }

TEST(OpenProgram, LeavesOutWhatCannotForm) {
  const ChemicalSystem system = quaternary();
  const OpenProgram program(system, formula("LiBH4"), "Li", {});
  std::vector<std::string> names, reservoirs;
  for (const std::size_t phase : program.phases()) names.push_back(system.entry(phase).name);
  for (const std::size_t phase : program.reservoir_phases()) reservoirs.push_back(system.entry(phase).name);
  EXPECT_EQ(names, (std::vector<std::string>{"LiH", "LiBH4", "Li2B12H12", "B2H6", "H2", "B"}));
  EXPECT_EQ(reservoirs, std::vector<std::string>{"Li"});
  EXPECT_EQ(program.mobile_amount(), 1.0);
  EXPECT_EQ(program.composition_atoms(), 6.0);
  EXPECT_NEAR(program.mobile_fraction(1), 1.0 / 6.0, 1e-15);
}

TEST(OpenProgram, CostsAreGrandPotentials) {
  const ChemicalSystem system = quaternary();
  const std::vector<Reservoir> hydrogen{{"H", -0.1}};
  const OpenProgram program(system, formula("LiBH4"), "Li", hydrogen);
  const std::vector<double> costs = program.costs(system.energies_eV_per_atom(), 2.0);
  for (std::size_t j = 0; j < program.columns(); ++j) {
    const Entry& entry = system.entry(program.phase(j));
    const double expected = entry.energy_eV + 2.0 * entry.formula.amount("Li") + 0.1 * entry.formula.amount("H");
    EXPECT_NEAR(costs[j] * entry.formula.atoms(), expected, 1e-12) << entry.name;
  }
}

TEST(OpenProgram, KnowsWhatGrowsFromTheReservoirs) {
  const ChemicalSystem system = quaternary();
  const OpenProgram metal(system, formula("LiBH4"), "Li", {});
  EXPECT_NEAR(metal.bound(system.energies_eV_per_atom()).potential_V, 0.0, 1e-15);
  EXPECT_THROW(metal.require_bounded(-0.01), base::NumericsError);
  EXPECT_NO_THROW(metal.require_bounded(0.0));
  // LiH grows from lithium and hydrogen below 1 V, less where the hydrogen is poor.
  const OpenProgram gas(system, formula("LiBH4"), "Li", std::vector<Reservoir>{{"H", -0.25}});
  EXPECT_NEAR(gas.bound(system.energies_eV_per_atom()).potential_V, 0.75, 1e-12);
  EXPECT_THROW(gas.require_bounded(0.7), base::NumericsError);
  EXPECT_NO_THROW(gas.require_bounded(0.8));
  const OpenProgram rich(system, formula("LiBH4"), "Li", std::vector<Reservoir>{{"H", 0.1}});
  EXPECT_TRUE(std::isinf(rich.bound(system.energies_eV_per_atom()).potential_V));
  EXPECT_THROW(rich.require_bounded(5.0), base::NumericsError);
  const OpenProgram closed(system, formula("LiBH4"), {}, std::vector<Reservoir>{{"H", 0.1}});
  EXPECT_THROW(closed.require_bounded(0.0), base::NumericsError);
}

TEST(OpenProgram, SolvesAndReadsTheBasis) {
  const ChemicalSystem system = quaternary();
  const OpenProgram program(system, formula("Li2B2H8"), "Li", {});
  const num::Simplex inside = program.solved(1.5);
  EXPECT_NEAR(inside.objective(), -6.0 + 1.5 * 2.0, 1e-12);
  const std::vector<PhaseAmount> phases = program.assemblage(inside.basis(), inside.values());
  ASSERT_EQ(phases.size(), 1U);
  EXPECT_EQ(system.entry(phases[0].phase).name, "LiBH4");
  EXPECT_NEAR(phases[0].amount, 2.0, 1e-12);
  EXPECT_EQ(program.uptake(inside.basis(), inside.values()), 0.0);
  const num::Simplex oxidised = program.solved(6.0);
  EXPECT_NEAR(program.uptake(oxidised.basis(), oxidised.values()), -2.0, 1e-12);
}

TEST(OpenProgram, SeesAnotherAssemblageOfTheSameCost) {
  const auto is_degenerate = [](double second_eV) {
    const EntrySet set("two ways", {entry_of("LiBH4", -4.0, "a"), entry_of("LiBH4", second_eV, "b")});
    const ChemicalSystem system(set, {"Li", "B", "H"});
    const OpenProgram program(system, formula("LiBH4"), "Li", {});
    const num::Simplex simplex = program.solved(1.0);
    const std::vector<double> costs = program.costs(system.energies_eV_per_atom(), 0.5);
    return program.has_alternative(simplex.basis(), simplex.values(), costs, 0.5, simplex.duals());
  };
  EXPECT_TRUE(is_degenerate(-4.0));
  EXPECT_FALSE(is_degenerate(-3.9));
}

TEST(OpenProgram, RefusesWhatHasNoAnswer) {
  const ChemicalSystem system = quaternary();
  const auto made = [&](const char* composition, const char* mobile, const std::vector<Reservoir>& reservoirs) {
    return OpenProgram(system, formula(composition), mobile, reservoirs).columns();
  };
  EXPECT_THROW(made("LiBH4", "Na", {}), base::InputError);
  EXPECT_THROW(made("LiBH4", "B", {}), base::ParameterError);
  EXPECT_THROW(made("LiCl", "Li", {}), base::InputError);
  EXPECT_THROW(made("Li", "Li", {}), base::InputError);
  EXPECT_THROW(made("LiH", "Li", {{"H", 0.0}}), base::InputError);
  EXPECT_THROW(made("LiBH4", "Li", {{"Li", 0.0}}), base::ParameterError);
  EXPECT_THROW(made("LiBH4", "Li", {{"H", 0.0}, {"H", 0.0}}), base::ParameterError);
  EXPECT_THROW(made("LiBH4", "Li", {{"H", std::nan("")}}), base::ParameterError);
  EXPECT_THROW(made("LiBH4", "Li", {{"O", 0.0}}), base::InputError);
}

}  // namespace
}  // namespace closo::stability::detail
