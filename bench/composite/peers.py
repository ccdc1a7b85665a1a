#!/usr/bin/env python3
"""Solves the same voxel images with closo, hypre (PFMG and BoomerAMG) and TauFactor 2 in one run and prints Markdown tables.

Usage: peers.py --bench <build>/bench --venv <folder> --images <folder> [--sizes 128 256] [--repetitions 5] [--limit 300]

--venv gets TauFactor and numpy from PyPI where they are not there yet, --images the microstructures grf<n>.u8 (seeded, so the
same everywhere); both lie outside of the source tree. Two phases: 50 vol% conductor of a Gaussian random field, 1 : 0; three phases:
25 vol% oxide under an interphase of two voxels, bulk : interphase : oxide = 1 : 1e3 : 1e-6. The programs take turns, every solve in a
process of its own; times run from the image in memory to a relative residual of 1e-6, set-up included. TauFactor stops by its own rule
(fluxes of all layers within 1e-4) or at --limit seconds. closo and TauFactor on two cores, closo and hypre on one are compared
with each other. Memory: growth of the resident memory over the image.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
SEEDS = {128: 1, 256: 2, 512: 3}
CONDUCTIVITY = {2: {1: 1.0}, 3: {1: 1.0, 2: 1e3, 3: 1e-6}}  # for TauFactor, where label 0 insulates
# Converged answers of the finite-volume system (relative residual below 1e-8, two independent solvers).
CONVERGED = {(2, 128): 0.259660457, (3, 128): 33.5276919, (2, 256): 0.255072272, (3, 256): 34.7338988}
BARS_NS_PER_VOXEL = {2: 70.0, 3: 180.0}


def make_image(n, path):
    """Periodic random field, covariance exp(-r²/(2·6²)); bit 0: above the median; bits 1 and 2: three phases."""
    import numpy as np

    field = np.random.default_rng(SEEDS[n]).standard_normal((n, n, n)).astype(np.float32)
    waves = np.fft.rfftn(field.astype(np.float64))
    for axis, k in enumerate((np.fft.fftfreq(n), np.fft.fftfreq(n), np.fft.rfftfreq(n))):
        damping = np.exp(-0.5 * (6.0 / np.sqrt(2)) ** 2 * (2 * np.pi * k) ** 2).astype(np.float32)
        waves *= damping.reshape([-1 if i == axis else 1 for i in range(3)])
    field = np.fft.irfftn(waves, s=(n, n, n), axes=(0, 1, 2)).astype(np.float32)
    del waves
    conductor = field > np.median(field)
    oxide = field > np.quantile(field, 0.75)
    del field
    near = oxide.copy()
    reach = range(-2, 3)
    for step in ((x, y, z) for x in reach for y in reach for z in reach if 0 < x * x + y * y + z * z <= 4):
        near |= np.roll(oxide, step, (0, 1, 2))
    labels = conductor.astype(np.uint8)
    labels |= (near & ~oxide).astype(np.uint8) << 1
    labels |= oxide.astype(np.uint8) << 2
    labels.tofile(path)


def solve_with_taufactor(path, n, phases, limit, threads):
    """One JSON line, as hypre_peer.cpp prints it."""
    import importlib.metadata
    import resource

    import numpy as np
    import taufactor
    import torch

    torch.set_num_threads(threads)
    labels = np.fromfile(path, np.uint8).reshape(n, n, n)
    labels = labels & 1 if phases == 2 else (labels >> 1) + 1
    with open("/proc/self/statm", encoding="ascii") as file:
        before = int(file.read().split()[1]) * resource.getpagesize()
    begin, cpu = time.perf_counter(), time.process_time()
    if phases == 2:
        solver = taufactor.Solver(labels, device="cpu")
    else:
        solver = taufactor.MultiPhaseSolver(labels, cond=CONDUCTIVITY[3], device="cpu")
    state = {}
    measure, check = solver.compute_metrics, solver.check_convergence

    def compute_metrics():
        tau, imbalance = measure()
        state["imbalance"] = float(np.max(imbalance))
        return tau, imbalance

    def check_convergence(*arguments):
        state["converged"] = bool(check(*arguments))
        return state["converged"] or time.perf_counter() - begin > limit

    solver.compute_metrics, solver.check_convergence = compute_metrics, check_convergence
    solver.solve(iter_limit=10**7, verbose=False, conv_crit=1e-4)
    seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - cpu
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"version": " " + importlib.metadata.version("taufactor"), "seconds": seconds, "cpu_seconds": cpu_seconds,
                      "iterations": solver.iter, "conductivity": float(np.ravel(solver.D_eff)[0]),
                      "converged": state["converged"], "imbalance": state["imbalance"],
                      "bytes_per_voxel": (peak - before) / n**3}))


def run_json(command, environment=None):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, **(environment or {})})
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if done.returncode == 0 and lines else {"error": f"exit code {done.returncode}"}


def run_bench(bench, images, pattern, seconds=0.001):
    """The first case that matches, for at least these seconds."""
    done = subprocess.run([bench / "closo_composite_conductivity_bench", f"--benchmark_filter={pattern}", "--benchmark_format=json",
                           f"--benchmark_min_time={seconds}"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          encoding="utf-8", env={**os.environ, "CLOSO_BENCH_IMAGES": str(images)})
    return json.loads(done.stdout)["benchmarks"][0]


def solve_with_closo(bench, images, n, phases, threads):
    item = run_bench(bench, images, f"^solve/phases:{phases}/size:{n}/threads:{threads}/")
    if item.get("error_occurred"):
        return {"error": item["error_message"]}
    return {"version": "", "seconds": item["real_time"] / 1e3, "cpu_seconds": item["cpu_time"] / 1e3, "iterations": int(item["steps"]),
            "conductivity": item["conductivity"], "converged": True, "bytes_per_voxel": item["resident_bytes/voxel"],
            "state": item["state_bytes/voxel"], "moved": item["moved_bytes/voxel"]}


def programs(arguments, n, phases):
    """(name, cores, slow, function)"""
    path = arguments.images / f"grf{n}.u8"
    for threads in (1, 2):
        yield "closo", threads, False, lambda t=threads: solve_with_closo(arguments.bench, arguments.images, n, phases, t)
    for name, method in (("PFMG-CG", "pfmg"), ("BoomerAMG-CG", "boomeramg")):
        yield f"hypre {name}", 1, False, lambda m=method: run_json(
            [arguments.bench / "closo_composite_hypre_peer", path, str(n), str(phases), m], {"OMP_NUM_THREADS": "1"})
    yield "TauFactor", 2, True, lambda: run_json(
        [arguments.venv / "bin" / "python", __file__, "--child", "taufactor", str(path), str(n), str(phases), str(arguments.limit), "2"])


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def table_row(title, name, cores, runs, voxels, answer, closo):
    good = [run for run in runs if "error" not in run]
    if not good:
        return f"| {title} | {name} | {cores} | {runs[0]['error']} | | | | | | | | | |"
    last = good[-1]
    seconds = median(good, "seconds")
    error = f"{abs(last['conductivity'] / answer - 1):.1e}" if answer else "–"
    note = "" if last["converged"] else f" (not converged: imbalance {last['imbalance']:.1e})" if "imbalance" in last else \
        f" (not converged: residual {last['relative_residual']:.1e})"
    ratio = f"{seconds / closo[cores][0]:.3g} | {median(good, 'cpu_seconds') / closo[cores][1]:.3g}" if cores in closo else "– | –"
    return (f"| {title} | {name}{last['version']} | {cores} | {seconds:.3g}{note} | {min(r['seconds'] for r in good):.3g} | "
            f"{median(good, 'cpu_seconds'):.3g} | {1e9 * seconds / voxels:.0f} | {last['conductivity']:.9g} | {error} | "
            f"{last['iterations']} | {median(good, 'bytes_per_voxel'):.0f} | {ratio} |")


def limit_row(title, threads, runs, voxels, triads):
    """Time that the fields of the finest grid need at the bandwidth of the triad."""
    moved, steps = runs[-1]["moved"], runs[-1]["iterations"]
    triad = statistics.median(triads[threads])
    limit, taken = moved * steps / triad, median(runs, "seconds") / voxels
    return (f"| {title} | {threads} | {triad / 1e9:.1f} | {max(triads[threads]) / 1e9:.1f} | {moved:.0f} | {steps} | {1e9 * limit:.0f} | "
            f"{1e9 * taken:.0f} | {100 * limit / taken:.0f} % | {runs[-1]['state']:.1f} |")


def measure(arguments, n, phases):
    """Every program's runs and the triads between them."""
    chosen = list(programs(arguments, n, phases))
    runs = {(name, cores): [] for name, cores, _, _ in chosen}
    triads = {1: [], 2: []}
    for repetition in range(arguments.repetitions):
        for threads in triads:
            triad = run_bench(arguments.bench, arguments.images, f"^stream_triad/threads:{threads}/", 0.3)
            triads[threads].append(triad["bytes_per_second"])
        for name, cores, is_slow, function in chosen:
            # The slow one does not repeat, and the largest image is for those that are quick enough.
            if name.split()[0] in arguments.without or (is_slow and repetition > 0) or (n > 256 and name != "closo"):
                continue
            runs[name, cores].append(function())
            print(f"{name} {cores} {phases} {n}: {runs[name, cores][-1]}", file=sys.stderr, flush=True)
    return {key: value for key, value in runs.items() if value}, triads


def print_tables(arguments):
    limits, bars = [], []
    print("| image | program | cores | median s | best s | CPU s | ns/voxel | conductivity | error | iterations | bytes/voxel "
          "| time / closo | CPU / closo |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for n in arguments.sizes:
        for phases in (2, 3):
            title, voxels = f"{n}³, {phases} phases", n**3
            runs, triads = measure(arguments, n, phases)
            closo = {cores: (median(found, "seconds"), median(found, "cpu_seconds")) for (name, cores), found in runs.items()
                     if name == "closo" and all("error" not in run for run in found)}
            for (name, cores), found in runs.items():
                print(table_row(title, name, cores, found, voxels, CONVERGED.get((phases, n)), closo), flush=True)
            for cores in closo:
                limits.append(limit_row(title, cores, runs["closo", cores], voxels, triads))
            if 2 in closo:
                found = runs["closo", 2]
                wall, best, half_cpu = closo[2][0], min(run["seconds"] for run in found), min(run["cpu_seconds"] for run in found) / 2
                bars.append(f"{title} on two cores: {1e9 * wall / voxels:.0f} ns/voxel, at best {1e9 * best / voxels:.0f}, half of the "
                            f"least CPU time {1e9 * half_cpu / voxels:.0f}; bar {BARS_NS_PER_VOXEL[phases]:.0f}")
    print("\n| image | threads | triad GB/s | best | moved bytes/voxel, iteration | iterations | limit ns/voxel | measured | share "
          "| state bytes/voxel |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    print("\n".join(limits) + "\n\n" + "\n".join(f"- {line}" for line in bars))


def main():
    if sys.argv[1:3] == ["--child", "taufactor"]:
        path, n, phases, limit, threads = sys.argv[3:]
        return solve_with_taufactor(path, int(n), int(phases), float(limit), int(threads))
    if sys.argv[1:3] == ["--child", "image"]:
        return make_image(int(sys.argv[3]), sys.argv[4])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=pathlib.Path, required=True, help="folder of the benchmark programs")
    parser.add_argument("--venv", type=pathlib.Path, required=True)
    parser.add_argument("--images", type=pathlib.Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", choices=sorted(SEEDS), default=[128, 256])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for each run of TauFactor")
    parser.add_argument("--without", nargs="*", default=[], choices=["hypre", "TauFactor"])
    arguments = parser.parse_args()
    for name in ("bench", "venv", "images"):
        setattr(arguments, name, getattr(arguments, name).resolve())
    for folder in (arguments.venv, arguments.images):
        if TREE == folder or TREE in folder.parents:
            parser.error(f"{folder} lies inside the source tree")
    python = arguments.venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(arguments.venv)], check=True)
    if subprocess.run([python, "-c", "import numpy, taufactor"], capture_output=True).returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "taufactor", "numpy"], check=True)
    arguments.images.mkdir(parents=True, exist_ok=True)
    for n in arguments.sizes:
        path = arguments.images / f"grf{n}.u8"
        if not path.exists() or path.stat().st_size != n**3:
            subprocess.run([python, __file__, "--child", "image", str(n), str(path)], check=True)
    print(f"load averages before: {os.getloadavg()}")
    print_tables(arguments)
    print(f"\nload averages after: {os.getloadavg()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
