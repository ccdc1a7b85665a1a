#!/usr/bin/env python3
"""Lint: #include lines and the USES lists of CMake follow the arrows of tools/arrows.txt.

Usage: check_arrows.py [<root of the source tree>]
"""

import pathlib
import re
import sys

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
ADD_ROOM = re.compile(r"closo_add_room\s*\(([^)]*)\)", re.DOTALL)
KEYWORDS = {"SOURCES", "HEADERS", "USES", "PRIVATE", "TESTS", "TEST_PRIVATE"}


def read_arrows(root):
    """Allowed rooms by room, allowed rooms by outside library, and what is wrong with the file itself."""
    rooms, outside, problems = {}, {}, []
    for line in tree.listed(root / "tools" / "arrows.txt"):
        name, colon, used = line.partition(":")
        name, used = name.strip(), used.split()
        if not colon:
            problems.append(f"tools/arrows.txt: no ':' in '{line}'")
        elif name.startswith("<"):
            outside[name.strip("<>")] = set(used)
        else:
            for other in used:
                if other not in rooms:
                    problems.append(f"tools/arrows.txt: {name} uses {other}, which is not listed above it")
            rooms[name] = set(used)
    return rooms, outside, problems


def room_of(path):
    """The room a file belongs to, or None where anything may be used."""
    if path.parts[0] == "cli":
        return "cli"
    return path.parts[1] if path.parts[0] == "closo" and len(path.parts) > 2 else None


def check_file(path, text, rooms, outside):
    room, problems = room_of(path), []
    is_test = path.name.endswith("_test.cpp")
    for quoted, angled in INCLUDE.findall(text):
        if angled:
            library = angled.split("/")[0]
            if library in ("closo", "cli"):
                problems.append(f'{path}: <{angled}> of our own is included with quotes')
            elif library in ("gtest", "gmock"):
                if not is_test:
                    problems.append(f"{path}: <{angled}> outside a test")
            elif library in outside and not is_test:
                if room not in outside[library]:
                    problems.append(f"{path}: {room} may not use <{angled}>")
                elif path.suffix != ".cpp" and "detail" not in path.parts:
                    problems.append(f"{path}: <{angled}> may stand in .cpp files and private headers only")
            continue
        parts = quoted.split("/")
        if room == "cli" and (parts[0] == "cli" or len(parts) == 1):
            continue
        if parts[0] != "closo" or len(parts) < 3:
            problems.append(f'{path}: write "closo/<room>/<file>" instead of "{quoted}"')
            continue
        other = parts[1]
        if "detail" in parts[2:-1] and other != room:
            problems.append(f'{path}: "{quoted}" is private to {other}')
        if other != room and other not in rooms.get(room, set()) and not is_test:
            problems.append(f'{path}: {room} may not use {other} ("{quoted}")')
    return problems


def uses_of(text):
    """Rooms named behind USES in the closo_add_room call of a CMakeLists.txt, comments removed."""
    text = re.sub(r"#.*", "", text)
    uses, keyword = set(), None
    for word in " ".join(ADD_ROOM.findall(text)).split():
        if word in KEYWORDS:
            keyword = word
        elif keyword == "USES":
            uses.add(word)
    return uses


def check(root):
    root = pathlib.Path(root)
    rooms, outside, problems = read_arrows(root)
    for room in tree.rooms(root):
        if room not in rooms:
            problems.append(f"closo/{room}: not listed in tools/arrows.txt")
    included = {}
    for path in tree.files(root, "closo", "cli"):
        if path.suffix in (".cpp", ".hpp") and room_of(path) in rooms:
            text = (root / path).read_text(encoding="utf-8")
            problems += check_file(path, text, rooms, outside)
            if not path.name.endswith("_test.cpp"):
                found = included.setdefault(room_of(path), set())
                found |= {q.split("/")[1] for q, _ in INCLUDE.findall(text) if q.startswith("closo/") and q.count("/") > 1}
    for room in tree.rooms(root):
        lists = root / "closo" / room / "CMakeLists.txt"
        uses = uses_of(lists.read_text(encoding="utf-8")) if lists.exists() else set()
        for other in sorted(uses - rooms.get(room, set())):
            problems.append(f"closo/{room}/CMakeLists.txt: {room} may not use {other}")
        for other in sorted(included.get(room, set()) - uses - {room}):
            if other in rooms.get(room, set()):
                problems.append(f"closo/{room}/CMakeLists.txt: {other} is included but missing in USES")
        for other in sorted((uses & rooms.get(room, set())) - included.get(room, set())):
            problems.append(f"closo/{room}/CMakeLists.txt: {other} stands in USES but is never included")
    return problems


if __name__ == "__main__":
    sys.exit(tree.finish("arrows", check(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)))
