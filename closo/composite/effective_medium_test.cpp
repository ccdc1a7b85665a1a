#include "closo/composite/effective_medium.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

using Values = std::vector<double>;

constexpr double vacuum_permittivity = 8.8541878128e-12;

/// A law of two phases: conductor `a`, filler `b` at fraction f.
struct TwoPhaseLaw {
  std::string name;
  std::function<double(double a, double b, double f)> value;
};

const std::vector<TwoPhaseLaw>& isotropic_laws() {
  static const std::vector<TwoPhaseLaw> laws{
      {"Maxwell-Garnett", [](double a, double b, double f) { return maxwell_garnett(a, b, f).real(); }},
      {"inverse Maxwell-Garnett", [](double a, double b, double f) { return maxwell_garnett(b, a, 1.0 - f).real(); }},
      {"Bruggeman",
       [](double a, double b, double f) {
         return bruggeman(std::array{a, b}, std::array{1.0 - f, f});
       }},
      {"complex Bruggeman",
       [](double a, double b, double f) {
         return bruggeman(std::array{Complex(a), Complex(b)}, std::array{1.0 - f, f}).real();
       }},
      {"differential", differential_medium},
      {"inverse differential", [](double a, double b, double f) { return differential_medium(b, a, 1.0 - f); }},
      {"coated filler with a layer of bulk",
       [](double a, double b, double f) {
         return coated_filler_conductivity({.bulk = a, .interphase = a, .filler = b, .radius = 5e-9, .thickness = 1e-9},
                                           f);
       }},
      {"McLachlan at Bruggeman's threshold",
       [](double a, double b, double f) {
         return a < b ? general_effective_medium(a, b, f, 1.0 / 3.0, 1.0)
                      : general_effective_medium(b, a, 1.0 - f, 1.0 / 3.0, 1.0);
       }},
  };
  return laws;
}

const Values fractions_grid{0.0, 1e-6,      0.01, 0.1, 0.25, 1.0 / 3.0,  0.4, 0.5,
                            0.6, 2.0 / 3.0, 0.75, 0.9, 0.99, 1.0 - 1e-6, 1.0};
const Values contrasts{1e-9, 1e-6, 1e-3, 0.1, 0.5, 1.0, 2.0, 10.0, 1e3, 1e6, 1e9};

// Wiener ⊇ Hashin–Shtrikman ⊇ every isotropic law.
TEST(effective_medium, bounds_hold_every_isotropic_law) {
  for (const double f : fractions_grid) {
    for (const double contrast : contrasts) {
      const Values s{1.0, contrast}, shares{1.0 - f, f};
      const auto [wiener_low, wiener_high] = wiener_bounds(s, shares);
      const auto [low, high] = hashin_shtrikman_bounds(s, shares);
      // At f = 1e-6 the rounding of 1 − f alone is worth 1e-10.
      constexpr double slack = 1e-9;
      EXPECT_LE(wiener_low, low * (1.0 + slack)) << f << " " << contrast;
      EXPECT_LE(low, high * (1.0 + slack)) << f << " " << contrast;
      EXPECT_LE(high, wiener_high * (1.0 + slack)) << f << " " << contrast;
      for (const TwoPhaseLaw& law : isotropic_laws()) {
        const double value = law.value(1.0, contrast, f);
        EXPECT_GE(value, low * (1.0 - slack)) << law.name << " " << f << " " << contrast;
        EXPECT_LE(value, high * (1.0 + slack)) << law.name << " " << f << " " << contrast;
      }
    }
  }
}

TEST(effective_medium, three_phases_stay_within_the_bounds) {
  const Values s{1.0, 1e3, 1e-6};
  for (double f = 0.0; f <= 1.0; f += 0.05) {
    for (double g = 0.0; f + g <= 1.0; g += 0.05) {
      const Values shares{std::max(0.0, 1.0 - f - g), f, g};
      const auto [low, high] = hashin_shtrikman_bounds(s, shares);
      const auto [wiener_low, wiener_high] = wiener_bounds(s, shares);
      EXPECT_LE(wiener_low, low * (1.0 + 1e-12));
      EXPECT_LE(high, wiener_high * (1.0 + 1e-12));
      const double mean = bruggeman(s, shares);
      EXPECT_GE(mean, low * (1.0 - 1e-12)) << f << " " << g;
      EXPECT_LE(mean, high * (1.0 + 1e-12)) << f << " " << g;
    }
  }
}

TEST(effective_medium, pure_phases_come_out_exactly_and_equal_phases_make_no_mixture) {
  for (const TwoPhaseLaw& law : isotropic_laws()) {
    for (const double contrast : contrasts) {
      EXPECT_NEAR(law.value(1.0, contrast, 0.0), 1.0, 1e-14) << law.name << contrast;
      EXPECT_NEAR(law.value(1.0, contrast, 1.0) / contrast, 1.0, 1e-14) << law.name << contrast;
    }
    for (const double f : fractions_grid) EXPECT_NEAR(law.value(0.3, 0.3, f), 0.3, 1e-14) << law.name << f;
  }
}

TEST(effective_medium, every_law_is_homogeneous_of_degree_one_and_grows_with_each_phase) {
  for (const TwoPhaseLaw& law : isotropic_laws()) {
    for (const double f : {0.1, 0.4, 0.8}) {
      for (const double contrast : {1e-6, 0.1, 1e4}) {
        const double value = law.value(1.0, contrast, f);
        EXPECT_NEAR(law.value(1e-7, 1e-7 * contrast, f) / (1e-7 * value), 1.0, 1e-12) << law.name;
        EXPECT_GE(law.value(1.1, contrast, f), value) << law.name;
        EXPECT_GE(law.value(1.0, 1.1 * contrast, f), value) << law.name;
      }
    }
  }
}

// The closed two-phase form of the design note.
TEST(effective_medium, hashin_shtrikman_has_the_textbook_values) {
  for (const double f : {0.1, 0.3, 0.7}) {
    const double s1 = 1.0, s2 = 25.0;
    const auto [low, high] = hashin_shtrikman_bounds(Values{s2, s1}, Values{f, 1.0 - f});
    EXPECT_NEAR(low, s1 + f / (1.0 / (s2 - s1) + (1.0 - f) / (3.0 * s1)), 1e-13);
    EXPECT_NEAR(high, s2 + (1.0 - f) / (1.0 / (s1 - s2) + f / (3.0 * s2)), 1e-12);
    EXPECT_NEAR(maxwell_garnett(s1, s2, f).real(), low, 1e-13);
    EXPECT_NEAR(maxwell_garnett(s2, s1, 1.0 - f).real(), high, 1e-12);
  }
  // A phase without a share says nothing.
  EXPECT_EQ(hashin_shtrikman_bounds(Values{2.0, 0.0}, Values{1.0, 0.0}), std::pair(2.0, 2.0));
}

// Multipole sums (to order 25) for the simple cubic array of spheres lie within the Hashin–Shtrikman bounds, near the
// one of the connected matrix. The lattice sums: W. T. Doyle, J. Appl. Phys. 49 (1978) 795.
TEST(effective_medium, cubic_arrays_of_spheres_are_near_maxwell_garnett) {
  const struct {
    double f, ratio, exact;
  } cases[] = {{0.1, 10.0, 1.2433385}, {0.2, 10.0, 1.5317239},   {0.3, 10.0, 1.8877401},
               {0.4, 10.0, 2.3644314}, {0.3, 1000.0, 2.3268656}, {0.3, 1e-6, 0.6056618}};
  for (const auto& c : cases) {
    const auto [low, high] = hashin_shtrikman_bounds(Values{1.0, c.ratio}, Values{1.0 - c.f, c.f});
    EXPECT_GE(c.exact, low);
    EXPECT_LE(c.exact, high);
    EXPECT_NEAR(maxwell_garnett(1.0, c.ratio, c.f).real() / c.exact, 1.0, c.f < 0.35 ? 0.03 : 0.06)
        << c.f << " " << c.ratio;
  }
  // At f = 0.1 interactions of the array are of higher order: four digits agree.
  EXPECT_NEAR(maxwell_garnett(1.0, 10.0, 0.1).real(), 1.2433385, 1e-3);
}

TEST(effective_medium, dilute_spheres_have_maxwells_slope) {
  for (const double contrast : {1e-6, 0.1, 10.0, 1e6}) {
    const double slope = 3.0 * (contrast - 1.0) / (contrast + 2.0), f = 1e-7;
    EXPECT_NEAR((maxwell_garnett(1.0, contrast, f).real() - 1.0) / f, slope, 2e-6 * (1.0 + std::fabs(slope)));
    EXPECT_NEAR((differential_medium(1.0, contrast, f) - 1.0) / f, slope, 2e-6 * (1.0 + std::fabs(slope)));
    EXPECT_NEAR((bruggeman(Values{1.0, contrast}, Values{1.0 - f, f}) - 1.0) / f, slope,
                2e-5 * (1.0 + std::fabs(slope)));
  }
}

TEST(effective_medium, bruggeman_has_its_threshold_at_one_over_dimension) {
  for (const double d : {2.0, 3.0, 4.5}) {
    EXPECT_EQ(bruggeman(Values{0.0, 1.0}, Values{1.0 - 1.0 / d + 1e-9, 1.0 / d - 1e-9}, d), 0.0);
    for (const double f : {1.0 / d + 1e-6, 0.6, 0.95}) {
      EXPECT_NEAR(bruggeman(Values{0.0, 1.0}, Values{1.0 - f, f}, d), (f * d - 1.0) / (d - 1.0), 1e-12) << d << f;
    }
  }
}

TEST(effective_medium, bruggeman_solves_its_quadratic) {
  for (const double f : fractions_grid) {
    for (const double contrast : contrasts) {
      const double b = (3.0 * f - 1.0) * contrast + (2.0 - 3.0 * f);
      const double root = b > 0.0 ? 0.25 * (b + std::sqrt(b * b + 8.0 * contrast))
                                  : 2.0 * contrast / (std::sqrt(b * b + 8.0 * contrast) - b);
      EXPECT_NEAR(bruggeman(Values{1.0, contrast}, Values{1.0 - f, f}) / root, 1.0, 1e-11) << f << " " << contrast;
    }
  }
}

TEST(effective_medium, bruggeman_does_not_know_the_order_of_its_phases) {
  const Values s{1.0, 1e3, 1e-6, 0.0}, shares{0.3, 0.25, 0.35, 0.1};
  const double value = bruggeman(s, shares);
  std::array<std::size_t, 4> order{0, 1, 2, 3};
  do {
    Values a, b;
    for (const std::size_t i : order) {
      a.push_back(s[i]);
      b.push_back(shares[i]);
    }
    EXPECT_NEAR(bruggeman(a, b) / value, 1.0, 1e-13);
  } while (std::ranges::next_permutation(order).found);
  // Cutting a phase in two changes nothing either.
  EXPECT_NEAR(bruggeman(Values{1.0, 1e3, 1e3, 1e-6, 0.0}, Values{0.3, 0.1, 0.15, 0.35, 0.1}) / value, 1.0, 1e-13);
}

// Keller's theorem in two dimensions: σ(1/s1, 1/s2) = 1/σ(s1, s2) for a medium that is the same under rotation by 90°,
// so the checkerboard has the geometric mean. J. B. Keller, J. Math. Phys. 5 (1964) 548, DOI 10.1063/1.1704146.
TEST(effective_medium, reciprocity) {
  for (const double f : {0.2, 0.5, 0.7}) {
    for (const double s : {1e-3, 0.4, 50.0}) {
      const double direct = bruggeman(Values{1.0, s}, Values{1.0 - f, f}, 2.0);
      EXPECT_NEAR(bruggeman(Values{1.0, 1.0 / s}, Values{1.0 - f, f}, 2.0) * direct, 1.0, 1e-12);
      const auto [low, high] = wiener_bounds(Values{1.0, s}, Values{1.0 - f, f});
      const auto [inverse_low, inverse_high] = wiener_bounds(Values{1.0, 1.0 / s}, Values{1.0 - f, f});
      EXPECT_NEAR(low * inverse_high, 1.0, 1e-14);
      EXPECT_NEAR(high * inverse_low, 1.0, 1e-14);
      for (const double m : {-1.0, -0.3, 0.0, 0.3, 1.0}) {
        EXPECT_NEAR(mixing_rule(Values{1.0, s}, Values{1.0 - f, f}, m) *
                        mixing_rule(Values{1.0, 1.0 / s}, Values{1.0 - f, f}, -m),
                    1.0, 1e-13);
      }
    }
  }
  EXPECT_NEAR(bruggeman(Values{4.0, 9.0}, Values{0.5, 0.5}, 2.0), 6.0, 1e-13);
}

TEST(effective_medium, complex_forms_have_the_real_limit) {
  for (const double f : fractions_grid) {
    for (const double s : contrasts) {
      const std::array<Complex, 2> phases{Complex(1.0), Complex(s)};
      const Values shares{1.0 - f, f};
      const auto [low, high] = wiener_bounds(Values{1.0, s}, shares);
      EXPECT_NEAR(layers_across(phases, shares).real() / low, 1.0, 1e-14);
      EXPECT_NEAR(layers_along(phases, shares).real() / high, 1.0, 1e-14);
      const Complex mean = bruggeman(phases, shares);
      EXPECT_NEAR(mean.real() / bruggeman(Values{1.0, s}, shares), 1.0, 1e-10) << f << " " << s;
      EXPECT_EQ(mean.imag(), 0.0);
    }
  }
}

// Everything turned by one angle turns the answer; the root stays in the sector of its phases and solves the equation.
TEST(effective_medium, complex_bruggeman_over_frequency) {
  const double omega_max = 1e12;
  for (double omega = 1.0; omega < omega_max; omega *= 3.0) {
    const auto kappa = [&](double s, double permittivity) {
      return Complex(s, omega * permittivity * vacuum_permittivity);
    };
    const std::vector<Complex> phases{kappa(1e-6, 8.0), kappa(1e-2, 20.0), kappa(0.0, 4.0)};
    for (const double f : {0.1, 0.25, 1.0 / 3.0, 0.5, 0.8}) {
      const Values shares{0.6 * (1.0 - f), f, 0.4 * (1.0 - f)};
      const Complex s = bruggeman(phases, shares);
      Complex balance{};
      double from = 4.0, to = -4.0;
      for (std::size_t i = 0; i < 3; ++i) {
        balance += shares[i] * (phases[i] - s) / (phases[i] + 2.0 * s);
        from = std::min(from, std::arg(phases[i]));
        to = std::max(to, std::arg(phases[i]));
      }
      EXPECT_LT(std::abs(balance), 1e-12) << omega << " " << f;
      EXPECT_GE(std::arg(s), from - 1e-9);
      EXPECT_LE(std::arg(s), to + 1e-9);
      const Complex turn = std::polar(1.0, -from);
      const std::vector<Complex> turned{phases[0] * turn, phases[1] * turn,
                                        Complex(std::abs(phases[2] * turn)) * std::polar(1.0, to - from)};
      if (from >= 0.0 && to - from <= 0.5 * std::numbers::pi) {
        EXPECT_LT(std::abs(bruggeman(turned, shares) / (s * turn) - 1.0), 1e-9) << omega << " " << f;
      }
    }
  }
}

TEST(effective_medium, complex_bruggeman_without_a_path_is_zero_and_half_a_turn_is_refused) {
  EXPECT_EQ(bruggeman(std::array{Complex(0.0), Complex(1.0, 2.0)}, std::array{0.7, 0.3}), Complex{});
  EXPECT_NE(bruggeman(std::array{Complex(0.0), Complex(1.0, 2.0)}, std::array{0.6, 0.4}), Complex{});
  EXPECT_THROW(bruggeman(std::array{Complex(0.0, -1.0), Complex(0.0, 2.0)}, std::array{0.5, 0.5}),
               base::ParameterError);
}

// One Debye relaxation for dilute spheres: J. C. Maxwell, K. W. Wagner; low- and high-frequency limits are those of the
// conductivities and of the permittivities.
TEST(effective_medium, maxwell_wagner_limits) {
  const double s_m = 1e-4, s_i = 1e-9, e_m = 10.0, e_i = 80.0, f = 0.2;
  const auto at = [&](double omega) {
    return maxwell_garnett({s_m, omega * vacuum_permittivity * e_m}, {s_i, omega * vacuum_permittivity * e_i}, f);
  };
  EXPECT_NEAR(at(1e-3).real() / maxwell_garnett(s_m, s_i, f).real(), 1.0, 1e-9);
  EXPECT_NEAR(at(1e15).imag() / (1e15 * vacuum_permittivity * maxwell_garnett(e_m, e_i, f).real()), 1.0, 1e-9);
  // The single relaxation time of the formula: ε0 (ε_i (1−f) + ε_m (2+f))/(σ_i (1−f) + σ_m (2+f)).
  const double tau = vacuum_permittivity * (e_i * (1 - f) + e_m * (2 + f)) / (s_i * (1 - f) + s_m * (2 + f));
  const double low = at(1e-3).real(), high = at(1e15).real(), middle = at(1.0 / tau).real();
  EXPECT_NEAR(middle, 0.5 * (low + high), 1e-6 * (high - low));
}

TEST(effective_medium, differential_medium_has_archies_exponent_for_insulators) {
  for (const double f : {0.1, 0.5, 0.9}) {
    EXPECT_NEAR(differential_medium(2.0, 0.0, f), 2.0 * std::pow(1.0 - f, 1.5), 1e-14);
    EXPECT_NEAR(differential_medium(2.0, 1e-14, f), 2.0 * std::pow(1.0 - f, 1.5), 1e-9);
    EXPECT_EQ(differential_medium(0.0, 1.0, f), 0.0);
    // The matrix stays connected: a superconducting filler gives (1 − f)^-3.
    EXPECT_NEAR(differential_medium(1.0, 1e12, f) * std::pow(1.0 - f, 3.0), 1.0, 1e-7);
  }
}

TEST(effective_medium, coated_sphere_limits) {
  const double core = 0.02, shell = 3.0;
  EXPECT_NEAR(coated_sphere(core, shell, 5e-9, 0.0).real(), core, 1e-15);
  EXPECT_NEAR(coated_sphere(core, shell, 0.0, 1e-9).real(), shell, 1e-15);
  EXPECT_NEAR(coated_sphere(shell, shell, 5e-9, 2e-9).real(), shell, 1e-14);
  EXPECT_NEAR(coated_sphere(core, shell, 1e-9, 1.0).real(), shell, 1e-12);
  const double b = (core - shell) / (core + 2.0 * shell), c = std::pow(5.0 / 7.0, 3.0);
  EXPECT_NEAR(coated_sphere(core, shell, 5e-9, 2e-9).real(), shell * (1.0 + 2.0 * b * c) / (1.0 - b * c), 1e-14);
  // A sphere put into its own equivalent is not there: the coated sphere is neutral.
  const Complex sphere = coated_sphere(core, shell, 5e-9, 2e-9);
  EXPECT_NEAR(maxwell_garnett(sphere, sphere, 0.4).real(), sphere.real(), 1e-14);
}

// The doubly coated sphere of the design note: Maxwell–Garnett or Bruggeman at the share f/c.
TEST(effective_medium, coated_filler_is_the_doubly_coated_sphere) {
  const CoatedFiller filler{.bulk = 1e-6, .interphase = 1e-2, .filler = 1e-12, .radius = 4e-9, .thickness = 1.5e-9};
  const double c = touching_fraction(4e-9, 1.5e-9);
  EXPECT_NEAR(c, std::pow(4.0 / 5.5, 3.0), 1e-15);
  const Complex sphere = coated_sphere(filler.filler, filler.interphase, 4e-9, 1.5e-9);
  CoatedFiller symmetric = filler;
  symmetric.bruggeman_mixing = true;
  for (const double f : {0.0, 0.05, 0.2, 0.99 * c}) {
    EXPECT_NEAR(coated_filler_conductivity(filler, f) / maxwell_garnett(1e-6, sphere, f / c).real(), 1.0, 1e-13);
    EXPECT_NEAR(
        coated_filler_conductivity(symmetric, f) / bruggeman(Values{1e-6, sphere.real()}, Values{1.0 - f / c, f / c}),
        1.0, 1e-13);
  }
  for (const CoatedFiller& form : {filler, symmetric}) {
    EXPECT_NEAR(coated_filler_conductivity(form, 0.0), 1e-6, 1e-18);
    EXPECT_NEAR(coated_filler_conductivity(form, 1.0), 1e-12, 1e-24);
    // Continuous where the bulk is used up.
    EXPECT_NEAR(coated_filler_conductivity(form, c * (1.0 - 1e-12)) / coated_filler_conductivity(form, c), 1.0, 1e-5);
  }
}

double filler_fraction_of_maximum(const CoatedFiller& filler) {
  double best = 0.0, best_at = 0.0;
  for (int i = 0; i <= 1000; ++i) {
    const double f = 1e-3 * i, value = coated_filler_conductivity(filler, f);
    if (value > best) {
      best = value;
      best_at = f;
    }
  }
  return best_at;
}

// C. C. Liang, J. Electrochem. Soc. 120 (1973) 1289, DOI 10.1149/1.2403248: LiI–Al2O3 from 1e-7 to 1e-5 S/cm at 25 °C
// with its maximum near 40 mol% Al2O3. With molar volumes of 32.8 (LiI, 4.08 g/cm³) and 25.7 cm³/mol (Al2O3) that is 34
// vol%; a layer of 0.43 particle radii and 300 times the bulk give both the place and the hundredfold rise.
TEST(effective_medium, liang_lithium_iodide_alumina) {
  const double lii = 133.85 / 4.08, alumina = 101.96 / 3.97;
  const auto volume_share = [&](double x) { return x * alumina / (x * alumina + (1.0 - x) * lii); };
  const auto mole_share = [&](double f) { return f / alumina / (f / alumina + (1.0 - f) / lii); };
  EXPECT_NEAR(volume_share(0.4), 0.343, 0.001);
  for (const bool symmetric : {false, true}) {
    const CoatedFiller filler{.bulk = 1e-5,
                              .interphase = 3e-3,
                              .filler = 1e-12,
                              .radius = 30e-9,
                              .thickness = 12.9e-9,
                              .bruggeman_mixing = symmetric};
    const double at = filler_fraction_of_maximum(filler);
    EXPECT_NEAR(mole_share(at), 0.40, 0.02);
    const double rise = coated_filler_conductivity(filler, at) / filler.bulk;
    EXPECT_GT(rise, 50.0);
    EXPECT_LT(rise, 300.0);
    EXPECT_LT(coated_filler_conductivity(filler, volume_share(0.7)), coated_filler_conductivity(filler, at));
    EXPECT_LT(coated_filler_conductivity(filler, volume_share(0.1)), coated_filler_conductivity(filler, at));
  }
}

// Y. S. Choi et al., J. Phys. Chem. C 121 (2017) 26209: LiBH4–Al2O3 has 2e-4 S/cm at room temperature at 44 vol% Al2O3,
// from an interface of about 1e-3 S/cm, 1e5 times the bulk. The law, told only where the maximum is, gives its height
// within a factor of three.
TEST(effective_medium, choi_lithium_borohydride_alumina) {
  const double radius = 5e-9, thickness = radius * (std::cbrt(1.0 / 0.44) - 1.0);
  const CoatedFiller filler{.bulk = 1e-6, .interphase = 0.1, .filler = 1e-14, .radius = radius, .thickness = thickness};
  const double at = filler_fraction_of_maximum(filler);
  EXPECT_NEAR(at, 0.44, 0.002);
  EXPECT_GT(coated_filler_conductivity(filler, at), 2e-2 / 3.0);
  EXPECT_LT(coated_filler_conductivity(filler, at), 2e-2 * 3.0);
}

// Suwarno et al. (2017): layers of LiBH4 of 1.94(13) nm on silica, 1.41(16) nm on carbon. The
// thicker layer uses up the bulk, and so has its maximum, at less filler of the same size.
TEST(effective_medium, suwarno_layers_on_silica_and_carbon) {
  const auto maximum = [](double thickness) {
    return filler_fraction_of_maximum(
        {.bulk = 1e-6, .interphase = 0.1, .filler = 1e-14, .radius = 3.5e-9, .thickness = thickness});
  };
  EXPECT_NEAR(maximum(1.94e-9), touching_fraction(3.5e-9, 1.94e-9), 1.5e-3);
  EXPECT_NEAR(maximum(1.94e-9), 0.2664, 0.0015);
  EXPECT_NEAR(maximum(1.41e-9), 0.3622, 0.0015);
}

TEST(effective_medium, brick_layer_limits) {
  const Complex grain(1e-2, 1e-4), boundary(1e-5, 1e-5);
  EXPECT_LT(std::abs(brick_layer(grain, boundary, 1e-6, 0.0) - grain), 1e-16);
  EXPECT_LT(std::abs(brick_layer(grain, grain, 1e-6, 3e-7) - grain), 1e-16);
  EXPECT_LT(std::abs(brick_layer(grain, boundary, 1e-9, 1.0) - boundary), 1e-12);
  // Thin resistive boundaries are in series: 1/σ = 1/σ_g + (d/D)/σ_b to first order.
  const double thin = brick_layer(1.0, 1e-4, 1e-6, 1e-10).real();
  EXPECT_NEAR(thin, 1.0 / (1.0 + 1e-4 / 1e-4), 1e-3);
  // Thin conducting boundaries are in parallel: σ = σ_g + 2 (d/D) σ_b.
  EXPECT_NEAR(brick_layer(1e-6, 1.0, 1e-6, 1e-10).real(), 1e-6 + 2e-4, 1e-7);
  // Within the Wiener bounds of its volume shares.
  for (const double d : {1e-9, 1e-8, 1e-7}) {
    const double share = std::pow(1e-6 / (1e-6 + d), 3.0);
    const auto [low, high] = wiener_bounds(Values{1.0, 1e-3}, Values{share, 1.0 - share});
    const double value = brick_layer(1.0, 1e-3, 1e-6, d).real();
    EXPECT_GE(value, low);
    EXPECT_LE(value, high);
  }
}

TEST(effective_medium, resistor_network_thresholds_and_limits) {
  // Ideal conductor on the interface: finite below the first threshold, of its order above.
  const ResistorNetwork superconducting{.bulk = 1.0, .interface = 1e12};
  EXPECT_LT(resistor_network_effective_medium(superconducting, 0.096), 1e4);
  EXPECT_GT(resistor_network_effective_medium(superconducting, 0.097), 1e8);
  const ResistorNetwork network{};
  EXPECT_GT(resistor_network_effective_medium(network, 0.9035), 0.0);
  EXPECT_EQ(resistor_network_effective_medium(network, 0.9037), 0.0);
  EXPECT_NEAR(resistor_network_effective_medium(network, 0.0), 1.0, 1e-14);
  EXPECT_EQ(resistor_network_effective_medium(network, 1.0), 0.0);
  for (const double p : {0.1, 0.5, 0.8}) EXPECT_NEAR(resistor_network_effective_medium({2.0, 2.0, 2.0}, p), 2.0, 1e-13);
  // A rise and a fall.
  EXPECT_GT(resistor_network_effective_medium(network, 0.4), 3.0);
}

TEST(effective_medium, mixing_rule_runs_from_layers_across_to_layers_along) {
  const Values s{1.0, 1e-3, 40.0}, shares{0.5, 0.2, 0.3};
  const auto [low, high] = wiener_bounds(s, shares);
  EXPECT_NEAR(mixing_rule(s, shares, -1.0) / low, 1.0, 1e-13);
  EXPECT_NEAR(mixing_rule(s, shares, 1.0) / high, 1.0, 1e-13);
  const double geometric = std::pow(1e-3, 0.2) * std::pow(40.0, 0.3);
  EXPECT_NEAR(mixing_rule(s, shares, 0.0) / geometric, 1.0, 1e-13);
  for (const double m : {1e-4, 1e-9, 1e-13}) EXPECT_NEAR(mixing_rule(s, shares, m) / geometric, 1.0, 10.0 * m + 1e-12);
  double before = 0.0;
  for (double m = -1.0; m <= 1.0; m += 0.01) {
    const double value = mixing_rule(s, shares, m);
    EXPECT_GT(value, before) << m;
    before = value;
  }
  EXPECT_EQ(mixing_rule(Values{0.0, 1.0}, Values{0.5, 0.5}, 0.0), 0.0);
  EXPECT_NEAR(mixing_rule(Values{0.0, 1.0}, Values{0.5, 0.5}, 0.5), 0.25, 1e-14);
  EXPECT_EQ(mixing_rule(Values{0.0}, Values{1.0}, 0.5), 0.0);
}

TEST(effective_medium, mclachlan_reduces_to_bruggeman_and_to_the_percolation_law) {
  for (const double f : fractions_grid) {
    for (const double low : {1e-9, 1e-3, 0.5}) {
      EXPECT_NEAR(
          general_effective_medium(low, 1.0, f, 1.0 / 3.0, 1.0) / bruggeman(Values{low, 1.0}, Values{1.0 - f, f}), 1.0,
          1e-12);
    }
    const double above = f - 0.16;
    const double law = above > 0.0 ? std::pow(above / (1.0 - 0.16), 1.9) : 0.0;
    EXPECT_NEAR(general_effective_medium(0.0, 1.0, f, 0.16, 1.9), law, 1e-12) << f;
  }
}

TEST(effective_medium, refuses_bad_input) {
  const Values two{1.0, 2.0}, halves{0.5, 0.5};
  EXPECT_THROW(wiener_bounds(two, Values{0.5}), base::ParameterError);
  EXPECT_THROW(wiener_bounds(Values{}, Values{}), base::ParameterError);
  EXPECT_THROW(wiener_bounds(two, Values{0.5, 0.5001}), base::ParameterError);
  EXPECT_THROW(wiener_bounds(two, Values{-0.5, 1.5}), base::ParameterError);
  EXPECT_THROW(wiener_bounds(Values{1.0, -1.0}, halves), base::ParameterError);
  EXPECT_THROW(hashin_shtrikman_bounds(Values{1.0, std::nan("")}, halves), base::ParameterError);
  EXPECT_THROW(layers_across(std::array{Complex(1.0), Complex(-1.0)}, halves), base::ParameterError);
  EXPECT_THROW(layers_along(std::array{Complex(1.0), Complex(1.0, INFINITY)}, halves), base::ParameterError);
  EXPECT_THROW(maxwell_garnett(1.0, 2.0, 1.1), base::ParameterError);
  EXPECT_THROW(maxwell_garnett(-1.0, 2.0, 0.1), base::ParameterError);
  EXPECT_THROW(bruggeman(two, halves, 0.5), base::ParameterError);
  EXPECT_THROW(bruggeman(std::array{Complex(1.0), Complex(2.0)}, halves, 0.5), base::ParameterError);
  EXPECT_THROW(differential_medium(1.0, 2.0, -0.1), base::ParameterError);
  EXPECT_THROW(coated_sphere(1.0, 2.0, -1e-9, 1e-9), base::ParameterError);
  EXPECT_THROW(coated_sphere(1.0, 2.0, 0.0, 0.0), base::ParameterError);
  EXPECT_THROW(coated_filler_conductivity({.radius = 0.0}, 0.1), base::ParameterError);
  EXPECT_THROW(coated_filler_conductivity({.thickness = -1e-9}, 0.1), base::ParameterError);
  EXPECT_THROW(coated_filler_conductivity({.bulk = -1.0}, 0.1), base::ParameterError);
  EXPECT_THROW(coated_filler_conductivity({}, 2.0), base::ParameterError);
  EXPECT_THROW(brick_layer(1.0, 1.0, 0.0, 1e-9), base::ParameterError);
  EXPECT_THROW(resistor_network_effective_medium({}, 1.5), base::ParameterError);
  EXPECT_THROW(resistor_network_effective_medium({.bulk = -1.0}, 0.5), base::ParameterError);
  EXPECT_THROW(mixing_rule(two, halves, 1.5), base::ParameterError);
  EXPECT_THROW(general_effective_medium(1.0, 2.0, 0.5, 1.0, 1.0), base::ParameterError);
  EXPECT_THROW(general_effective_medium(1.0, 2.0, 0.5, 0.3, 0.0), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
