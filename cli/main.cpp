/// The command-line program: parse, run the task, print the report, translate errors. No logic of its own.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/ioctl.h>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/task.hpp"
#include "command_line.hpp"
#include "exit_code.hpp"

namespace {

using namespace closo;

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_interrupt(int) { interrupted.store(true); }

void put(std::FILE* stream, std::string_view text) { std::fwrite(text.data(), 1, text.size(), stream); }

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 60) return std::min<int>(size.ws_col, 140);
  return 100;
}

bool wants_colour(const std::string& choice) {
  if (choice != "auto") return choice == "always";
  return ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

base::Progress terminal_progress(bool quiet) {
  if (quiet || ::isatty(STDERR_FILENO) == 0) {
    return [](double, std::string_view) { return !interrupted.load(); };
  }
  return [](double share, std::string_view what) {
    std::fprintf(stderr, "\r\033[K%3.0f %%  %.*s", 100.0 * share, static_cast<int>(what.size()), what.data());
    if (share >= 1.0) put(stderr, "\r\033[K");
    std::fflush(stderr);
    return !interrupted.load();
  };
}

int run(const cli::Invocation& invocation) {
  tasks::Context context;
  context.data = base::data_directory();
  context.user_store = invocation.store.empty() ? tasks::default_user_store() : std::filesystem::path(invocation.store);
  context.threads = invocation.threads != 0 ? invocation.threads : std::max(1U, std::thread::hardware_concurrency());
  context.seed = invocation.seed;
  context.progress = terminal_progress(invocation.quiet);

  const report::Report report = tasks::run(*invocation.task, invocation.arguments, context);

  std::string output = invocation.output;
  if (output.empty() && !invocation.json) output = std::string(invocation.task->default_output);
  std::vector<std::filesystem::path> written;
  if (!output.empty()) written = report::write_report(report, output, context.data / "report");

  if (invocation.json) {
    put(stdout, report::render_json(report) + "\n");
    return cli::exit_ok;
  }
  report::TextOptions options;
  options.colour = wants_colour(invocation.colour);
  options.width = terminal_width();
  options.summary = !report.verdicts.empty();
  put(stdout, report::render_text(report, options));
  if (!written.empty() && !invocation.quiet) {
    put(stdout,
        "report " + written.front().string() + " · " + (std::filesystem::path(output) / "report.json").string() + "\n");
  }
  return cli::exit_ok;
}

int fail(int code, const std::string& text) {
  put(stderr, "closo: " + text + "\n");
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGINT, on_interrupt);
  try {
    const cli::ParsedCommandLine parsed = cli::parse_command_line({argv + 1, argv + argc});
    if (!parsed.invocation) {
      put(parsed.to_error_stream ? stderr : stdout, parsed.text);
      return parsed.exit_code;
    }
    return run(*parsed.invocation);
  } catch (const base::Cancelled& error) {
    return fail(cli::exit_cancelled, error.what());
  } catch (const base::ParameterError& error) {
    return fail(cli::exit_usage, error.what());
  } catch (const base::InputError& error) {
    return fail(cli::exit_input, error.what());
  } catch (const base::NumericsError& error) {
    return fail(cli::exit_not_converged, error.what());
  } catch (const std::bad_alloc&) {
    return fail(cli::exit_input, "not enough memory for this input");
  } catch (const std::exception& error) {
    return fail(cli::exit_internal, std::string("internal error: ") + error.what());
  }
}
