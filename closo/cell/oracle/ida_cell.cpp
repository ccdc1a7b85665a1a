#include "closo/cell/oracle/ida_cell.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ida/ida.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

double arrhenius(const Activated& quantity, double temperature, double reference) {
  return quantity.value * std::exp(quantity.energy / base::gas_constant * (1.0 / reference - 1.0 / temperature));
}

std::vector<double> edges(std::size_t count, double length, double grading, bool is_thin_at_end) {
  std::vector<double> edge;
  for (std::size_t k = 0; k <= count; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(count);
    edge.push_back(length * (is_thin_at_end ? 1.0 - std::pow(1.0 - share, grading) : std::pow(share, grading)));
  }
  return edge;
}

/// Shells of one size class; the distances make the parabola of a steady flux exact.
struct Shells {
  double area_per_volume = 0.0;  // 1/m, of the particle
  double surface_distance = 0.0;
  std::vector<double> volume, conductance;  // 1; 1/m²
};

Shells make_shells(ParticleShape shape, double radius, std::size_t count, double grading) {
  const double power = shape == ParticleShape::slab ? 0.0 : shape == ParticleShape::cylinder ? 1.0 : 2.0;
  const std::vector<double> edge = edges(count, radius, grading, true);
  const auto integral = [&](std::size_t k, double exponent) {
    return (std::pow(edge[k + 1], exponent + 1.0) - std::pow(edge[k], exponent + 1.0)) / (exponent + 1.0);
  };
  const double whole = std::pow(radius, power + 1.0) / (power + 1.0);
  Shells shells;
  shells.area_per_volume = std::pow(radius, power) / whole;
  std::vector<double> square;
  for (std::size_t k = 0; k < count; ++k) {
    shells.volume.push_back(integral(k, power) / whole);
    square.push_back(integral(k, power + 2.0) / integral(k, power));
  }
  for (std::size_t k = 0; k + 1 < count; ++k) {
    const double distance = (square[k + 1] - square[k]) / (2.0 * edge[k + 1]);
    shells.conductance.push_back(std::pow(edge[k + 1], power) / whole / distance);
  }
  shells.surface_distance = (radius * radius - square.back()) / (2.0 * radius);
  return shells;
}

}  // namespace

class IdaCell::System {
 public:
  enum class Held : unsigned char { current, voltage, power };

  System(const CellParameters& parameters, const SimulationOptions& mesh, const IdaTolerances& tolerances)
      : cell_(parameters), cells_(mesh.cathode_cells), shells_(mesh.particle_shells) {
    const Cathode& cathode = cell_.cathode;
    if (cathode.contact || cathode.growth || cell_.anode.contact || cell_.anode.growth || cell_.heat)
      throw base::ParameterError("cell", "with contact, growth or heat", "a cell without slow states");
    const double t = cell_.temperature;
    const double reference = cell_.reference_temperature;
    const auto at = [&](const Activated& quantity) { return arrhenius(quantity, t, reference); };
    thermal_ = base::gas_constant * t / base::faraday_constant;
    ionic_ = at(cathode.ionic_conductivity) * reference / t;
    electronic_ = at(cathode.electronic_conductivity);
    if (cathode.ionic_conductivity.energy == 0.0) ionic_ = cathode.ionic_conductivity.value;
    double separator = at(cell_.separator.conductivity) * reference / t;
    if (cell_.separator.conductivity.energy == 0.0) separator = cell_.separator.conductivity.value;
    series_ = cell_.separator.thickness / separator;
    if (cell_.anode.resistance.value > 0.0) {
      series_ += cell_.anode.resistance.value * cell_.anode.resistance.value / at(cell_.anode.resistance);
    }
    anode_exchange_ = cell_.anode.exchange_current_density ? at(*cell_.anode.exchange_current_density) : 0.0;
    exchange_ = at(cathode.material.kinetics.exchange_current_density);
    diffusivity_ = at(cathode.material.diffusivity);
    film_ = cathode.film.resistance;
    if (cathode.film.thickness > 0.0) film_ += cathode.film.thickness / at(cathode.film.conductivity);
    edge_ = edges(cells_, cathode.thickness, mesh.cathode_grading, false);
    for (const SizeClass& size : cathode.material.sizes) {
      classes_.push_back(make_shells(cathode.material.shape, size.radius, shells_, mesh.particle_grading));
      area_.push_back(classes_.back().area_per_volume * cathode.active_fraction * size.volume_share);
    }
    scale_ = rated_capacity(cell_) / 3600.0;
    start(tolerances);
  }

  ~System() {
    IDAFree(&memory_);
    SUNLinSolFree(solver_);
    SUNMatDestroy(matrix_);
    N_VDestroy(y_);
    N_VDestroy(slope_);
    N_VDestroy(kind_);
    SUNContext_Free(&context_);
  }
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  void hold(Held held, double target) {
    const double now = held == Held::current ? current() : held == Held::voltage ? voltage() : current() * voltage();
    const std::vector<double> y(data(), data() + size_),
        slope(N_VGetArrayPointer(slope_), N_VGetArrayPointer(slope_) + size_);
    held_ = held;
    cut_off_.reset();
    // In ever more parts of the way, because Newton's method alone does not always find the last one.
    for (int parts = 1; parts <= 4096; parts *= 4) {
      std::copy(y.begin(), y.end(), data());
      std::copy(slope.begin(), slope.end(), N_VGetArrayPointer(slope_));
      int part = 1;
      while (part <= parts && finds(now + (target - now) * part / parts)) ++part;
      if (part > parts) return;
    }
    throw base::NumericsError("IDA does not find the state of the first moment at " + std::to_string(time_) + " s");
  }

  bool advance(double time, std::optional<double> cut_off) {
    // IDA compares signs with its last step, so another root function begins anew.
    if (cut_off != cut_off_ && steps() > 0) require(IDAReInit(memory_, time_, y_, slope_), "IDAReInit");
    cut_off_ = cut_off;
    if (!(time > time_)) return false;
    require(IDASetStopTime(memory_, time), "IDASetStopTime");
    const int flag = IDASolve(memory_, time, &time_, y_, slope_, IDA_NORMAL);
    if (flag < 0) {
      throw base::NumericsError("IDA does not find a time step at " + std::to_string(time_) + " s, flag " +
                                std::to_string(flag));
    }
    return flag == IDA_ROOT_RETURN;
  }

  double time() const noexcept { return time_; }
  double current() const noexcept { return data()[size_ - 1]; }

  double voltage() const noexcept { return voltage(data()); }

  double mean_stoichiometry() const noexcept {
    double mean = 0.0;
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      for (std::size_t i = 0; i < cells_; ++i) {
        const double share = cell_.cathode.material.sizes[c].volume_share * width(i) / edge_.back();
        for (std::size_t k = 0; k < shells_; ++k) mean += share * classes_[c].volume[k] * data()[shell(c, i, k)];
      }
    }
    return mean;
  }

  std::size_t steps() const {
    long steps = 0;
    require(IDAGetNumSteps(memory_, &steps), "IDAGetNumSteps");
    return static_cast<std::size_t>(steps);
  }

 private:
  // Unknowns: each cell's shells and current densities of every class, its two potentials; the current at the end.
  std::size_t block() const noexcept { return classes_.size() * (shells_ + 1) + 2; }
  std::size_t shell(std::size_t c, std::size_t i, std::size_t k) const noexcept {
    return i * block() + c * (shells_ + 1) + k;
  }
  std::size_t flux(std::size_t c, std::size_t i) const noexcept { return shell(c, i, shells_); }
  std::size_t electrolyte(std::size_t i) const noexcept { return (i + 1) * block() - 2; }
  std::size_t solid(std::size_t i) const noexcept { return (i + 1) * block() - 1; }

  double width(std::size_t i) const noexcept { return edge_[i + 1] - edge_[i]; }
  /// Between the middles of cells i and i + 1.
  double distance(std::size_t i) const noexcept { return 0.5 * (edge_[i + 2] - edge_[i]); }

  const double* data() const noexcept { return N_VGetArrayPointer(y_); }
  double* data() noexcept { return N_VGetArrayPointer(y_); }

  double ionic_current(const double* y, std::size_t face) const noexcept {
    return -ionic_ * (y[electrolyte(face + 1)] - y[electrolyte(face)]) / distance(face);
  }
  double electronic_current(const double* y, std::size_t face) const noexcept {
    return -electronic_ * (y[solid(face + 1)] - y[solid(face)]) / distance(face);
  }
  double voltage(const double* y) const noexcept {
    const std::size_t last = cells_ - 1;
    const double mean_current = y[size_ - 1] - 0.25 * ionic_current(y, last - 1);
    return y[solid(last)] - 0.5 * width(last) / electronic_ * mean_current - cell_.anode.equilibrium_potential;
  }
  double diffusivity(double z) const {
    if (!cell_.cathode.material.has_thermodynamic_factor) return diffusivity_;
    const double slope = cell_.cathode.material.open_circuit.at(z, cell_.temperature).stoichiometry_derivative;
    return diffusivity_ * std::max(-z * (1.0 - z) * slope / thermal_, 0.01);
  }
  /// Of the steady flux between two stoichiometries: the mean of D, by Gauss's five points.
  double mean_diffusivity(double from, double to) const {
    if (!cell_.cathode.material.has_thermodynamic_factor) return diffusivity_;
    constexpr std::array<double, 3> place{0.0, 0.538469310105683, 0.906179845938664};
    constexpr std::array<double, 3> weight{0.568888888888889, 0.478628670499366, 0.236926885056189};
    const double middle = 0.5 * (from + to);
    const double half = 0.5 * (to - from);
    double sum = weight[0] * diffusivity(middle);
    for (std::size_t k = 1; k < 3; ++k)
      sum += weight[k] * (diffusivity(middle - place[k] * half) + diffusivity(middle + place[k] * half));
    return 0.5 * sum;
  }
  /// The stoichiometry that a flux · distance beyond another one; outside of 0 to 1 where there is none.
  double surface_of(double z, double flux) const {
    double surface = z + flux / diffusivity(z);
    if (!cell_.cathode.material.has_thermodynamic_factor) return surface;
    for (int k = 0; k < 50 && surface > 0.0 && surface < 1.0; ++k) {
      const double change = (flux - mean_diffusivity(z, surface) * (surface - z)) / diffusivity(surface);
      surface += change;
      if (std::abs(change) < 1e-13) break;
    }
    return surface;
  }
  double per_charge() const noexcept {
    return cell_.cathode.contacted_fraction / (base::faraday_constant * cell_.cathode.material.maximum_concentration);
  }

  int residual(const double* y, const double* slope, double* r) const {
    const double current = y[size_ - 1];
    for (std::size_t i = 0; i < cells_; ++i) {
      double reaction = 0.0;
      for (std::size_t c = 0; c < classes_.size(); ++c) {
        const Shells& mesh = classes_[c];
        const double j = y[flux(c, i)];
        const double inflow = per_charge() * j;
        const double* z = y + shell(c, i, 0);
        double inner = 0.0;
        for (std::size_t k = 0; k < shells_; ++k) {
          const double outer = k + 1 < shells_
                                   ? mesh.conductance[k] * mean_diffusivity(z[k], z[k + 1]) * (z[k + 1] - z[k])
                                   : mesh.area_per_volume * inflow;
          r[shell(c, i, k)] = slope[shell(c, i, k)] - (outer - inner) / mesh.volume[k];
          inner = outer;
        }
        const double surface = surface_of(z[shells_ - 1], mesh.surface_distance * inflow);
        if (!(surface > 0.0 && surface < 1.0)) return 1;
        const double exchange = exchange_ * std::sqrt(4.0 * surface * (1.0 - surface));
        r[flux(c, i)] = y[solid(i)] - y[electrolyte(i)] -
                        cell_.cathode.material.open_circuit.potential(surface, cell_.temperature) + j * film_ +
                        2.0 * thermal_ * std::asinh(j / (2.0 * exchange));
        reaction += area_[c] * cell_.cathode.contacted_fraction * j;
      }
      const bool is_last = i + 1 == cells_;
      r[electrolyte(i)] =
          ((is_last ? 0.0 : ionic_current(y, i)) - (i == 0 ? current : ionic_current(y, i - 1)) + width(i) * reaction) /
          scale_;
      if (i > 0) {
        r[solid(i)] =
            ((is_last ? current : electronic_current(y, i)) - electronic_current(y, i - 1) - width(i) * reaction) /
            scale_;
      }
    }
    // One solid balance follows from all others; in its place the way from the metal to the first cell.
    double way = current * series_ + 0.5 * width(0) / ionic_ * (0.75 * current + 0.25 * ionic_current(y, 0));
    if (anode_exchange_ > 0.0) way += 2.0 * thermal_ * std::asinh(current / (2.0 * anode_exchange_));
    r[solid(0)] = y[electrolyte(0)] + way;
    const double voltage_now = voltage(y);
    r[size_ - 1] = held_ == Held::current   ? (current - target_) / scale_
                   : held_ == Held::voltage ? voltage_now - target_
                                            : (voltage_now * current - target_) / scale_;
    return 0;
  }

  template <class Add>
  void jacobian(double alpha, const double* y, const Add& add) const {
    const std::size_t own = size_ - 1;
    const double current = y[own];
    const auto add_ionic = [&](std::size_t row, std::size_t face, double factor) {
      add(row, electrolyte(face), factor * ionic_ / distance(face));
      add(row, electrolyte(face + 1), -factor * ionic_ / distance(face));
    };
    const auto add_electronic = [&](std::size_t row, std::size_t face, double factor) {
      add(row, solid(face), factor * electronic_ / distance(face));
      add(row, solid(face + 1), -factor * electronic_ / distance(face));
    };
    for (std::size_t i = 0; i < cells_; ++i) {
      for (std::size_t c = 0; c < classes_.size(); ++c) {
        const Shells& mesh = classes_[c];
        const double* z = y + shell(c, i, 0);
        const std::size_t at_j = flux(c, i);
        const double j = y[at_j];
        for (std::size_t k = 0; k < shells_; ++k) add(shell(c, i, k), shell(c, i, k), alpha);
        for (std::size_t k = 0; k + 1 < shells_; ++k) {
          for (const std::size_t row : {k, k + 1}) {
            const double factor = (row == k ? -1.0 : 1.0) / mesh.volume[row];
            add(shell(c, i, row), shell(c, i, k), -factor * mesh.conductance[k] * diffusivity(z[k]));
            add(shell(c, i, row), shell(c, i, k + 1), factor * mesh.conductance[k] * diffusivity(z[k + 1]));
          }
        }
        const std::size_t outermost = shell(c, i, shells_ - 1);
        add(outermost, at_j, -mesh.area_per_volume * per_charge() / mesh.volume[shells_ - 1]);
        const double z_end = z[shells_ - 1];
        const double surface = surface_of(z_end, mesh.surface_distance * per_charge() * j);
        const double answer = mesh.surface_distance / diffusivity(surface) * per_charge();
        const double product = surface * (1.0 - surface);
        const double exchange = exchange_ * 2.0 * std::sqrt(product);
        const double ratio = j / (2.0 * exchange);
        const double root = std::sqrt(1.0 + ratio * ratio);
        const OpenCircuitPoint open = cell_.cathode.material.open_circuit.at(surface, cell_.temperature);
        const double by_surface =
            -open.stoichiometry_derivative - thermal_ * ratio / root * (1.0 - 2.0 * surface) / product;
        add(at_j, solid(i), 1.0);
        add(at_j, electrolyte(i), -1.0);
        add(at_j, outermost, by_surface * diffusivity(z_end) / diffusivity(surface));
        add(at_j, at_j, by_surface * answer + film_ + thermal_ / (exchange * root));
        const double taken = width(i) * area_[c] * cell_.cathode.contacted_fraction / scale_;
        add(electrolyte(i), at_j, taken);
        if (i > 0) add(solid(i), at_j, -taken);
      }
      if (i + 1 < cells_) add_ionic(electrolyte(i), i, 1.0 / scale_);
      if (i == 0) {
        add(electrolyte(i), own, -1.0 / scale_);
      } else {
        add_ionic(electrolyte(i), i - 1, -1.0 / scale_);
        add_electronic(solid(i), i - 1, -1.0 / scale_);
        if (i + 1 < cells_) {
          add_electronic(solid(i), i, 1.0 / scale_);
        } else {
          add(solid(i), own, 1.0 / scale_);
        }
      }
    }
    const double half = 0.5 * width(0) / ionic_;
    double way = series_ + 0.75 * half;
    if (anode_exchange_ > 0.0) way += thermal_ / std::hypot(anode_exchange_, 0.5 * current);
    add(solid(0), electrolyte(0), 1.0);
    add(solid(0), own, way);
    add_ionic(solid(0), 0, 0.25 * half);
    const double by_voltage = held_ == Held::current ? 0.0 : held_ == Held::voltage ? 1.0 : current / scale_;
    const double by_current = held_ == Held::current   ? 1.0 / scale_
                              : held_ == Held::voltage ? 0.0
                                                       : voltage(y) / scale_;
    const double end = 0.5 * width(cells_ - 1) / electronic_;
    add(own, solid(cells_ - 1), by_voltage);
    add_ionic(own, cells_ - 2, by_voltage * 0.25 * end);
    add(own, own, by_current - by_voltage * end);
  }

  /// The places of the entries in column order, in the order in which jacobian() names them.
  void lay_out() {
    std::vector<std::pair<std::size_t, std::size_t>> named;
    jacobian(1.0, data(), [&](std::size_t row, std::size_t column, double) { named.emplace_back(column, row); });
    std::vector<std::pair<std::size_t, std::size_t>> sorted = named;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (const auto& entry : named) {
      place_.push_back(
          static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), entry) - sorted.begin()));
    }
    column_.assign(size_ + 1, 0);
    for (const auto& [column, row] : sorted) {
      ++column_[column + 1];
      row_.push_back(static_cast<sunindextype>(row));
    }
    for (std::size_t k = 0; k < size_; ++k) column_[k + 1] += column_[k];
  }

  void start(const IdaTolerances& tolerances) {
    size_ = cells_ * block() + 1;
    const auto length = static_cast<sunindextype>(size_);
    require(SUNContext_Create(nullptr, &context_), "SUNContext_Create");
    y_ = N_VNew_Serial(length, context_);
    slope_ = N_VNew_Serial(length, context_);
    kind_ = N_VNew_Serial(length, context_);
    N_VConst(0.0, y_);
    N_VConst(0.0, slope_);
    N_VConst(0.0, kind_);
    const double z = cell_.cathode.initial_stoichiometry;
    for (std::size_t i = 0; i < cells_; ++i) {
      for (std::size_t c = 0; c < classes_.size(); ++c) {
        for (std::size_t k = 0; k < shells_; ++k) {
          data()[shell(c, i, k)] = z;
          N_VGetArrayPointer(kind_)[shell(c, i, k)] = 1.0;  // differential
        }
      }
      data()[solid(i)] = cell_.cathode.material.open_circuit.potential(z, cell_.temperature);
    }
    lay_out();
    matrix_ = SUNSparseMatrix(length, length, static_cast<sunindextype>(row_.size()), CSC_MAT, context_);
    solver_ = SUNLinSol_KLU(y_, matrix_, context_);
    memory_ = IDACreate(context_);
    require(IDAInit(memory_, &System::on_residual, 0.0, y_, slope_), "IDAInit");
    require(IDASetUserData(memory_, this), "IDASetUserData");
    require(IDASetErrHandlerFn(
                memory_, [](int, const char*, const char*, char*, void*) {}, nullptr),
            "error handler");
    require(IDASStolerances(memory_, tolerances.relative, tolerances.absolute), "IDASStolerances");
    require(IDASetId(memory_, kind_), "IDASetId");
    require(IDARootInit(memory_, 1, &System::on_root), "IDARootInit");
    require(IDASetLinearSolver(memory_, solver_, matrix_), "IDASetLinearSolver");
    require(IDASetJacFn(memory_, &System::on_jacobian), "IDASetJacFn");
    require(IDASetMaxNumSteps(memory_, 1000000), "IDASetMaxNumSteps");
    require(IDASetMaxConvFails(memory_, 200), "IDASetMaxConvFails");  // surfaces that are nearly full
    require(IDASetNonlinConvCoefIC(memory_, 1e-4), "IDASetNonlinConvCoefIC");
  }

  bool finds(double target) {
    target_ = target;
    if (held_ == Held::current) data()[size_ - 1] = target;
    require(IDAReInit(memory_, time_, y_, slope_), "IDAReInit");
    if (IDACalcIC(memory_, IDA_YA_YDP_INIT, time_ + 1e-3) < 0) return false;
    require(IDAGetConsistentIC(memory_, y_, slope_), "IDAGetConsistentIC");
    return true;
  }

  static int on_residual(sunrealtype, N_Vector y, N_Vector slope, N_Vector r, void* self) {
    return static_cast<const System*>(self)->residual(N_VGetArrayPointer(y), N_VGetArrayPointer(slope),
                                                      N_VGetArrayPointer(r));
  }
  static int on_root(sunrealtype, N_Vector y, N_Vector, sunrealtype* value, void* self) {
    const auto* system = static_cast<const System*>(self);
    value[0] = system->cut_off_ ? system->voltage(N_VGetArrayPointer(y)) - *system->cut_off_ : 1.0;
    return 0;
  }
  static int on_jacobian(sunrealtype, sunrealtype alpha, N_Vector y, N_Vector, N_Vector, SUNMatrix matrix, void* self,
                         N_Vector, N_Vector, N_Vector) {
    const auto* system = static_cast<const System*>(self);
    std::copy(system->column_.begin(), system->column_.end(), SUNSparseMatrix_IndexPointers(matrix));
    std::copy(system->row_.begin(), system->row_.end(), SUNSparseMatrix_IndexValues(matrix));
    double* const value = SUNSparseMatrix_Data(matrix);
    std::fill_n(value, system->row_.size(), 0.0);
    const std::size_t* place = system->place_.data();
    system->jacobian(alpha, N_VGetArrayPointer(y),
                     [&](std::size_t, std::size_t, double entry) { value[*place++] += entry; });
    return 0;
  }

  static void require(int flag, const std::string& call) {
    if (flag < 0) throw base::InternalError("SUNDIALS refuses " + call + ": " + std::to_string(flag));
  }
  const CellParameters cell_;
  const std::size_t cells_, shells_;
  double thermal_ = 0.0, ionic_ = 0.0, electronic_ = 0.0, series_ = 0.0, anode_exchange_ = 0.0, exchange_ = 0.0;
  double diffusivity_ = 0.0, film_ = 0.0, scale_ = 1.0;
  std::vector<double> edge_, area_;
  std::vector<Shells> classes_;
  std::size_t size_ = 0;

  Held held_ = Held::current;
  double target_ = 0.0;
  std::optional<double> cut_off_;
  double time_ = 0.0;

  std::vector<std::size_t> place_;
  std::vector<sunindextype> column_, row_;
  SUNContext context_ = nullptr;
  N_Vector y_ = nullptr, slope_ = nullptr, kind_ = nullptr;
  SUNMatrix matrix_ = nullptr;
  SUNLinearSolver solver_ = nullptr;
  void* memory_ = nullptr;
};

IdaCell::IdaCell(const CellParameters& parameters, const SimulationOptions& mesh, const IdaTolerances& tolerances)
    : system_((check(parameters), std::make_unique<System>(parameters, mesh, tolerances))) {}
IdaCell::~IdaCell() = default;

void IdaCell::hold_current(double target) { system_->hold(System::Held::current, target); }
void IdaCell::hold_voltage(double target) { system_->hold(System::Held::voltage, target); }
void IdaCell::hold_power(double target) { system_->hold(System::Held::power, target); }

void IdaCell::advance(double time) { system_->advance(time, std::nullopt); }
bool IdaCell::advance_until_voltage(double voltage, double latest_time) {
  return system_->advance(latest_time, voltage);
}

double IdaCell::time() const noexcept { return system_->time(); }
double IdaCell::current() const noexcept { return system_->current(); }
double IdaCell::voltage() const noexcept { return system_->voltage(); }
double IdaCell::mean_stoichiometry() const noexcept { return system_->mean_stoichiometry(); }
std::size_t IdaCell::steps() const { return system_->steps(); }

}  // namespace closo::cell
