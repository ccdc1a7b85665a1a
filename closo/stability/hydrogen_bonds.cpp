#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/gibbs.hpp"
#include "closo/table/csv.hpp"

namespace closo::stability {
namespace {

constexpr double tolerance = 1e-6;  // of amounts, relative to the hydrogens

using Environments = std::vector<std::pair<std::string, double>>;

struct Charge {
  std::string_view symbol;
  int charge;
  bool forms_ionic_hydride = false;
};

constexpr std::array charges = std::to_array<Charge>({
    {"Li", 1, true}, {"Na", 1, true}, {"K", 1, true},  {"Rb", 1, true}, {"Cs", 1, true}, {"Be", 2, false},
    {"Mg", 2, true}, {"Ca", 2, true}, {"Sr", 2, true}, {"Ba", 2, true}, {"Zn", 2},       {"Al", 3},
    {"Sc", 3},       {"Y", 3},        {"La", 3},       {"Ce", 3},       {"Pr", 3},       {"Nd", 3},
    {"Sm", 3},       {"Gd", 3},       {"Tb", 3},       {"Dy", 3},       {"Ho", 3},       {"Er", 3},
    {"Tm", 3},       {"Lu", 3},       {"F", -1},       {"Cl", -1},      {"Br", -1},      {"I", -1},
});

/// A composition sorted by what the rules ask for.
struct Contents {
  double boron = 0.0, carbon = 0.0, nitrogen = 0.0, oxygen = 0.0, hydrogen = 0.0, aluminium = 0.0;
  double charge = 0.0;    ///< of metals and halides
  bool has_ions = false;  ///< metals or halides
  bool is_known = true;   ///< no element without a usual charge
  bool is_ionic = true;   ///< all metals form ionic hydrides
  bool is(double amount, double expected) const { return std::abs(amount - expected) <= tolerance * hydrogen; }
  bool is_none(double amount) const { return is(amount, 0.0); }
};

Contents contents_of(const base::Formula& formula) {
  Contents contents;
  contents.boron = formula.amount("B");
  contents.carbon = formula.amount("C");
  contents.nitrogen = formula.amount("N");
  contents.oxygen = formula.amount("O");
  contents.hydrogen = formula.amount("H");
  contents.aluminium = formula.amount("Al");
  constexpr std::array<std::string_view, 5> frame{"B", "C", "N", "O", "H"};
  for (const base::ElementAmount& term : formula.terms()) {
    if (std::ranges::find(frame, term.element->symbol) != frame.end()) continue;
    const auto* const found = std::ranges::find(charges, term.element->symbol, &Charge::symbol);
    if (found == charges.end()) {
      contents.is_known = false;
      continue;
    }
    contents.has_ions = true;
    contents.charge += found->charge * term.amount;
    contents.is_ionic = contents.is_ionic && (found->forms_ionic_hydride || found->charge < 0);
  }
  return contents;
}

/// Without the environments that hold nothing; nothing at all when one is negative.
Environments positive(const Contents& contents, std::initializer_list<std::pair<const char*, double>> amounts) {
  Environments environments;
  for (const auto& [name, amount] : amounts) {
    if (amount < -tolerance * contents.hydrogen) return {};
    if (!contents.is_none(amount)) environments.emplace_back(name, amount);
  }
  return environments;
}

Environments metal_hydride(const Contents& c) {
  if (c.aluminium > 0.0) {
    const bool is_alanate = c.is(c.charge - 3.0 * c.aluminium, c.aluminium) && c.is(c.hydrogen, 4.0 * c.aluminium);
    return is_alanate ? Environments{{"AlH4", c.hydrogen}} : Environments{};
  }
  return c.is_ionic && c.is(c.charge, c.hydrogen) ? Environments{{"hydride", c.hydrogen}} : Environments{};
}

/// Cages of 6 to 12 vertices; `cages` of them share `vertices`.
bool are_cages(double vertices, double cages) {
  const double size = vertices / cages;
  return size > 6.0 - 1e-3 && size < 12.0 + 1e-3 && std::abs(size - std::round(size)) < 1e-3;
}

/// a BH4⁻ and c BmHm²⁻: H = 4a + mc, B = a + mc, charge = a + 2c.
Environments boron_hydride(const Contents& c) {
  if (!c.has_ions) return {{"cage", c.hydrogen}};
  const double tetrahedra = (c.hydrogen - c.boron) / 3.0;
  const double vertices = c.boron - tetrahedra;
  const double cages = (c.charge - tetrahedra) / 2.0;
  if (c.is_none(vertices) != c.is_none(cages)) return {};
  if (!c.is_none(cages) && (cages < 0.0 || !are_cages(vertices, cages))) return {};
  return positive(c, {{"BH4", 4.0 * tetrahedra}, {"cage", vertices}});
}

/// One hydrogen a vertex; one carbon a cage in the salts, two in the neutral molecules.
Environments carborane(const Contents& c) {
  const double vertices = c.boron + c.carbon;
  if (!c.is(c.hydrogen, vertices)) return {};
  const double cages = c.has_ions ? c.carbon : c.carbon / 2.0;
  if (c.has_ions && !c.is(c.charge, c.carbon)) return {};
  return are_cages(vertices, cages) ? Environments{{"cage", c.hydrogen}} : Environments{};
}

/// b NH2⁻, c NH²⁻ and h H⁻: N = b + c, H = 2b + c + h, charge = b + 2c + h.
Environments nitrogen_hydride(const Contents& c) {
  if (!c.has_ions) return c.is(c.hydrogen, 3.0 * c.nitrogen) ? Environments{{"NH3", c.hydrogen}} : Environments{};
  const double amides = (c.hydrogen + c.nitrogen - c.charge) / 2.0;
  const double imides = c.nitrogen - amides;
  const double hydrides = c.hydrogen - 2.0 * amides - imides;
  if (hydrides > tolerance * c.hydrogen && !c.is_ionic) return {};
  return positive(c, {{"NH2", 2.0 * amides}, {"NH", imides}, {"hydride", hydrides}});
}

Environments boron_and_nitrogen(const Contents& c) {
  const bool is_mixed_salt =
      c.has_ions && c.is(c.charge, c.boron + c.nitrogen) && c.is(c.hydrogen, 4.0 * c.boron + 2.0 * c.nitrogen);
  return is_mixed_salt ? Environments{{"BH4", 4.0 * c.boron}, {"NH2", 2.0 * c.nitrogen}} : Environments{};
}

}  // namespace

std::vector<HydrogenCorrection> read_hydrogen_corrections(std::string_view text, std::string file) {
  const table::CsvDocument document = table::parse_csv(text, std::move(file));
  std::array<std::size_t, 5> positions{};
  constexpr std::array<std::string_view, 5> columns{"environment", "per_hydrogen_eV", "spread_eV", "fitted_on",
                                                    "source"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    positions[i] = document.index_of(columns[i]);
    if (positions[i] == std::string::npos) {
      throw base::InputError({document.file, document.header_line, 0},
                             "there is no column '" + std::string(columns[i]) + "'",
                             "environment, per_hydrogen_eV, spread_eV, fitted_on, source");
    }
  }
  const auto number = [&document](const table::CsvRow& row, std::size_t position) {
    try {
      return base::parse_number(row.cells[position].text);
    } catch (const base::InputError& error) {
      throw error.at(document.place(row, position));
    }
  };
  std::vector<HydrogenCorrection> corrections;
  for (const table::CsvRow& row : document.rows) {
    HydrogenCorrection correction;
    correction.environment = row.cells[positions[0]].text;
    const bool is_known =
        std::ranges::find(corrections, correction.environment, &HydrogenCorrection::environment) != corrections.end();
    if (correction.environment.empty() || is_known) {
      throw base::InputError(document.place(row, positions[0]),
                             is_known ? "the environment '" + correction.environment + "' stands twice"
                                      : "a correction has no environment",
                             "each environment once");
    }
    correction.per_hydrogen_eV = number(row, positions[1]);
    if (!row.cells[positions[2]].text.empty()) correction.spread_eV = number(row, positions[2]);
    if (correction.spread_eV < 0.0) {
      throw base::InputError(document.place(row, positions[2]), "the spread is negative", "0 or more");
    }
    correction.fitted_on = row.cells[positions[3]].text;
    correction.source = row.cells[positions[4]].text;
    corrections.push_back(std::move(correction));
  }
  return corrections;
}

Environments hydrogen_environments(const base::Formula& formula) {
  const Contents c = contents_of(formula);
  if (!c.is_known || c.hydrogen <= 0.0 || formula.terms().size() < 2 || formula.charge() != 0) return {};
  const bool has_boron = c.boron > 0.0, has_carbon = c.carbon > 0.0, has_nitrogen = c.nitrogen > 0.0;
  if (c.oxygen > 0.0) {
    const bool is_hydroxide =
        !has_boron && !has_carbon && !has_nitrogen && c.is(c.oxygen, c.hydrogen) && c.is(c.charge, c.oxygen);
    return is_hydroxide ? Environments{{"OH", c.hydrogen}} : Environments{};
  }
  if (has_carbon && has_nitrogen) return {};
  if (has_boron && has_carbon) return carborane(c);
  if (has_boron && has_nitrogen) return boron_and_nitrogen(c);
  if (has_boron) return boron_hydride(c);
  if (has_nitrogen) return nitrogen_hydride(c);
  if (has_carbon) return c.has_ions ? Environments{} : Environments{{"CH", c.hydrogen}};
  return metal_hydride(c);
}

}  // namespace closo::stability
