#include "closo/cell/sensitivity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;

constexpr std::size_t runs_each = 4;
constexpr std::size_t least_rows = 40;
constexpr std::size_t folds = 10;

/// Offsets of the four runs in half steps; the centre is the fifth point.
constexpr std::array<double, runs_each> two_sided{-2.0, -1.0, 1.0, 2.0};
constexpr std::array<double, runs_each> upwards{1.0, 2.0, 3.0, 4.0};
constexpr std::array<double, runs_each> downwards{-1.0, -2.0, -3.0, -4.0};

bool can_be_built(const CellDescription& description, const std::string& quantity, double value) {
  try {
    build(with_settings(description, std::span(&quantity, 1), std::span(&value, 1)));
    return true;
  } catch (const ParameterError&) {
    return false;
  }
}

/// Where the runs of one quantity lie; nullptr when none can.
const std::array<double, runs_each>* offsets_of(const CellDescription& description, const std::string& quantity,
                                                double value, double half_step) {
  for (const auto* offsets : {&two_sided, &downwards, &upwards}) {
    if (std::ranges::all_of(
            *offsets, [&](double k) { return can_be_built(description, quantity, value * (1.0 + k * half_step)); }))
      return offsets;
  }
  return nullptr;
}

/// Slopes with steps h and h/2 in units of y / half step, and the fourth difference.
struct Differences {
  double coarse = 0.0, fine = 0.0, fourth = 0.0;
};

Differences differences(const std::array<double, runs_each>& offsets, double centre,
                        const std::array<double, runs_each>& y) {
  if (&offsets == &two_sided)
    return {0.25 * (y[3] - y[0]), 0.5 * (y[2] - y[1]), y[0] - 4.0 * y[1] + 6.0 * centre - 4.0 * y[2] + y[3]};
  const double side = &offsets == &upwards ? 1.0 : -1.0;
  return {side * 0.25 * (-3.0 * centre + 4.0 * y[1] - y[3]), side * 0.5 * (-3.0 * centre + 4.0 * y[0] - y[1]),
          centre - 4.0 * y[0] + 6.0 * y[1] - 4.0 * y[2] + y[3]};
}

/// Standard deviation of the extrapolated slope for a scatter of 1 in every y.
double slope_scatter(bool is_one_sided) {
  // (4 fine - coarse) / 3 with the weights above.
  return is_one_sided
             ? std::sqrt(std::pow(8.0 / 3.0, 2) + std::pow(1.0, 2) + std::pow(1.0 / 12.0, 2) + std::pow(1.75, 2))
             : std::sqrt(2.0 * (std::pow(2.0 / 3.0, 2) + std::pow(1.0 / 12.0, 2)));
}

struct Planned {
  std::size_t row = 0;
  const std::array<double, runs_each>* offsets = nullptr;
};

/// Average ranks, for ties too.
std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) rank[order[k]] = 0.5 * static_cast<double>(i + end - 1);
    i = end;
  }
  return rank;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double correlation(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double ab = 0.0, aa = 0.0, bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

/// 1 - (variance within classes of x) / (variance), both unbiased: 0 on average where x has no effect.
double index_of(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size();
  const std::size_t classes = std::clamp<std::size_t>(n / 20, 2, 20);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return x[i]; });
  const double mean = mean_of(y);
  double all = 0.0, within = 0.0;
  for (const double value : y) all += (value - mean) * (value - mean);
  if (!(all > 0.0)) return 0.0;
  for (std::size_t c = 0; c < classes; ++c) {
    const std::size_t from = c * n / classes, to = (c + 1) * n / classes;
    double sum = 0.0;
    for (std::size_t i = from; i < to; ++i) sum += y[order[i]];
    const double middle = sum / static_cast<double>(to - from);
    for (std::size_t i = from; i < to; ++i) within += (y[order[i]] - middle) * (y[order[i]] - middle);
  }
  return 1.0 - (within / static_cast<double>(n - classes)) / (all / static_cast<double>(n - 1));
}

/// Spread of the index by leaving out a tenth of the cells, and no less than cells without effect would show.
double index_uncertainty(const std::vector<double>& x, std::span<const double> y) {
  const std::size_t n = x.size();
  const std::size_t classes = std::clamp<std::size_t>(n / 20, 2, 20);
  std::vector<double> without;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<double> some_x, some_y;
    for (std::size_t i = 0; i < n; ++i) {
      if (i % folds == fold) continue;
      some_x.push_back(x[i]);
      some_y.push_back(y[i]);
    }
    without.push_back(index_of(some_x, some_y));
  }
  const double mean = mean_of(without);
  double squares = 0.0;
  for (const double value : without) squares += (value - mean) * (value - mean);
  const double jackknife = std::sqrt(squares * static_cast<double>(folds - 1) / static_cast<double>(folds));
  const double idle = std::sqrt(2.0 * static_cast<double>(classes - 1)) / static_cast<double>(n - classes);
  return std::max(jackknife, idle);
}

}  // namespace

LocalSensitivities local_sensitivities(const CellDescription& description, std::span<const std::string> quantities,
                                       std::span<const std::string> outcomes, const SweepOptions& options,
                                       double step) {
  if (!(step >= 1e-4 && step <= 0.2)) throw ParameterError("step", base::format_number(step), "1e-4 to 0.2");
  if (quantities.empty()) throw ParameterError("quantities", "none", "at least one quantity of the cell");
  std::vector<const OutcomeQuantity*> wanted;
  for (const std::string& name : outcomes) wanted.push_back(&outcome_quantity(name));
  const double half_step = 0.5 * step;

  LocalSensitivities result;
  std::vector<Planned> planned;
  for (const std::string& name : quantities) {
    described_quantity(name);
    LocalSensitivity row;
    row.quantity = name;
    row.elasticities.resize(wanted.size());
    if (const DescribedValue* found = description.find(name)) {
      row.value = found->value;
      row.mark = found->mark;
      const auto* offsets = found->value == 0.0 ? nullptr : offsets_of(description, name, found->value, half_step);
      if (offsets != nullptr) {
        row.is_one_sided = offsets != &two_sided;
        planned.push_back({result.rows.size(), offsets});
      } else {
        row.reason = found->value == 0.0 ? "is 0: no relative step" : "cannot be moved on its own";
      }
    } else {
      row.reason = "not given";
    }
    result.rows.push_back(std::move(row));
  }

  SweepOptions fine = options;
  fine.simulation.tolerance = std::min(options.simulation.tolerance, 1e-5);
  fine.known = nullptr;
  fine.finished = nullptr;
  const std::vector<CellOutcome> runs = run_cells(
      1 + runs_each * planned.size(),
      [&](std::size_t i) {
        if (i == 0) return description;
        const Planned& plan = planned[(i - 1) / runs_each];
        const std::string& name = result.rows[plan.row].quantity;
        const double value = result.rows[plan.row].value * (1.0 + (*plan.offsets)[(i - 1) % runs_each] * half_step);
        return with_settings(description, std::span(&name, 1), std::span(&value, 1));
      },
      fine);
  result.centre = runs.front();
  result.scatter.assign(wanted.size(), 0.0);

  // Everything relative to the centre's outcome. The scatter first: the uncertainties need it.
  std::vector<std::vector<std::optional<Differences>>> found(planned.size());
  for (std::size_t o = 0; o < wanted.size(); ++o) {
    const std::optional<double> centre = wanted[o]->value(result.centre);
    double squares = 0.0;
    std::size_t count = 0;
    for (std::size_t p = 0; p < planned.size(); ++p) {
      std::array<double, runs_each> y{};
      bool is_whole = centre && *centre != 0.0 && result.centre.status == OutcomeStatus::complete;
      for (std::size_t k = 0; is_whole && k < runs_each; ++k) {
        const CellOutcome& run = runs[1 + runs_each * p + k];
        const std::optional<double> value = wanted[o]->value(run);
        is_whole = value && run.status == OutcomeStatus::complete;
        if (is_whole) y[k] = *value / *centre;
      }
      found[p].push_back(is_whole ? std::optional(differences(*planned[p].offsets, 1.0, y)) : std::nullopt);
      if (!is_whole) continue;
      squares += std::pow(found[p].back()->fourth, 2) / 70.0;
      ++count;
    }
    if (count > 0) result.scatter[o] = std::sqrt(squares / static_cast<double>(count));
  }
  for (std::size_t p = 0; p < planned.size(); ++p) {
    LocalSensitivity& row = result.rows[planned[p].row];
    for (std::size_t o = 0; o < wanted.size(); ++o) {
      if (!found[p][o]) continue;
      const Differences& d = *found[p][o];
      const double slope = (4.0 * d.fine - d.coarse) / 3.0;
      const bool is_idle = d.coarse == 0.0 && d.fine == 0.0 && d.fourth == 0.0;  // the runs are the same bit for bit
      row.elasticities[o].value = slope / half_step;
      row.elasticities[o].uncertainty =
          is_idle ? 0.0 : (std::abs(slope - d.fine) + slope_scatter(row.is_one_sided) * result.scatter[o]) / half_step;
    }
    if (!row.elasticities.empty() && !row.elasticities.front().value && row.reason.empty())
      row.reason = "a run beside it does not complete";
  }
  return result;
}

std::vector<Swing> swings(const CellDescription& description, std::span<const SweepRange> ranges,
                          const SweepOptions& options) {
  const std::vector<CellOutcome> runs = run_cells(
      2 * ranges.size(),
      [&](std::size_t i) {
        const SweepRange& range = ranges[i / 2];
        const double value = i % 2 == 0 ? range.low : range.high;
        return with_settings(description, std::span(&range.quantity, 1), std::span(&value, 1));
      },
      options);
  std::vector<Swing> result;
  for (std::size_t i = 0; i < ranges.size(); ++i) result.push_back({ranges[i], runs[2 * i], runs[2 * i + 1]});
  return result;
}

std::vector<SweepRange> described_ranges(const CellDescription& description) {
  std::vector<SweepRange> ranges;
  for (const std::string_view name : description.names()) {
    const DescribedValue& value = *description.find(name);
    if (!value.low || !value.high || !(*value.low < *value.high)) continue;
    ranges.push_back(
        {std::string(name), *value.low, *value.high, described_quantity(name).is_logarithmic && *value.low > 0.0});
  }
  return ranges;
}

std::vector<FirstOrderIndex> first_order_indices(std::span<const std::vector<double>> settings,
                                                 std::span<const double> outcome) {
  if (settings.size() != outcome.size())
    throw ParameterError("outcome", std::to_string(outcome.size()) + " values", "one per setting");
  if (settings.size() < least_rows) return {};
  const std::size_t columns = settings.front().size();
  if (std::ranges::any_of(settings, [&](const std::vector<double>& row) { return row.size() != columns; }))
    throw ParameterError("settings", "rows of unequal length", "one value per quantity in each");
  if (std::ranges::all_of(outcome, [&](double value) { return value == outcome.front(); })) return {};
  const std::vector<double> outcome_ranks = ranks(outcome);
  std::vector<FirstOrderIndex> result;
  for (std::size_t c = 0; c < columns; ++c) {
    std::vector<double> x;
    for (const std::vector<double>& row : settings) x.push_back(row[c]);
    result.push_back({index_of(x, outcome), index_uncertainty(x, outcome), correlation(ranks(x), outcome_ranks)});
  }
  return result;
}

}  // namespace closo::cell
