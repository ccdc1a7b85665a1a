// Published cells, run from examples/cells: what was fitted is met, what was predicted lies where the experiment does,
// and where the model fails it fails as docs/published_cells.md says. Sources: the papers named in each file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/cell/cycles.hpp"
#include "closo/cell/description.hpp"
#include "closo/cell/simulation.hpp"
#include "closo/cell/symmetric.hpp"
#include "closo/tasks/cell_access.hpp"

namespace closo::tasks {
namespace {

const std::filesystem::path examples = std::filesystem::path(CLOSO_SOURCE_DIR) / "examples";
constexpr double room = 298.15, warm = 333.15;        // K
constexpr double milliampere_hour_per_gram = 3600.0;  // C/kg
constexpr double square_centimetre = 1e-4;            // Ω m² per Ω cm²

cell::CellDescription described(const std::string& file, std::optional<double> temperature = {}) {
  Context context;
  context.data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";
  context.user_store = std::filesystem::temp_directory_path() / "closo-no-such-store.sqlite";
  return cell_case(read_system(examples / file), temperature, context).description;
}

/// A run over its cycles, capacities in mAh per gram of active material.
class Cycled {
 public:
  Cycled(const cell::CellDescription& description, const std::string& protocol) {
    const cell::Protocol parsed = cell::parse_protocol(protocol);
    cell::SimulationOptions options;
    options.keeps_rows = false;
    const cell::SimulationResult result = cell::simulate(cell::build(description), parsed, options);
    EXPECT_EQ(result.status, cell::RunStatus::complete) << result.reason;
    for (cell::CycleRow& row : cell::cycle_rows(parsed, result.steps)) rows_[row.cycle] = row;
    per_mass_ = 1.0 / (cell::cathode_geometry(description).active_mass * milliampere_hour_per_gram);
  }
  const cell::CycleRow& row(std::uint32_t cycle) const { return rows_.at(cycle); }
  double discharge(std::uint32_t cycle) const { return row(cycle).discharge_capacity * per_mass_; }
  double charge(std::uint32_t cycle) const { return row(cycle).charge_capacity * per_mass_; }
  /// Loss per cycle of a straight line through the discharges from one cycle to another.
  double slope(std::uint32_t first, std::uint32_t last) const {
    const double middle = (first + last) / 2.0;
    double sum = 0.0, squares = 0.0;
    for (std::uint32_t cycle = first; cycle <= last; ++cycle) {
      sum -= (cycle - middle) * discharge(cycle);
      squares += (cycle - middle) * (cycle - middle);
    }
    return sum / squares;
  }
  /// In %, of the charge over the discharge before it: cells built discharged.
  double efficiency(std::uint32_t first, std::uint32_t last) const {
    double sum = 0.0;
    for (std::uint32_t cycle = first; cycle <= last; ++cycle) sum += charge(cycle) / discharge(cycle);
    return 100.0 * sum / (last - first + 1);
  }

 private:
  std::map<std::uint32_t, cell::CycleRow> rows_;
  double per_mass_ = 0.0;
};

Cycled published(const std::string& file, std::optional<double> temperature = {}) {
  return {described(file, temperature), read_system(examples / file).cell.protocol};
}

std::string three_cycles(const std::string& rate) {
  return "Repeat 3 times:\nDischarge at " + rate + " until 1.7 V\nCharge at " + rate + " until 2.5 V\nEnd";
}

const std::vector<std::string> files = {
    "cells/asakura2020-nvopf.toml",  "cells/braun2024-nmc811.toml",     "cells/brighi2022-na-symmetric.toml",
    "cells/duchene2017-nacro2.toml", "cells/hehn2025-lifepo4.toml",     "cells/hehn2025-tis2.toml",
    "cells/payandeh2021-tis2.toml",  "cells/takahashi2013-licoo2.toml", "cells/unemoto2015-tis2.toml"};

TEST(PublishedCells, EveryParameterLiesWithinItsRangeAndFittedOnesSayOnWhat) {
  std::size_t ranges = 0;
  for (const std::string& file : files) {
    for (const auto& [name, entry] : read_system(examples / file).cell.values) {
      SCOPED_TRACE(file + ", " + name);
      if (entry.mark == "fitted") {
        EXPECT_FALSE(entry.source.empty());
        EXPECT_TRUE((entry.low && entry.high) || name.starts_with("growth."));
      }
      const double rounding = 1e-12 * std::abs(entry.value.value);
      EXPECT_GE(entry.value.value, entry.low.value_or(entry.value.value) - rounding);
      EXPECT_LE(entry.value.value, entry.high.value_or(entry.value.value) + rounding);
      ranges += entry.low && entry.high ? 1 : 0;
    }
  }
  EXPECT_GT(ranges, 80U);
}

// Hehn et al. 2025, DOI 10.1021/acsami.5c01939. Nothing is fitted here: the capacity of TiS2 is that of other cells.
TEST(HehnTiS2, FirstDischargeIsPredicted) {
  const Cycled run = published("cells/hehn2025-tis2.toml");
  EXPECT_NEAR(run.discharge(1), 205.0, 10.0);
  EXPECT_NEAR(run.row(1).largest_current, 0.338, 1e-3);  // C/20 is printed as 33.8 uA/cm2
  EXPECT_NEAR(run.row(4).largest_current, 0.676, 1e-3);  // C/10: 67.6
  EXPECT_NEAR(run.row(74).largest_current, 1.4, 0.06);   // C/5: 0.14 mA/cm2
  EXPECT_NEAR(run.row(79).largest_current, 3.4, 0.03);   // C/2: 0.34
}

TEST(HehnTiS2, RatesKeepTheirOrderAndComeBack) {
  const Cycled run = published("cells/hehn2025-tis2.toml");
  // In the rate series after 73 cycles, as published: less at C/5, less again at C/2, and C/10 brings it back.
  EXPECT_GT(run.discharge(1), run.discharge(4));
  EXPECT_LT(run.discharge(78), 0.95 * run.discharge(73));
  EXPECT_LT(run.discharge(83), 0.80 * run.discharge(78));
  EXPECT_GT(run.discharge(83), 0.40 * run.discharge(73));  // it still runs
  EXPECT_GT(run.discharge(85), 0.95 * run.discharge(73));
  // A change of the rate shows in the efficiency, short or in surplus as the paper describes it.
  EXPECT_LT(run.charge(74) / run.discharge(74), 0.97);
  EXPECT_GT(run.charge(84) / run.discharge(84), 1.1);
}

TEST(HehnTiS2, FadeOfThe73FirstCyclesPredictsCycle150) {
  const Cycled run = published("cells/hehn2025-tis2.toml");
  const double first = run.discharge(1);
  EXPECT_NEAR(100.0 * run.slope(4, 73) / first, 0.26, 0.003);  // fitted
  const double predicted = 100.0 * run.discharge(150) / first;
  EXPECT_NEAR(predicted, 60.5, 5.0);
  EXPECT_GT(predicted, 61.5);  // the law slows down, the published loss does not: docs/published_cells.md
  EXPECT_NEAR(run.efficiency(6, 72), 99.7, 0.3);
  EXPECT_GT(run.row(150).anode_resistance, 1.2 * run.row(73).anode_resistance);  // the impedance grew
}

TEST(HehnTiS2, LowerTemperaturesGiveLess) {
  const cell::CellDescription at40 = described("cells/hehn2025-tis2.toml", 313.15);
  const cell::CellDescription at50 = described("cells/hehn2025-tis2.toml", 323.15);
  const cell::CellDescription at60 = described("cells/hehn2025-tis2.toml", warm);
  for (const char* rate : {"C/20", "C/10", "C/5", "C/2"}) {
    SCOPED_TRACE(rate);
    const Cycled cold(at40, three_cycles(rate)), middle(at50, three_cycles(rate)), hot(at60, three_cycles(rate));
    EXPECT_LT(cold.discharge(1), middle.discharge(1));
    EXPECT_LT(middle.discharge(1), hot.discharge(1));
    if (std::string(rate) == "C/20") continue;  // there the faster growing interface at 60 °C outweighs it from cycle 2
    EXPECT_LT(cold.discharge(3), middle.discharge(3));
    EXPECT_LT(middle.discharge(3), hot.discharge(3));
  }
}

TEST(HehnLiFePO4, LoadingIsPerDisc) {
  const cell::CellDescription description = described("cells/hehn2025-lifepo4.toml");
  const double areal = cell::cathode_geometry(description).active_mass * description.value("cathode.specific_capacity");
  EXPECT_NEAR(areal / 36000.0, 0.433, 0.002);                          // mAh/cm2
  EXPECT_NEAR(areal * description.value("area") / 3.6, 0.122, 0.001);  // mAh, printed as per cm2
  const Cycled run = published("cells/hehn2025-lifepo4.toml");
  EXPECT_NEAR(run.row(1).largest_current, 0.433, 0.001);  // 43.3 uA/cm2
  EXPECT_GT(run.discharge(1), run.discharge(43));
}

// Payandeh et al. 2021, DOI 10.1002/adfm.202010046.
TEST(PayandehTiS2, CapacitiesRetentionAndResistance) {
  const Cycled run = published("cells/payandeh2021-tis2.toml");
  EXPECT_NEAR(run.discharge(2), 190.0, 1.5);                              // C/10, fitted
  EXPECT_NEAR(run.discharge(6), 188.0, 2.0);                              // C/5, predicted
  EXPECT_NEAR(100.0 * run.discharge(105) / run.discharge(6), 88.0, 0.5);  // after 100 cycles, fitted
  EXPECT_NEAR(100.0 * run.discharge(155) / run.discharge(6), 82.0, 2.0);  // after 150 cycles, predicted
  EXPECT_GT(run.efficiency(8, 154), 99.5);
  for (const std::uint32_t cycle : {5U, 80U, 155U}) {
    const cell::CycleRow& row = run.row(cycle);
    const double hours = (row.start_time + row.duration) / 3600.0;
    EXPECT_NEAR(row.anode_resistance / square_centimetre, 29.6 + 14.6 * std::sqrt(hours), 0.01);
  }
  EXPECT_LT(run.row(6).largest_current, 1.6);  // below the critical 0.16 mA/cm2
}

TEST(PayandehTiS2, MeasuredResistanceAloneDoesNotExplainTheFade) {
  cell::CellDescription description = described("cells/payandeh2021-tis2.toml");
  description.set_value("contact.damage_per_strain", 0.0);
  const Cycled run(description, read_system(examples / "cells/payandeh2021-tis2.toml").cell.protocol);
  EXPECT_GT(run.discharge(155) / run.discharge(6), 0.97);
}

// Unemoto et al. 2015: two numbers, both fitted.
TEST(UnemotoTiS2, CapacitiesAt393K) {
  const Cycled run = published("cells/unemoto2015-tis2.toml");
  EXPECT_NEAR(run.discharge(2), 205.0, 1.0);
  EXPECT_NEAR(run.discharge(300), 180.0, 1.0);
  EXPECT_GT(run.efficiency(2, 299), 99.0);
}

// Duchene et al. 2017, DOI 10.1039/C7EE02420G.
TEST(DucheneNaCrO2, ResistanceIsMetAndDoesNotExplainTheFade) {
  const cell::CellDescription description = described("cells/duchene2017-nacro2.toml");
  const Cycled run = published("cells/duchene2017-nacro2.toml");
  EXPECT_NEAR(run.discharge(1), 87.0, 2.5);   // 88 and 85 at C/20, fitted
  EXPECT_NEAR(run.discharge(22), 80.0, 8.0);  // C/5
  const cell::CellParameters built = cell::build(description);
  const cell::Cathode& cathode = built.cathode;
  const double area = 3.0 * cathode.active_fraction / cathode.material.sizes[0].radius * cathode.thickness;
  const auto resistance = [&](double interphase) {
    return (built.separator.thickness / built.separator.conductivity.value + built.anode.resistance.value +
            interphase / cathode.growth->conductivity.value / area) /
           built.area.value();
  };
  EXPECT_NEAR(resistance(cathode.growth->initial_thickness), 50.0, 5.0);  // Ω, before
  EXPECT_NEAR(resistance(run.row(10).cathode_interphase), 125.0, 8.0);    // after 10 cycles
  EXPECT_GT(run.discharge(270) / run.discharge(21), 0.95);                // published: 85 %
}

// Asakura et al. 2020, DOI 10.1039/D0EE01569E.
TEST(AsakuraNvopf, RateSeries) {
  const Cycled run = published("cells/asakura2020-nvopf.toml", room);
  EXPECT_NEAR(run.discharge(3), 104.0, 1.5);   // C/10, fitted
  EXPECT_NEAR(run.discharge(6), 99.0, 3.0);    // C/5, predicted
  EXPECT_NEAR(run.discharge(9), 74.0, 1.5);    // 1C, fitted
  EXPECT_NEAR(run.discharge(12), 40.0, 10.0);  // 2C, predicted: a fifth too much
  const Cycled hot = published("cells/asakura2020-nvopf.toml", warm);
  EXPECT_NEAR(hot.discharge(9), 89.0, 15.0);  // 1C at 60 °C, predicted: a seventh too much
  EXPECT_GT(hot.discharge(9), run.discharge(9));
}

// Braun et al. 2024.
TEST(BraunNmc811, WarmCellIsPredicted) {
  const Cycled cold = published("cells/braun2024-nmc811.toml", room);
  EXPECT_NEAR(cold.discharge(2), 145.0, 1.5);  // C/10, fitted
  const Cycled hot = published("cells/braun2024-nmc811.toml", warm);
  EXPECT_NEAR(hot.discharge(2), 175.0, 18.0);  // C/10, predicted: a tenth too little, the curve holds no more
  EXPECT_GT(hot.discharge(4), 100.0);          // 2C, predicted
}

// Takahashi et al. 2013, 2014, as in the review, sec. 4.1 and 4.3. Resistances for 1 cm2.
struct Interface {
  double resistance = 0.0;  ///< Ω cm², coating and interphase after 30 cycles
  double retention = 0.0;   ///< of cycle 30
};

Interface after_30_cycles(cell::CellDescription description, double coating) {
  description.set_value("cathode.film_thickness", coating);
  if (coating == 0.0) description.set_value("growth.initial_thickness", 0.4e-9);
  const Cycled run(description, read_system(examples / "cells/takahashi2013-licoo2.toml").cell.protocol);
  const double coated = coating / description.value("cathode.film_conductivity");
  const double grown = run.row(30).cathode_interphase / description.value("growth.conductivity");
  return {(coated + grown) / square_centimetre, run.discharge(30) / run.discharge(1)};
}

TEST(TakahashiLiCoO2, BareInterfaceFailsAndACoatingSaves) {
  const cell::CellDescription description = described("cells/takahashi2013-licoo2.toml");
  const Interface bare = after_30_cycles(description, 0.0);
  EXPECT_GT(bare.resistance, 7000.0);  // fitted: from 400 to about 1e4
  EXPECT_LT(bare.retention, 0.1);
  EXPECT_NEAR(after_30_cycles(description, 15e-9).resistance, 550.0, 60.0);  // fitted: 250 to 800 with 15 nm of LiNbO3
  EXPECT_LT(after_30_cycles(description, 5e-9).retention, 0.2);              // predicted: fast fade with 5 nm
  const Interface best = after_30_cycles(description, 25e-9);
  EXPECT_LT(best.resistance, 50.0);  // predicted: 21 measured
  EXPECT_NEAR(best.retention, 0.97, 0.04);
  for (const double thick : {40e-9, 130e-9}) EXPECT_GT(after_30_cycles(description, thick).retention, 0.95);
}

TEST(TakahashiLiCoO2, ThicknessTradeOffHasItsOptimumNear30nm) {
  for (const double conductivity : {1.2e-5, 8.9e-4}) {  // S/m: all of the 21 Ohm in the layer; 5e-8 S/cm at 25 °C
    cell::CellDescription description = described("cells/takahashi2013-licoo2.toml");
    description.set_value("cathode.film_conductivity", conductivity);
    double best = 0.0, least = 1e9;
    for (double thickness = 15e-9; thickness < 80e-9; thickness += 5e-9) {
      const double resistance = after_30_cycles(description, thickness).resistance;
      if (resistance < least) {
        least = resistance;
        best = thickness;
      }
    }
    EXPECT_GE(best, 25e-9);
    EXPECT_LE(best, 50e-9);
    EXPECT_GT(after_30_cycles(description, 130e-9).resistance, 1.5 * least);  // thicker only costs
  }
}

// Brighi et al. 2022: 0.6 mA/cm2 at 1.5 MPa; steady from 1 MPa up, worse below, bad at 0.3 MPa.
cell::SymmetricCell sodium_cell(double pressure) {
  cell::CellDescription given;
  for (const auto& [name, entry] : read_system(examples / "cells/brighi2022-na-symmetric.toml").cell.values)
    given.set(name, {entry.value.value, {}, {}, {}, cell::Mark::setting, {}});
  cell::MetalContactModel contact;
  contact.stack_pressure = pressure;
  contact.reference_pressure = given.value("metal.reference_pressure");
  contact.pressure_exponent = given.value("metal.pressure_exponent");
  contact.critical_current_density = {given.value("metal.critical_current_density"), 0.0};
  contact.void_charge = given.value("metal.void_charge");
  contact.creep_rate = {given.value("metal.creep_rate"), 0.0};
  cell::SymmetricCell made;
  made.separator = {0.5e-3, {given.value("separator.conductivity"), 0.0}};
  made.electrode.exchange_current_density = cell::Activated{given.value("anode.exchange_current_density"), 0.0};
  made.electrode.resistance = {given.value("anode.resistance"), 0.0};
  made.electrode.contact = contact;
  made.temperature = made.reference_temperature = room;
  return made;
}

TEST(BrighiSodium, CriticalCurrentFollowsThePressure) {
  cell::SymmetricProgram program;
  program.current_densities = {1.0};
  program.half_cycle_charge = 0.5 * 36000.0;
  const auto critical = [&](double pressure) {
    return cell::critical_current(sodium_cell(pressure), program, 1e-3, 100.0).current_density.value_or(100.0) / 10.0;
  };
  EXPECT_NEAR(critical(1.5e6), 0.6, 0.02);  // mA/cm2, fitted
  double before = critical(3e6);
  for (const double pressure : {1.5e6, 1.0e6, 0.7e6, 0.3e6}) {  // predicted
    const double now = critical(pressure);
    EXPECT_LT(now, before);
    before = now;
  }
  EXPECT_LT(before, 0.01);
}

TEST(BrighiSodium, PolarisationIsSteadyFrom1MPa) {
  cell::SymmetricProgram program;
  program.current_densities = {0.5};  // 0.05 mA/cm2: the current of the pressure series was not at hand
  program.half_cycle_charge = 0.1 * 36000.0;
  program.cycles_per_current = 20;
  program.contact_limit = 1e-4;
  program.voltage_limit = 5.0;
  const auto growth = [&](double pressure) {
    const cell::SymmetricResult result = cell::simulate_symmetric(sodium_cell(pressure), program);
    return result.steps[0].highest_voltage / result.steps[0].first_voltage;
  };
  EXPECT_LT(growth(3e6), 1.01);
  EXPECT_LT(growth(1.5e6), 1.01);
  EXPECT_LT(growth(1e6), 1.1);
  EXPECT_GT(growth(0.7e6), 1.3);
  EXPECT_GT(growth(0.3e6), growth(0.7e6));
}

}  // namespace
}  // namespace closo::tasks
