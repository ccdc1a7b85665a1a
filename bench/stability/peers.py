#!/usr/bin/env python3
"""Runs the same jobs on the same phases with closo's benchmark and with pymatgen, and prints a Markdown table of medians.

Usage: <python of an environment with pymatgen> peers.py --bench <closo_stability_stability_bench> [--repetitions 5]

The benchmark writes the phases it uses as CSV into a temporary folder, pymatgen reads them from there. Where pymatgen works from a
finished phase diagram, its row says so and the diagram is not counted; closo starts from the phases every time. Jobs pymatgen has no
function for are written with its parts; rows marked "≈" are extrapolated from a few pieces. One process each; the two rows in wall
time (Monte Carlo, matrix) use all cores in closo and one in pymatgen.
"""

import argparse
import contextlib
import csv
import importlib.metadata
import io
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

MILLISECONDS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
CONTACTS = {"LiBH4_LiCoO2": ("LiBH4", "LiCoO2", "CoO2"), "LiBH4_LiFePO4": ("LiBH4", "LiFePO4", "FePO4"),
            "Li6PS5Cl_LiCoO2": ("Li6PS5Cl", "LiCoO2", "CoO2")}
ELECTROLYTES = ["LiBH4", "Li2B12H12", "Li10GeP2S12", "Li7La3Zr2O12"]
DRAWS = 20


def run_closo(bench, folder, repetitions):
    """Name of the benchmark (arguments after a slash) -> median in ms and its counters."""
    command = [bench, "--benchmark_format=json", "--benchmark_min_time=0.1", f"--benchmark_repetitions={repetitions}",
               "--benchmark_report_aggregates_only=true"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8",
                          env={**os.environ, "CLOSO_BENCH_ENTRIES": str(folder)})
    out = {}
    for item in json.loads(done.stdout)["benchmarks"]:
        if item.get("error_occurred") or item.get("aggregate_name") != "median":
            continue
        name, slash, _ = item["run_name"].partition("/process_time/real_time")
        time_of = item["real_time" if slash else "cpu_time"]
        out[name] = {**item, "median_ms": time_of * MILLISECONDS[item["time_unit"]]}
    return out


def median_ms(function, repetitions):
    """Median CPU time of the calls and the last answer; long jobs run once."""
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        answer = function()
        times.append(1e3 * (time.process_time() - start))
        if times[-1] > 5e3:
            break
    return statistics.median(times), answer


def read_entries(path):
    from pymatgen.analysis.phase_diagram import PDEntry
    from pymatgen.core import Composition

    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    compositions = [Composition(row["formula"]) for row in rows]
    return [PDEntry(c, float(row["energy_eV_per_atom"]) * c.num_atoms) for c, row in zip(compositions, rows)]


def energy_of(entries, formula):
    """Per formula unit, of the lowest entry with this composition."""
    from pymatgen.core import Composition

    wanted = Composition(formula)
    return min(e.energy_per_atom for e in entries if e.composition.reduced_formula == wanted.reduced_formula) * wanted.num_atoms


def lowest_kink(reactivity):
    # A reaction without a change prints a line each.
    with contextlib.redirect_stdout(io.StringIO()):
        return min(kink[2] for kink in reactivity.get_kinks())


class Pymatgen:
    """The same jobs; each yields (closo's benchmark, job, note, ms, answer, name of closo's counter)."""

    def __init__(self, folder, repetitions):
        self.folder, self.repetitions = folder, repetitions

    def entries(self, name):
        path = self.folder / f"{name}.csv"
        return read_entries(path) if path.exists() else None

    def synthetic(self):
        from pymatgen.analysis.interface_reactions import InterfacialReactivity
        from pymatgen.analysis.phase_diagram import PhaseDiagram
        from pymatgen.core import Composition, Element

        for count in (4, 6):
            entries = self.entries(f"synthetic_{count}x1000")
            ms, diagram = median_ms(lambda e=entries: PhaseDiagram(e), self.repetitions)
            size = f"{count} elements, {len(entries)} phases"
            if count == 4:
                yield "facets/4/1000", f"hull as facets, {size}", "", ms, len(diagram.facets), "facets"
            above, mean = median_ms(
                lambda d=diagram, e=entries: statistics.fmean(d.get_e_above_hull(entry) for entry in e), 1)
            yield f"all_hull_energies/{count}/1000", f"energy above hull of all phases, {size}", "with the diagram", \
                ms + above, mean, "mean_eV"
            mixed = Composition({element: 1 for element in diagram.elements})
            one, energy = median_ms(lambda d=diagram, c=mixed: d.get_hull_energy_per_atom(c), 5 * self.repetitions)
            yield f"one_decomposition/{count}/1000", f"one decomposition, {size}", "diagram given", one, energy, "energy_eV"
            profile, steps = median_ms(lambda d=diagram, c=mixed: d.get_element_profile(Element("Li"), c), self.repetitions)
            yield f"profile/{count}/1000", f"exact Li profile, {size}", "diagram given", profile, len(steps), None
        entries = self.entries("synthetic_7x422")
        materials = [entry.composition for entry in entries if len(entry.composition.elements) == 4][:2]
        ms, diagram = median_ms(lambda: PhaseDiagram(entries), 1)
        kinks, energy = median_ms(lambda: lowest_kink(
            InterfacialReactivity(*materials, diagram, norm=True, use_hull_energy=False)), self.repetitions)
        yield "synthetic_interface/7/422", "closed interface with kinks, 7 elements, 422 phases", \
            f"diagram given ({ms:.0f} ms more)", kinks, energy, "mixing_eV"

    def real(self):
        from pymatgen.analysis.interface_reactions import GrandPotentialInterfacialReactivity, InterfacialReactivity
        from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram, PDEntry, PhaseDiagram
        from pymatgen.core import Composition, Element

        lithium = Element("Li")
        pairs = []
        for number, (name, (electrolyte, discharged, charged)) in enumerate(CONTACTS.items()):
            entries = self.entries(name)
            if entries is None:
                return
            voltage = energy_of(entries, charged) - energy_of(entries, discharged)
            a, b = Composition(electrolyte), Composition(discharged)
            build, diagram = median_ms(lambda e=entries: PhaseDiagram(e), 1)

            def opened(e=entries, d=diagram, a=a, b=b, v=voltage):
                grand = GrandPotentialPhaseDiagram(e, {lithium: -v})
                return lowest_kink(GrandPotentialInterfacialReactivity(
                    a, b, grand, d, include_no_mixing_energy=True, norm=True, use_hull_energy=False))

            ms, energy = median_ms(opened, self.repetitions)
            closed, _ = median_ms(lambda d=diagram, a=a, b=b: lowest_kink(
                InterfacialReactivity(a, b, d, norm=True, use_hull_energy=False)), self.repetitions)
            pairs.append(build + 2 * ms + 2 * closed)
            yield f"interface_open/{number}", \
                f"interface {electrolyte} and {discharged} at {voltage:.2f} V, {len(entries)} phases", \
                "with the grand potential diagram", ms, energy, "mixing_eV"
        for number, compound in enumerate(ELECTROLYTES):
            entries = self.entries(compound)
            build, diagram = median_ms(lambda e=entries: PhaseDiagram(e), self.repetitions)
            composition = Composition(compound)
            ms, steps = median_ms(lambda d=diagram, c=composition: d.get_element_profile(lithium, c), self.repetitions)
            yield f"real_profile/{number}", f"exact Li profile of {compound}, {len(entries)} phases", "with the diagram", \
                build + ms, len(steps), None
        entries = self.entries(ELECTROLYTES[0])
        composition = Composition(ELECTROLYTES[0])
        noise = random.Random(1)

        def draws():
            for _ in range(DRAWS):
                moved = [entry if entry.is_element else PDEntry(
                    entry.composition, entry.energy + noise.gauss(0.0, 0.024) * entry.composition.num_atoms)
                    for entry in entries]
                PhaseDiagram(moved).get_element_profile(lithium, composition)

        ms, _ = median_ms(draws, 1)
        yield "monte_carlo_window/0", f"10,000 draws of the window of {ELECTROLYTES[0]}", \
            f"≈ {DRAWS} draws scaled", ms * 10000 / DRAWS, None, None
        yield "matrix", "matrix of 100 × 100, closed and open, discharged and charged", \
            f"≈ mean of {len(pairs)} pairs, 10,000 times", statistics.fmean(pairs) * 10000, None, None


def quantity(value):
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def time_text(ms):
    for limit, scale, unit in ((1.0, 1e3, "µs"), (1e3, 1.0, "ms"), (6e4, 1e-3, "s"), (3.6e6, 1 / 6e4, "min")):
        if ms < limit:
            return f"{ms * scale:.3g} {unit}"
    return f"{ms / 3.6e6:.3g} h"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True, help="closo_stability_stability_bench")
    parser.add_argument("--repetitions", type=int, default=5, help="runs of each job whose median counts (default 5)")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        closo = run_closo(arguments.bench, folder, arguments.repetitions)
        peer = Pymatgen(folder, arguments.repetitions)
        print(f"| job | closo | pymatgen {importlib.metadata.version('pymatgen')} | ratio | answers | pymatgen's row |")
        print("|---|---|---|---|---|---|")
        for benchmark, job, note, ms, answer, counter in [*peer.synthetic(), *peer.real()]:
            own = closo[benchmark]
            answers = f"{quantity(own[counter] if counter != 'facets' else int(own[counter]))} / {quantity(answer)}" \
                if counter else "–"
            print(f"| {job} | {time_text(own['median_ms'])} | {time_text(ms)} | {ms / own['median_ms']:.3g} | {answers} | {note} |",
                  flush=True)
        for benchmark, own in closo.items():
            if re.match("window/|interface_two|interface_51|system_of|monte_carlo_window/[1-9]", benchmark):
                print(f"| {benchmark} {own.get('label', '')} | {time_text(own['median_ms'])} | – | – | – | |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
