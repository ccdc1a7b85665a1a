"""Every rule of the lints in tools/ must be able to fail: each case breaks a good tree in one place."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import check_arrows
import check_rooms
import check_sizes
import check_texts

GOOD = {
    "tools/arrows.txt": "base:\nnum: base\ntable: base\ntasks: base num table\ncli: base tasks\n<Eigen>: num\n<CLI>: cli\n",
    "tools/large_files.txt": "",
    "tools/untested_sources.txt": "closo/base/version.cpp: made from a template\n",
    "closo/base/CMakeLists.txt": "closo_add_room(base SOURCES version.cpp unit.cpp HEADERS unit.hpp TESTS unit_test.cpp)\n",
    "closo/base/README.md": "# base\n",
    "closo/base/unit.hpp": "#include <string>\n",
    "closo/base/unit.cpp": '#include "closo/base/unit.hpp"\n',
    "closo/base/version.cpp": "",
    "closo/base/unit_test.cpp": '#include <gtest/gtest.h>\n#include "closo/base/unit.hpp"\n',
    "closo/num/CMakeLists.txt": "closo_add_room(num SOURCES solve.cpp TESTS solve_test.cpp USES base)\n",
    "closo/num/README.md": "# num\n",
    "closo/num/solve.cpp": '#include <Eigen/Dense>\n#include "closo/base/unit.hpp"\n',
    "closo/num/solve_test.cpp": "",
    "closo/tasks/CMakeLists.txt": "closo_add_room(tasks\n  SOURCES find.cpp registry.cpp HEADERS find.hpp\n"
    "  TESTS find_test.cpp registry_test.cpp\n  USES base)\n",
    "closo/tasks/README.md": "# tasks\n",
    "closo/tasks/find.cpp": '#include "closo/base/unit.hpp"\n',
    "closo/tasks/find.hpp": "",
    "closo/tasks/find_test.cpp": "",
    "closo/tasks/registry.cpp": '#include "closo/tasks/find.hpp"\nconst Task table[] = {find_task};\n',
    "closo/tasks/registry_test.cpp": "",
    "docs/tasks/find.md": "# find\n",
    "data/CMakeLists.txt": "set(files\n  library/materials.csv\n)\n",
    "data/library/materials.csv": "id\n",
    "cli/main.cpp": '#include <CLI/CLI.hpp>\n#include "closo/base/unit.hpp"\n#include "show.hpp"\n',
}


class LintTest(unittest.TestCase):
    def problems(self, lint, changes):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for name, text in {**GOOD, **changes}.items():
                if text is None:
                    continue
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
            return lint.check(root)

    def expect(self, lint, changes, *words):
        """The broken tree has exactly one problem, which says what and where."""
        found = self.problems(lint, changes)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def test_the_good_tree_is_good(self):
        for lint in (check_arrows, check_rooms, check_sizes, check_texts):
            self.assertEqual(self.problems(lint, {}), [], lint.__name__)

    def test_arrows_between_rooms(self):
        broken = '#include "closo/num/solve.hpp"\n'
        self.expect(check_arrows, {"closo/base/unit.cpp": broken}, "base may not use num")
        self.expect(check_arrows, {"closo/base/unit.hpp": "# include " + broken[9:]}, "base may not use num")
        self.expect(check_arrows, {"cli/main.cpp": broken}, "cli may not use num")
        uses = "closo_add_room(base SOURCES unit.cpp USES num # no\n PRIVATE fmt::fmt)\n"
        self.expect(check_arrows, {"closo/base/CMakeLists.txt": uses}, "base may not use num")
        self.expect(check_arrows, {"closo/extra/a.hpp": ""}, "closo/extra: not listed")
        changed = GOOD["tools/arrows.txt"].replace("base:", "base: tasks")
        self.expect(check_arrows, {"tools/arrows.txt": changed}, "base uses tasks")
        self.expect(check_arrows, {"tools/arrows.txt": GOOD["tools/arrows.txt"] + "odd\n"}, "no ':'")

    def test_uses_lists_say_what_is_included(self):
        lists = "closo_add_room(num SOURCES solve.cpp TESTS solve_test.cpp)\n"
        self.expect(check_arrows, {"closo/num/CMakeLists.txt": lists}, "base is included but missing in USES")
        self.expect(check_arrows, {"closo/num/solve.cpp": "#include <Eigen/Dense>\n"}, "base stands in USES but is never")

    def test_arrows_to_outside_libraries(self):
        self.expect(check_arrows, {"closo/base/unit.cpp": "#include <Eigen/Core>\n"}, "base may not use <Eigen/Core>")
        self.expect(check_arrows, {"closo/num/solve.hpp": "#include <Eigen/Core>\n"}, "private headers only")
        self.expect(check_arrows, {"closo/base/unit.cpp": "#include <gtest/gtest.h>\n"}, "outside a test")
        for fine in ("closo/base/unit_test.cpp", "closo/num/detail/solver.hpp"):
            self.assertEqual(self.problems(check_arrows, {fine: "#include <Eigen/Core>\n"}), [])

    def test_how_includes_are_written(self):
        self.expect(check_arrows, {"closo/base/unit.cpp": '#include "unit.hpp"\n'}, 'instead of "unit.hpp"')
        self.expect(check_arrows, {"closo/base/unit.cpp": "#include <closo/base/unit.hpp>\n"}, "with quotes")
        private = '#include "closo/base/unit.hpp"\n#include "closo/base/detail/x.hpp"\n'
        self.expect(check_arrows, {"closo/tasks/find.cpp": private}, "private to base")

    def test_sizes(self):
        long_text, longer = "x\n" * 801, "x\n" * 900
        self.expect(check_sizes, {"closo/base/unit.cpp": long_text}, "unit.cpp: 801 lines")
        allowed = {"tools/large_files.txt": "# why\n850 closo/base/unit.cpp\n"}
        self.expect(check_sizes, {**allowed, "closo/base/unit.cpp": longer}, "allows it 850")
        self.expect(check_sizes, {**allowed, "closo/base/unit.cpp": long_text}, "to 801")
        self.expect(check_sizes, allowed, "within the limit")
        self.expect(check_sizes, {"tools/large_files.txt": "850 closo/base/gone.cpp\n"}, "gone.cpp does not exist")
        exact = {"tools/large_files.txt": "900 closo/base/unit.cpp\n", "closo/base/unit.cpp": longer}
        self.assertEqual(self.problems(check_sizes, exact), [])

    def test_rooms(self):
        self.expect(check_rooms, {"closo/num/README.md": None}, "closo/num: no README.md")
        self.expect(check_rooms, {"closo/num/README.md": "x\n" * 16}, "16 lines")
        self.expect(check_rooms, {"docs/tasks/find.md": None}, "docs/tasks/find.md: missing")
        self.expect(check_rooms, {"docs/tasks/lost.md": "# lost\n"}, "lost is not in the table")
        headerless = {"closo/tasks/find.hpp": None}
        self.expect(check_rooms, headerless, "closo/tasks/find.hpp: missing")
        lists = "closo_add_room(tasks SOURCES find.cpp HEADERS find.hpp TESTS find_test.cpp USES base)\n"
        gone = {"closo/tasks/registry.cpp": None, "closo/tasks/registry_test.cpp": None, "closo/tasks/CMakeLists.txt": lists}
        self.expect(check_rooms, gone, "there is no table of tasks")
        self.expect(check_rooms, {"closo/num/CMakeLists.txt": None}, "closo/num: no CMakeLists.txt")
        self.expect(check_rooms, {"data/library/more.csv": "id\n"}, "library/more.csv is not named")
        self.expect(check_rooms, {"closo/num/orphan.hpp": ""}, "orphan.hpp is not named")
        self.assertEqual(self.problems(check_rooms, {"closo/num/detail/private.hpp": ""}), [])
        part = {"closo/num/part/CMakeLists.txt": "add_library(part STATIC sum.hpp)\n", "closo/num/part/sum.hpp": ""}
        self.assertEqual(self.problems(check_rooms, part), [])
        self.expect(check_rooms, {**part, "closo/num/part/orphan.hpp": ""}, "part/orphan.hpp is not named")

    def test_tests_beside_sources(self):
        lists = "closo_add_room(num SOURCES solve.cpp USES base)\n"
        missing = {"closo/num/solve_test.cpp": None, "closo/num/CMakeLists.txt": lists}
        self.expect(check_rooms, missing, "solve.cpp: no solve_test.cpp")
        reasons = GOOD["tools/untested_sources.txt"]
        excused = {**missing, "tools/untested_sources.txt": reasons + "closo/num/solve.cpp: only a table\n"}
        self.assertEqual(self.problems(check_rooms, excused), [])
        excused["tools/untested_sources.txt"] = reasons + "closo/num/solve.cpp:\n"
        self.expect(check_rooms, excused, "has no reason")
        stale = {"tools/untested_sources.txt": reasons + "closo/num/solve.cpp: old\n"}
        self.expect(check_rooms, stale, "has a test")
        gone = {"tools/untested_sources.txt": reasons + "closo/num/gone.cpp: old\n"}
        self.expect(check_rooms, gone, "gone.cpp does not exist")

    def test_texts(self):
        for line, what in (
            ('read("/' + 'work/data/x.csv");', "one machine"),
            ("see /" + "root/notes", "one machine"),
            ("// TO" + "DO: units", "for later"),
            ("<" * 7 + " HEAD", "unfinished merge"),
            ("a \r", "carriage return"),
            ("int a; ", "ends in blanks"),
            ("\tint a;", "has a tab"),
        ):
            found = self.problems(check_texts, {"closo/base/unit.cpp": line + "\n"})
            self.assertTrue(any(what in problem and "unit.cpp:1:" in problem for problem in found), (line, found))
        self.expect(check_texts, {"closo/base/unit.cpp": b"\xff\n"}, "not UTF-8 at byte 0")
        self.expect(check_texts, {"closo/base/unit.cpp": "int a;"}, "no line end")
        fine = "https://example.org/home/x ../work/x mg/root/g network/work\n"
        self.assertEqual(self.problems(check_texts, {"docs/tasks/find.md": fine}), [])


if __name__ == "__main__":
    unittest.main()
