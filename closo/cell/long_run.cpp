#include "closo/cell/long_run.hpp"

#include <algorithm>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/cell/detail/bytes.hpp"

namespace closo::cell {
namespace {

constexpr std::string_view magic = "closo long run of a cell 1\n";
constexpr std::size_t steps_a_piece = 256;  // rows that are held before those of other cycles are dropped

SimulationOptions with_rows(SimulationOptions options) {
  options.keeps_rows = true;
  return options;
}

std::vector<std::uint32_t> in_order(std::vector<std::uint32_t> list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

template <class Stream>
void io(Stream& s, LossBudget& b) {
  for (double* each : {&b.separator, &b.anode_kinetics, &b.anode_interface, &b.cathode_ionic, &b.cathode_electronic,
                       &b.film, &b.charge_transfer, &b.diffusion, &b.utilisation, &b.side_reaction}) {
    s.io(*each);
  }
}

template <class Stream>
void io(Stream& s, Rows& rows) {
  for (std::vector<double>* each : {&rows.time, &rows.current, &rows.voltage, &rows.charge, &rows.mean_stoichiometry,
                                    &rows.open_circuit, &rows.temperature}) {
    s.io(*each);
  }
  s.io(rows.visit);
  const std::size_t size = s.size_of(rows.losses);
  for (std::size_t k = 0; k < size; ++k) io(s, rows.losses[k]);
}

}  // namespace

LongRun::LongRun(CellParameters parameters, Protocol protocol, SimulationOptions options,
                 std::vector<std::uint32_t> chosen)
    : simulation_(std::move(parameters), std::move(protocol), with_rows(options)),
      chosen_(in_order(std::move(chosen))) {}

RunStatus LongRun::advance(std::size_t most_time_steps) {
  RunStatus status = RunStatus::running;
  for (std::size_t left = most_time_steps; left > 0 && status == RunStatus::running;) {
    const std::size_t piece = std::min(left, steps_a_piece);
    status = simulation_.advance(piece);
    left -= piece;
    const Rows rows = simulation_.take_rows();
    for (std::size_t k = 0; k < rows.time.size(); ++k) {
      if (!std::ranges::binary_search(chosen_, simulation_.protocol().visits[rows.visit[k]].cycle)) continue;
      rows_.time.push_back(rows.time[k]);
      rows_.current.push_back(rows.current[k]);
      rows_.voltage.push_back(rows.voltage[k]);
      rows_.charge.push_back(rows.charge[k]);
      rows_.mean_stoichiometry.push_back(rows.mean_stoichiometry[k]);
      rows_.open_circuit.push_back(rows.open_circuit[k]);
      rows_.temperature.push_back(rows.temperature[k]);
      rows_.visit.push_back(rows.visit[k]);
      rows_.losses.push_back(rows.losses[k]);
    }
  }
  return status;
}

std::string LongRun::state() const {
  detail::ByteWriter body;
  Rows rows = rows_;  // io() is one description for both ways
  std::vector<std::uint32_t> chosen = chosen_;
  body.io(chosen);
  io(body, rows);
  body.io(simulation_.checkpoint());
  detail::ByteWriter head;
  head.io(detail::byte_hash(body.bytes()));
  return std::string(magic) + head.bytes() + body.bytes();
}

void LongRun::restore(std::string_view bytes) {
  if (bytes.substr(0, magic.size()) != magic)
    throw base::InputError({}, "this is no saved run of a cell", "what an earlier run wrote");
  detail::ByteReader head(bytes.substr(magic.size()));
  std::uint64_t sum = 0;
  head.io(sum);
  const std::string_view rest = bytes.substr(magic.size() + sizeof sum);
  if (detail::byte_hash(rest) != sum)
    throw base::InputError({}, "the saved run is cut short or damaged", "the whole of what an earlier run wrote");
  detail::ByteReader body(rest);
  std::vector<std::uint32_t> chosen;
  Rows rows;
  std::string checkpoint;
  body.io(chosen);
  io(body, rows);
  body.io(checkpoint);
  Simulation restored = simulation_;
  restored.restore(checkpoint);
  if (chosen != chosen_) {
    throw base::InputError({}, "the saved run keeps the curves of other cycles",
                           "the choice of cycles that it was made with");
  }
  simulation_ = std::move(restored);
  rows_ = std::move(rows);
}

}  // namespace closo::cell
