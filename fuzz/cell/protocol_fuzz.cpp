/// Any text is a protocol or an InputError inside the text; the steps of a protocol can be executed and parse alone.
#include "closo/cell/protocol.hpp"

#include "closo/base/error.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text(data, size));
  cell::Protocol protocol;
  try {
    protocol = cell::parse_protocol(text);
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    std::size_t lines = 1;
    for (const char c : text) lines += c == '\n' ? 1 : 0;
    fuzz::require(error.place().line >= 1 && error.place().line <= lines, "the line of an error lies in the text");
    fuzz::require(error.place().column >= 1 && error.place().column <= fuzz::characters(text) + 1,
                  "the column of an error lies in the text");
    return 0;
  }
  fuzz::require(!protocol.steps.empty() && !protocol.visits.empty(), "a protocol has steps");
  fuzz::require(protocol.visits.size() <= cell::most_protocol_visits, "a protocol is not endless");
  std::uint32_t cycle = 1;
  for (const cell::Protocol::Visit& visit : protocol.visits) {
    fuzz::require(visit.step < protocol.steps.size(), "a visit is of a step");
    fuzz::require(visit.cycle == cycle || visit.cycle == cycle + 1, "cycles are counted without gaps");
    cycle = visit.cycle;
  }
  for (const cell::ProtocolStep& step : protocol.steps) {
    using Kind = cell::ProtocolStep::Kind;
    const bool flows = step.kind == Kind::discharge || step.kind == Kind::charge;
    fuzz::require(flows == (step.current || step.power_density || step.power), "discharge and charge say how much");
    fuzz::require(step.kind == Kind::set_temperature || step.until_voltage || step.until_current || step.duration,
                  "a step ends");
    fuzz::require(!step.duration || *step.duration > 0.0, "time goes on");
    cell::ProtocolStep again = cell::parse_protocol(step.text).steps.front();
    again.line = step.line;
    fuzz::require(again == step, "a step's text parses to the step", step.text);
  }
  return 0;
}
