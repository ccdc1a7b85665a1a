#include "closo/impedance/ladder.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/num/distributions.hpp"

namespace closo::impedance {
namespace {

/// A criterion this much larger is decisive against a rung.
constexpr double decisive = 10.0;
/// A richer circuit that lowers the misfit by less than this share describes systematic errors, not the sample.
constexpr double worth_having = 0.02;

std::string list_of(const FitResult& fit, Identifiability which) {
  std::string names;
  for (const FittedParameter& parameter : fit.parameters) {
    if (parameter.identifiability == which) names += (names.empty() ? "" : ", ") + parameter.name;
  }
  return names;
}

/// Accepts the rung or says what is wrong with it.
void judge(Rung& rung) {
  const std::string lost = list_of(rung.fit, Identifiability::not_identified);
  const std::string bound = list_of(rung.fit, Identifiability::at_bound);
  if (rung.fit.status == FitStatus::max_iterations) {
    rung.verdict = rung.text + " did not converge.";
  } else if (!lost.empty()) {
    rung.verdict = rung.text + " is too rich: the data do not fix " + lost + ".";
  } else if (!bound.empty()) {
    rung.verdict = rung.text + " drives " + bound + " to the bound.";
  } else {
    rung.accepted = true;
  }
}

bool inductive_end(const PreparedSpectrum& data) { return data.impedance.back().imag() > 0.0; }

}  // namespace

std::vector<std::string> solid_electrolyte_ladder(bool inductive) {
  std::vector<std::string> capacitive{
      "R0",
      "R0-CPE1",
      "p(R1,CPE1)",
      "R0-p(R1,CPE1)",
      "p(R1,CPE1)-CPE2",
      "R0-p(R1,CPE1)-CPE2",
      "R0-p(R1,CPE1)-W1",
      "p(R1,CPE1)-p(R2,CPE2)",
      "p(R1,CPE1)-p(R2,CPE2)-CPE3",
      "R0-p(R1,CPE1)-p(R2,CPE2)",
      "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3",
      "R0-p(R1,CPE1)-p(R2,CPE2)-W1",
  };
  if (!inductive) return capacitive;
  std::vector<std::string> all;
  for (const std::string& text : capacitive) {
    all.push_back(text);
    all.push_back("L0-" + text);
  }
  return all;
}

std::optional<double> f_test(const FitResult& simple, const FitResult& rich) {
  if (rich.degrees_of_freedom >= simple.degrees_of_freedom || rich.degrees_of_freedom == 0) return std::nullopt;
  if (!(rich.chi_square < simple.chi_square) || !(rich.chi_square > 0.0)) return std::nullopt;
  const auto added = static_cast<double>(simple.degrees_of_freedom - rich.degrees_of_freedom);
  const auto left = static_cast<double>(rich.degrees_of_freedom);
  const double f = (simple.chi_square / rich.chi_square - 1.0) * left / added;
  // P(F > f) = I_x(left/2, added/2) with x = left/(left + added f).
  const double x = left / (left + added * f);
  return num::regularized_beta(x, added * f / (left + added * f), 0.5 * left, 0.5 * added);
}

LadderResult choose_circuit(const Spectrum& spectrum, const FitOptions& options,
                            const std::vector<std::string>& circuits) {
  const PreparedSpectrum data = prepare(spectrum);
  const std::vector<std::string> texts = circuits.empty() ? solid_electrolyte_ladder(inductive_end(data)) : circuits;
  LadderResult out;
  for (const std::string& text : texts) {
    Rung rung;
    rung.circuit = parse_circuit(text);
    // AICc needs two numbers more than parameters.
    if (rung.circuit.free_parameters() + 2 >= 2 * data.size()) continue;
    rung.text = to_text(rung.circuit);
    rung.fit = fit(rung.circuit, spectrum, options);
    judge(rung);
    out.rungs.push_back(std::move(rung));
  }
  if (out.rungs.empty()) {
    throw base::ParameterError(
        "circuits", std::to_string(texts.size()) + " circuits",
        "a circuit with fewer parameters than the " + std::to_string(2 * data.size()) + " numbers of the spectrum");
  }
  out.any_accepted = std::any_of(out.rungs.begin(), out.rungs.end(), [](const Rung& rung) { return rung.accepted; });
  const auto eligible = [&out](const Rung& rung) { return rung.accepted || !out.any_accepted; };
  const auto size = [](const Rung& rung) { return rung.circuit.free_parameters(); };
  const Rung* best = nullptr;
  for (const Rung& rung : out.rungs) {
    if (eligible(rung) && (!best || rung.fit.aicc < best->fit.aicc)) best = &rung;
  }
  // The simplest rung that is about as good as the best.
  const Rung* chosen = best;
  for (const Rung& rung : out.rungs) {
    if (!eligible(rung) || size(rung) >= size(*chosen)) continue;
    const bool close = rung.fit.aicc - best->fit.aicc < decisive;
    const bool as_good = rung.fit.relative_misfit() < (1.0 + worth_having) * best->fit.relative_misfit();
    if (close || as_good) chosen = &rung;
  }
  out.chosen = static_cast<std::size_t>(chosen - out.rungs.data());

  Rung& taken = out.rungs[out.chosen];
  taken.verdict = taken.text + " fits to " + base::format_number(100.0 * taken.fit.relative_misfit(), 3) + " % with " +
                  std::to_string(size(taken)) + (out.any_accepted ? " identified parameters." : " parameters.");
  out.reason = (out.any_accepted ? "" : "No circuit of the ladder is identified by the data. ") + taken.verdict;
  const Rung* simpler = nullptr;
  for (Rung& rung : out.rungs) {
    rung.aicc_difference = rung.fit.aicc - taken.fit.aicc;
    if (&rung == &taken) continue;
    if (eligible(rung) && size(rung) < size(taken) && (!simpler || rung.fit.aicc < simpler->fit.aicc)) simpler = &rung;
    if (!rung.verdict.empty()) {
      if (rung.aicc_difference < -decisive) out.reason += " " + rung.verdict;
    } else if (rung.aicc_difference >= 0.0) {
      rung.verdict = rung.text + " describes the data less well: its AICc is larger by " +
                     base::format_number(rung.aicc_difference, 3) + ".";
    } else {
      rung.verdict = rung.text + " is not enough better for its " + std::to_string(size(rung)) +
                     " parameters: misfit " + base::format_number(100.0 * rung.fit.relative_misfit(), 3) +
                     " %, AICc lower by " + base::format_number(-rung.aicc_difference, 3) + ".";
      out.reason += " " + rung.verdict;
    }
  }
  if (simpler) {
    out.reason += " The best simpler circuit, " + simpler->text + ", has an AICc larger by " +
                  base::format_number(simpler->aicc_difference, 3);
    if (const std::optional<double> probability = f_test(simpler->fit, taken.fit)) {
      // Smaller numbers rest on the far tail of an ideal noise that no measurement has.
      const std::string shown = *probability < 1e-15 ? "below 1e-15" : base::format_number(*probability, 2);
      out.reason += " (F-test: probability " + shown + " that the gain is chance)";
    }
    out.reason += ".";
  }
  return out;
}

}  // namespace closo::impedance
