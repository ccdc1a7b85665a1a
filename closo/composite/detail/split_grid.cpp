#include "closo/composite/detail/split_grid.hpp"

#include <algorithm>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace closo::composite::detail {
namespace {

constexpr std::size_t huge_page = std::size_t{1} << 21;

std::size_t alignment(std::size_t bytes) { return bytes >= 2 * huge_page ? huge_page : 64; }

}  // namespace

template <class T>
Buffer<T>::Buffer(std::size_t count) : size_(count) {
  const std::size_t bytes = std::max<std::size_t>(count * sizeof(T), 1);
  void* memory = ::operator new(bytes, std::align_val_t(alignment(bytes)));
#ifdef __linux__
  if (bytes >= 2 * huge_page) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  std::fill_n(static_cast<T*>(memory), count, T{});
  data_ = std::unique_ptr<T[], Free>(static_cast<T*>(memory), Free{count * sizeof(T)});
}

template <class T>
void Buffer<T>::Free::operator()(T* memory) const noexcept {
  ::operator delete(memory, std::align_val_t(alignment(std::max<std::size_t>(bytes, 1))));
}

template class Buffer<std::uint8_t>;
template class Buffer<std::uint16_t>;
template class Buffer<std::complex<double>>;
template class Buffer<float>;
template class Buffer<double>;

}  // namespace closo::composite::detail
