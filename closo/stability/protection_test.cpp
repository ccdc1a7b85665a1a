#include "closo/stability/protection.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "closo/base/error.hpp"
#include "closo/stability/random_set_test.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

using trial::entry_of;
using trial::formula;
using trial::system_of;

// By hand: 6 LiBH4 → LiB6H6 + 5 Li + 9 H2 at (18 − 12)/5 V; LiB6H6 → Li + 6 B + 3 H2 at 12 V is beyond the range, so
// that its window ends with the range.
const EntrySet hydrides("hydrides", {entry_of("LiBH4", -3.0), entry_of("LiB6H6", -12.0), entry_of("LiH", -0.5)});

TEST(Protection, ByHand) {
  const ChemicalSystem system(hydrides, {"Li", "B", "H"});
  const Protection protection = protective_layers(system, formula("LiBH4"), "Li");
  ASSERT_EQ(protection.oxidation_layer.size(), 2U);
  const LayerProduct& closo = *std::find_if(protection.oxidation_layer.begin(), protection.oxidation_layer.end(),
                                            [](const LayerProduct& product) { return product.holds_mobile_ion; });
  EXPECT_EQ(system.entry(closo.phase).name, "LiB6H6");
  EXPECT_NEAR(closo.atom_fraction, 13.0 / 31.0, 1e-12);
  EXPECT_TRUE(closo.extends_window);
  EXPECT_TRUE(closo.can_protect);
  EXPECT_FALSE(closo.is_element);
  const LayerProduct& gas = protection.oxidation_layer.front();
  EXPECT_EQ(system.entry(gas.phase).name, "H2");
  EXPECT_TRUE(gas.is_element);
  EXPECT_FALSE(gas.can_protect);
  EXPECT_FALSE(gas.window.has_value());
  EXPECT_EQ(protection.protected_oxidation_V, 8.0);
}

TEST(Protection, NothingToProtectWhereTheLimitIsOpen) {
  const ChemicalSystem system(hydrides, {"Li", "B", "H"});
  const Protection protection = protective_layers(system, formula("LiH"), "Li");
  EXPECT_TRUE(protection.reduction_layer.empty());
  EXPECT_FALSE(protection.protected_reduction_V.has_value());
  EXPECT_FALSE(protection.protected_oxidation_V.has_value());
  EXPECT_EQ(protection.oxidation_layer.size(), 1U);
  EXPECT_THROW(protective_layers(system, formula("LiCl"), "Li"), base::InputError);
}

// A product of the limit is stable there: its own window holds the potential at which it forms.
TEST(ProtectionLaw, ProductsAreStableWhereTheyForm) {
  std::size_t products = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    const ChemicalSystem system(EntrySet("random", trial::random_entries({"Li", "B", "H", "N"}, 120, seed)),
                                {"Li", "B", "H", "N"});
    const base::Formula compound = formula("Li2BH2N");
    const Window window = equilibrium_window(system, compound, "Li");
    const Protection protection = protective_layers(system, compound, "Li");
    const auto check = [&](const std::vector<LayerProduct>& layer, double potential_V) {
      double fractions = 0.0;
      for (const LayerProduct& product : layer) {
        fractions += product.atom_fraction;
        if (!product.window) continue;
        EXPECT_LE(product.window->reduction.potential_V, potential_V + 1e-9);
        EXPECT_GE(product.window->oxidation.potential_V, potential_V - 1e-9);
        EXPECT_LE(product.window->above_hull_eV_per_atom, 1e-9);
        ++products;
      }
      EXPECT_NEAR(fractions, layer.empty() ? 0.0 : 1.0, 1e-9);
    };
    check(protection.oxidation_layer, window.oxidation.potential_V);
    check(protection.reduction_layer, window.reduction.potential_V);
    EXPECT_GT(protection.protected_oxidation_V.value_or(9.0), window.oxidation.potential_V);
    EXPECT_LT(protection.protected_reduction_V.value_or(-1.0), window.reduction.potential_V);
  }
  EXPECT_GT(products, 25U);
}

// The review (Cuan et al. 2018, sec. 4.2). Neutral boranes are left out: in this set they are overbound, and LiBH4
// would turn into B2H6 and H2 in its first step.
TEST(ProtectionShared, BorohydridesTurnIntoClosoBoratesThatReachFurther) {
  const std::optional<EntrySet> set = trial::mp2019({"Li", "Na", "B", "H"});
  if (!set) GTEST_SKIP() << "shared thermodynamic data are not there";
  struct Case {
    const char *compound, *mobile, *layer;
    double free_V, constrained_V;
  };
  for (const Case& one :
       {Case{"LiBH4", "Li", "Li2B12H12", 3.184, 5.08}, Case{"NaBH4", "Na", "Na2B12H12", 3.278, 5.18}}) {
    const ChemicalSystem all = system_of(*set, formula(one.compound));
    SystemOptions options;
    for (std::size_t phase = 0; phase < all.size(); ++phase) {
      const base::Formula& formula = all.entry(phase).formula;
      if (formula.terms().size() == 2 && formula.amount(one.mobile) == 0.0) options.exclude.push_back(formula.text());
    }
    ASSERT_GT(options.exclude.size(), 5U);
    const ChemicalSystem system = system_of(*set, formula(one.compound), options);
    const Protection protection = protective_layers(system, formula(one.compound), one.mobile);
    const auto layer = std::find_if(protection.oxidation_layer.begin(), protection.oxidation_layer.end(),
                                    [](const LayerProduct& product) { return product.can_protect; });
    ASSERT_NE(layer, protection.oxidation_layer.end()) << one.compound;
    EXPECT_EQ(system.entry(layer->phase).formula.reduced(), formula(one.layer).reduced());
    ASSERT_TRUE(protection.protected_oxidation_V.has_value());
    EXPECT_NEAR(*protection.protected_oxidation_V, one.constrained_V, 5e-3);
    EXPECT_NEAR(equilibrium_window(all, formula(one.layer), one.mobile).oxidation.potential_V, one.free_V, 2e-3);
    EXPECT_FALSE(protective_layers(all, formula(one.compound), one.mobile).protected_oxidation_V.has_value());
  }
}

}  // namespace
}  // namespace closo::stability
