"""Installs a build, moves it, runs it there without the source tree, and builds a project that uses it.

Usage: install_test.py --build <build folder> --source <source folder> [--compiler <c++>]
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest


def run(*command, **options):
    """Runs a command; what it printed belongs to the failure message."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, encoding="utf-8", **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="closo_install_"))
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        first = cls.directory / "first"
        run("cmake", "--install", arguments.build, "--prefix", first)
        # Nothing may know where it was installed first; a blank in the path breaks careless quoting.
        cls.prefix = cls.directory / "moved here"
        first.rename(cls.prefix)
        cls.closo = cls.prefix / "bin" / "closo"

    def in_empty_environment(self, *words):
        """Runs the moved closo with no environment at all, away from the source tree."""
        return subprocess.run(
            [self.closo, *words], env={}, cwd=self.directory, capture_output=True, text=True, encoding="utf-8"
        )

    def test_version(self):
        done = self.in_empty_environment("--version")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(arguments.version, done.stdout)

    def test_the_library_is_found_from_the_program(self):
        done = self.in_empty_environment("library", "find", "--material", "Li2B12H12")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Li2B12H12", done.stdout)

    def test_without_its_data_it_says_where_it_looked(self):
        share = self.prefix / "share"
        share.rename(self.prefix / "gone")
        self.addCleanup((self.prefix / "gone").rename, share)
        done = self.in_empty_environment("library", "find", "--material", "Li2B12H12")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("share/closo", done.stderr)

    def test_the_page_is_written_from_installed_assets(self):
        example = self.prefix / "share" / "closo" / "examples" / "li2b12h12-zro2.toml"
        done = self.in_empty_environment("evaluate", str(example), "--output", str(self.directory / "out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        page = (self.directory / "out" / "report.html").read_text(encoding="utf-8")
        self.assertIn("Li2B12H12", page)

    def test_no_installed_file_names_the_source_or_build_folder(self):
        for path in self.prefix.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                for place in (arguments.source, arguments.build):
                    self.assertNotIn(str(place).encode(), content, f"{path.relative_to(self.prefix)} names {place}")

    def test_another_project_uses_the_package(self):
        build = self.directory / "consumer"
        source = arguments.source / "tests" / "install" / "consumer"
        compiler = [f"-DCMAKE_CXX_COMPILER={arguments.compiler}"] if arguments.compiler else []
        run("cmake", "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", *compiler)
        run("cmake", "--build", build)
        self.assertEqual(run(build / "consumer"), f"{arguments.version} 0.12 tasks\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--compiler")
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
