/// Any text is a circuit or an InputError inside the text; a circuit reads back as printed, in both notations.
#include "closo/impedance/circuit.hpp"

#include "closo/base/error.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text(data, size));
  impedance::Circuit circuit;
  try {
    circuit = impedance::parse_circuit(text);
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    fuzz::require(error.place().column <= fuzz::characters(text) + 1, "the column of an error lies in the text");
    return 0;
  }
  const std::string printed = impedance::to_text(circuit);
  const impedance::Circuit again = impedance::parse_circuit(printed);
  fuzz::require(impedance::to_text(again) == printed, "a circuit reads back as printed", printed);
  fuzz::require(again.parameters.size() == circuit.parameters.size(), "printing keeps the parameters", printed);
  fuzz::require(circuit.free_parameters() <= circuit.parameters.size(), "free parameters are parameters", printed);
  return 0;
}
