#!/usr/bin/env python3
"""Lint: no source file has more than 800 lines; the exceptions in tools/large_files.txt can only shrink.

Usage: check_sizes.py [<root of the source tree>]
"""

import pathlib
import sys

import tree

LIMIT = 800
SOURCES = {".cpp", ".hpp", ".py", ".cmake", ".sh", ".js", ".mjs", ".css", ".html"}


def check(root):
    root = pathlib.Path(root)
    problems, exceptions = [], {}
    for line in tree.listed(root / "tools" / "large_files.txt"):
        lines, path = line.split(None, 1)
        exceptions[path] = int(lines)
    for path in tree.files(root):
        if path.suffix not in SOURCES and path.name != "CMakeLists.txt":
            continue
        lines = len((root / path).read_bytes().splitlines())
        allowed = exceptions.pop(path.as_posix(), None)
        if allowed is None:
            if lines > LIMIT:
                problems.append(f"{path}: {lines} lines, the limit is {LIMIT}")
        elif lines > allowed:
            problems.append(f"{path}: {lines} lines, tools/large_files.txt allows it {allowed}")
        elif lines <= LIMIT:
            problems.append(f"{path}: {lines} lines are within the limit, remove it from tools/large_files.txt")
        elif lines < allowed:
            problems.append(f"{path}: has shrunk, lower its number in tools/large_files.txt to {lines}")
    problems += [f"tools/large_files.txt: {path} does not exist" for path in exceptions]
    return problems


if __name__ == "__main__":
    sys.exit(tree.finish("sizes", check(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)))
