/// What every impedance task reads: spectra from instrument files with their temperatures, and the pellet's geometry.
#pragma once

#include <array>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/measured.hpp"
#include "closo/impedance/spectrum.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// One spectrum as it goes into a calculation.
struct ImpedanceInput {
  impedance::Spectrum spectrum;
  std::string file;
  std::string label;                 ///< file name without folder, with the loop where a file holds several
  std::string temperature_source;    ///< "file name", "column", "table"; empty without a temperature
  std::vector<std::string> remarks;  ///< warnings of the reader, masked points with reasons
};

/// A file that could not be used; the others of a batch go on.
struct RejectedFile {
  std::string file;
  std::string reason;
};

struct ImpedanceInputs {
  std::vector<ImpedanceInput> spectra;
  std::vector<RejectedFile> rejected;
};

struct ImpedanceInputOptions {
  std::string format = {};      ///< empty: by content
  std::string sign = "auto";    ///< "auto", "as-written", "negated"
  bool keep_inductive = false;  ///< keep points with Z'' > 0 at the high-frequency end
  std::optional<double> lowest = std::nullopt, highest = std::nullopt;  ///< Hz
  std::string open_reference = {};                                      ///< spectrum of the open fixture; empty: none
  std::string short_reference = {};                                     ///< of the short-circuited fixture; empty: none
};

/// Reads every file. A folder stands for the files in it, in the order of their names.
/// Throws: InputError when no file could be used (the reason of the first), or a path does not exist.
ImpedanceInputs read_impedance_inputs(const std::vector<std::string>& paths, const ImpedanceInputOptions& options,
                                      const Context& context);

/// Runs a calculation on one spectrum of a batch. Returns what the calculation refuses the spectrum for; empty when it
/// was done.
template <class Calculate>
std::exception_ptr refusal(const Calculate& calculate) {
  try {
    calculate();
  } catch (const base::InputError&) {
    return std::current_exception();
  } catch (const base::ParameterError&) {
    return std::current_exception();
  } catch (const base::NumericsError&) {
    return std::current_exception();
  }
  return {};
}

/// Moves the refused spectra to the rejected files, so that the others of the batch go on. `refusals`: one for each
/// spectrum, empty where there is none. Throws: the first refusal when every spectrum is refused.
void drop_refused(ImpedanceInputs& inputs, const std::vector<std::exception_ptr>& refusals);

/// Thickness [m] and area [m²] of the pellet with their uncertainties.
struct PelletGeometry {
  base::Measured thickness;
  base::Measured area;
};

/// From the options thickness and diameter or area; empty when none was given.
/// Throws: ParameterError when the geometry is incomplete or not above zero.
std::optional<PelletGeometry> pellet_geometry(const Arguments& arguments);

ImpedanceInputOptions impedance_input_options(const Arguments& arguments);

/// The options above, for the option table of a task.
inline constexpr std::array impedance_input_option_table = std::to_array<Option>({
    {"format", OptionType::text, "", "", "", "file format, when it should not be told from the content"},
    {"sign", OptionType::choice, "", "auto", "", "sign of the imaginary column", false, false, false,
     "auto as-written negated"},
    {"keep-inductive", OptionType::flag, "", "", "",
     "use points with Z'' > 0 at the high-frequency end instead of masking them"},
    {"open", OptionType::file, "", "", "", "spectrum of the open fixture, to correct for it"},
    {"short", OptionType::file, "", "", "", "spectrum of the short-circuited fixture and leads, to correct for it"},
    {"lowest-frequency", OptionType::quantity, "Hz", "", "above 0", "leave out points below"},
    {"highest-frequency", OptionType::quantity, "Hz", "", "above 0", "leave out points above"},
});

inline constexpr std::array pellet_option_table = std::to_array<Option>({
    {"thickness", OptionType::quantity, "mm", "", "above 0", "of the pellet, with uncertainty as in 0.40(1) mm"},
    {"diameter", OptionType::quantity, "mm", "", "above 0", "of the electrodes"},
    {"area", OptionType::quantity, "cm2", "", "above 0", "of the electrodes, instead of the diameter"},
});

/// Option tables joined into one, for constexpr tables of tasks.
template <std::size_t... N>
consteval auto joined_options(const std::array<Option, N>&... tables) {
  std::array<Option, (N + ...)> all{};
  std::size_t position = 0;
  const auto append = [&](const auto& table) {
    for (const Option& option : table) all[position++] = option;
  };
  (append(tables), ...);
  return all;
}

/// The section "Files": what was read, masked and rejected; and warnings for the report.
void add_input_remarks(report::Report& report, const ImpedanceInputs& inputs);

}  // namespace closo::tasks
