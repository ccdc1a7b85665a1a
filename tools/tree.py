"""The files of the source tree that the lints look at."""

import os
import pathlib

NOT_SOURCES = {".git", ".cache", "build", "out", "node_modules", "__pycache__"}
TEXT_SUFFIXES = {
    ".cpp", ".hpp", ".in", ".cmake", ".txt", ".py", ".sh", ".js", ".mjs", ".css", ".html", ".json", ".toml", ".csv",
    ".md", ".dict", ".yml", ".yaml", "",
}


def files(root, *folders):
    """Every file below the given folders of `root` (all of it without one), as sorted relative paths."""
    root = pathlib.Path(root)
    found = []
    for start in [root / folder for folder in folders] or [root]:
        for directory, names, leaves in os.walk(start):
            names[:] = sorted(name for name in names if name not in NOT_SOURCES)
            found += [(pathlib.Path(directory) / leaf).relative_to(root) for leaf in sorted(leaves)]
    return found


def rooms(root):
    """Names of the folders of closo/ that hold something."""
    return sorted({path.parts[1] for path in files(root, "closo") if len(path.parts) > 2})


def listed(path):
    """Lines of a list file without comments and blanks; an absent file is an empty list."""
    if not path.exists():
        return []
    lines = (line.split("#", 1)[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def finish(name, problems):
    """Prints what a lint found; the result is the exit code of its program."""
    for problem in problems:
        print(problem)
    print(f"{name}: {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0
