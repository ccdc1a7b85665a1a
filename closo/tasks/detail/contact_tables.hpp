/// The contacts of a pair of materials, computed, and their tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/stability/interface.hpp"
#include "closo/tasks/stability_contact.hpp"

namespace closo::tasks::detail {

/// One contact in one condition, computed.
struct ContactResult {
  std::string a, b;         ///< names
  std::string condition;    ///< "closed", "open at 3.92 V"
  bool is_coating = false;  ///< one side is a coating
  Contact contact;
  stability::InterfaceReaction reaction;
  std::optional<JudgedSpread> spread;

  bool is_open() const { return contact.open.has_value(); }
  double judged() const {
    return judged_energy({reaction.no_mixing_A_eV, reaction.no_mixing_B_eV, reaction.mixing_eV,
                          reaction.mixing_fraction, reaction.mutual_eV},
                         is_open());
  }
  std::string name() const { return a + " | " + b; }
};

/// Contacts that share their elements, and so one system of phases.
struct ContactGroup {
  stability::ChemicalSystem system;
  std::vector<ContactResult> contacts;
};

/// An energy in eV per atom counted, to 0.1 meV.
report::Value energy_value(double energy, std::string_view source);
/// Driving forces, one row a contact.
report::Table energy_table(const std::vector<ContactGroup>& groups);
/// The energy that judges each contact over the draws.
report::Table spread_table(const std::vector<ContactGroup>& groups, std::size_t draws);
/// All kinks of one contact with their reactions, the worst one marked.
report::Table kink_table(const ContactResult& result, std::size_t number);
/// The worst contact and condition without a layer (the first group) and with each coating (two groups each), with its
/// reaction; the share of reactive draws is the highest of the contacts.
report::Section judgement_section(const std::vector<ContactGroup>& groups, const std::vector<std::string>& coatings,
                                  bool has_draws);
/// Lowest reaction of every contact of a coating.
report::Section coating_section(const std::vector<ContactGroup>& groups);

}  // namespace closo::tasks::detail
