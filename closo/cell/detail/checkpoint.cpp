#include <utility>

#include "closo/base/error.hpp"
#include "closo/cell/detail/bytes.hpp"
#include "closo/cell/detail/engine.hpp"

namespace closo::cell {

using detail::ByteReader;
using detail::ByteWriter;

namespace detail {

std::uint64_t byte_hash(std::string_view bytes) noexcept {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace detail

namespace {

constexpr std::string_view magic = "closo cell checkpoint 2\n";

template <class Stream, class... T>
void all(Stream& stream, T&... values) {
  (stream.io(values), ...);
}

template <class Stream>
void io(Stream& s, LossBudget& b) {
  all(s, b.separator, b.anode_kinetics, b.anode_interface, b.cathode_ionic, b.cathode_electronic, b.film,
      b.charge_transfer, b.diffusion, b.utilisation, b.side_reaction);
}

template <class Stream>
void io(Stream& s, StepSummary& x) {
  all(s, x.visit, x.step, x.cycle, x.end, x.start_time, x.duration, x.charge, x.energy, x.side_charge, x.first_voltage,
      x.last_voltage, x.first_current, x.last_current, x.mean_stoichiometry, x.temperature, x.contact_fraction,
      x.isolated_fraction, x.cathode_interphase, x.anode_resistance, x.metal_contact);
  io(s, x.losses);
}

template <class Stream>
void io(Stream& s, ContactState& x) {
  all(s, x.strain, x.relaxed_strain, x.damage, x.isolated);
}

template <class Stream>
void io(Stream& s, detail::ElectrodeState& x) {
  all(s, x.u, x.j, x.overpotential, x.surface, x.current, x.voltage, x.side_current);
}

template <class Stream, class T>
void io(Stream& s, std::vector<T>& list) {
  const std::size_t size = s.size_of(list);
  for (std::size_t k = 0; k < size; ++k) io(s, list[k]);
}

template <class Stream>
void io(Stream& s, SimulationResult& x) {
  all(s, x.status, x.reason);
  Rows& r = x.rows;
  all(s, r.time, r.current, r.voltage, r.charge, r.mean_stoichiometry, r.open_circuit, r.temperature, r.visit);
  io(s, r.losses);
  io(s, x.steps);
  all(s, x.time_steps, x.rejected_steps, x.iterations);
}

void add(ByteWriter& s, const Activated& x) { all(s, x.value, x.energy); }

void add(ByteWriter& s, const GrowthModel& x) {
  s.io(x.initial_thickness);
  add(s, x.parabolic_rate);
  add(s, x.conductivity);
  s.io(x.oxidation.has_value());
  if (!x.oxidation) return;
  const OxidationModel& o = *x.oxidation;
  add(s, o.exchange_current_density);
  all(s, o.onset_potential, o.transfer_coefficient, o.decay_length, o.molar_volume, o.electrons);
}

void add(ByteWriter& s, const Cathode& x) {
  const ActiveMaterial& m = x.material;
  all(s, x.thickness, x.active_fraction, x.electrolyte_fraction, x.contacted_fraction, x.initial_stoichiometry,
      m.maximum_concentration, m.shape, m.has_thermodynamic_factor, x.film.thickness, x.film.resistance);
  for (const Activated& each : {x.ionic_conductivity, x.electronic_conductivity, m.diffusivity,
                                m.kinetics.exchange_current_density, x.film.conductivity}) {
    add(s, each);
  }
  for (const SizeClass& size : m.sizes) all(s, size.radius, size.volume_share);
  // The curve by what it says.
  constexpr int samples = 500;
  for (int k = 0; k <= samples; ++k) {
    for (const double kelvin : {298.15, 350.0}) {
      const OpenCircuitPoint point = m.open_circuit.at(static_cast<double>(k) / samples, kelvin);
      all(s, point.potential, point.stoichiometry_derivative);
    }
  }
  s.io(x.contact.has_value());
  if (x.contact) {
    const ContactModel& c = *x.contact;
    all(s, c.partial_molar_volume, c.reference_stoichiometry, c.residual_pressure, c.stack_pressure, c.transmission,
        c.stiffness, c.contact_pressure, c.contact_exponent, c.damage_per_strain, c.damage_pressure, c.damage_exponent,
        c.minimum_pressure, c.isolated_share);
    add(s, c.creep_rate);
  }
  s.io(x.growth.has_value());
  if (x.growth) add(s, *x.growth);
}

void add(ByteWriter& s, const MetalAnode& x) {
  s.io(x.equilibrium_potential);
  add(s, x.exchange_current_density.value_or(Activated{}));
  add(s, x.resistance);
  s.io(x.contact.has_value());
  if (x.contact) {
    const MetalContactModel& c = *x.contact;
    all(s, c.stack_pressure, c.reference_pressure, c.pressure_exponent, c.void_charge, c.contacts_per_area,
        c.initial_fraction);
    add(s, c.critical_current_density);
    add(s, c.creep_rate);
  }
  s.io(x.growth.has_value());
  if (x.growth) add(s, *x.growth);
}

void add(ByteWriter& s, const std::optional<CurrentSetting>& x) {
  const CurrentSetting setting = x.value_or(CurrentSetting{});
  all(s, setting.basis, setting.value);
}

void add(ByteWriter& s, const ProtocolStep& x) {
  const double none = -1.0;
  all(s, x.kind, x.voltage, x.temperature);
  add(s, x.current);
  add(s, x.until_current);
  for (const std::optional<double>& each : {x.power_density, x.power, x.until_voltage, x.duration})
    s.io(each.value_or(none));
}

}  // namespace

std::uint64_t Simulation::Engine::fingerprint() const {
  ByteWriter s;
  add(s, parameters.anode);
  s.io(parameters.separator.thickness);
  add(s, parameters.separator.conductivity);
  add(s, parameters.cathode);
  const HeatModel heat = parameters.heat.value_or(HeatModel{});
  const double capacity = rated_capacity(parameters);
  const double mass = parameters.areal_active_mass.value_or(0.0);
  const double area = parameters.area.value_or(0.0);
  all(s, heat.areal_heat_capacity, heat.transfer_coefficient, parameters.temperature, parameters.reference_temperature,
      capacity, mass, area);
  for (const ProtocolStep& step : protocol.steps) add(s, step);
  for (const Protocol::Visit& each : protocol.visits) all(s, each.step, each.cycle);
  const SimulationOptions& o = options;
  all(s, o.cathode_cells, o.particle_shells, o.cathode_grading, o.particle_grading, o.tolerance, o.first_step,
      o.maximum_step, o.event_tolerance, o.curve_tolerance, o.longest_step_duration, o.keeps_rows);
  return detail::byte_hash(s.bytes());
}

template <class Stream>
void Simulation::Engine::transfer(Stream& s) {
  io(s, result);
  all(s, visit, time, temperature, is_in_visit_, visit_time_, order_, accepted_in_visit_, step_, last_step_,
      step_before_last_, last_error_);
  io(s, now_);
  io(s, before_);
  all(s, charge_, charge_before_, side_charge_, side_charge_before_);
  io(s, sums_);
  io(s, losses_);
  io(s, losses_before_);
  all(s, open_circuit_, entropy_, surroundings_);
  io(s, slow_.contact);
  all(s, slow_.cathode_thickness, slow_.anode_thickness, slow_.metal_contact, means_);
}

std::string Simulation::Engine::checkpoint() const {
  Engine copy = *this;  // transfer() is one description for both ways
  ByteWriter s;
  copy.transfer(s);
  for (const ParticleBank& bank : banks_) {
    const ParticleBank::State state = bank.state();
    all(s, state.now, state.before, state.before_that);
  }
  ByteWriter head;
  const std::uint64_t sum = detail::byte_hash(s.bytes());
  const std::uint64_t owner = fingerprint();
  all(head, sum, owner);
  return std::string(magic) + head.bytes() + s.bytes();
}

void Simulation::Engine::restore(std::string_view bytes) {
  if (bytes.substr(0, magic.size()) != magic)
    throw base::InputError({}, "these bytes are not a checkpoint of a cell", "what checkpoint() gave");
  ByteReader head(bytes.substr(magic.size()));
  std::uint64_t sum = 0;
  std::uint64_t owner = 0;
  all(head, sum, owner);
  const std::string_view body = bytes.substr(magic.size() + 2 * sizeof sum);
  if (detail::byte_hash(body) != sum)
    throw base::InputError({}, "the checkpoint is cut short or damaged", "the bytes of a whole checkpoint");
  if (owner != fingerprint())
    throw base::InputError({}, "the checkpoint belongs to another cell, protocol or mesh",
                           "the parameters, protocol and options that it was made with");
  ByteReader s(body);
  transfer(s);
  for (ParticleBank& bank : banks_) {
    ParticleBank::State state;
    all(s, state.now, state.before, state.before_that);
    bank.restore(state);
  }
  update_coefficients();
}

}  // namespace closo::cell
