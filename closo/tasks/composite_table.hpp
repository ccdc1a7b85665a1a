/// Voxel runs as a table that is interpolated: σ of a composite relative to its bulk over filler fraction, pore
/// filling, layer thickness, wetted share, aggregates and contrast.
///
/// Insulator and void do not conduct. Linear in ln σ: over fraction and filling as they are, over the logarithms of the
/// others; over the contrast by monotone cubics (F. N. Fritsch, R. E. Carlson, SIAM J. Numer. Anal. 17 (1980) 238,
/// DOI 10.1137/0717021) and beyond the last one with its last slope. Without filler σ is the bulk's. Composites without
/// a path count 1e-9 of the bulk.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "closo/tasks/composite_scan.hpp"

namespace closo::tasks {

struct TableQuery {
  double fraction = 0.0;              ///< insulator in the solids
  double filling = 1.0;               ///< conductor / pores; above 1 the same as 1
  double thickness_per_radius = 0.2;  ///< of the layer, in units of the particles' radius
  double wetted = 1.0;
  double cluster_per_radius = 0.0;  ///< radius of aggregates
  double contrast = 1.0;            ///< interphase / bulk
};

struct TableAnswer {
  double relative = 1.0;    ///< σ / σ(bulk)
  bool is_outside = false;  ///< of the table: the value at its nearest edge (contrast: continued)
};

class ConductivityTable {
 public:
  static constexpr std::size_t axes = 6;

  /// Values along the axes (fraction, filling, thickness, wetted, cluster, contrast), ascending; `relative` with the
  /// last axis fastest. Throws: ParameterError unless the sizes agree, axes ascend, contrasts are above 0.
  ConductivityTable(std::array<std::vector<double>, axes> values, std::vector<double> relative,
                    std::vector<double> standard_error, std::string origin);

  TableAnswer at(const TableQuery& query) const;

  const std::vector<double>& axis(std::size_t index) const { return values_.at(index); }
  const std::vector<double>& relative() const noexcept { return relative_; }
  const std::vector<double>& standard_error() const noexcept { return standard_error_; }
  const std::string& origin() const noexcept { return origin_; }

 private:
  std::array<std::vector<double>, axes> values_;
  std::vector<double> relative_, standard_error_, logarithm_;
  std::string origin_;
};

/// Throws: InputError with line: missing columns, a grid with holes or doubles.
ConductivityTable parse_conductivity_table(const std::string& text, const std::string& file);
ConductivityTable read_conductivity_table(const std::string& file);
std::string to_csv(const ConductivityTable& table);

/// Throws: ParameterError when the settings of the scan are no grid of fraction, filling, thickness, wetted share,
/// aggregates and contrast (a pore volume with several fractions, several temperatures).
ConductivityTable table_of(const CompositeScan& scan);

}  // namespace closo::tasks
