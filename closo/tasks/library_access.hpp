/// What every task about the library shares: loading it with the user's own rows, the options of a query, and facts as
/// report values that keep kind, source and doubts.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "closo/library/library.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// Shipped tables and the user's store, where there is one. A user's material that the shipped tables now have too
/// gives way to the shipped one. Throws: InputError when a table or the store cannot be read.
library::Library load_library(const Context& context);

/// The number as stated, its source as citation, its doubts as note.
report::Value fact_value(const library::Library& library, const library::Fact& fact);
/// As fact_value; for a statement without number the note's words, or "stated without number".
report::Cell fact_value_or_text(const library::Library& library, const library::Fact& fact);
/// Temperature of the statement in °C, empty value when not stated.
report::Value temperature_value(const library::Fact& fact);
/// Temperature as the source gives it: "300 K", "313.15–333.15 K", "RT (298 K)" for a room temperature without number,
/// "> 350 K" for a lower limit; the source's words where there is no number.
std::string temperature_text(const library::Fact& fact);
/// "conflict, restatement"; empty without flags.
std::string flags_text(const library::Fact& fact);
/// Only the flags that question the number: "conflict".
std::string doubt_flags_text(const library::Fact& fact);
/// "Cuan 2018, §2.1.1 [23b,29]": the references by their numbers in the source.
std::string short_citation(const library::Library& library, const library::Fact& fact);
/// "CON038 (conflict): note" for the list of doubts.
std::string doubt_text(const library::Fact& fact);

/// The filters of list, find, plot and export.
inline constexpr std::array query_options = std::to_array<Option>({
    {"material", OptionType::text, "", "", "", "id, alias or formula of a material"},
    {"family", OptionType::text, "", "", "", "family of the material, such as closo-borate"},
    {"ion", OptionType::text, "", "", "", "mobile ion, such as Li"},
    {"anion", OptionType::text, "", "", "", "anion, such as B12H12"},
    {"role", OptionType::text, "", "", "", "role of the material: electrolyte, electrode, filler, …"},
    {"table", OptionType::text, "", "", "", "table, such as conductivity"},
    {"quantity", OptionType::text, "", "", "", "part of the quantity's name"},
    {"phase", OptionType::text, "", "", "", "part of the phase's name"},
    {"kind", OptionType::choice, "", "", "", "how the number came about", false, false, false,
     "measured computed estimated summary target setting"},
    {"source", OptionType::text, "", "", "", "id or DOI of a source; 'user' for own rows"},
    {"at", OptionType::quantity, "K", "", "above 0 K", "temperature of the statement"},
    {"tolerance", OptionType::quantity, "K", "5 K", "0 K or more", "how far the temperature may be from --at"},
    {"min", OptionType::text, "", "", "a number with unit", "smallest value, such as '1 mS/cm'"},
    {"max", OptionType::text, "", "", "a number with unit", "largest value"},
    {"flag", OptionType::text, "", "", "", "only rows with this flag; 'any': rows with a doubt"},
});

/// The filters behind the options of one task.
template <std::size_t N>
consteval std::array<Option, N + query_options.size()> with_query_options(const std::array<Option, N>& own) {
  std::array<Option, N + query_options.size()> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = own[i];
  for (std::size_t i = 0; i < query_options.size(); ++i) all[N + i] = query_options[i];
  return all;
}

/// Throws: ParameterError for a value that cannot be read; names are checked by Library::select.
library::Query query_of(const Arguments& arguments);

/// Whether the query leaves anything out.
bool is_restricted(const library::Query& query);

/// A table of facts as find and show print it, with the material or, on the page of one material, with the sample. A
/// quantity that all rows share stands in the title; the remarks name doubts and every kind but "measured".
report::Table fact_table(const library::Library& library, const std::vector<const library::Fact*>& facts,
                         std::string id, bool with_material);

/// "sources: review2018 (DOI …), …" for the provenance of a report about these facts.
void add_sources(report::Report& report, const library::Library& library,
                 const std::vector<const library::Fact*>& facts);

}  // namespace closo::tasks
