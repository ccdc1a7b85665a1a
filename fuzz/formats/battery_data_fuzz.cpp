/// Any bytes are a table of a cycler or an InputError inside the text; branches grow and go one way.
#include "closo/formats/battery_data.hpp"

#include "closo/base/error.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  table::Table table;
  try {
    table = formats::read_battery_data(text, "data.csv");
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    fuzz::require(error.place().file == "data.csv", "an error names the file", error.what());
    return 0;
  }
  fuzz::require(table.find("voltage") != nullptr && table.rows() > 0, "a table has voltages");
  for (const table::Column& column : table.columns)
    fuzz::require(column.values.size() == table.rows(), "columns are equally long", column.name);
  try {
    const formats::HalfCycles found = formats::half_cycles(table);
    fuzz::require(!found.halves.empty(), "there are branches");
    for (const formats::HalfCycle& half : found.halves) {
      fuzz::require(half.capacity.size() == half.voltage.size() && half.capacity.size() > 1, "a branch has points");
      for (std::size_t i = 1; i < half.capacity.size(); ++i)
        fuzz::require(half.capacity[i] > half.capacity[i - 1], "the capacity of a branch grows");
    }
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
  }
  return 0;
}
