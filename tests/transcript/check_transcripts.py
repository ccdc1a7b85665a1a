"""Runs the ```console blocks of the manual and compares what closo prints with what the page says.

A block holds commands ("$ closo ...") with their output below. Each page starts in a fresh copy of examples/, which is
also reachable as examples/, with an empty store. Text is compared exactly, numbers with a relative tolerance of 1e-6; a
line with only "…" stands for any lines. Words behind ```console: "no-run" skips a block, "exit=3" expects that exit code
of its last command (0 otherwise).

Usage: check_transcripts.py --program <closo> --source <source folder> [--update] [<page>...]
With --update the pages get the output of this run.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOLERANCE = 1e-6
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w]*\.\d)")
PROGRAMS = {"closo", "cat", "head", "ls", "echo"}


@dataclasses.dataclass
class Command:
    text: str
    expected: list
    start: int  # lines of the page that hold the output: start <= line < end
    end: int
    exit_code: int = 0


@dataclasses.dataclass
class Block:
    line: int
    commands: list
    skipped: bool


def same_text(expected, actual):
    """Equal apart from numbers, which are equal within the tolerance."""
    if expected == actual:
        return True
    if NUMBER.split(expected) != NUMBER.split(actual):
        return False
    pairs = zip(NUMBER.findall(expected), NUMBER.findall(actual))
    return all(same_number(float(a.replace("−", "-")), float(b.replace("−", "-"))) for a, b in pairs)


def same_number(a, b):
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def first_difference(expected, actual):
    """None when the lines agree, else a sentence; "…" lines match any number of lines."""
    parts, part = [], []
    for line in expected:
        if line.strip() == "…":
            parts.append(part)
            part = []
        else:
            part.append(line.rstrip())
    parts.append(part)
    actual = [line.rstrip() for line in actual]

    def matches(part, position):
        lines = actual[position : position + len(part)]
        return len(lines) == len(part) and all(map(same_text, part, lines))

    if len(parts) == 1:
        for number in range(max(len(part), len(actual))):
            wanted = part[number] if number < len(part) else "(the end)"
            got = actual[number] if number < len(actual) else "(the end)"
            if number >= min(len(part), len(actual)) or not same_text(wanted, got):
                return f"line {number + 1} of the output\n    page says {wanted}\n    closo says {got}"
        return None
    first, *middle, last = parts
    if not matches(first, 0):
        return first_difference(first, actual[: len(first)])
    position = len(first)
    for part in middle:
        while position + len(part) <= len(actual) and not matches(part, position):
            position += 1
        if position + len(part) > len(actual):
            return f"nowhere in the output\n    page says {part[0]}"
        position += len(part)
    if len(actual) - len(last) < position or not matches(last, len(actual) - len(last)):
        return first_difference(last, actual[max(position, len(actual) - len(last)) :]) or "the output is too short"
    return None


def read_blocks(text):
    """The console blocks of a page."""
    blocks, lines, number = [], text.split("\n"), 0
    while number < len(lines):
        opening = re.fullmatch(r"```console\b(.*)", lines[number])
        number += 1
        if not opening:
            continue
        words = opening.group(1).split()
        block = Block(number, [], "no-run" in words)
        while number < len(lines) and lines[number] != "```":
            if lines[number].startswith("$ "):
                command = lines[number][2:]
                while command.endswith("\\"):
                    number += 1
                    command = command[:-1] + lines[number].strip()
                block.commands.append(Command(command, [], number + 1, number + 1))
            elif block.commands:
                block.commands[-1].expected.append(lines[number])
                block.commands[-1].end = number + 1
            number += 1
        for word in words:
            if word.startswith("exit=") and block.commands:
                block.commands[-1].exit_code = int(word[len("exit=") :])
            elif word != "no-run":
                raise ValueError(f"line {block.line}: unknown word '{word}' behind console")
        blocks.append(block)
    return blocks


class Workplace:
    """A fresh folder with the examples and an empty store."""

    def __init__(self, program, examples):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="closo_page_")).resolve()
        self.home = self.folder / "home"
        self.home.mkdir()
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "closo").write_text(f'#!/bin/sh\nexec "{program}" "$@"\n', encoding="utf-8")
        (self.folder / "bin" / "closo").chmod(0o755)
        here = self.home / "here"
        if examples.exists():
            shutil.copytree(examples, here)
        else:
            here.mkdir()
        (here / "examples").symlink_to(".")
        self.here = here

    def run(self, command):
        """Exit code and lines of one command; the folder itself is shown as ~."""
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.home),
            "CLOSO_STORE": str(self.home / "library.sqlite"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command], cwd=self.here, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
        )
        text = done.stdout.decode("utf-8").replace(str(self.here), "~").replace(str(self.home), "~")
        lines = text.split("\n")
        return done.returncode, lines[:-1] if lines[-1] == "" else lines

    def close(self):
        shutil.rmtree(self.folder)


def foreign_program(command):
    """The first program of a pipeline that pages may not call, or None."""
    for part in re.split(r"\|\||&&|[|;]", re.sub(r'"[^"]*"|\'[^\']*\'', "", command)):
        word = part.split()[0] if part.split() else ""
        if word not in PROGRAMS:
            return word
    return None


def check_page(page, name, program, examples, update):
    """Problems, commands run, blocks skipped."""
    text = page.read_text(encoding="utf-8")
    problems, run, skipped, replacements = [], 0, 0, []
    workplace = Workplace(program, examples)
    try:
        for block in read_blocks(text):
            if block.skipped:
                skipped += 1
                continue
            for command in block.commands:
                place = f"{name}:{command.start}: $ {command.text}"
                foreign = foreign_program(command.text)
                if foreign is not None:
                    problems.append(f"{place}\n  pages do not run '{foreign}'; mark the block ```console no-run")
                    continue
                run += 1
                exit_code, actual = workplace.run(command.text)
                if exit_code != command.exit_code:
                    output = "\n    ".join(actual[-10:])
                    problems.append(f"{place}\n  exit code {exit_code} instead of {command.exit_code}\n    {output}")
                    continue
                difference = first_difference(command.expected, actual)
                if difference and update:
                    replacements.append((command.start, command.end, [line.rstrip() for line in actual]))
                elif difference:
                    problems.append(f"{place}\n  {difference}")
    finally:
        workplace.close()
    if replacements:
        lines = text.split("\n")
        for start, end, output in reversed(replacements):
            lines[start:end] = output
        page.write_text("\n".join(lines), encoding="utf-8")
        print(f"{name}: {len(replacements)} output{'' if len(replacements) == 1 else 's'} written")
    return problems, run, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("pages", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    source = arguments.source.resolve()
    pages = arguments.pages or [*source.glob("README.md"), *sorted(source.glob("docs/**/*.md")),
                                *sorted(source.glob("examples/**/*.md"))]
    problems, run, skipped = [], 0, 0
    for page in pages:
        page = page.resolve()
        name = page.relative_to(source) if page.is_relative_to(source) else page
        found, page_run, page_skipped = check_page(
            page, name, arguments.program.resolve(), source / "examples", arguments.update)
        problems, run, skipped = problems + found, run + page_run, skipped + page_skipped
    if run == 0:
        problems.append("no page holds a command that can be run")
    print("\n".join(problems + [f"{len(pages)} pages, {run} commands run, {skipped} blocks skipped, "
                                f"{len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
