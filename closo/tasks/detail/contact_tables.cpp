#include "closo/tasks/detail/contact_tables.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/stability/compatibility.hpp"

namespace closo::tasks::detail {
namespace {

using stability::InterfaceKink;
using stability::InterfaceReaction;

constexpr double shown = 5e-5;  // eV per atom: what is smaller reads 0

report::Value percent(double share) { return {.value = std::round(share * 100.0), .unit = "%"}; }

std::string class_of(const ContactResult& result) {
  return std::string(stability::to_string(stability::reactivity(result.judged())));
}

/// The kink to show for a contact: where the energy that judges it is lowest.
const InterfaceKink* worst_kink(const ContactResult& result) {
  const std::vector<InterfaceKink>& kinks = result.reaction.kinks;
  if (kinks.empty()) return nullptr;
  if (result.is_open() && result.reaction.no_mixing_A_eV <= result.reaction.mutual_eV) return &kinks.back();
  return &*std::ranges::min_element(kinks, {}, &InterfaceKink::mutual_energy_eV);
}

std::string reaction_text(const InterfaceKink& kink) {
  return kink.reaction.empty() ? "no reaction" : stability::to_text(kink.reaction);
}

const ContactResult& worst_of(const std::vector<const ContactResult*>& contacts) {
  return **std::ranges::min_element(contacts, {}, [](const ContactResult* contact) { return contact->judged(); });
}

}  // namespace

report::Value energy_value(double energy, std::string_view source) {
  report::Value value;
  value.value = std::round(energy * 1e4) / 1e4 + 0.0;  // −0 → 0
  value.unit = "eV";
  value.kind = "computed";
  value.source = std::string(source);
  return value;
}

report::Table energy_table(const std::vector<ContactGroup>& groups) {
  report::Table table{"energies",
                      "Driving forces",
                      {{"contact", "A | B"},
                       {"condition", "condition"},
                       {"no_mixing_A_eV_per_atom", "A alone (eV)"},
                       {"no_mixing_B_eV_per_atom", "B alone (eV)"},
                       {"mixing_eV_per_atom", "mixing (eV)"},
                       {"mutual_eV_per_atom", "mutual (eV)"},
                       {"reactivity", "class"}},
                      {},
                      "eV per atom; open: per atom other than the mobile element. Mixing is the lowest energy over all "
                      "shares of A against the compounds as they are; mutual the same without what A and B do alone."};
  for (const ContactGroup& group : groups) {
    for (const ContactResult& result : group.contacts) {
      const InterfaceReaction& reaction = result.reaction;
      table.rows.push_back({result.name(), result.condition, energy_value(reaction.no_mixing_A_eV, "A alone"),
                            energy_value(reaction.no_mixing_B_eV, "B alone"),
                            energy_value(reaction.mixing_eV, "lowest over the share of A"),
                            energy_value(reaction.mutual_eV, "without what A and B do alone"), class_of(result)});
    }
  }
  return table;
}

report::Table spread_table(const std::vector<ContactGroup>& groups, std::size_t draws) {
  report::Table table{"uncertainty",
                      "With uncertain energies",
                      {{"contact", "A | B"},
                       {"condition", "condition"},
                       {"judged_eV_per_atom", "judged (eV)"},
                       {"judged_mean_eV_per_atom", "over draws (eV)"},
                       {"probability_reactive_percent", "reactive (%)"}},
                      {},
                      std::to_string(draws) +
                          " draws of all energies; judged: mutual, or (open) what A does alone where "
                          "that is lower; reactive: share of the draws at or below " +
                          base::format_number(reactive_energy) + " eV per atom"};
  for (const ContactGroup& group : groups) {
    for (const ContactResult& result : group.contacts) {
      report::Value spread = energy_value(result.spread->mean, "mean and standard deviation over draws");
      if (result.spread->standard_deviation > 0.0) spread.uncertainty = result.spread->standard_deviation;
      table.rows.push_back({result.name(), result.condition, energy_value(result.judged(), "lowest of what counts"),
                            std::move(spread), percent(result.spread->reactive)});
    }
  }
  return table;
}

report::Table kink_table(const ContactResult& result, std::size_t number) {
  report::Table table{"kinks_" + std::to_string(number),
                      result.name() + ", " + result.condition,
                      {{"share_A_percent", "A (at%)"},
                       {"energy_eV_per_atom", "mixing (eV)"},
                       {"mutual_eV_per_atom", "mutual (eV)"},
                       {"reaction", "reaction"},
                       {"mark", ""}},
                      {},
                      {}};
  const InterfaceKink* worst = result.judged() <= -shown ? worst_kink(result) : nullptr;
  for (const InterfaceKink& kink : result.reaction.kinks) {
    report::Value share{.value = std::round(kink.fraction * 1e3) / 10.0, .unit = "at%", .kind = "computed"};
    table.rows.push_back({std::move(share), energy_value(kink.energy_eV, "at this share"),
                          energy_value(kink.mutual_energy_eV, "at this share"), reaction_text(kink),
                          std::string(&kink == worst ? "◄ worst" : "")});
  }
  return table;
}

report::Section judgement_section(const std::vector<ContactGroup>& groups, const std::vector<std::string>& coatings,
                                  bool has_draws) {
  report::Table table{"judgement",
                      "Worst contact",
                      {{"layer", "layer"},
                       {"reactivity", "class"},
                       {"energy_eV_per_atom", "energy (eV/atom)"},
                       {"probability_reactive_percent", "reactive (%)"},
                       {"worst", "worst contact"}},
                      {},
                      {}};
  report::KeyValues reactions{"worst_reactions", {}};
  const auto add = [&](const std::string& layer, const std::vector<const ContactResult*>& contacts) {
    const ContactResult& worst = worst_of(contacts);
    report::Value energy = energy_value(worst.judged(), "worst contact and condition");
    energy.unit = "eV/atom";
    std::vector<report::Cell> row{layer, class_of(worst), std::move(energy)};
    if (has_draws) {
      double reactive = 0.0;
      for (const ContactResult* contact : contacts) reactive = std::max(reactive, contact->spread->reactive);
      row.emplace_back(percent(reactive));
    }
    row.emplace_back(worst.name() + ", " + worst.condition);
    table.rows.push_back(std::move(row));
    const InterfaceKink* kink = worst_kink(worst);
    if (kink != nullptr && worst.judged() <= -shown)
      reactions.items.emplace_back("reaction, layer: " + layer, reaction_text(*kink));
  };
  if (!has_draws) table.columns.erase(table.columns.begin() + 3);
  std::vector<const ContactResult*> bare;
  for (const ContactResult& result : groups[0].contacts) bare.push_back(&result);
  add("none", bare);
  for (std::size_t i = 0; i < coatings.size(); ++i) {
    std::vector<const ContactResult*> both;
    for (const std::size_t group : {1 + 2 * i, 2 + 2 * i}) {
      for (const ContactResult& result : groups[group].contacts) both.push_back(&result);
    }
    add(coatings[i], both);
  }
  report::Section section{"judgement", "Judgement", {std::move(table)}, false};
  if (!reactions.items.empty()) section.blocks.emplace_back(std::move(reactions));
  return section;
}

report::Section coating_section(const std::vector<ContactGroup>& groups) {
  report::Table table{"coating_reactions",
                      "Lowest reaction of every contact with a coating",
                      {{"contact", "contact"}, {"condition", "condition"}, {"reaction", "reaction"}},
                      {},
                      {}};
  for (const ContactGroup& group : groups) {
    for (const ContactResult& result : group.contacts) {
      if (!result.is_coating) continue;
      const InterfaceKink* kink = worst_kink(result);
      table.rows.push_back({result.name(), result.condition,
                            kink == nullptr || result.judged() > -shown ? "no reaction" : reaction_text(*kink)});
    }
  }
  return {"coatings", "Coatings", {std::move(table)}, false};
}

}  // namespace closo::tasks::detail
