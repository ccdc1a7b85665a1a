#include "demo_report.hpp"

#include <algorithm>
#include <cmath>

namespace closo::browser_test {

using namespace report;
namespace {

constexpr double boltzmann_eV = 8.617333262145179e-5;
const char* const hehn = "Hehn et al. 2025, DOI 10.1021/acsami.5c01939";
const char* const invented = "invented for this demonstration";

Value measured(double value, const char* unit) {
  return {.value = value, .unit = unit, .kind = "measured", .source = hehn};
}

Value computed(double value, const char* unit, const char* source) {
  return {.value = value, .unit = unit, .kind = "computed", .source = source};
}

// σ = (A/T) exp(−Ea/kT) through 1.2 mS/cm at 333.15 K, in S/cm.
double law(double temperature, double activation_energy_eV) {
  return 1.2e-3 * 333.15 / temperature *
         std::exp(-activation_energy_eV / boltzmann_eV * (1.0 / temperature - 1.0 / 333.15));
}

Layer own_points() {
  return {.mark = Mark::points,
          .series = "Li2B12H12 + ZrO2, measured",
          .x = {1000.0 / 303.15, 1000.0 / 333.15},
          .y = {2.9e-4, 1.2e-3},
          .y_low = {2.5e-4, 1.0e-3},
          .y_high = {3.3e-4, 1.4e-3},
          .hover = {"0.29 mS/cm at 30 °C\nmeasured, Hehn 2025", "1.2 mS/cm at 60 °C\nmeasured, Hehn 2025"}};
}

Layer law_line(bool band) {
  Layer layer{.mark = band ? Mark::band : Mark::line, .series = "Arrhenius law, Ea 0.42(1) eV"};
  for (double temperature = 293.15; temperature <= 373.15; temperature += 2.0) {
    layer.x.push_back(1000.0 / temperature);
    if (band) {
      const double steep = law(temperature, 0.43);
      const double flat = law(temperature, 0.41);
      layer.y_low.push_back(std::min(steep, flat) * 0.9);
      layer.y_high.push_back(std::max(steep, flat) * 1.1);
    } else {
      layer.y.push_back(law(temperature, 0.42));
    }
  }
  return layer;
}

Layer background(int index) {
  const double energy = 0.30 + 0.035 * (index * 7 % 11);
  const double prefactor = std::pow(10.0, -2.2 - 0.47 * (index * 5 % 13));
  const std::string name = "other electrolyte " + std::to_string(index + 1);
  Layer layer{.mark = index % 3 == 0 ? Mark::points : Mark::line, .background = true};
  for (double temperature = 298.15; temperature <= 373.15; temperature += 15.0) {
    layer.x.push_back(1000.0 / temperature);
    layer.y.push_back(prefactor * std::exp(-energy / boltzmann_eV * (1.0 / temperature - 1.0 / 373.15)));
    layer.hover.push_back(name + "\n" + invented);
  }
  return layer;
}

Figure arrhenius() {
  Figure figure{.id = "conductivity",
                .title = "Ionic conductivity",
                .caption =
                    "Points: measured. Line and band: Arrhenius law with Ea = 0.42(1) eV and its standard uncertainty. "
                    "Grey: other electrolytes. Dashed: the target of 1 mS/cm.",
                .x = {.title = "1000/T (1/K)", .low = 2.65, .high = 3.45},
                .y = {.title = "σ (S/cm)", .scale = Scale::log10},
                .top = TopAxis{.title = "T (°C)"}};
  for (const int celsius : {20, 30, 40, 50, 60, 70, 80, 90, 100}) {
    figure.top->positions.push_back(1000.0 / (celsius + 273.15));
    figure.top->labels.push_back(std::to_string(celsius));
  }
  for (int i = 0; i < 14; ++i) figure.layers.push_back(background(i));
  figure.layers.push_back(law_line(true));
  figure.layers.push_back(law_line(false));
  figure.layers.push_back(
      {.mark = Mark::rule_horizontal, .series = "target", .y = {1e-3}, .hover = {"target: 1 mS/cm"}, .dashed = true});
  figure.layers.push_back(own_points());
  return figure;
}

Figure capacity() {
  Figure figure{.id = "capacity",
                .title = "Discharge capacity over cycles",
                .caption = "Fade law with 60.5 % left after 150 cycles; the points are its values.",
                .x = {.title = "cycle", .low = 0},
                .y = {.title = "capacity (% of first)", .low = 40, .high = 105}};
  Layer points{.mark = Mark::points, .series = "retention"};
  Layer line{.mark = Mark::line, .series = "fade law"};
  for (int cycle = 1; cycle <= 150; ++cycle) {
    const double retention = 100.0 * std::pow(0.605, cycle / 150.0);
    line.x.push_back(cycle);
    line.y.push_back(retention);
    if (cycle % 10 == 0) {
      points.x.push_back(cycle);
      points.y.push_back(retention);
    }
  }
  figure.layers = {line, points, {.mark = Mark::rule_horizontal, .series = "80 % left", .y = {80.0}, .dashed = true}};
  return figure;
}

Figure polarisation() {
  return {.id = "polarisation",
          .title = "Loss across the separator",
          .caption = "Current density times the area resistance of 50 Ω cm² at 60 °C.",
          .x = {.title = "rate"},
          .y = {.title = "voltage loss (mV)"},
          .layers = {{.mark = Mark::bars,
                      .y = {1.69, 3.38, 6.76, 16.9},
                      .category = {"C/20", "C/10", "C/5", "C/2"},
                      .hover = {"1.7 mV at C/20", "3.4 mV at C/10", "6.8 mV at C/5", "17 mV at C/2"}}}};
}

Table conductivity_table() {
  Table table{.id = "conductivity_points",
              .title = "Conductivities",
              .columns = {{.key = "material", .title = "material"},
                          {.key = "T_degC", .title = "T (°C)"},
                          {.key = "sigma_mS_per_cm", .title = "σ (mS/cm)"},
                          {.key = "activation_energy_eV", .title = "Ea (eV)"},
                          {.key = "remark", .title = "remark"}},
              .caption = "Own values first; the others are invented for this demonstration."};
  const auto row = [&table](std::string name, double celsius, Value sigma, Value energy, std::string remark) {
    table.rows.push_back({std::move(name), Value{.value = celsius, .unit = "°C"}, std::move(sigma), std::move(energy),
                          std::move(remark)});
  };
  const Value own_energy{.value = 0.42, .uncertainty = 0.01, .unit = "eV", .kind = "measured", .source = hehn};
  row("Li2B12H12 + 25 vol% ZrO2", 30, measured(0.29, "mS/cm"), own_energy, "");
  row("Li2B12H12 + 25 vol% ZrO2", 60, measured(1.2, "mS/cm"), own_energy, "milled 50 h");
  for (int i = 0; i < 14; ++i) {
    Value sigma{.value = 0.003 * std::pow(1.7, i), .unit = "mS/cm", .kind = "estimated", .source = invented};
    Value energy{.value = 0.30 + 0.035 * (i * 7 % 11), .unit = "eV", .kind = "computed", .source = invented};
    if (i == 3) energy.note = "sigma and Ea contradict each other: 0.22 eV implied, 0.34 eV stated";
    if (i == 5) sigma.qualifier = ">";
    if (i == 7) sigma = {.unit = "mS/cm", .kind = "measured", .source = invented};
    row("other electrolyte " + std::to_string(i + 1), 25.0 + 5.0 * (i % 4), sigma, energy,
        i % 5 == 0 ? "pellet, cold pressed at 300 MPa" : "");
  }
  return table;
}

Table cell_table() {
  Table table{.id = "separator",
              .title = "Separator and rates",
              .columns = {{.key = "rate", .title = "rate"},
                          {.key = "current_uA_per_cm2", .title = "current density (µA/cm²)"},
                          {.key = "loss_mV", .title = "voltage loss (mV)"}}};
  const char* rates[] = {"C/20", "C/10", "C/5", "C/2"};
  const double factors[] = {0.5, 1.0, 2.0, 5.0};
  for (int i = 0; i < 4; ++i) {
    table.rows.push_back({std::string(rates[i]), computed(67.6 * factors[i], "µA/cm²", "capacity and rate"),
                          computed(3.38 * factors[i], "mV", "area resistance times current density")});
  }
  return table;
}

std::vector<Verdict> verdicts() {
  const Value conductivity = measured(1.2, "mS/cm");
  const Value energy{.value = 0.42, .uncertainty = 0.01, .unit = "eV", .kind = "measured", .source = hehn};
  return {{.criterion = "conductivity",
           .finding = "1.2 mS/cm at 60 °C · Ea 0.420(10) eV · rank 9 of 41",
           .values = {conductivity, energy},
           .target = "≥ 1 mS/cm at 55 °C",
           .outcome = Outcome::pass,
           .reason = "1.0 mS/cm at 55 °C by the Arrhenius law.",
           .probability = 0.62},
          {.criterion = "transference",
           .finding = "t_ion 1 · t_Li > 0.9",
           .values = {{.value = 0.9, .qualifier = ">", .kind = "measured", .source = hehn}},
           .target = "> 0.9",
           .outcome = Outcome::pass},
          {.criterion = "window",
           .finding = "to 3.8 V (CV + carbon)",
           .values = {measured(3.8, "V")},
           .target = "covers 1.7–2.5 V",
           .outcome = Outcome::pass},
          {.criterion = "lithium metal",
           .finding = "plating and stripping, no reduction seen",
           .target = "stable",
           .outcome = Outcome::pass},
          {.criterion = "cathode",
           .finding = "TiS2: compatible with BH4 salts (reaction energy)",
           .target = "stable",
           .outcome = Outcome::unknown,
           .reason = "The library knows the reaction of TiS2 with BH4 salts, not with B12H12."},
          {.criterion = "separator",
           .finding = "50 Ω cm² · 17 mV at C/2",
           .values = {computed(50, "Ω cm²", "thickness over conductivity"),
                      computed(17, "mV", "area resistance times current density")},
           .target = "≤ 100 Ω cm²",
           .outcome = Outcome::pass},
          {.criterion = "ageing",
           .finding = "60.5 % after 150 cycles (measured)",
           .values = {measured(60.5, "%")},
           .target = "≥ 80 % at 500",
           .outcome = Outcome::fail,
           .reason = "The fade is already below 80 % at cycle 67."}};
}

// Discs in a field of colour, with everything that stands beside a picture.
Picture picture() {
  constexpr std::size_t width = 800;
  constexpr std::size_t height = 240;
  Picture result{.id = "slice",
                 .title = "Slice of the composite",
                 .caption = "Invented: discs in a field.",
                 .width = width,
                 .height = height,
                 .legend = {{"bulk, 69 vol%", {0x56, 0xb4, 0xe9}}, {"insulator, 31 vol%", {0x6b, 0x6b, 0x6b}}},
                 .scale_bar = ScaleBar{.text = "50 nm", .pixels = 200.0},
                 .colour_bar = ColourBar{.title = "dissipation / mean",
                                         .colours = {{0, 0, 4}, {0xa5, 0x2c, 0x60}, {0xfc, 0xff, 0xa4}},
                                         .ticks = {{0.0, "10⁻¹"}, {0.5, "1"}, {1.0, "10"}}}};
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const double dx = static_cast<double>(x % 80) - 40.0;
      const double dy = static_cast<double>(y % 80) - 40.0;
      const Colour colour = result.legend[dx * dx + dy * dy < 625.0 ? 1 : 0].colour;
      result.rgb.insert(result.rgb.end(), {colour.red, colour.green, colour.blue});
    }
  }
  return result;
}

}  // namespace

Report demo_report() {
  Report report{.task = "evaluate", .title = "Li2B12H12 + 25 vol% ZrO2 | Li | TiS2", .subtitle = "40–60 °C"};
  report.verdicts = verdicts();
  report.doubts = {
      "library: sigma and Ea of Li2B12H12 (review, DOI 10.1002/adma.201803533) contradict each other: 0.22 eV implied, "
      "0.34 eV stated"};
  report.sections = {
      {.id = "conductivity",
       .title = "Conductivity",
       .blocks = {Paragraph{
                      "Two conductivities were given; they imply 0.44 eV in the σT form beside the stated 0.42(1) eV."},
                  arrhenius(), conductivity_table()}},
      {.id = "cell",
       .title = "Cell",
       .blocks = {KeyValues{.id = "cell",
                            .items = {{"area", computed(0.2827, "cm²", "diameter 6 mm")},
                                      {"TiS2", computed(0.8, "mg", "2.0 mg × 40 wt%")},
                                      {"capacity", computed(0.191, "mAh", "0.8 mg TiS2, one electron")},
                                      {"capacity per area", computed(0.676, "mAh/cm²", "capacity and area")},
                                      {"pore filling", Value{.value = 207,
                                                             .unit = "%",
                                                             .kind = "computed",
                                                             .source = "pore volume 0.246 cm³/g",
                                                             .note = "more electrolyte than the pores hold",
                                                             .significant = 3}},
                                      {"anode", std::string("Li metal")}}},
                  capacity(), polarisation(), picture(), cell_table()}},
      {.id = "method",
       .title = "Method",
       .blocks = {Paragraph{"Arrhenius law σT = A exp(−Ea/kT); the target temperature is reached by this law."}},
       .folded = true}};
  report.provenance = {{"version", "0.1.0"},
                       {"task", "evaluate"},
                       {"input", "hehn.toml"},
                       {"data set", "library (shipped)"},
                       {"at", "55 degC"}};
  return report;
}

}  // namespace closo::browser_test
