#!/usr/bin/env python3
"""Runs the same cell with closo, SUNDIALS IDA (the tests' oracle) and PyBaMM in one run and prints Markdown tables.

Usage: peers.py --bench <build>/bench --venv <folder> [--rounds 5]

--venv gets PyBaMM from PyPI where it is not there yet; it lies outside of the source tree. The cell is Li | single-ion electrolyte |
TiS2 at 60 °C (closo/cell/reference_cell_test.hpp): PyBaMM's half-cell DFN with a transport number of 1, solved by IDAKLU at its own
tolerances. The programs take turns; times are CPU time of one process on one core, set-up excluded except for the first call.
Errors: largest |ΔV| at a program's own time steps against its own 80 × 200 mesh with tight tolerances, over the whole discharge and over
its first 99 % (then the voltage falls off a cliff); IDA is timed only, because its equations and mesh are closo's.
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
MESHES = (20, 40)
RATES = (0.1, 1.0, 2.0)
ONE_HOUR_CURRENT = 21.504  # A/m²
BARS = {(20, 1.0): 0.6, (40, 1.0): 1.5}  # CPU ms of a discharge
BAR_CYCLE, BAR_FIRST = 2.0, 10.0  # ms


def pybamm_parameters(pybamm, rate):
    faraday, kelvin = 96487.0, 333.15  # dualfoil's Faraday constant in the kinetics and the curve, as in closo's cell
    charge = 3.6e6 * 239.0 * 3.27  # C/m³ of active material
    concentration = charge / 96485.33212
    exchange = faraday * 2.25e-11 * 1000.0**0.5 * charge / faraday
    thermal = 8.31446261815324 * kelvin / 96485.33212

    def exchange_current_density(_electrolyte, surface, maximum, _temperature):
        z = surface / maximum
        return exchange * pybamm.sqrt(z * (1 - z))

    def open_circuit(z):
        return 2.17 + thermal * (pybamm.log((1 - z) / z) - 5.58e-4 * charge / faraday * z + 8.1)

    values = pybamm.ParameterValues("Xu2019")
    values.update({
        "Ambient temperature [K]": kelvin, "Initial temperature [K]": kelvin, "Reference temperature [K]": kelvin,
        "Separator thickness [m]": 500e-6, "Separator porosity": 1.0,
        "Positive electrode thickness [m]": 50e-6, "Positive electrode porosity": 0.4,
        "Positive electrode active material volume fraction": 0.55,
        "Positive electrode Bruggeman coefficient (electrolyte)": 1.5,
        "Positive electrode Bruggeman coefficient (electrode)": 0.0,
        "Positive electrode conductivity [S.m-1]": 0.6**1.5,
        "Positive particle radius [m]": 2e-6, "Positive particle diffusivity [m2.s-1]": 1e-15,
        "Maximum concentration in positive electrode [mol.m-3]": concentration,
        "Initial concentration in positive electrode [mol.m-3]": 0.01 * concentration,
        "Positive electrode exchange-current density [A.m-2]": exchange_current_density,
        "Positive electrode OCP [V]": open_circuit, "Positive electrode OCP entropic change [V.K-1]": 0.0,
        "Electrolyte conductivity [S.m-1]": 0.1, "Electrolyte diffusivity [m2.s-1]": 1e-10,
        "Cation transference number": 1.0, "Thermodynamic factor": 1.0,
        "Initial concentration in electrolyte [mol.m-3]": 1000.0,
        "Exchange-current density for lithium metal electrode [A.m-2]": faraday * 3.277e-6 * 1000.0**0.5,
        "Electrode width [m]": 1.0, "Electrode height [m]": 1.0,
        "Number of electrodes connected in parallel to make a cell": 1.0,
        "Number of cells connected in series to make a battery": 1.0,
        "Nominal cell capacity [A.h]": ONE_HOUR_CURRENT, "Current function [A]": rate * ONE_HOUR_CURRENT,
        "Lower voltage cut-off [V]": 1.5, "Upper voltage cut-off [V]": 3.0,
    }, check_already_exists=False)
    return values


def pybamm_simulation(pybamm, rate, cells, shells, **options):
    mesh = {"x_n": 20, "x_s": 20, "x_p": cells, "r_n": shells, "r_p": shells}
    return pybamm.Simulation(pybamm.lithium_ion.DFN({"working electrode": "positive"}), var_pts=mesh,
                             parameter_values=pybamm_parameters(pybamm, rate), **options)


def largest_error(t, v, fine_t, fine_v, part):
    import numpy as np

    end = part * min(t[-1], fine_t[-1])
    inside = t <= end
    return 1e3 * float(np.max(np.abs(v[inside] - np.interp(t[inside], fine_t, fine_v))))


def measure_pybamm(with_errors):
    """One JSON line: CPU times of this round, errors if asked for."""
    import numpy as np
    import pybamm

    pybamm.set_logging_level("ERROR")
    found = {"version": pybamm.__version__, "cases": {}}
    for rate in RATES:
        if with_errors:
            end = 4320.0 / rate
            fine = pybamm_simulation(pybamm, rate, 80, 200, solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10))
            fine = fine.solve([0, end], t_interp=np.linspace(0, end, 60001))
            fine_t, fine_v = fine["Time [s]"].entries, fine["Voltage [V]"].entries
        for mesh in MESHES:
            begin = time.process_time()
            simulation = pybamm_simulation(pybamm, rate, mesh, mesh, solver=pybamm.IDAKLUSolver())
            solution = simulation.solve([0, 4320.0 / rate])
            first = time.process_time() - begin
            times = []
            for _ in range(5):
                begin = time.process_time()
                solution = simulation.solve([0, 4320.0 / rate])
                times.append(time.process_time() - begin)
            t, v = solution["Time [s]"].entries, solution["Voltage [V]"].entries
            case = {"ms": 1e3 * statistics.median(times), "first_ms": 1e3 * first, "steps": len(t),
                    "capacity": rate * ONE_HOUR_CURRENT * t[-1] / 3600}
            if with_errors:
                case["error"] = largest_error(t, v, fine_t, fine_v, 1.0)
                case["error_99"] = largest_error(t, v, fine_t, fine_v, 0.99)
            found["cases"][f"{mesh} {rate}"] = case
    experiment = pybamm.Experiment(["Discharge at C/2 until 1.5 V", "Rest for 1 hour", "Charge at C/2 until 2.5 V", "Rest for 1 hour"] * 20)
    for mesh in MESHES:
        simulation = pybamm_simulation(pybamm, 1.0, mesh, mesh, experiment=experiment, solver=pybamm.IDAKLUSolver())
        simulation.solve()
        begin = time.process_time()
        simulation.solve()
        found["cases"][f"{mesh} cycle"] = {"ms": 1e3 * (time.process_time() - begin) / 20}
    print(json.dumps(found))


def run_bench(program, pattern="."):
    done = subprocess.run([program, f"--benchmark_filter={pattern}", "--benchmark_format=json", "--benchmark_min_time=0.1"], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")
    return {item["name"]: item for item in json.loads(done.stdout)["benchmarks"]}


def median(rounds, *path):
    values = []
    for item in rounds:
        for key in path:
            item = item[key]
        values.append(item)
    return statistics.median(values), min(values)


def number(value):
    return f"{value:.3g}"


def print_tables(closo, oracle, pybamm):
    version = pybamm[0]["version"]
    print("| discharge | program | CPU ms, median | least | steps | error mV | to 99 % | capacity Ah/m² | CPU / closo |")
    print("|---|---|---|---|---|---|---|---|---|")
    bars = []
    for mesh in MESHES:
        for rate in RATES:
            title, name = f"{mesh} × {mesh}, {rate:g}C", f"discharge/mesh:{mesh}/tenths_of_C:{round(10 * rate)}"
            own = closo[0][name]
            own_median, own_least = median(closo, name, "cpu_time")
            print(f"| {title} | closo | {number(own_median)} | {number(own_least)} | {own['steps']:.0f} | {number(own['error_mV'])} | "
                  f"{number(own['error_to_99_percent_mV'])} | {own['capacity']:.5f} | 1 |")
            if oracle:
                ida_median, ida_least = median(oracle, name, "cpu_time")
                print(f"| {title} | SUNDIALS IDA + KLU | {number(ida_median)} | {number(ida_least)} | {oracle[0][name]['steps']:.0f} | | | "
                      f"{oracle[0][name]['capacity']:.5f} | {number(ida_median / own_median)} |")
            case = pybamm[0]["cases"][f"{mesh} {rate}"]
            peer_median, peer_least = median(pybamm, "cases", f"{mesh} {rate}", "ms")
            print(f"| {title} | PyBaMM {version} IDAKLU | {number(peer_median)} | {number(peer_least)} | {case['steps']} | "
                  f"{number(case['error'])} | {number(case['error_99'])} | {case['capacity']:.5f} | {number(peer_median / own_median)} |")
            if (mesh, rate) in BARS:
                bars.append(f"{title}: {number(own_median)} ms, bar {BARS[mesh, rate]} ms")
    print("\n| work | closo, CPU ms | PyBaMM, CPU ms | ratio |\n|---|---|---|---|")
    for mesh in MESHES:
        own, peer = median(closo, f"twenty_cycles/mesh:{mesh}", "cpu_time")[0] / 20, median(pybamm, "cases", f"{mesh} cycle", "ms")[0]
        print(f"| {mesh} × {mesh}, a cycle of C/2 discharge, rest, charge, rest (of 20) | {number(own)} | {number(peer)} | {number(peer / own)} |")
        if mesh == 20:
            bars.append(f"a cycle: {number(own)} ms, bar {BAR_CYCLE} ms")
        own, peer = median(closo, f"first_call/mesh:{mesh}", "cpu_time")[0], median(pybamm, "cases", f"{mesh} 1.0", "first_ms")[0]
        print(f"| {mesh} × {mesh}, first call at 1C: build and solve | {number(own)} | {number(peer)} | {number(peer / own)} |")
        bars.append(f"first call {mesh} × {mesh}: {number(own)} ms, bar {BAR_FIRST} ms")
    ageing = median(closo, "ageing/process_time", "cpu_time")[0] / 1e3
    print(f"| 1,000 ageing cycles (contact, damage, growth), 20 × 20 | {1e3 * ageing:.0f} | | |")
    for threads in (1, 2):
        name = f"sweep/threads:{threads}/process_time/real_time"
        print(f"| 1,000 cells at 20 × 20, {threads} thread{'s' if threads > 1 else ''}: elapsed {median(closo, name, 'real_time')[0]:.0f} ms | "
              f"{median(closo, name, 'cpu_time')[0]:.0f} | | |")
    print("\n" + "\n".join(f"- {line}" for line in bars))


def main():
    if sys.argv[1:2] == ["--child"]:
        return measure_pybamm(sys.argv[2] == "errors")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=pathlib.Path, required=True, help="folder of the benchmark programs")
    parser.add_argument("--venv", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    venv = arguments.venv.resolve()
    if TREE == venv or TREE in venv.parents:
        parser.error(f"{venv} lies inside the source tree")
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    if subprocess.run([python, "-c", "import pybamm"], capture_output=True).returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pybamm"], check=True)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYBAMM_DISABLE_TELEMETRY": "true"}
    oracle_program = arguments.bench / "closo_cell_oracle_bench"
    closo, oracle, pybamm = [], [], []
    print(f"load averages before: {os.getloadavg()}\n")
    for round_number in range(arguments.rounds):
        closo.append(run_bench(arguments.bench / "closo_cell_cell_bench"))
        if oracle_program.exists():
            oracle.append(run_bench(oracle_program))
        done = subprocess.run([python, __file__, "--child", "errors" if round_number == 0 else "times"], check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=environment)
        pybamm.append(json.loads(done.stdout.splitlines()[-1]))
    print_tables(closo, oracle, pybamm)
    print(f"\nload averages after: {os.getloadavg()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
