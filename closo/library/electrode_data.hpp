/// Electrode materials with what a cell model needs of them: numbers, open-circuit curves, entropies, each with its
/// source and how far it can be trusted.
///
/// Model: the stoichiometry z runs from 0 to 1 over the ions that are exchanged (`electrons` per formula unit); curves
/// are against the metal of the ion. Numbers are kept in SI. Source of the schema and of every row: data/electrodes,
/// README.md and sources.csv there.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/formula.hpp"
#include "closo/base/unit.hpp"

namespace closo::library {

/// How far a number of an electrode can be trusted, best first.
enum class DataKind : unsigned char {
  measured,    ///< read off an experiment by its authors
  computed,    ///< follows from other data by a definition
  literature,  ///< stands in a publication or an open parameter set, often as a fit
  estimated,   ///< reasoned from related data; the note says how
  guess,       ///< a place to start from, nothing more
};
std::string_view to_string(DataKind kind) noexcept;

/// One number of one material.
struct ElectrodeNumber {
  std::string quantity;               ///< "diffusion_coefficient": see electrode_quantities()
  double value = 0.0;                 ///< SI
  std::optional<double> low, high;    ///< SI; the range within which it may be fitted
  base::Unit unit;                    ///< as stated in the file
  std::optional<double> temperature;  ///< K
  DataKind kind = DataKind::guess;
  bool is_preferred = true;  ///< one a quantity; the others are alternatives
  std::string source;        ///< ElectrodeSource::id
  std::string locator, note;
};

/// One term of a formula in the stoichiometry x, in volts.
struct ElectrodeCurveTerm {
  enum class Function : unsigned char {
    power,           ///< a x^b
    exponential,     ///< a exp(b x + c)
    tanh,            ///< a tanh(b x + c)
    ideal,           ///< a (RT/F) ln((1-x)/x)
    redlich_kister,  ///< -(a/F) [(1-2x)^(b+1) - 2 b x (1-x) (1-2x)^(b-1)], a in J/mol
  };
  Function function = Function::power;
  double a = 0.0, b = 0.0, c = 0.0;
  bool is_thermal = false;  ///< a counts in RT/F instead of volts
};

/// An open-circuit curve: a table (stoichiometry rising) or a sum of terms.
struct ElectrodeCurve {
  enum class Branch : unsigned char { equilibrium, charge, discharge };

  std::string id, material;
  Branch branch = Branch::equilibrium;
  bool is_preferred = true;
  std::vector<double> stoichiometry, potential;             ///< table [V], as in its file; empty for a formula
  std::vector<ElectrodeCurveTerm> terms;                    ///< formula; empty for a table
  double low = 0.0, high = 1.0;                             ///< range of validity
  double shift = 0.0;                                       ///< V to be added to table or formula
  double temperature = 298.15;                              ///< K at which a table holds
  std::optional<double> temperature_low, temperature_high;  ///< K
  std::optional<double> uncertainty;                        ///< V
  std::optional<double> hysteresis;                         ///< V between slow charge and discharge
  std::vector<double> entropy_stoichiometry, entropy;       ///< dU/dT [V/K] beyond what terms hold; empty: unknown
  DataKind kind = DataKind::guess;
  std::string source, note;
};

struct ElectrodeMaterial {
  enum class Role : unsigned char { insertion, conversion, metal };

  std::string id, name;
  base::Formula formula;   ///< as weighed
  double electrons = 1.0;  ///< ions exchanged per formula unit
  std::string ion;         ///< "Li", "Na": also the metal of the curves' reference
  Role role = Role::insertion;
  std::vector<std::string> aliases;
  std::string note;
  std::vector<ElectrodeNumber> numbers;
  std::vector<ElectrodeCurve> curves;  ///< the preferred one first

  /// The preferred number of a quantity, or nullptr.
  const ElectrodeNumber* find(std::string_view quantity) const noexcept;
  /// The preferred number. Throws: InputError naming what the material has.
  const ElectrodeNumber& number(std::string_view quantity) const;
  /// The curve of that id; empty: the preferred one. Throws: InputError with near names.
  const ElectrodeCurve& curve(std::string_view id = {}) const;
  /// Preferred numbers that are only estimated or guessed, in the order of the file.
  std::vector<ElectrodeNumber> doubtful() const;
};

struct ElectrodeSource {
  std::string id, authors, title, published, year, doi, licence, note;
};

/// A quantity that numbers.csv may hold: its unit for people, and what is possible, in that unit.
struct ElectrodeQuantity {
  std::string_view name, unit;
  double low = 0.0, high = 0.0;
};
std::span<const ElectrodeQuantity> electrode_quantities() noexcept;

/// One file of the folder: "numbers.csv", "ocp/NMC811-chen2020.csv".
struct ElectrodeFile {
  std::string name, text;
};

class ElectrodeData {
 public:
  /// The folder `electrodes` of a data directory. Throws: InputError as read(), or where a file
  /// cannot be read.
  static ElectrodeData load(const std::filesystem::path& data_directory);

  /// From texts; `folder` only names them in messages. Throws: InputError with file, line and column for a missing
  /// file, unknown columns, materials, quantities, kinds, sources, functions (with near names), wrong units, values out
  /// of range, a curve that rises or is defined twice, two preferred rows, or a file that nothing refers to.
  static ElectrodeData read(std::span<const ElectrodeFile> files, const std::string& folder);

  const std::vector<ElectrodeMaterial>& materials() const noexcept { return materials_; }
  const std::vector<ElectrodeSource>& sources() const noexcept { return sources_; }

  /// By id or alias, case ignored; nullptr when there is none.
  const ElectrodeMaterial* find(std::string_view name) const noexcept;
  /// Throws: InputError with near names and what there is.
  const ElectrodeMaterial& material(std::string_view name) const;
  /// "M. Doyle et al., J. Electrochem. Soc. 140 1526 (1993), DOI …" of a source's id; the id itself when unknown.
  std::string citation(std::string_view source) const;

 private:
  std::vector<ElectrodeMaterial> materials_;
  std::vector<ElectrodeSource> sources_;
};

}  // namespace closo::library
