/// Conductivities and permittivities of the phases of a composite, as options and as numbers at a temperature.
///
/// A phase is named by its role or by the number of its label:
///   bulk=1e-6 S/cm                     the same at every temperature
///   interphase=1e-3 S/cm @ 298 K, 0.3 eV    an Arrhenius law through one conductivity
///   interphase=1e-4 S/cm @ 298 K, 1e-3 S/cm @ 333 K    through two
///   bulk=Li2B12H12                     a material of the library, by its Arrhenius law or nearest measurement
///   3=0 S/cm                           label 3 alone
/// Activation energies belong to σT unless the form says otherwise. Void and insulator count 0 where nothing is said;
/// permittivities not given are 1 for voids and 10 for solids, marked as estimated.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "closo/composite/conductivity.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/composite_structure.hpp"
#include "closo/transport/conductivity_law.hpp"

namespace closo::tasks {

struct PhaseLaw {
  std::optional<composite::Phase> phase;          ///< of this role …
  std::optional<unsigned> number;                 ///< … or of this label
  std::optional<double> constant;                 ///< S/m, at every temperature
  std::optional<transport::ConductivityLaw> law;  ///< else
  std::optional<double> only_at;                  ///< K: a constant that was stated for this temperature
  std::string text;                               ///< as given, behind the '='
  std::string source;                             ///< "option phase", or the library's facts
};

/// Roles or label numbers with relative permittivities.
struct PhasePermittivity {
  std::optional<composite::Phase> phase;
  std::optional<unsigned> number;
  double value = 10.0;
};

/// What the tasks share about phases.
inline constexpr std::array phase_option_table = std::to_array<Option>({
    {"phase", OptionType::text, "", "", "0 S/cm or more",
     "conductivity of a phase: bulk=\"1e-6 S/cm\", interphase=\"1e-3 S/cm @ 298 K, 0.3 eV\", bulk=Li2B12H12 (library)",
     false, false, true},
    {"form", OptionType::choice, "", "sigma-T", "", "what the activation energies belong to", false, false, false,
     "sigma-T sigma"},
});
inline constexpr std::array temperature_option_table = std::to_array<Option>({
    {"at", OptionType::quantity, "K", "", "above 0 K", "temperature; several for a curve; without it 25 degC", false,
     false, true},
});
inline constexpr std::array permittivity_option_table = std::to_array<Option>({
    {"permittivity", OptionType::text, "", "", "above 0",
     "relative permittivity of a phase, as bulk=12; without it 1 for voids and 10 for solids", false, false, true},
});

/// The laws behind `--phase` and `--form`; the library is read only when a text names a material. `temperature` [K] is
/// where a material without Arrhenius law is taken from the library. Throws: ParameterError for a text that cannot be
/// read, a negative conductivity, or a phase named twice; InputError for a material that the library does not know or
/// has no conductivity of.
std::vector<PhaseLaw> phase_laws(const Arguments& arguments, const std::vector<double>& temperatures,
                                 const Context& context);
std::vector<PhasePermittivity> phase_permittivities(const Arguments& arguments);
/// [K], in the order given; 298.15 K when none is. Throws: ParameterError unless all are above 0 K.
std::vector<double> temperatures_of(const Arguments& arguments);

/// S/m at a temperature [K].
double conductivity(const PhaseLaw& law, double temperature);
/// Of a role; empty when nothing is said of it (void and insulator: 0).
std::optional<double> phase_conductivity(const std::vector<PhaseLaw>& laws, composite::Phase phase, double temperature);

/// S/m of every label; labels that do not occur get 0. Throws: ParameterError for a label of which nothing is said
/// (with its share), or when nothing conducts.
std::vector<double> label_conductivities(const Structure& structure, const std::vector<PhaseLaw>& laws,
                                         double temperature);
/// Relative permittivity of every label.
std::vector<double> label_permittivities(const Structure& structure, const std::vector<PhasePermittivity>& given);
/// The structure's thin layer with the interphase's conductivity; none without a layer, or where it does not conduct.
/// Throws: ParameterError when nothing is said of the interphase.
std::vector<composite::SurfaceLayer> surface_layers(const Structure& structure, const std::vector<PhaseLaw>& laws,
                                                    double temperature);

/// What does not fit: phases that the structure does not have, constants used at other temperatures.
std::vector<std::string> phase_warnings(const Structure& structure, const std::vector<PhaseLaw>& laws,
                                        const std::vector<double>& temperatures);

/// Conductivity of every label that occurs (and of a thin layer) at every temperature, with its law and source.
report::Table phase_table(const Structure& structure, const std::vector<PhaseLaw>& laws,
                          const std::vector<double>& temperatures);

/// "25 °C".
std::string celsius_text(double temperature);

}  // namespace closo::tasks
