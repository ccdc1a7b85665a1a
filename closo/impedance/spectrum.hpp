/// One impedance spectrum as measured: frequencies, complex impedance, uncertainties, masked points with their reasons.
///
/// Sign: Z = Z' + jZ'' with Z'' < 0 for a capacitor. Points stay in the order of the measurement; what calculates takes
/// the unmasked points in ascending frequency from `prepare`.
#pragma once

#include <complex>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "closo/table/column.hpp"

namespace closo::impedance {

using Complex = std::complex<double>;

struct MaskedPoint {
  std::size_t index = 0;  ///< into Spectrum::frequency
  std::string reason;     ///< a full clause, shown in reports
};

struct Spectrum {
  std::string source;                           ///< file or origin, for messages
  std::vector<double> frequency;                ///< Hz, in the order of the measurement
  std::vector<Complex> impedance;               ///< Ohm, one for each frequency
  std::vector<Complex> uncertainty;             ///< Ohm, standard uncertainties of Z' and Z''; or empty
  std::vector<MaskedPoint> masked;              ///< points left out of every calculation
  std::optional<double> temperature;            ///< K
  std::map<std::string, std::string> metadata;  ///< as the instrument wrote it

  std::size_t size() const noexcept { return frequency.size(); }
  bool is_masked(std::size_t index) const noexcept;
  /// Masks a point; a point masked before keeps its first reason. Throws: ParameterError when there is no such point.
  void mask(std::size_t index, std::string reason);
};

/// The points a calculation uses, ascending in frequency, with what was noticed on the way.
struct PreparedSpectrum {
  std::vector<double> frequency;     ///< Hz, ascending; repeated frequencies stay as separate points
  std::vector<Complex> impedance;    ///< Ohm
  std::vector<Complex> uncertainty;  ///< Ohm, or empty
  std::vector<std::size_t> index;    ///< place of each point in the spectrum it came from
  std::size_t repeated = 0;          ///< points whose frequency was there before
  std::size_t inductive = 0;         ///< points with Z'' > 0
  bool reordered = false;            ///< the measurement was not ascending
  std::vector<std::string> remarks;  ///< full sentences on what was noticed

  std::size_t size() const noexcept { return frequency.size(); }
};

/// Checks and orders the unmasked points.
/// @param allow_inductive  accept a spectrum in which every point is inductive
/// Throws: InputError naming the point for a frequency that is not positive, a number that is not finite, an impedance
/// of zero, an uncertainty that is not positive, fewer than two points, or only inductive points; ParameterError on
/// columns of unequal length or a masked point that does not exist.
PreparedSpectrum prepare(const Spectrum& spectrum, bool allow_inductive = false);

/// A spectrum from a table with the columns `frequency` (or freq, f) and `Z'` (or z_real, re_z, zreal) and `Z''` (or
/// z_imag, im_z, zimag) or `-Z''`; or `|Z|` (or modulus, z_modulus) and `phase` [rad]. Case is ignored; rows with empty
/// cells are masked. A metadata entry "temperature" in kelvin becomes the temperature. Throws: InputError naming the
/// missing column.
Spectrum spectrum_from(const table::Table& table);

}  // namespace closo::impedance
