#include "closo/tasks/detail/series_state.hpp"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"

namespace closo::tasks::detail {
namespace {

constexpr const char* schema = "closo-series/1";
constexpr std::size_t save_every = 10;

/// FNV-1a over the numbers of a spectrum and its mask: a changed file is another spectrum.
std::string fingerprint(const impedance::Spectrum& spectrum) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](double number) {
    unsigned char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    for (const unsigned char byte : bytes) hash = (hash ^ byte) * 1099511628211ULL;
  };
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    mix(spectrum.frequency[i]);
    mix(spectrum.impedance[i].real());
    mix(spectrum.impedance[i].imag());
    mix(spectrum.is_masked(i) ? 1.0 : 0.0);
  }
  return std::to_string(hash);
}

}  // namespace

SeriesState::SeriesState(std::filesystem::path file, std::string circuit)
    : file_(std::move(file)), circuit_(std::move(circuit)) {
  std::error_code ignored;
  if (file_.empty() || !std::filesystem::exists(file_, ignored)) return;
  try {
    const nlohmann::json state = nlohmann::json::parse(base::read_text_file(file_));
    if (state.at("schema") != schema) throw base::InputError({}, "another kind of file");
    if (state.at("circuit") != circuit_) return;  // another circuit starts anew
    optima_ = state.at("optima").get<std::map<std::string, std::vector<double>>>();
  } catch (const nlohmann::json::exception&) {
    throw base::InputError({file_.string()}, "this is no state of a series",
                           "a file that --resume wrote, or a new name");
  } catch (const base::InputError& error) {
    throw base::InputError({file_.string()}, error.problem(), "a file that --resume wrote, or a new name");
  }
}

SeriesState::~SeriesState() {
  try {
    save();
  } catch (const base::Error&) {
    // The folder is gone or full; the exception that ends the run says more than this one.
  }
}

std::optional<std::vector<double>> SeriesState::find(const impedance::Spectrum& spectrum) const {
  const std::lock_guard<std::mutex> lock(guard_);
  const auto found = optima_.find(fingerprint(spectrum));
  return found == optima_.end() ? std::nullopt : std::optional(found->second);
}

void SeriesState::add(const impedance::Spectrum& spectrum, const std::vector<double>& values) {
  const std::lock_guard<std::mutex> lock(guard_);
  optima_[fingerprint(spectrum)] = values;
  if (++unsaved_ >= save_every) save_locked();
}

void SeriesState::save() {
  const std::lock_guard<std::mutex> lock(guard_);
  if (unsaved_ > 0) save_locked();
}

std::size_t SeriesState::size() const {
  const std::lock_guard<std::mutex> lock(guard_);
  return optima_.size();
}

void SeriesState::save_locked() {
  unsaved_ = 0;
  if (file_.empty()) return;
  const nlohmann::json state = {{"schema", schema}, {"circuit", circuit_}, {"optima", optima_}};
  base::write_file_atomically(file_, state.dump() + "\n");
}

}  // namespace closo::tasks::detail
