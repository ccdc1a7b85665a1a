#!/usr/bin/env python3
"""Rebuilds the derived open-circuit tables of data/electrodes: ocp/*.csv that come from digitised curves or from a
two-phase model, and entropy.csv.

Usage: make_electrode_tables.py [--shared <folder with ocp_*.csv>] [--out data/electrodes]

Not made here, because they are estimates typed by hand: ocp/NaCrO2-estimate.csv, ocp/NVOPF-estimate.csv.
"""

import argparse
import math
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
FARADAY = 96485.33212331001
GAS = 8.31446261815324


def rows_of(path):
    """Pairs of texts of a two-column table."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and line[0].isdigit():
            first, second = line.split(",")
            rows.append((first, second))
    return rows


def write(path, comments, rows, header="stoichiometry,potential_V"):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["# " + comment for comment in comments] + [header] + [",".join(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(rows)} rows")


def from_capacity(rows, full_capacity):
    """(q [mAh/g] while ions leave, U) -> (stoichiometry, U) by rising stoichiometry; equal places become their mean."""
    places = {}
    for q, potential in rows:
        places.setdefault(round(1.0 - float(q) / full_capacity, 7), []).append(float(potential))
    return sorted((z, sum(values) / len(values)) for z, values in places.items())


def levelled(points):
    """Running minimum: a potential may not rise with stoichiometry. Returns the points and the largest change [V]."""
    lowest, largest, result = math.inf, 0.0, []
    for z, potential in points:
        largest = max(largest, potential - lowest)
        lowest = min(lowest, potential)
        result.append((z, lowest))
    return result, largest


def as_text(points):
    return [(f"{z:.7f}".rstrip("0"), f"{potential:.6f}") for z, potential in points]


def nmc811(shared, out):
    write(out / "ocp" / "NMC811-chen2020.csv",
          ["LiNi0.8Mn0.1Co0.1O2 of an LG M50 cell against Li, slow-rate; C.-H. Chen et al. 2020, as published with PyBaMM."],
          rows_of(shared / "ocp_NMC811_LGM50_Chen2020.csv"))


def iron_phosphate(shared, out):
    for branch in ("charge", "discharge"):
        points, change = levelled(from_capacity(rows_of(shared / f"ocp_LiFePO4_NMat_{branch}.csv"), 169.9))
        write(out / "ocp" / f"LiFePO4-dreyer-{branch}.csv",
              [f"LiFePO4 against Li, very slow {branch}; W. Dreyer et al. 2010, Fig. 2a, digitised by the Diffthermo project.",
               "Stoichiometry: 1 - q/(169.9 mAh/g). Rises of digitised points levelled by the running minimum, "
               f"at most {1e3 * change:.1f} mV."],
              as_text(points))


def titanate_digitised(shared, out):
    points, change = levelled(from_capacity(rows_of(shared / "ocp_Li4Ti5O12.csv"), 175.0))
    write(out / "ocp" / "Li4Ti5O12-digitised.csv",
          ["Li4+3zTi5O12 against Li, slow rate; digitised by the Diffthermo project, absolute voltage as digitised.",
           "Stoichiometry: 1 - q/(175 mAh/g). Equal places averaged; rises levelled by the running minimum, at most "
           f"{1e3 * change:.2f} mV."],
          as_text(points))


LITHIUM_TITANATE = {
    "standard_J_per_mol": -155432.9219,
    "interaction_J_per_mol": (14025.5664, 15593.5771, -100475.7578, -26389.4648),
    "two_phase_J_per_mol": -155770.73438,
    "two_phase_range": (0.1186, 0.8482),
    "temperature_K": 300.0,
}


def redlich_kister(z, model):
    """Potential [V] of one phase: -mu/F."""
    mu = model["standard_J_per_mol"] + GAS * model["temperature_K"] * math.log(z / (1.0 - z))
    for i, omega in enumerate(model["interaction_J_per_mol"]):
        bracket = (1.0 - 2.0 * z) ** (i + 1)
        if i > 0:
            bracket -= 2.0 * i * z * (1.0 - z) * (1.0 - 2.0 * z) ** (i - 1)
        mu += omega * bracket
    return -mu / FARADAY


def titanate_model(out):
    low, high = LITHIUM_TITANATE["two_phase_range"]
    plateau = -LITHIUM_TITANATE["two_phase_J_per_mol"] / FARADAY
    places = ([0.005 + (low - 0.005) * i / 24 for i in range(24)] + [low, high]
              + [high + (0.995 - high) * i / 30 for i in range(1, 31)])
    points = []
    for z in places:
        single = redlich_kister(z, LITHIUM_TITANATE)
        points.append((z, plateau if low <= z <= high else single))
    # The printed coefficients join the plateau within 0.1 mV; the ends of the plateau win.
    points = [(z, max(u, plateau) if z < low else min(u, plateau)) for z, u in points]
    write(out / "ocp" / "Li4Ti5O12-redlich-kister.csv",
          ["Li4+3zTi5O12 against Li, 300 K: Redlich-Kister free energy with its two-phase plateau, coefficients of the "
           "Diffthermo project.",
           "Plateau at 1.6144 V for 0.1186 < z < 0.8482 as in that project's data; curves.csv says which shift is applied."],
          as_text(points))


def cobaltate_entropy(z):
    """dU/dT [V/K] as printed by Torchio et al. 2016."""
    top = 0.199521039 - 0.928373822 * z + 1.364550689 * z**2 - 0.611544894 * z**3
    bottom = 1 - 5.661479887 * z + 11.47636191 * z**2 - 9.824312136 * z**3 + 3.048755063 * z**4
    return -1e-3 * top / bottom


def entropy(out):
    # The peak between belongs to the ordering at z = 0.5, which ends near 330 K; kept, it would let U rise above that.
    places = [0.43, 0.44, 0.45] + [0.60 + 0.01 * i for i in range(40)]
    rows = [("LiCoO2-marquis2019", f"{z:.2f}", f"{1e3 * cobaltate_entropy(z):.4f}") for z in places]
    write(out / "entropy.csv", ["dU/dT of open-circuit curves over stoichiometry; formulas whose terms hold RT/F need none.",
                                "LiCoO2: fraction of M. Torchio et al. 2016, without its peak between 0.45 and 0.60. MgH2: from Gibbs energies and enthalpies of "
                                "formation, data/energies/gibbs.csv."],
          rows + [("MgH2-thermodynamic", z, f"{magnesium_hydride_entropy():.4f}") for z in ("0", "1")],
          "curve,stoichiometry,dUdT_mV_per_K")


def magnesium_hydride_entropy():
    """MgH2 + 2 Li -> Mg + 2 LiH: (dH - dG)/(T 2F) [mV/K]."""
    energies = {}
    for line in (ROOT / "data" / "energies" / "gibbs.csv").read_text(encoding="utf-8").splitlines():
        cells = line.split(",")
        if cells[0] in ("LiH", "MgH2"):
            energies[cells[0]] = (float(cells[3]), float(cells[4]))
    enthalpy, gibbs = (2 * energies["LiH"][i] - energies["MgH2"][i] for i in (0, 1))
    return 1e6 * (enthalpy - gibbs) / (298.15 * 2 * FARADAY)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared" / "data" / "cell")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "data" / "electrodes")
    arguments = parser.parse_args()
    nmc811(arguments.shared, arguments.out)
    iron_phosphate(arguments.shared, arguments.out)
    titanate_digitised(arguments.shared, arguments.out)
    titanate_model(arguments.out)
    entropy(arguments.out)


if __name__ == "__main__":
    main()
