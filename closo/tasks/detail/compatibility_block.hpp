/// The pairs of a compatibility matrix as tables, maps and the text of the shipped file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/stability/compatibility.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/stability_contact.hpp"

namespace closo::tasks::detail {

/// A row or a column of the matrix before it is computed.
struct MatrixMember {
  NamedFormula material;
  stability::Partner::Role role = stability::Partner::Role::coating;
  std::optional<ElectrodeStates> states;
  bool is_estimate = false;  ///< its energy in the set
};

/// All pairs of one mobile ion.
struct CompatibilityBlock {
  std::string ion;
  std::vector<MatrixMember> electrolytes, partners;
  std::vector<stability::PairResult> pairs;  ///< electrolytes × partners, row-major
};

/// Lowest of the judged energies of a pair (closed in both states, open); empty when none was computed or the
/// electrolyte is not in the set (its equilibrium phases say nothing about the compound itself).
std::optional<double> worst_energy(const stability::PairResult& pair);

/// Every number of every pair; the columns of the shipped file.
report::Table compatibility_table(const std::vector<CompatibilityBlock>& blocks);
/// The numbers that judge, one row a pair, for few pairs.
report::Table compatibility_pairs(const std::vector<CompatibilityBlock>& blocks);
/// Why something is missing or only a guide; no rows where all is well.
report::Table compatibility_remarks(const std::vector<CompatibilityBlock>& blocks);
/// One line an electrolyte or coating: how many partners of each class, and what it stands.
report::Table compatibility_summary(const std::vector<CompatibilityBlock>& blocks);
/// Electrolytes of which no pair has a class, for a sentence below the summary: "LiI, …"; empty: none.
std::string materials_without_class(const std::vector<CompatibilityBlock>& blocks);
/// Heat maps of each block: closed, closed with the charged partner, open; those without a value are left out.
std::vector<report::Figure> compatibility_maps(const std::vector<CompatibilityBlock>& blocks);
/// The table as CSV below its definitions, set and version.
std::string compatibility_csv(const report::Table& table, const EnergyBasis& basis);

}  // namespace closo::tasks::detail
