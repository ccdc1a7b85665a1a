#include <vector>

#include "closo/base/detail/unit_table.hpp"

namespace closo::base::detail {
namespace {

constexpr Dimension dim(int metre, int kilogram, int second, int ampere, int kelvin, int mole) {
  Dimension d;
  const int whole[6] = {metre, kilogram, second, ampere, kelvin, mole};
  for (std::size_t i = 0; i < 6; ++i) d.halves[i] = static_cast<std::int8_t>(2 * whole[i]);
  return d;
}

constexpr Dimension one = dim(0, 0, 0, 0, 0, 0);
constexpr Dimension length = dim(1, 0, 0, 0, 0, 0);
constexpr Dimension mass = dim(0, 1, 0, 0, 0, 0);
constexpr Dimension time = dim(0, 0, 1, 0, 0, 0);
constexpr Dimension current = dim(0, 0, 0, 1, 0, 0);
constexpr Dimension temperature = dim(0, 0, 0, 0, 1, 0);
constexpr Dimension amount = dim(0, 0, 0, 0, 0, 1);
constexpr Dimension rate = dim(0, 0, -1, 0, 0, 0);
constexpr Dimension volume = dim(3, 0, 0, 0, 0, 0);
constexpr Dimension force = dim(1, 1, -2, 0, 0, 0);
constexpr Dimension pressure = dim(-1, 1, -2, 0, 0, 0);
constexpr Dimension energy = dim(2, 1, -2, 0, 0, 0);
constexpr Dimension power = dim(2, 1, -3, 0, 0, 0);
constexpr Dimension charge = dim(0, 0, 1, 1, 0, 0);
constexpr Dimension voltage = dim(2, 1, -3, -1, 0, 0);
constexpr Dimension resistance = dim(2, 1, -3, -2, 0, 0);
constexpr Dimension conductance = dim(-2, -1, 3, 2, 0, 0);
constexpr Dimension capacitance = dim(-2, -1, 4, 2, 0, 0);
constexpr Dimension inductance = dim(2, 1, -2, -2, 0, 0);
constexpr Dimension flux_density = dim(0, 1, -2, -1, 0, 0);

constexpr long double pi = 3.141592653589793238462643383279502884L;

constexpr UnitSymbol symbols[] = {
    {"m", true, 1, 1, 0, length},
    {"g", true, 1, 1, -3, mass},
    {"s", true, 1, 1, 0, time},
    {"A", true, 1, 1, 0, current},
    {"K", true, 1, 1, 0, temperature},
    {"mol", true, 1, 1, 0, amount},
    {"Hz", true, 1, 1, 0, rate},
    {"N", true, 1, 1, 0, force},
    {"Pa", true, 1, 1, 0, pressure},
    {"J", true, 1, 1, 0, energy},
    {"W", true, 1, 1, 0, power},
    {"C", true, 1, 1, 0, charge},
    {"V", true, 1, 1, 0, voltage},
    {"F", true, 1, 1, 0, capacitance},
    {"H", true, 1, 1, 0, inductance},
    {"T", true, 1, 1, 0, flux_density},
    {"S", true, 1, 1, 0, conductance},
    {"Ohm", true, 1, 1, 0, resistance},
    {"ohm", true, 1, 1, 0, resistance},
    {"Ω", true, 1, 1, 0, resistance},
    {"eV", true, 1602176634, 1, -28, energy},
    {"cal", true, 4184, 1, -3, energy},
    {"Ah", true, 3600, 1, 0, charge},
    {"Wh", true, 3600, 1, 0, energy},
    {"min", false, 60, 1, 0, time},
    {"h", false, 3600, 1, 0, time},
    {"hr", false, 3600, 1, 0, time},
    {"d", false, 86400, 1, 0, time},
    {"day", false, 86400, 1, 0, time},
    {"C-rate", false, 1, 3600, 0, rate},
    {"rpm", false, 1, 60, 0, rate},
    {"L", true, 1, 1, -3, volume},
    {"l", true, 1, 1, -3, volume},
    {"bar", true, 1, 1, 5, pressure},
    {"atm", false, 101325, 1, 0, pressure},
    {"Torr", false, 101325, 760, 0, pressure},
    {"Å", false, 1, 1, -10, length},
    {"Ang", false, 1, 1, -10, length},
    {"angstrom", false, 1, 1, -10, length},
    {"Da", false, 166053906660, 1, -38, mass},
    {"degC", false, 1, 1, 0, temperature, 273.15},
    {"°C", false, 1, 1, 0, temperature, 273.15},
    {"deg", false, pi, 180, 0, one},
    {"°", false, pi, 180, 0, one},
    {"rad", true, 1, 1, 0, one},
    {"%", false, 1, 1, -2, one},
    {"‰", false, 1, 1, -3, one},
    {"ppm", false, 1, 1, -6, one},
    {"ppb", false, 1, 1, -9, one},
    {"vol%", false, 1, 1, -2, one, 0.0, FractionBasis::volume},
    {"wt%", false, 1, 1, -2, one, 0.0, FractionBasis::mass},
    {"mol%", false, 1, 1, -2, one, 0.0, FractionBasis::amount},
    {"at%", false, 1, 1, -2, one, 0.0, FractionBasis::amount},
    // Counts: dimensionless, named so that tables say what is counted.
    {"decades", false, 1, 1, 0, one},
    {"ratio", false, 1, 1, 0, one},
    {"cycle", false, 1, 1, 0, one},
    {"cycles", false, 1, 1, 0, one},
    {"pixel", false, 1, 1, 0, one},
    {"points", false, 1, 1, 0, one},
    {"parts", false, 1, 1, 0, one},
};

constexpr Prefix prefix_table[] = {
    {"Q", 30}, {"R", 27},  {"Y", 24},  {"Z", 21},  {"E", 18},  {"P", 15},  {"T", 12},  {"G", 9},
    {"M", 6},  {"k", 3},   {"h", 2},   {"da", 1},  {"d", -1},  {"c", -2},  {"m", -3},  {"u", -6},
    {"n", -9}, {"p", -12}, {"f", -15}, {"a", -18}, {"z", -21}, {"y", -24}, {"r", -27}, {"q", -30},
};

}  // namespace

std::span<const UnitSymbol> unit_symbols() { return symbols; }
std::span<const Prefix> prefixes() { return prefix_table; }

}  // namespace closo::base::detail
