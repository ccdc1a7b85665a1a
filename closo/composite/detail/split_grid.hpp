/// Red–black storage of a cell-centred grid with one layer of ghost cells.
///
/// A cell (x, y, z) has the colour (x + y + z) mod 2; the two colours lie in two arrays, so that the sweeps over one
/// colour read and write contiguous memory. Slot m of a row holds the cell x = 2m + e − 2 with e = `shift(colour, y,
/// z)`: cells 2a and 2a + 1, which a coarse cell joins, share the slot a + 1. Ghosts are at x, y, z = −1 and at the
/// sizes.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace closo::composite::detail {

using Index = std::ptrdiff_t;

/// Plain memory, zeroed; large pieces ask for huge pages, which halves the set-up time of a solve.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t count);
  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  T& operator[](Index i) noexcept { return data_[static_cast<std::size_t>(i)]; }
  const T& operator[](Index i) const noexcept { return data_[static_cast<std::size_t>(i)]; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  struct Free {
    std::size_t bytes = 0;
    void operator()(T* memory) const noexcept;
  };
  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

extern template class Buffer<std::uint8_t>;
extern template class Buffer<std::uint16_t>;
extern template class Buffer<std::complex<double>>;
extern template class Buffer<float>;
extern template class Buffer<double>;

struct SplitGrid {
  /// Vector loads of bytes may reach this far beyond the last cell.
  static constexpr Index slack = 16;

  SplitGrid() = default;
  SplitGrid(std::array<Index, 3> cells, std::array<bool, 3> periodic)
      : size(cells),
        wraps(periodic),
        pitch((cells[0] + 2) / 2 + 1),
        plane(pitch * (cells[1] + 2)),
        slots(static_cast<std::size_t>(plane * (cells[2] + 2) + slack)) {}

  std::array<Index, 3> size{};  ///< cells without ghosts
  std::array<bool, 3> wraps{};  ///< joined to itself across this axis
  Index pitch = 0, plane = 0;   ///< slots from row to row and plane to plane
  std::size_t slots = 0;        ///< of one colour

  Index cells() const noexcept { return size[0] * size[1] * size[2]; }
  static std::size_t colour(Index x, Index y, Index z) noexcept { return static_cast<std::size_t>((x + y + z) & 1); }
  static Index shift(std::size_t colour, Index y, Index z) noexcept { return (static_cast<Index>(colour) + y + z) & 1; }
  Index row(Index y, Index z) const noexcept { return (y + 1) * pitch + (z + 1) * plane; }
  Index slot(Index x, Index y, Index z) const noexcept { return row(y, z) + ((x + 2) >> 1); }
  /// Slot of the first cell of a row and the number of cells of the colour in it.
  Index first(Index y, Index z) const noexcept { return row(y, z) + 1; }
  Index count(Index shift) const noexcept { return (size[0] - shift + 1) / 2; }
};

template <class T>
struct Field {
  Field() = default;
  explicit Field(const SplitGrid& grid) : colour{Buffer<T>(grid.slots), Buffer<T>(grid.slots)} {}

  std::array<Buffer<T>, 2> colour;

  T& at(const SplitGrid& grid, Index x, Index y, Index z) noexcept {
    return colour[SplitGrid::colour(x, y, z)][grid.slot(x, y, z)];
  }
  const T& at(const SplitGrid& grid, Index x, Index y, Index z) const noexcept {
    return colour[SplitGrid::colour(x, y, z)][grid.slot(x, y, z)];
  }
};

/// Refreshes the ghosts of the periodic axes x and y in the plane z with the values across the box.
template <class T>
void wrap_plane(const SplitGrid& grid, Field<T>& field, Index z) {
  const Index nx = grid.size[0], ny = grid.size[1];
  for (Index y = 0; grid.wraps[0] && y < ny; ++y) {
    field.at(grid, -1, y, z) = field.at(grid, nx - 1, y, z);
    field.at(grid, nx, y, z) = field.at(grid, 0, y, z);
  }
  for (Index x = 0; grid.wraps[1] && x < nx; ++x) {
    field.at(grid, x, -1, z) = field.at(grid, x, ny - 1, z);
    field.at(grid, x, ny, z) = field.at(grid, x, 0, z);
  }
}

/// The same for the two ghost planes of a periodic z axis.
template <class T>
void wrap_ends(const SplitGrid& grid, Field<T>& field) {
  const Index nz = grid.size[2];
  for (Index y = 0; grid.wraps[2] && y < grid.size[1]; ++y) {
    for (Index x = 0; x < grid.size[0]; ++x) {
      field.at(grid, x, y, -1) = field.at(grid, x, y, nz - 1);
      field.at(grid, x, y, nz) = field.at(grid, x, y, 0);
    }
  }
}

/// Ghosts of a potential beside the plane z: that of the electrodes (1 before, 0 behind), or across a periodic axis the
/// values there, shifted so that the potential falls by 1 along `axis`.
template <class T>
void drop_beside_plane(const SplitGrid& grid, Field<T>& field, std::size_t axis, Index z) {
  wrap_plane(grid, field, z);
  if (axis == 2) return;
  const Index n = grid.size[axis];
  for (Index i = 0; i < grid.size[1 - axis]; ++i) {
    T& low = axis == 0 ? field.at(grid, -1, i, z) : field.at(grid, i, -1, z);
    T& high = axis == 0 ? field.at(grid, n, i, z) : field.at(grid, i, n, z);
    low = grid.wraps[axis] ? low + T(1) : T(1);
    high = grid.wraps[axis] ? high - T(1) : T(0);
  }
}

/// The same for the ghost planes at the two ends of z.
template <class T>
void drop_at_ends(const SplitGrid& grid, Field<T>& field, std::size_t axis) {
  wrap_ends(grid, field);
  if (axis != 2) return;
  const Index n = grid.size[2];
  for (Index y = 0; y < grid.size[1]; ++y) {
    for (Index x = 0; x < grid.size[0]; ++x) {
      T &low = field.at(grid, x, y, -1), &high = field.at(grid, x, y, n);
      low = grid.wraps[2] ? low + T(1) : T(1);
      high = grid.wraps[2] ? high - T(1) : T(0);
    }
  }
}

}  // namespace closo::composite::detail
