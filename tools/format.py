#!/usr/bin/env python3
"""Lays out every C++ file with clang-format 14, or only checks the layout.

Usage: format.py [--check] [<clang-format program> [<root of the source tree>]]
"""

import pathlib
import subprocess
import sys

import tree


def main():
    words = [word for word in sys.argv[1:] if word != "--check"]
    program = words[0] if words else "clang-format-14"
    root = pathlib.Path(words[1] if len(words) > 1 else pathlib.Path(__file__).parent.parent)
    sources = [str(path) for path in tree.files(root) if path.suffix in (".cpp", ".hpp") and "bad" not in path.parts]
    mode = ["--dry-run", "-Werror"] if "--check" in sys.argv else ["-i"]
    done = subprocess.run([program, *mode, *sources], cwd=root, capture_output=True, text=True, encoding="utf-8")
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "error:" in line})
    if done.returncode != 0 and not wrong:
        print(done.stderr)
        return 1
    return tree.finish("format", [f"{path}: run tools/format.py" for path in wrong])


if __name__ == "__main__":
    sys.exit(main())
