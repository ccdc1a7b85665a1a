/// A run of many cycles: rows of chosen cycles only, and its whole state as bytes.
///
/// Memory: sums of every step, rows of the chosen cycles. The bytes know cell, protocol, options and choice, and a run
/// restored from them goes on bit for bit, wherever it was left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/simulation.hpp"

namespace closo::cell {

class LongRun {
 public:
  /// `chosen`: cycles whose rows are kept; order and repeats do not matter. Throws: as Simulation.
  LongRun(CellParameters parameters, Protocol protocol, SimulationOptions options, std::vector<std::uint32_t> chosen);

  /// Goes on for at most this many time steps, or to the end of the protocol.
  RunStatus advance(std::size_t most_time_steps);

  /// The sums and the status; its own rows are empty.
  const SimulationResult& result() const noexcept { return simulation_.result(); }
  const Protocol& protocol() const noexcept { return simulation_.protocol(); }
  /// Of the chosen cycles, so far.
  const Rows& rows() const noexcept { return rows_; }
  /// Index of the protocol visit under way; the number of visits at the end.
  std::size_t visit() const noexcept { return simulation_.visit(); }

  std::string state() const;
  /// Throws: InputError for bytes that are no state of a long run, are cut short or damaged, or belong to another cell,
  /// protocol, mesh or choice of cycles; the run stays as it was.
  void restore(std::string_view bytes);

 private:
  Simulation simulation_;
  std::vector<std::uint32_t> chosen_;  // ascending
  Rows rows_;
};

}  // namespace closo::cell
