"""closo-composite-mpi on 1 to 4 ranks: one answer for every decomposition, known answers, bad input.

Usage: program_test.py <closo-composite-mpi> <mpiexec> <its option for the number of ranks>
"""

import pathlib
import sys
import tempfile
import unittest

import cases

PROGRAM, MPIEXEC, NUMBER = "", "", "-n"


def solve(ranks, image, size, conductivity, *more):
    arguments = [PROGRAM, image, "--size", cases.size_text(size), "--conductivity", conductivity, "--json", *more]
    return cases.run([MPIEXEC, NUMBER, ranks, *arguments])


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.image = self.folder / "image.raw"
        self.image.write_bytes(cases.random_labels())

    def test_one_answer_on_every_decomposition(self):
        for axis in "xz":
            options = ("--axis", axis, "--tolerance", "1e-8")
            alone = cases.answer(solve(1, self.image, cases.SIZE, cases.CONDUCTIVITY, *options))
            self.assertEqual(alone["status"], "converged")
            self.assertLessEqual(alone["relative_residual"], 1e-8)
            self.assertLessEqual(alone["flux_imbalance"], 1e-8)
            for ranks, parts in ((2, "2x1x1"), (3, "1x3x1"), (4, "2x2x1"), (4, "1x1x4"), (4, None)):
                more = ("--parts", parts) if parts else ()
                found = cases.answer(solve(ranks, self.image, cases.SIZE, cases.CONDUCTIVITY, *options, *more))
                self.assertEqual((found["status"], found["ranks"]), ("converged", ranks))
                self.assertAlmostEqual(found["conductivity_S_per_m"] / alone["conductivity_S_per_m"], 1, delta=1e-7)
                if parts:
                    self.assertEqual(cases.size_text(found["parts"]), parts)

    def test_layers_in_file_order(self):
        # x runs fastest: the label changes along z only.
        image = self.folder / "layers.raw"
        image.write_bytes(bytes([0] * 12 + [1] * 12 + [0] * 24))
        series = cases.answer(solve(2, image, (3, 4, 4), "2,50", "--axis", "z"))
        self.assertAlmostEqual(series["conductivity_S_per_m"], 1 / (0.75 / 2 + 0.25 / 50), delta=1e-6)
        for axis in "xy":
            parallel = cases.answer(solve(2, image, (3, 4, 4), "2,50", "--axis", axis))
            self.assertAlmostEqual(parallel["conductivity_S_per_m"], 0.75 * 2 + 0.25 * 50, delta=1e-5)

    def test_known_answers_of_a_random_field(self):
        # Two independent solvers agree on these to 8 digits; the slowest index is the axis.
        shared = cases.shared_image("composite/grf128.u8")
        if shared is None:
            self.skipTest("the shared image grf128.u8 is not here")
        voxels = shared.read_bytes()
        for name, labels, conductivity, expected, removes in (
            ("two.raw", bytes(v & 1 for v in voxels), "0,1", 0.259660457, True),
            ("three.raw", bytes(v >> 1 for v in voxels), "1,1e3,1e-6", 33.5276919, False),
        ):
            image = self.folder / name
            image.write_bytes(labels)
            found = cases.answer(solve(2, image, (128, 128, 128), conductivity, "--axis", "z"))
            self.assertEqual(found["status"], "converged")
            self.assertAlmostEqual(found["conductivity_S_per_m"] / expected, 1, delta=1e-6)
            self.assertEqual(found["removed_cells"] > 0, removes)

    def test_no_path_is_an_answer(self):
        image = self.folder / "cut.raw"
        image.write_bytes(bytes([1] * 48 + [0] * 16 + [1] * 16))
        found = cases.answer(solve(3, image, (4, 4, 5), "0,1", "--axis", "z"))
        self.assertEqual((found["status"], found["conductivity_S_per_m"]), ("no path", 0.0))
        self.assertEqual(found["removed_cells"], 64)

    def test_lines_for_a_reader(self):
        finished = cases.run(
            [MPIEXEC, NUMBER, 2, PROGRAM, self.image, "--size", cases.size_text(cases.SIZE), "--conductivity", "1,1,1"]
        )
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertIn("effective conductivity along x: 1 S/m (converged)", finished.stdout)

    def test_too_few_iterations(self):
        finished = solve(2, self.image, cases.SIZE, cases.CONDUCTIVITY, "--iterations", "2")
        self.assertEqual(finished.returncode, 4)
        self.assertIn('"not converged"', finished.stdout)

    def test_bad_input_ends_all_ranks_with_one_message(self):
        short = self.folder / "short.raw"
        short.write_bytes(cases.random_labels()[:-1])
        odd = self.folder / "odd.raw"
        odd.write_bytes(cases.random_labels()[:-1] + b"\x07")
        good = ("--size", cases.size_text(cases.SIZE), "--conductivity", "1,2,3")
        for code, words, arguments in (
            (3, "there is no such file", (self.folder / "absent.raw", *good)),
            (3, "this is not a file", (self.folder, *good)),
            (3, "the file has 4031 bytes", (short, *good)),
            (3, "label 7 at voxel (15, 13, 17)", (odd, *good)),
            (3, "label 2 at voxel", (self.image, *good[:2], "--conductivity", "1,2")),
            (2, "conductivities", (self.image, *good[:2], "--conductivity", "1,2,-3")),
            (2, "--conductivity", (self.image, *good[:2], "--conductivity", "1,2,many")),
            (2, "--size", (self.image, "--size", "16x14", "--conductivity", "1,2,3")),
            (2, "--size", (self.image, *good, "--sise", "1x1x1")),
            (2, "x, y or z", (self.image, *good, "--axis", "w")),
            (2, "parts", (self.image, *good, "--parts", "1x1x2")),
            (2, "size", (self.image, "--size", "90000x90000x90000", "--conductivity", "1")),
            (2, "image", good),
        ):
            with self.subTest(words):
                finished = cases.run([MPIEXEC, NUMBER, 3, PROGRAM, *arguments], timeout=60)
                self.assertEqual(finished.returncode, code, finished.stderr)
                self.assertEqual(finished.stdout.count("conductivity"), 0)
                said = [line for line in finished.stderr.splitlines() if line.startswith("closo-composite-mpi: ")]
                self.assertEqual(len(said), 1, finished.stderr)
                self.assertIn(words, said[0])

    def test_help_names_every_option(self):
        finished = cases.run([MPIEXEC, NUMBER, 2, PROGRAM, "--help"])
        self.assertEqual(finished.returncode, 0)
        for option in ("--size", "--conductivity", "--spacing", "--axis", "--tolerance", "--iterations", "--parts"):
            self.assertEqual(finished.stdout.count("\n" + option + " "), 1, option)


if __name__ == "__main__":
    PROGRAM, MPIEXEC, NUMBER = sys.argv[1:4]
    unittest.main(argv=sys.argv[:1])
