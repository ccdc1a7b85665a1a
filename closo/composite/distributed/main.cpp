/// closo-composite-mpi: every rank reads its brick, all solve, rank 0 speaks.
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"
#include "closo/composite/distributed/brick.hpp"
#include "closo/composite/distributed/command.hpp"
#include "closo/composite/distributed/conductivity.hpp"
#include "closo/composite/distributed/raw_brick.hpp"
#include "closo/composite/distributed/world.hpp"

namespace {

using namespace closo;
using namespace closo::composite::distributed;

// As those of closo itself: cli/exit_code.hpp.
enum ExitCode : int { exit_ok = 0, exit_internal = 1, exit_usage = 2, exit_input = 3, exit_not_converged = 4 };

void put(const World& world, std::FILE* stream, const std::string& text) {
  if (world.rank() != 0) return;
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

int fail(const World& world, const char* message, int code) {
  put(world, stderr, std::string("closo-composite-mpi: ") + message + "\n");
  return code;
}

int run(const World& world, const std::vector<std::string>& arguments) {
  Command command = parse_command(arguments);
  if (command.help || command.version) {
    put(world, stdout, command.help ? help_text() : std::string(base::version()) + "\n");
    return exit_ok;
  }
  if (!command.parts) command.parts = choose_parts(command.size, world.ranks());
  check_size(world, command.size, *command.parts);
  BrickImage image;
  image.size = command.size;
  image.spacing = command.spacing;
  image.parts = *command.parts;
  world.together([&] {
    image.labels = read_raw_brick(command.image, command.size, brick_of(command.size, *command.parts, world.rank()));
  });
  Result result;
  try {
    result = effective_conductivity(world, std::move(image), command.conductivities, command.options);
  } catch (const base::InputError& error) {
    throw error.at({command.image.string()});
  }
  put(world, stdout,
      command.json ? render_json(command, result, world.ranks()) : render_text(command, result, world.ranks()));
  return result.status == composite::SolveStatus::not_converged ? exit_not_converged : exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
  const World world(argc, argv);
  // Whatever is wrong with the input is known to all ranks (World::together), so that all leave in the same way.
  try {
    return run(world, std::vector<std::string>(argv + 1, argv + argc));
  } catch (const base::InputError& error) {
    return fail(world, error.what(), exit_input);
  } catch (const base::ParameterError& error) {
    return fail(world, error.what(), exit_usage);
  } catch (const base::NumericsError& error) {
    return fail(world, error.what(), exit_not_converged);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "closo-composite-mpi: rank %zu: %s\n", world.rank(), error.what());
    world.abort(exit_internal);
  }
}
