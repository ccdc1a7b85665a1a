#include "closo/composite/distributed/world.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::composite::distributed {
namespace {

enum class Kind : unsigned char { input, parameter, numerics, internal };

/// An error as texts that can travel.
struct Carried {
  Kind kind = Kind::internal;
  std::vector<std::string> texts;
};

Carried carry(const std::function<void()>& work, bool& failed) {
  failed = true;
  try {
    work();
    failed = false;
    return {};
  } catch (const base::InputError& error) {
    const base::Place& place = error.place();
    return {Kind::input,
            {place.file, std::to_string(place.line), std::to_string(place.column), error.problem(), error.expected()}};
  } catch (const base::ParameterError& error) {
    return {Kind::parameter, {error.name(), error.value(), error.allowed()}};
  } catch (const base::NumericsError& error) {
    return {Kind::numerics, {error.what()}};
  } catch (const std::bad_alloc&) {
    return {Kind::numerics, {"out of memory: more ranks on more hosts, or a smaller image, would fit"}};
  } catch (const std::exception& error) {
    return {Kind::internal, {error.what()}};
  }
}

std::string packed(const Carried& error) {
  std::string text(1, static_cast<char>(error.kind));
  for (const std::string& part : error.texts) text += part + '\0';
  return text;
}

[[noreturn]] void raise(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 1; begin < text.size();) {
    const std::size_t end = text.find('\0', begin);
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.resize(5);
  switch (static_cast<Kind>(text.at(0))) {
    case Kind::input:
      throw base::InputError({parts[0], std::stoul(parts[1]), std::stoul(parts[2])}, parts[3], parts[4]);
    case Kind::parameter:
      throw base::ParameterError(parts[0], parts[1], parts[2]);
    case Kind::numerics:
      throw base::NumericsError(parts[0]);
    case Kind::internal:
      break;
  }
  throw base::InternalError(parts[0]);
}

int as_rank(std::optional<std::size_t> rank) { return rank ? static_cast<int>(*rank) : MPI_PROC_NULL; }

}  // namespace

World::World(int& argc, char**& argv) {
  MPI_Init(&argc, &argv);
  int value = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &value);
  rank_ = static_cast<std::size_t>(value);
  MPI_Comm_size(MPI_COMM_WORLD, &value);
  ranks_ = static_cast<std::size_t>(value);
  MPI_Comm host = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &host);
  MPI_Comm_size(host, &value);
  ranks_on_host_ = static_cast<std::size_t>(value);
  MPI_Comm_free(&host);
}

World::~World() { MPI_Finalize(); }

void World::sum(std::span<double> values) const {
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

double World::sum(double value) const {
  sum(std::span<double>(&value, 1));
  return value;
}

double World::largest(double value) const {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return value;
}

bool World::any(bool value) const { return largest(value ? 1.0 : 0.0) > 0.0; }

void World::shift(std::span<const std::byte> out, std::optional<std::size_t> to, std::span<std::byte> in,
                  std::optional<std::size_t> from) const {
  // Counts are int: large faces go in pieces. Both sides of a message have the same length and so the same pieces.
  constexpr std::size_t piece = std::size_t{1} << 30U;
  constexpr int tag = 7;
  std::vector<MPI_Request> requests;
  for (std::size_t at = 0; from && at < in.size(); at += piece) {
    requests.push_back(MPI_REQUEST_NULL);
    MPI_Irecv(in.data() + at, static_cast<int>(std::min(piece, in.size() - at)), MPI_BYTE, as_rank(from), tag,
              MPI_COMM_WORLD, &requests.back());
  }
  for (std::size_t at = 0; to && at < out.size(); at += piece) {
    requests.push_back(MPI_REQUEST_NULL);
    MPI_Isend(out.data() + at, static_cast<int>(std::min(piece, out.size() - at)), MPI_BYTE, as_rank(to), tag,
              MPI_COMM_WORLD, &requests.back());
  }
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
}

void World::together(const std::function<void()>& work) const {
  bool failed = false;
  const Carried error = carry(work, failed);
  int first = failed ? static_cast<int>(rank_) : static_cast<int>(ranks_);
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  if (first == static_cast<int>(ranks_)) return;
  std::string text = failed && first == static_cast<int>(rank_) ? packed(error) : std::string();
  int length = static_cast<int>(text.size());
  MPI_Bcast(&length, 1, MPI_INT, first, MPI_COMM_WORLD);
  text.resize(static_cast<std::size_t>(length));
  MPI_Bcast(text.data(), length, MPI_CHAR, first, MPI_COMM_WORLD);
  raise(text);
}

void World::abort(int exit_code) const {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::abort();
}

}  // namespace closo::composite::distributed
