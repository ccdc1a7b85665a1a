/// Linear programs with few rows and many columns, and how their optimum moves when costs or right-hand sides move.
///
/// minimise c·x subject to A x = b, x ≥ 0, with A dense, at most `Simplex::max_rows` rows and any number of columns.
/// Revised simplex method with the explicit inverse of the small basis: Dantzig pricing, Bland's rule after a run of
/// degenerate pivots (so that it cannot cycle), the inverse refactorised at fixed intervals and whenever the residual
/// asks for it. Rows and columns are scaled by powers of two; what is below 1e-10 of the largest value or 1e-11 of the
/// largest dual counts as zero. Costs and right-hand sides may be changed; the basis is kept and the primal or the dual
/// simplex goes on from it. The parametric forms give every breakpoint exactly, one or more pivots each: no grid.
/// Source: V. Chvátal, Linear Programming (Freeman, 1983), chap. 3, 7, 8, 10; R. G. Bland, Math. Oper. Res. 2 (1977)
/// 103, DOI 10.1287/moor.2.2.103; S. Gass, T. Saaty, Nav. Res. Logist. Q. 2 (1955) 39, DOI 10.1002/nav.3800020106.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace closo::num {

enum class LpStatus : unsigned char { optimal, infeasible, unbounded };

/// How well an optimum is certified, in units of the data: all three vanish at an exact optimum.
struct LpCertificate {
  double primal_residual = 0.0;     ///< largest |A x − b| and largest negative part of x
  double dual_infeasibility = 0.0;  ///< largest negative reduced cost of an enabled column
  double gap = 0.0;                 ///< |c·x − b·y|
};

/// One stretch of a parametric program over which the basis stays the same; everything is linear in t inside it.
struct LpPiece {
  double from = 0.0, to = 0.0;       ///< from ≤ t ≤ to
  std::vector<std::size_t> basis;    ///< columns, one per row
  std::vector<double> values;        ///< of the basic columns at `from`
  std::vector<double> value_slopes;  ///< d(values)/dt; zero in a cost-parametric program
  double objective = 0.0;            ///< at `from`
  double objective_slope = 0.0;      ///< d(objective)/dt inside the piece
  std::vector<double> duals;         ///< one per row, at `from`
  std::vector<double> dual_slopes;   ///< d(duals)/dt; zero in a rhs-parametric program
};

struct LpPath {
  std::vector<LpPiece> pieces;       ///< in order of t, without gaps; pieces of zero length are left out
  LpStatus end = LpStatus::optimal;  ///< unbounded or infeasible: the program has no optimum beyond the last piece
};

/// Copies share the matrix and are independent in everything else; nothing is allocated after construction except what
/// is returned. One object serves one thread at a time.
class Simplex {
 public:
  static constexpr std::size_t max_rows = 32;

  /// @param columns  A, column-major, rows × cost.size()
  /// Throws: ParameterError when sizes do not match, rows is 0 or above max_rows, or a number is not finite.
  Simplex(std::size_t rows, std::vector<double> columns, std::vector<double> cost, std::vector<double> rhs);

  std::size_t rows() const noexcept;
  std::size_t columns() const noexcept;

  /// From the basis at hand, or from artificial columns where there is none that fits (two phases). A redundant row
  /// keeps its artificial column at zero. Throws: NumericsError when rounding prevents an answer.
  LpStatus solve();
  /// Starts from these columns (one per row, columns() + k for the artificial column of row k). Returns nothing, and
  /// changes nothing, when they are dependent. Throws: ParameterError on size or a column there is not; as `solve`.
  std::optional<LpStatus> solve_from(std::span<const std::size_t> basis);

  /// New data, same basis; the next `solve` goes on from there. Throws: ParameterError on size or a number not finite.
  void set_cost(std::span<const double> cost);
  void set_rhs(std::span<const double> rhs);
  /// A disabled column never enters; when it is in the basis the next `solve` drives it out. Throws: ParameterError on
  /// a column there is not.
  void enable(std::size_t column, bool enabled);

  // The optimum, valid after `solve` returned optimal.
  double objective() const noexcept;
  std::span<const std::size_t> basis() const noexcept;  ///< a value of columns() or more is an artificial column
  std::span<const double> values() const noexcept;      ///< of the basic columns, ≥ 0
  std::span<const double> duals() const noexcept;       ///< one per row: ∂objective/∂b
  double reduced_cost(std::size_t column) const noexcept;
  /// Enabled columns outside the basis with a reduced cost below `tolerance`: with them other optima exist.
  std::vector<std::size_t> alternatives(double tolerance = 1e-9) const;
  /// A basic value is zero within 1e-9 of the largest, artificial columns of redundant rows apart.
  bool is_degenerate() const noexcept;
  LpCertificate certificate() const;
  std::size_t pivots() const noexcept;  ///< since construction

  /// The optimum of cost + t·direction for t from 0 to `end` (> 0, infinity allowed): one piece per basis. Solves first
  /// where that is due, and leaves the program at the basis of the last piece with the costs as they were: `solve` goes
  /// back. Throws: ParameterError on sizes, an end not above 0 or a number not finite; InternalError without an optimum
  /// at t = 0; NumericsError when rounding prevents an answer.
  LpPath follow_cost(std::span<const double> direction, double end);
  /// The optimum of rhs + t·direction for t from 0 to `end` by the dual simplex. Otherwise as follow_cost.
  LpPath follow_rhs(std::span<const double> direction, double end);

 private:
  struct Matrix;  // A, scaled; never changes and is shared by copies of the program
  using Row = std::array<double, max_rows>;
  enum class Phase : unsigned char { feasibility, optimality };
  struct Exit {
    std::size_t place = max_rows;  // in the basis; max_rows: nothing blocks
    double step = 0.0;
  };

  // Pricing.
  void subtract_products(const Row& weights, std::size_t first, std::size_t count, const double* base,
                         double* out) const;
  Row weigh_rows(const Row& basic) const;
  Row basic_costs(Phase phase) const;
  double price_tolerance(const Row& duals, const Row& basic) const;
  std::size_t cheapest(const Row& duals, Phase phase, double tolerance, bool bland) const;

  // Steps of the two methods.
  Row entering_column(std::size_t column) const;
  Exit primal_exit(const Row& column, bool bland) const;
  std::size_t first_to_vanish(double least, double slack, bool bland) const;
  std::size_t dual_entrance(std::size_t place, double sign, double tolerance, bool bland);
  void pivot(std::size_t place, std::size_t column, const Row& direction, double step);
  double infeasibility(std::size_t place) const;
  bool is_artificial(std::size_t place) const noexcept { return basis_[place] >= columns_; }
  LpStatus primal(Phase phase);
  std::optional<LpStatus> dual();
  LpStatus run();

  // The basis and its inverse.
  bool invert(const std::array<std::size_t, max_rows>& basis, std::array<double, max_rows * max_rows>& inverse) const;
  void install(const std::array<std::size_t, max_rows>& basis);
  void start_cold();
  void evict_disabled();
  void drive_out_artificials();
  bool refactorise();
  void settle_values();
  double worst_residual() const;
  void publish();
  double scale_at(std::size_t place) const;
  LpPiece piece(double from, const Row& values, const Row& value_slopes, const Row& duals,
                const Row& dual_slopes) const;

  std::shared_ptr<const Matrix> matrix_;
  std::size_t rows_ = 0, columns_ = 0;
  std::size_t width_ = 0;  // columns rounded up for the loops over columns
  // Everything below is in scaled units, values_ and duals_ excepted. A column that may not enter (basic, disabled,
  // padding) is infinitely dear in price_ and barrier_; else price_ is its cost and barrier_ zero.
  std::vector<double> cost_, price_, barrier_;
  std::vector<double> reduced_, row_;  // work space
  std::vector<char> enabled_;
  std::array<std::size_t, max_rows> basis_{};
  std::array<double, max_rows * max_rows> inverse_{};
  Row rhs_{}, x_{}, values_{}, duals_{};
  double value_tolerance_ = 0.0;
  std::size_t pivots_ = 0, pivots_since_inversion_ = 0;
  bool has_basis_ = false, solved_ = false, artificials_settled_ = false;
  LpStatus status_ = LpStatus::infeasible;
};

}  // namespace closo::num
