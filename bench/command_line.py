#!/usr/bin/env python3
"""Times whole commands: wall median and range of 20 runs each, after one that warms the file cache.

Usage: command_line.py [--program build/release/bin/closo] [--runs 20]
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def commands(folder):
    """Name → words behind the program."""
    examples = sorted((ROOT / "examples").glob("*.toml"))
    rows = {
        "--version": ["--version"],
        "--help": ["--help"],
        "library list": ["library", "list"],
        "library find": ["library", "find", "--material", "Li2B12H12"],
    }
    for example in examples:
        rows[f"evaluate {example.name}"] = ["evaluate", str(example), "--output", str(folder / example.stem)]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build" / "release" / "bin" / "closo")
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    status = 0
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        environment = {**os.environ, "CLOSO_STORE": str(folder / "library.sqlite")}
        print(f"{'closo …':<36} {'median':>8} {'min':>8} {'max':>8}  (ms, {arguments.runs} runs)")
        for name, words in commands(folder).items():
            times = []
            for _ in range(arguments.runs + 1):
                start = time.perf_counter()
                done = subprocess.run([arguments.program, *words], env=environment, capture_output=True)
                times.append(1000 * (time.perf_counter() - start))
            if done.returncode != 0:
                print(f"{name:<36} exit code {done.returncode}: {done.stderr.decode().strip()}")
                status = 1
                continue
            times = times[1:]
            print(f"{name:<36} {statistics.median(times):8.1f} {min(times):8.1f} {max(times):8.1f}")
    return status


if __name__ == "__main__":
    sys.exit(main())
