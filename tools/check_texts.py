#!/usr/bin/env python3
"""Lint: texts are UTF-8 without carriage returns, trailing blanks, places on one machine, and promises for later.

Usage: check_texts.py [<root of the source tree>]
"""

import pathlib
import re
import sys

import tree

RULES = [
    (re.compile(r"(?<![\w.~\-}])/(?:work|root|tmp|home|var/tmp)/"), "names a place on one machine"),
    (re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b"), "leaves something for later"),
    (re.compile(r"^(?:<{7}|>{7}|={7})(?: |$)"), "is the mark of an unfinished merge"),
    (re.compile(r"\r"), "has a carriage return"),
]
# In these trailing blanks and tabs are a matter of style; elsewhere they may be content.
CODE = {".cpp", ".hpp", ".py", ".cmake", ".sh"}
CODE_RULES = [(re.compile(r"[ \t]+$"), "ends in blanks"), (re.compile(r"\t"), "has a tab")]


def check(root):
    root = pathlib.Path(root)
    problems = []
    for path in tree.files(root):
        # Inputs of tests may be anything on purpose.
        if path.suffix not in tree.TEXT_SUFFIXES or "corpus" in path.parts or "bad" in path.parts:
            continue
        try:
            text = (root / path).read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            problems.append(f"{path}: not UTF-8 at byte {error.start}")
            continue
        rules = RULES + (CODE_RULES if path.suffix in CODE or path.name == "CMakeLists.txt" else [])
        for number, line in enumerate(text.split("\n"), start=1):
            problems += [f"{path}:{number}: {what}" for rule, what in rules if rule.search(line)]
        if text and not text.endswith("\n"):
            problems.append(f"{path}: no line end at the end")
    return problems


if __name__ == "__main__":
    sys.exit(tree.finish("texts", check(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)))
