"""The comparison of pages with real output must tell changed text and numbers from harmless last digits."""

import pathlib
import tempfile
import unittest

import check_transcripts as transcripts

PROGRAM = """#!/bin/sh
echo "$1 is 1.2 mS/cm"
echo "store $CLOSO_STORE"
[ "$1" != wrong ] || exit 3
"""


class ComparisonTest(unittest.TestCase):
    def same(self, expected, actual):
        return transcripts.first_difference(expected.split("\n"), actual.split("\n")) is None

    def test_numbers(self):
        self.assertTrue(self.same("Ea 0.4200000 eV", "Ea 0.42 eV"))
        self.assertTrue(self.same("x 1.00000001e-3", "x 0.001"))
        self.assertTrue(self.same("-5.0 V", "−5 V"))
        for other in ("Ea 0.42001 eV", "Ea -0.42 eV", "Ea 0.42 V", "Ea 0.42 eV 1", "Ea eV"):
            self.assertFalse(self.same("Ea 0.42 eV", other), other)
        self.assertFalse(self.same("Li2B12H12", "Li2B12H13"))
        self.assertFalse(self.same("10.1039/d4", "10.1039/d5"))

    def test_lines(self):
        self.assertTrue(self.same("a\nb", "a\nb "))
        for other in ("a", "a\nb\nc", "a\n\nb", "b\na", ""):
            self.assertFalse(self.same("a\nb", other), other)

    def test_left_out_lines(self):
        self.assertTrue(self.same("a\n…\nd", "a\nb\nc\nd"))
        self.assertTrue(self.same("a\n…\nd", "a\nd"))
        self.assertTrue(self.same("…\nc\n…", "a\nb\nc\nd"))
        self.assertTrue(self.same("a\n…\nb 1\n…\nc", "a\nb 2\nb 1\nc\nc"))
        for other in ("a\nb", "b\nd", "d", "a"):
            self.assertFalse(self.same("a\n…\nd", other), other)
        self.assertFalse(self.same("…\nc\n…", "a\nb"))
        self.assertFalse(self.same("a\n…\na", "a"))

    def test_blocks(self):
        page = "x\n```console\n$ closo a \\\n    --b\nout\n\n$ closo c\n```\n```console no-run\n$ rm\n```\n```cpp\n$ d\n```\n"
        blocks = transcripts.read_blocks(page)
        self.assertEqual([block.skipped for block in blocks], [False, True])
        first, second = blocks[0].commands
        self.assertEqual((first.text, first.expected), ("closo a --b", ["out", ""]))
        self.assertEqual((second.text, second.expected, second.exit_code), ("closo c", [], 0))
        self.assertEqual(transcripts.read_blocks("```console exit=3\n$ closo\n```")[0].commands[0].exit_code, 3)
        with self.assertRaises(ValueError):
            transcripts.read_blocks("```console norun\n$ closo\n```")

    def test_programs(self):
        self.assertIsNone(transcripts.foreign_program("closo find 'a; b' | head -n 3"))
        self.assertEqual(transcripts.foreign_program("closo find | xargs rm"), "xargs")

    def check(self, page, update=False):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            program = root / "closo"
            program.write_text(PROGRAM, encoding="utf-8")
            program.chmod(0o755)
            (root / "page.md").write_text(page, encoding="utf-8")
            found = transcripts.check_page(root / "page.md", "page.md", program, root / "examples", update)
            return found, (root / "page.md").read_text(encoding="utf-8")

    def test_pages(self):
        good = "```console\n$ closo sigma\nsigma is 1.2 mS/cm\nstore ~/library.sqlite\n```\nend\n"
        self.assertEqual(self.check(good), (([], 1, 0), good))
        stale = good.replace("1.2 mS", "1.3 mS")
        (problems, _, _), page = self.check(stale)
        self.assertIn("page says sigma is 1.3 mS/cm", problems[0])
        self.assertEqual(page, stale)
        (problems, _, _), page = self.check(stale, update=True)
        self.assertEqual((problems, page), ([], good))
        (problems, _, _), _ = self.check("```console\n$ closo wrong\nwrong is 1.2 mS/cm\n…\n```\n")
        self.assertIn("exit code 3 instead of 0", problems[0])
        (problems, run, _), _ = self.check("```console exit=3\n$ closo wrong\nwrong is 1.2 mS/cm\n…\n```\n")
        self.assertEqual((problems, run), ([], 1))
        (problems, _, _), _ = self.check("```console\n$ rm -r x\n```\n")
        self.assertIn("do not run 'rm'", problems[0])


if __name__ == "__main__":
    unittest.main()
