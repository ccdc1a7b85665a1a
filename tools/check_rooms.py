#!/usr/bin/env python3
"""Lint: every room has its short README, every task its page, every source its test, every file
its place in CMake.

Usage: check_rooms.py [<root of the source tree>]
"""

import pathlib
import re
import sys

import tree

README_LINES = 15


def check_readmes(root):
    problems = []
    for room in tree.rooms(root):
        readme = root / "closo" / room / "README.md"
        if not readme.exists():
            problems.append(f"closo/{room}: no README.md")
        else:
            lines = len(readme.read_text(encoding="utf-8").splitlines())
            if lines > README_LINES:
                problems.append(f"closo/{room}/README.md: {lines} lines, the limit is {README_LINES}")
    return problems


def check_task_pages(root):
    """Each <stem>_task in the table of tasks has closo/tasks/<stem>.hpp and a page, and each page has its task."""
    registry = root / "closo" / "tasks" / "registry.cpp"
    if not registry.exists():
        return ["closo/tasks/registry.cpp: there is no table of tasks"]
    stems = set(re.findall(r"\b(\w+)_task\b", registry.read_text(encoding="utf-8")))
    pages = {path.stem for path in tree.files(root, "docs/tasks") if path.suffix == ".md" and path.stem != "README"}
    return (
        [f"docs/tasks/{stem}.md: missing" for stem in sorted(stems - pages)]
        + [f"docs/tasks/{page}.md: {page} is not in the table of tasks" for page in sorted(pages - stems)]
        + [f"closo/tasks/{stem}.hpp: missing" for stem in sorted(stems)
           if not (root / "closo" / "tasks" / f"{stem}.hpp").exists()]
    )


def check_tests(root):
    """Every closo/**/x.cpp has a sibling x_test.cpp or a reason in tools/untested_sources.txt."""
    problems, reasons = [], {}
    for line in tree.listed(root / "tools" / "untested_sources.txt"):
        path, _, reason = line.partition(":")
        reasons[path.strip()] = reason.strip()
    for path in tree.files(root, "closo"):
        if path.suffix != ".cpp" or path.name.endswith("_test.cpp"):
            continue
        has_test = (root / path).with_name(path.stem + "_test.cpp").exists()
        reason = reasons.pop(path.as_posix(), None)
        if reason is None:
            if not has_test:
                problems.append(f"{path}: no {path.stem}_test.cpp beside it")
        elif has_test:
            problems.append(f"{path}: has a test, remove it from tools/untested_sources.txt")
        elif not reason:
            problems.append(f"tools/untested_sources.txt: {path} has no reason")
    return problems + [f"tools/untested_sources.txt: {path} does not exist" for path in reasons]


def check_lists(root):
    """Every source, header and test of a room is named in the room's CMakeLists.txt."""
    problems = []
    for room in tree.rooms(root):
        lists = root / "closo" / room / "CMakeLists.txt"
        if not lists.exists():
            problems.append(f"closo/{room}: no CMakeLists.txt")
            continue
        words = set()
        # An optional part of a room is a folder with a list of its own.
        for part in [path.parent for path in tree.files(root, f"closo/{room}") if path.name == "CMakeLists.txt"]:
            text = re.sub(r"#.*", "", (root / part / "CMakeLists.txt").read_text(encoding="utf-8"))
            inside = part.relative_to(f"closo/{room}")
            words |= {(inside / word).as_posix() for word in text.replace("(", " ").replace(")", " ").split()}
        for path in tree.files(root, f"closo/{room}"):
            inside = path.relative_to(f"closo/{room}").as_posix()
            private = path.suffix == ".hpp" and ("detail" in path.parts or path.name.endswith("_test.hpp"))
            if path.suffix in (".cpp", ".hpp") and not private and inside not in words:
                problems.append(f"closo/{room}/CMakeLists.txt: {inside} is not named")
    return problems


def check_data(root):
    """Every table of energies and of the library is named in data/CMakeLists.txt, which copies and installs it."""
    lists = root / "data" / "CMakeLists.txt"
    words = set(lists.read_text(encoding="utf-8").split()) if lists.exists() else set()
    names = [path.relative_to("data").as_posix() for path in tree.files(root, "data/energies", "data/library")]
    return [f"data/CMakeLists.txt: {name} is not named" for name in names if name not in words]


def check(root):
    root = pathlib.Path(root)
    return check_readmes(root) + check_task_pages(root) + check_tests(root) + check_lists(root) + check_data(root)


if __name__ == "__main__":
    sys.exit(tree.finish("rooms", check(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)))
