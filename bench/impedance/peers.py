#!/usr/bin/env python3
"""Runs the same measured spectra through closo's benchmark and through impedance.py and pyimpspec, and prints a table.

Usage: peers.py --venv <folder> --data <folder of the shared spectra> [--bench <closo_impedance_impedance_bench>]

Virtual environments are made under --venv (outside the source tree) where they are not there yet, one for each peer, which is
installed in it from PyPI. Nothing is written into the source tree. Every program gets the same points and start values, and its own
modulus weighting; chi² is the sum of |dZ|²/|Z|², computed here from the impedance each program returns. One core, one thread.
"""

import argparse
import csv
import importlib.metadata
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import warnings

# One environment each: impedance.py 1.7.1 cannot run its lin-KK with numpy 2, which newer pyimpspec asks for.
PACKAGES = {"impedance": ["impedance", "pandas", "numpy<2"], "pyimpspec": ["pyimpspec"]}
CELL_START = [0.015, 0.01, 1.0, 0.9, 0.01, 1.0, 0.9, 0.003]
PELLET_START = [5e4, 1e-10, 0.8, 5e5, 1e-10, 0.8, 3e-6, 0.6]
SERIES = pathlib.Path("EISFitpython") / "EIS_Data" / "Example-3-4"


def read_rows(path, capacitive_only):
    """Frequency [Hz] and impedance [Ohm] of a text file with three columns, ascending."""
    points = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.replace(",", " ").split()
        try:
            f, re, im = (float(word) for word in words[:3])
        except ValueError:
            continue
        if not capacitive_only or im < 0.0:
            points.append((f, complex(re, im)))
    points.sort(key=lambda point: point[0])
    return [f for f, _ in points], [z for _, z in points]


def spectra(data):
    """(name, frequency, impedance, dashed circuit, description code, rough start values, the known optimum)"""
    known = {item["file"]: [value for value, _ in item["params"].values()]
             for item in json.loads((data / "EXPECTED.json").read_text(encoding="utf-8"))["spectra"]}
    out = []
    f, z = read_rows(data / "impedance.py" / "exampleData.csv", True)
    out.append(("cell, 57 points", f, z, "R0-p(R1,CPE1)-p(R2,CPE2)-W1", "R(RQ)(RQ)W", CELL_START,
                known["impedance.py/exampleData.csv (rows with Im Z < 0)"]))
    for celsius in (140, 170, 200):
        f, z = read_rows(data / SERIES / f"s04147-{celsius}deg.txt", False)
        out.append((f"pellet {celsius} °C", f, z, "p(R1,CPE1)-p(R2,CPE2)-CPE3", "(RQ)(RQ)Q", PELLET_START,
                    known[(SERIES / f"s04147-{celsius}deg.txt").as_posix()]))
    return out


def chi_square(measured, model):
    return sum(abs(a - b) ** 2 / abs(a) ** 2 for a, b in zip(measured, model))


def timed(function, limit=1.5):
    """Median seconds of repeated calls and the last answer; at least one call, at most `limit` seconds or so."""
    seconds, begin = [], time.perf_counter()
    while True:
        start = time.perf_counter()
        answer = function()
        seconds.append(time.perf_counter() - start)
        if time.perf_counter() - begin > limit:
            return statistics.median(seconds), answer


def rows_of_impedance_py(cases):
    import numpy as np
    from impedance.models.circuits import CustomCircuit
    from impedance.validation import linKK

    for name, f, z, circuit, _, rough, optimum in cases:
        f, z = np.array(f), np.array(z)

        def fit(start, f=f, z=z, circuit=circuit):
            # W of impedance.py is sigma (1 - j)/sqrt(w), as here.
            model = CustomCircuit(circuit, initial_guess=list(start))
            model.fit(f, z, weight_by_modulus=True)
            return model.predict(f)

        yield "fit, rough start", name, (lambda fit=fit, s=rough: fit(s)), lambda model, z=z: chi_square(z, model)
        yield "fit, start at the optimum", name, (lambda fit=fit, s=optimum: fit(s)), lambda model, z=z: chi_square(z, model)
        yield "lin-KK", name, (lambda f=f, z=z: linKK(f[::-1], z[::-1], c=0.85, max_M=100, fit_type="complex", add_cap=True)), \
            lambda answer, z=z: chi_square(z[::-1], answer[2])


def rows_of_pyimpspec(cases):
    import numpy as np
    import pyimpspec

    def with_start(code, start):
        circuit, values = pyimpspec.parse_cdc(code), list(start)
        for element in circuit.get_elements():
            for key in element.get_values():
                if element.get_symbol() == "W" and key == "n":
                    continue
                value = values.pop(0)
                # Its Warburg element is an admittance Y sqrt(s).
                element.set_values(**{key: 1.0 / (value * 2.0**0.5) if element.get_symbol() == "W" else value})
        return circuit

    def misfit(answer, f, z):
        found = dict(zip(answer.get_frequencies(), answer.get_impedances()))
        return chi_square(z, [found[frequency] for frequency in f])

    for name, f, z, _, code, rough, optimum in cases:
        data = pyimpspec.DataSet(frequencies=np.array(f), impedances=np.array(z))

        def fit(start, data=data, code=code):
            return pyimpspec.fit_circuit(with_start(code, start), data, method="leastsq", weight="modulus", num_procs=1)

        quality = lambda answer, f=f, z=z: misfit(answer, f, z)
        yield "fit, rough start", name, (lambda fit=fit, s=rough: fit(s)), quality
        yield "fit, start at the optimum", name, (lambda fit=fit, s=optimum: fit(s)), quality
        yield "lin-KK", name, (lambda data=data: pyimpspec.perform_kramers_kronig_test(data, num_procs=1)), quality
        yield "DRT", name, (lambda data=data: pyimpspec.calculate_drt(data, method="tr-nnls", num_procs=1)), quality


def work(peer, data):
    """Inside the peer's environment: measures it and prints one JSON line for each case."""
    warnings.simplefilter("ignore")
    rows = rows_of_impedance_py if peer == "impedance" else rows_of_pyimpspec
    version = importlib.metadata.version(peer)
    for job, name, function, quality in rows(spectra(data)):
        row = {"program": f"{peer} {version}", "job": job, "spectrum": name}
        try:
            seconds, answer = timed(function)
            row.update(ms=1e3 * seconds, chi2=float(quality(answer)))
        except Exception as error:  # a peer that fails is a result of the comparison
            row["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(row), flush=True)


def rows_of_peer(peer, venv, data):
    python = venv / peer / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv / peer)], check=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES[peer]]
    subprocess.run([str(python), *install], check=True)
    single = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run([str(python), __file__, "--venv", str(venv), "--data", str(data), "--work", peer], check=True,
                          stdout=subprocess.PIPE, text=True, encoding="utf-8", env=single)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def rows_of_closo(bench):
    done = subprocess.run([bench, "--benchmark_format=json", "--benchmark_min_time=0.3"], check=True, capture_output=True,
                          text=True, encoding="utf-8")
    for item in json.loads(done.stdout)["benchmarks"]:
        if item.get("error_occurred"):
            continue
        milliseconds = item["cpu_time"] * {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}[item["time_unit"]]
        yield {"program": "closo", "job": item["name"], "spectrum": f"{item['points']:.0f} points" if "points" in item else "",
               "ms": milliseconds, **({"chi2": item["chi2"]} if "chi2" in item else {})}


def print_table(rows):
    writer = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    writer.writerow(["program", "job", "spectrum", "ms", "per second", "chi2"])
    for row in rows:
        if "error" in row:
            writer.writerow([row["program"], row["job"], row["spectrum"], "failed", "", row["error"][:100]])
        else:
            chi2 = f"{row['chi2']:.6g}" if "chi2" in row else ""
            writer.writerow([row["program"], row["job"], row["spectrum"], f"{row['ms']:.4g}", f"{1e3 / row['ms']:.4g}", chi2])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venv", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path)
    parser.add_argument("--work", choices=sorted(PACKAGES), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    data = arguments.data.resolve()
    if not (data / "EXPECTED.json").exists():
        parser.error(f"{data} does not hold the shared spectra")
    if arguments.work:
        return work(arguments.work, data)
    tree = pathlib.Path(__file__).resolve().parent.parent.parent
    venv = arguments.venv.resolve()
    if tree == venv or tree in venv.parents:
        parser.error("--venv lies inside the source tree")
    rows = [row for peer in PACKAGES for row in rows_of_peer(peer, venv, data)]
    if arguments.bench:
        rows += rows_of_closo(str(arguments.bench))
    print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
