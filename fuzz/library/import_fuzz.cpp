/// Any text of measurements is accepted or rejected row by row, or refused as a whole with an InputError; accepted
/// facts belong to a known material and survive a round trip through the shipped CSV schema.
#include "closo/library/import.hpp"

#include <algorithm>
#include <optional>

#include "closo/base/error.hpp"
#include "closo/library/export.hpp"
#include "closo/library/library.hpp"
#include "fuzz/property.hpp"

using namespace closo;

namespace {

bool same(const std::optional<double>& a, const std::optional<double>& b) {
  return a.has_value() == b.has_value() && (!a || fuzz::is_close(*a, *b, 1e-12));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const library::Library shipped = library::Library::load(CLOSO_SOURCE_DIR "/data");
  library::ImportResult result;
  try {
    result = library::read_measurements(fuzz::as_text(data, size), "input.csv", shipped);
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    return 0;
  }
  for (const library::RejectedRow& row : result.rejected) {
    fuzz::require(!row.reason.empty() && row.place.line != 0, "a rejected row says why and where", row.reason);
  }
  for (const library::Fact& fact : result.facts) {
    const auto is_its_material = [&](const library::Material& material) { return material.id == fact.material; };
    const bool known =
        shipped.find_material(fact.material) != nullptr || std::ranges::any_of(result.materials, is_its_material);
    fuzz::require(known, "the material of a fact is known", fact.material);
    fuzz::require(!fact.value_si || std::isfinite(*fact.value_si), "values are finite");
    fuzz::require(!fact.temperature || *fact.temperature > 0.0, "temperatures are above absolute zero");
  }
  if (result.facts.empty()) return 0;
  std::vector<const library::Fact*> pointers;
  for (library::Fact& fact : result.facts) {
    if (fact.id.empty()) fact.id = "user-" + std::to_string(pointers.size());  // the store gives ids
    pointers.push_back(&fact);
  }
  const std::string written = library::facts_to_csv(pointers);
  const std::vector<library::Fact> back = library::read_facts_csv(written, "written.csv");
  fuzz::require(back.size() == result.facts.size(), "every fact is written and read", written);
  for (std::size_t i = 0; i < back.size(); ++i) {
    const library::Fact& before = result.facts[i];
    const library::Fact& after = back[i];
    fuzz::require(before.material == after.material && before.quantity == after.quantity &&
                      before.qualifier == after.qualifier && before.unit == after.unit &&
                      before.source == after.source && before.note == after.note &&
                      before.conditions == after.conditions,
                  "the words of a fact read back", written);
    fuzz::require(same(before.value_si, after.value_si) && same(before.value_hi_si, after.value_hi_si) &&
                      same(before.uncertainty_si, after.uncertainty_si) && same(before.temperature, after.temperature),
                  "the numbers of a fact read back", written);
  }
  return 0;
}
