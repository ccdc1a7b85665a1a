#include "closo/tasks/detail/sweep_state.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"

namespace closo::tasks::detail {
namespace {

constexpr const char* schema = "closo-cell-sweep/1";
constexpr std::chrono::seconds save_every{3};

constexpr std::array loss_members{&cell::LossBudget::separator,          &cell::LossBudget::anode_kinetics,
                                  &cell::LossBudget::anode_interface,    &cell::LossBudget::cathode_ionic,
                                  &cell::LossBudget::cathode_electronic, &cell::LossBudget::film,
                                  &cell::LossBudget::charge_transfer,    &cell::LossBudget::diffusion,
                                  &cell::LossBudget::utilisation,        &cell::LossBudget::side_reaction};
static_assert(loss_members.size() == cell::loss_count);

/// Two FNV-1a hashes of 64 bits with different starts: a collision within a state is out of reach.
std::string hash_of(const std::string& text) {
  std::string key;
  for (std::uint64_t hash : {14695981039346656037ULL, 1099511628211ULL}) {
    for (const unsigned char byte : text) hash = (hash ^ byte) * 1099511628211ULL;
    key += std::to_string(hash) + "-";
  }
  return key + std::to_string(text.size());
}

nlohmann::json maybe(const std::optional<double>& value) { return value ? nlohmann::json(*value) : nlohmann::json(); }
std::optional<double> maybe(const nlohmann::json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

nlohmann::json json_of(const cell::CellOutcome& outcome) {
  nlohmann::json losses = nlohmann::json::array();
  for (const auto member : loss_members) losses.push_back(outcome.losses.*member);
  return {
      {"status", static_cast<int>(outcome.status)},
      {"reason", outcome.reason},
      {"end", static_cast<int>(outcome.end)},
      {"sums", {outcome.charge, outcome.energy, outcome.duration, outcome.theoretical_capacity, outcome.active_mass}},
      {"losses", std::move(losses)},
      {"stack",
       {maybe(outcome.stack.areal_mass), maybe(outcome.stack.thickness),
        maybe(outcome.stack.areal_mass_with_collectors), maybe(outcome.stack.thickness_with_collectors)}}};
}

cell::CellOutcome outcome_of(const nlohmann::json& json) {
  cell::CellOutcome outcome;
  outcome.status = static_cast<cell::OutcomeStatus>(json.at("status").get<int>());
  outcome.reason = json.at("reason").get<std::string>();
  outcome.end = static_cast<cell::StepEnd>(json.at("end").get<int>());
  const auto sums = json.at("sums").get<std::array<double, 5>>();
  outcome.charge = sums[0];
  outcome.energy = sums[1];
  outcome.duration = sums[2];
  outcome.theoretical_capacity = sums[3];
  outcome.active_mass = sums[4];
  const auto losses = json.at("losses").get<std::array<double, cell::loss_count>>();
  for (std::size_t i = 0; i < losses.size(); ++i) outcome.losses.*loss_members[i] = losses[i];
  const nlohmann::json& stack = json.at("stack");
  outcome.stack = {maybe(stack.at(0)), maybe(stack.at(1)), maybe(stack.at(2)), maybe(stack.at(3))};
  return outcome;
}

}  // namespace

SweepState::SweepState(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code ignored;
  if (file_.empty() || !std::filesystem::exists(file_, ignored)) return;
  const auto refuse = [&](const std::string& problem) {
    return base::InputError({file_.string()}, problem, "a file that --resume of a cell sweep wrote, or a new name");
  };
  try {
    const nlohmann::json state = nlohmann::json::parse(base::read_text_file(file_));
    if (state.at("schema") != schema) throw refuse("another kind of file");
    for (const auto& [key, value] : state.at("cells").items()) outcomes_.emplace(key, outcome_of(value));
  } catch (const nlohmann::json::exception&) {
    throw refuse("this is no state of a cell sweep");
  }
}

SweepState::~SweepState() {
  try {
    save();
  } catch (const base::Error&) {
    // The folder is gone or full; the exception that ends the run says more than this one.
  }
}

std::optional<cell::CellOutcome> SweepState::find(const std::string& key) const {
  if (file_.empty()) return std::nullopt;
  const std::string hash = hash_of(key);
  const std::lock_guard<std::mutex> lock(guard_);
  const auto found = outcomes_.find(hash);
  return found == outcomes_.end() ? std::nullopt : std::optional(found->second);
}

void SweepState::add(const std::string& key, const cell::CellOutcome& outcome) {
  if (file_.empty()) return;
  const std::string hash = hash_of(key);
  const std::lock_guard<std::mutex> lock(guard_);
  outcomes_[hash] = outcome;
  is_saved_ = false;
  if (std::chrono::steady_clock::now() - saved_at_ > save_every) save_locked();
}

void SweepState::save() {
  const std::lock_guard<std::mutex> lock(guard_);
  if (!is_saved_) save_locked();
}

std::size_t SweepState::size() const {
  const std::lock_guard<std::mutex> lock(guard_);
  return outcomes_.size();
}

void SweepState::save_locked() {
  nlohmann::json cells = nlohmann::json::object();
  for (const auto& [key, value] : outcomes_) cells[key] = json_of(value);
  base::write_file_atomically(file_, nlohmann::json{{"schema", schema}, {"cells", std::move(cells)}}.dump() + "\n");
  is_saved_ = true;
  saved_at_ = std::chrono::steady_clock::now();
}

}  // namespace closo::tasks::detail
