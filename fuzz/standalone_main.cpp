/// Runs a fuzz body without libFuzzer: every file of a corpus, then a fixed sequence of mutations of them, so that any
/// compiler exercises it. Usage: <program> <corpus folder> [<mutations> [<dictionary file>]]
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "fuzz/property.hpp"

namespace {

using Random = std::mt19937_64;

std::string current_input;  // read by the signal handler, which gets no arguments

/// Shows the input that ended the program, as a C string literal. Only async-signal-safe calls.
void show_input_and_leave(int signal) {
  const auto put = [](const char* text, std::size_t size) {
    if (write(STDERR_FILENO, text, size) < 0) _exit(1);
  };
  put("input: \"", 8);
  for (const char c : current_input) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
      put(&c, 1);
    } else {
      const char octal[4] = {'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8),
                             static_cast<char>('0' + byte % 8)};
      put(octal, 4);
    }
  }
  put("\"\n", 2);
  _exit(128 + signal);
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Entries of a libFuzzer dictionary: "text" with \\, \" and \xAB escapes.
std::vector<std::string> read_dictionary(const std::filesystem::path& path) {
  std::vector<std::string> words;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('"'), last = line.rfind('"');
    if (line.starts_with('#') || first == last) continue;
    std::string word;
    for (std::size_t i = first + 1; i < last; ++i) {
      if (line[i] != '\\') {
        word.push_back(line[i]);
      } else if (line[i + 1] == 'x') {
        word.push_back(static_cast<char>(std::stoi(line.substr(i + 2, 2), nullptr, 16)));
        i += 3;
      } else {
        word.push_back(line[++i]);
      }
    }
    words.push_back(word);
  }
  return words;
}

std::size_t below(Random& random, std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

/// One random change: a byte, a word, a piece removed, repeated, moved, or taken from another input.
std::string mutate(std::string text, const std::vector<std::string>& seeds, const std::vector<std::string>& words,
                   Random& random) {
  const std::size_t at = below(random, text.size() + 1);
  const std::size_t length = std::min(text.size() - at, 1 + below(random, 8));
  switch (below(random, 7)) {
    case 0:
      return text.insert(at, 1, static_cast<char>(random()));
    case 1:
      return text.replace(at, length, 1, static_cast<char>(' ' + below(random, 95)));
    case 2:
      return text.erase(at, length);
    case 3:
      return text.insert(below(random, text.size() + 1), text.substr(at, length));
    case 4: {
      const std::string& other = seeds[below(random, seeds.size())];
      return text.substr(0, at) + other.substr(below(random, other.size() + 1));
    }
    case 5: {
      if (text.empty()) return text;
      std::string& bits = text;
      bits[std::min(at, text.size() - 1)] ^= static_cast<char>(1U << below(random, 8));
      return bits;
    }
    default:
      return words.empty() ? text.substr(0, at) : text.insert(at, words[below(random, words.size())]);
  }
}

void run(const std::string& input) {
  current_input = input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current_input.data()), current_input.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "usage: " << arguments[0] << " <corpus folder> [<mutations> [<dictionary file>]]\n";
    return 2;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS}) std::signal(signal, show_input_and_leave);
  std::set_terminate([] {
    try {
      std::rethrow_exception(std::current_exception());
    } catch (const std::exception& error) {
      std::cerr << "an exception leaves the fuzz body: " << error.what() << '\n';
    } catch (...) {
      std::cerr << "something that is no exception leaves the fuzz body\n";
    }
    std::abort();
  });

  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> seeds;
  for (const auto& file : files) seeds.push_back(read(file));
  if (seeds.empty()) {
    std::cerr << "no inputs in " << arguments[1] << '\n';
    return 1;
  }
  const std::vector<std::string> words = count > 3 ? read_dictionary(arguments[3]) : std::vector<std::string>{};

  run("");
  for (const std::string& seed : seeds) run(seed);
  const long mutations = count > 2 ? std::stol(arguments[2]) : 20000;
  Random random(20260101);
  for (long i = 0; i < mutations; ++i) {
    std::string input = seeds[below(random, seeds.size())];
    for (std::size_t changes = 1 + below(random, 4); changes > 0; --changes) {
      input = mutate(std::move(input), seeds, words, random);
    }
    if (input.size() > 4096) input.resize(4096);
    run(input);
  }
  std::cout << seeds.size() << " inputs and " << mutations << " mutations\n";
}
