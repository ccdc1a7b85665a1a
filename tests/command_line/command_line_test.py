#!/usr/bin/env python3
"""Runs the built program with good and bad command lines and checks exit code, message and what was written."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
SOURCE = os.path.abspath(sys.argv[2])
EXAMPLES = os.path.join(SOURCE, "examples")


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.environment = dict(os.environ, CLOSO_STORE=os.path.join(self.folder.name, "store.sqlite"))

    def tearDown(self):
        self.folder.cleanup()

    def run_closo(self, *words):
        return subprocess.run([PROGRAM, *words], cwd=self.folder.name, env=self.environment, capture_output=True, text=True, timeout=120)

    def write(self, name, text, binary=False):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(text if binary else text.encode())
        return path

    def fails(self, code, part, *words):
        result = self.run_closo(*words)
        self.assertEqual(result.returncode, code, result.stderr + result.stdout)
        self.assertIn(part, result.stderr)
        self.assertEqual(result.stdout, "", "a failing command prints nothing to standard output")
        return result.stderr

    # What a new user types first.
    def test_version_and_help(self):
        self.assertRegex(self.run_closo("--version").stdout, r"^closo \d+\.\d+\.\d+\n$")
        for words in ([], ["--help"], ["evaluate", "--help"], ["library", "find", "-h"]):
            result = self.run_closo(*words)
            self.assertEqual(result.returncode, 0, words)
            self.assertIn("Usage", result.stdout)
        self.assertEqual(self.run_closo("library").returncode, 2)

    def test_completion_scripts_are_valid_shell(self):
        for shell in ("bash", "zsh"):
            script = self.run_closo("completion", shell).stdout
            self.assertIn("library", script)
            checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
            self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("complete -c closo", self.run_closo("completion", "fish").stdout)
        self.fails(2, "", "completion", "tcsh")

    def test_bash_completion_offers_subcommands_and_flags(self):
        script = self.run_closo("completion", "bash").stdout
        ask = 'COMP_WORDS=(closo library fi); COMP_CWORD=2; _closo; printf "%s\\n" "${COMPREPLY[@]}"'
        offered = subprocess.run(["bash"], input=script + ask, text=True, capture_output=True, cwd=self.folder.name).stdout.split()
        self.assertEqual(offered, ["find"])
        ask = 'COMP_WORDS=(closo library find --fam); COMP_CWORD=3; _closo; printf "%s\\n" "${COMPREPLY[@]}"'
        offered = subprocess.run(["bash"], input=script + ask, text=True, capture_output=True, cwd=self.folder.name).stdout.split()
        self.assertEqual(offered, ["--family"])

    # Usage errors: exit code 2, nearest name.
    def test_unknown_words(self):
        self.fails(2, "did you mean 'evaluate'", "evalute")
        self.fails(2, "did you mean 'find'", "library", "fnd")
        self.fails(2, "did you mean '--family'", "library", "find", "--familly", "closo-borate")
        self.fails(2, "system is required", "evaluate")

    def test_a_repeatable_word_may_stand_several_times(self):
        result = self.run_closo("stability", "hull", "LiBH4", "NaBH4", "--draws", "0")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("LiBH4, NaBH4", result.stdout)

    def test_wrong_values(self):
        self.fails(2, "at", "library", "find", "--at", "300")
        self.fails(2, "is a voltage", "library", "find", "--at", "5 V")
        self.fails(2, "absolute zero", "library", "find", "--at", "-300 degC")
        self.fails(2, "", "library", "find", "--kind", "guessed")

    # Input errors: exit code 3 with file, line and column.
    def test_missing_and_unreadable_files(self):
        self.fails(3, "none.toml: the file cannot be read", "evaluate", "none.toml")
        self.fails(3, "this is a folder", "evaluate", ".")
        self.write("latin.toml", b"[system]\nname = '25 \xb0C'\n", binary=True)
        self.fails(3, "latin.toml:2: a byte that is not UTF-8", "evaluate", "latin.toml")
        self.write("wide.csv", "T".encode("utf-16"), binary=True)
        self.fails(3, "UTF-16", "arrhenius", "wide.csv")

    def test_wrong_system_files(self):
        good = "[system]\nname = 'x'\nmobile_ion = 'Li'\n[electrolyte]\nmaterial = 'LiBH4'\n"
        self.write("key.toml", good + "[separator]\nthicknes = '1 mm'\n")
        self.fails(3, "key.toml:7:1: unknown key 'thicknes' in [separator]; did you mean 'thickness'?", "evaluate", "key.toml")
        self.write("material.toml", good.replace("LiBH4", "LiHB4"))
        self.fails(3, "did you mean 'LiBH4'", "evaluate", "material.toml")
        self.write("circle.toml", "[system]\nname = 'x'\nmobile_ion = 'Li'\nextends = 'circle.toml'\n")
        self.fails(3, "circular", "evaluate", "circle.toml")
        self.assertEqual(sorted(name for name in os.listdir(self.folder.name) if not name.endswith(".toml")), [], "nothing was written")

    def test_wrong_measurement_files(self):
        for text, part in (("", "empty"), ("T (K),sigma (S/cm)\n", ""), ("T (K),sigma (S/cm)\n300,-1\n310,1\n", "m.csv:2"),
                           ("T (K),sigma (S/cm)\n300,1e-4\n310\n", "m.csv:3"), ("T (K),sigma (S/cmm)\n300,1e-4\n", "m.csv:1"),
                           ("T (degC),sigma (S/cm)\n-300,1e-4\n20,1e-3\n", "m.csv:2"), ("T (K),sigma (S/cm)\n300,nan\n310,1\n", "m.csv:2")):
            self.write("m.csv", text)
            self.fails(3, part, "arrhenius", "m.csv")

    # Results.
    def test_evaluate_writes_the_dossier(self):
        result = self.run_closo("evaluate", os.path.join(EXAMPLES, "li2b12h12-zro2.toml"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("report out/report.html", result.stdout)
        self.assertLessEqual(len(result.stdout.splitlines()), 40, "the summary fits one screen")
        for name in ("report.html", "report.json", "figures/conductivity.vl.json", "tables/separator.csv"):
            self.assertTrue(os.path.getsize(os.path.join(self.folder.name, "out", name)) > 0, name)
        with open(os.path.join(self.folder.name, "out", "report.json")) as file:
            self.assertEqual(json.load(file)["schema"], "closo-report/1")

    def test_json_goes_to_standard_output_and_nowhere_else(self):
        result = self.run_closo("--json", "evaluate", os.path.join(EXAMPLES, "na-closo.toml"))
        self.assertEqual(json.loads(result.stdout)["task"], "evaluate")
        self.assertEqual(os.listdir(self.folder.name), [])
        after = self.run_closo("evaluate", os.path.join(EXAMPLES, "na-closo.toml"), "--json")
        self.assertEqual(after.stdout, result.stdout, "global options may stand behind the command; output is reproducible")

    def test_an_unwritable_folder_is_an_input_error(self):
        self.write("taken", "a file where a folder should be")
        self.fails(3, "taken", "--output", "taken", "evaluate", os.path.join(EXAMPLES, "na-closo.toml"))

    def test_missing_data_is_told(self):
        self.environment["CLOSO_DATA_DIR"] = os.path.join(self.folder.name, "nowhere")
        self.fails(3, "data folder of closo was not found", "library", "list")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
