#!/usr/bin/env python3
"""Rebuilds data/energies/*.csv from the collected tables of energies and checks them against an independent solver.

Usage: make_energy_tables.py [--shared <folder with dft_mp2019_all.csv …>] [--out data/energies] [--verify]

Reads dft_mp2019_all.csv, dft.csv, formation.csv and raw/*_dGf_vs_T.json. Nothing in the tables is typed here: estimates
are computed by the rules below and carry the rule in their note. Needs numpy and scipy (linear programs by HiGHS).
"""

import argparse
import csv
import io
import json
import math
import pathlib
import re
import statistics
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parent.parent
KJ_PER_EV = 96.48533212331
ROOM = 298.15

ELEMENTS = ("Li Na K Mg Ca B H C N O F Si P S Cl I Br Al Ti V Cr Mn Fe Co Ni Zr Nb La Ge Y Sn Zn In "
            "Ce Gd Nd Se Te").split()  # the last five: named electrolytes of the library hold them
CUT_eV_PER_ATOM = 0.1  # above the hull
TEMPERATURES = (400, 500, 600, 800, 1000)


def parse(formula):
    """Amounts of a plain formula with brackets, such as Mg(BH4)2."""
    stack = [defaultdict(float)]
    for symbol, amount, opening, closing, times in re.findall(
            r"([A-Z][a-z]?)([\d.]*)|(\()|(\))([\d.]*)", formula):
        if symbol:
            stack[-1][symbol] += float(amount or 1)
        elif opening:
            stack.append(defaultdict(float))
        else:
            inner = stack.pop()
            for element, count in inner.items():
                stack[-1][element] += count * float(times or 1)
    return dict(stack[0])


def composition(formula):
    amounts = parse(formula)
    total = sum(amounts.values())
    return tuple(sorted((element, round(count / total, 7)) for element, count in amounts.items()))


def rows_of(path):
    text = path.read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO("".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("#")))))


def write(path, comments, header, rows):
    out = io.StringIO()
    for comment in comments:
        out.write("# " + comment + "\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    print(f"{path.name}: {len(rows)} rows, {len(out.getvalue().encode()) / 1e6:.3f} MB")


# ---------------------------------------------------------------- the computed set

class StaticSet:
    """The whole computed set within ELEMENTS; formation energies per atom and per formula unit."""

    def __init__(self, folder):
        allowed = set(ELEMENTS)
        self.rows, self.by_composition = [], {}
        for row in rows_of(folder / "dft_mp2019_all.csv"):
            amounts = parse(row["formula_key"])
            if not set(amounts) <= allowed:
                continue
            total = sum(amounts.values())
            entry = {"formula": row["formula"], "energy": row["e_form_eV_per_atom"], "listed": row["e_decomp_eV_per_atom"],
                     "elements": frozenset(amounts), "fractions": {e: n / total for e, n in amounts.items()}}
            self.rows.append(entry)
            self.by_composition[composition(row["formula_key"])] = entry
        origin = {composition(row["formula"]): row["source_id"] for row in rows_of(folder / "dft.csv")}
        for key, entry in self.by_composition.items():
            entry["origin"] = origin.get(key, "").removeprefix("MP2019/CritExam ")

    def energy(self, formula):
        """Per formula unit [eV]; None when the set has no such phase."""
        entry = self.by_composition.get(composition(formula))
        return None if entry is None else float(entry["energy"]) * sum(parse(formula).values())

    def salt(self, cation, valence, anion, charge):
        """Energy of cation_a anion_b for two charges; None when the set has no such phase."""
        common = math.lcm(valence, charge)
        energy = self.energy(f"{cation}{common // valence}({anion}){common // charge}")
        return None if energy is None else energy * 2 / common


class Hulls:
    """Decomposition energies by linear programs over all phases of a chemical system."""

    def __init__(self, entries):
        self.systems = defaultdict(list)
        for entry in entries:
            self.systems[entry["elements"]].append(entry)
        self.columns = {}

    def phases(self, elements):
        import numpy
        if elements not in self.columns:
            order = sorted(elements)
            inside = [e for system, found in self.systems.items() if system <= elements for e in found]
            matrix = numpy.array([[e["fractions"].get(x, 0.0) for e in inside] for x in order])
            matrix = numpy.hstack([numpy.eye(len(order)), matrix.reshape(len(order), -1)])
            cost = numpy.array([0.0] * len(order) + [float(e["energy"]) for e in inside])
            self.columns[elements] = (order, [None] * len(order) + inside, matrix, cost)
        return self.columns[elements]

    def decomposition(self, entry):
        """(energy against the other compositions [eV/atom], the phases it decomposes into)."""
        import numpy
        from scipy.optimize import linprog
        order, inside, matrix, cost = self.phases(entry["elements"])
        others = numpy.array([e is not entry for e in inside])
        target = numpy.array([entry["fractions"][x] for x in order])
        result = linprog(cost[others], A_eq=matrix[:, others], b_eq=target, bounds=(0, None), method="highs")
        chosen = numpy.flatnonzero(others)[result.x > 1e-9]
        return float(entry["energy"]) - result.fun, [inside[i] for i in chosen if inside[i] is not None]


def library_compositions():
    found = set()
    for row in rows_of(ROOT / "data/library/materials.csv"):
        if row["formula"]:
            found.add(composition(row["formula"]))
    return found


def choose_static(static):
    """Phases within the cut, those the library names, and those that the listed energies of stable phases refer to."""
    named = library_compositions()
    full = Hulls(static.rows)
    kept = {id(e): e for key, e in static.by_composition.items()
            if float(e["listed"]) <= CUT_eV_PER_ATOM or key in named}
    within_cut = sum(float(e["listed"]) <= CUT_eV_PER_ATOM for e in kept.values())
    added, agree, count, worst = {}, 0, 0, 0.0
    for entry in list(kept.values()):
        energy, products = full.decomposition(entry)
        difference = abs(energy - float(entry["listed"]))
        count += 1
        agree += difference <= 0.002
        worst = max(worst, difference)
        for product in products:
            if id(product) not in kept:
                added[id(product)] = product
    print(f"static: {len(static.rows)} phases of the elements; {within_cut} within the cut, "
          f"{len(kept) - within_cut} more named by the library, {len(added)} more as products")
    print(f"static: listed decomposition energies reproduced within 2 meV/atom for {agree} of {count} "
          f"({100 * agree / count:.2f} %), largest difference {1000 * worst:.1f} meV/atom")
    kept.update(added)
    return [e for e in static.rows if id(e) in kept]


def verify_static(rows):
    """From the shipped rows alone, one by one."""
    hulls, agree, worst = Hulls(rows), 0, 0.0
    for entry in rows:
        difference = abs(hulls.decomposition(entry)[0] - float(entry["listed"]))
        agree += difference <= 0.002
        worst = max(worst, difference)
    print(f"verify: {agree} of {len(rows)} ({100 * agree / len(rows):.2f} %) within 2 meV/atom, "
          f"largest {1000 * worst:.1f} meV/atom")


# ---------------------------------------------------------------- estimates of the computed set

LARGE_ANIONS = [("Cl", 1), ("Br", 1), ("I", 1), ("BH4", 1), ("AlH4", 1), ("NO3", 1), ("AlCl4", 1)]


def mean_and_spread(values):
    return statistics.fmean(values), statistics.stdev(values)


def exchange(static, new, new_valence, old, old_valence):
    """Energies of replacing `old` by `new` for two charges, one value an anion that the set has with both."""
    pairs = [(static.salt(new, new_valence, a, z), static.salt(old, old_valence, a, z)) for a, z in LARGE_ANIONS]
    return [a - b for a, b in pairs if a is not None and b is not None]


def static_estimates(static):
    rows = []

    def add(formula, energy, uncertainty, note):
        rows.append([formula, "", f"{energy:.3f}", f"{uncertainty:.2f}", "closo", "yes", note])

    anions = ", ".join(a for a, _ in LARGE_ANIONS)
    values = [static.energy(f"{old}{'' if z == 2 else 2}B12H12") + change
              for old, z in (("Li", 1), ("Na", 1), ("Ca", 2)) for change in exchange(static, "Mg", 2, old, z)]
    energy, spread = mean_and_spread(values)
    add("MgB12H12", energy, spread,
        f"cation exchange: mean over M = Li, Na, Ca and X = {anions} of E(M-B12H12) + E(Mg-X) - E(M-X) per two charges, "
        f"{len(values)} values; uncertainty: their standard deviation")

    # One B-H vertex of a closo cage.
    vertices = [(static.energy(m + "2B12H12") - static.energy(m + "2B10H10")) / 2 for m in ("Li", "Na", "K")]
    vertex, vertex_spread = mean_and_spread(vertices)
    carborane = static.energy("C2B9H11") + vertex
    with_caesium = dict(CAESIUM_PHASES)
    for metal in ("Li", "Na"):
        half_way = (static.energy(metal + "2B12H12") + carborane) / 2
        changes = [(static.salt(metal, 1, a, z) - with_caesium[a] * 2) / 2 for a, z in LARGE_ANIONS
                   if static.salt(metal, 1, a, z) is not None and a in with_caesium]
        change, change_spread = mean_and_spread(changes)
        from_nido = with_caesium["CB10H13"] + vertex + change
        energy = (half_way + from_nido) / 2
        uncertainty = math.hypot(abs(half_way - from_nido) / 2, vertex_spread, change_spread / 2)
        add(f"{metal}CB11H12", energy, uncertainty,
            f"mean of {half_way:.2f} eV = [E({metal}2B12H12) + E(C2B10H12)]/2 with E(C2B10H12) = E(C2B9H11) + v, and "
            f"{from_nido:.2f} eV = E(CsCB10H13) + v + mean exchange of Cs by {metal} (X = {anions} where known), with "
            f"v = [E(M2B12H12) - E(M2B10H10)]/2 averaged over M = Li, Na, K; uncertainty: half their difference with the "
            f"spreads of v and of the exchange")
        add(f"{metal}CB9H10", energy - 2 * vertex, math.hypot(uncertainty, 2 * vertex_spread),
            f"E({metal}CB11H12) as estimated - 2 v, v as for {metal}CB11H12; uncertainty: that of {metal}CB11H12 with "
            f"twice the spread of v")
    return rows


CAESIUM_PHASES = []


def read_caesium(folder):
    """Salts of caesium: the whole set has them, the shipped one does not."""
    wanted = {composition(f"Cs({a}){1}"): a for a, z in LARGE_ANIONS} | {composition("CsCB10H13"): "CB10H13"}
    for row in rows_of(folder / "dft_mp2019_all.csv"):
        if row["formula"].startswith("Cs") and composition(row["formula_key"]) in wanted:
            anion = wanted[composition(row["formula_key"])]
            CAESIUM_PHASES.append((anion, float(row["e_form_eV_per_atom"]) * sum(parse(f"Cs({anion})").values())))


# ---------------------------------------------------------------- tabulated Gibbs energies

SOURCE_IDS = [  # first match wins; what a collected table says in words → id in sources.csv
    ("reference", "reference"), ("NIST file", "janaf1998"), ("FREED file", "freed"), ("JANAF98", "janaf1998"),
    ("CODATA89", "codata1989"), ("NBS82", "nbs1982"), ("Iyer", "iyer2006"), ("Solid State Chem", "wang2005"),
    ("Navrotsky 2004", "wang2004"), ("Navrotsky 2005", "wang2005b"), ("Chen 2002", "amide_literature"),
    ("SGTE", "sgte1999"), ("FREED", "freed"), ("Barin", "barin"), ("Mills", "sgte1999"), ("C:", "closo"),
    ("ref/table", "nbs1982"), ("lit", "freed"),
]


def source_id(words):
    for pattern, found in SOURCE_IDS:
        if pattern in words:
            return found
    raise SystemExit(f"no source id for '{words}'")


class GibbsRows:
    def __init__(self, folder, static):
        self.static = static
        self.rows = rows_of(folder / "formation.csv")
        self.by_formula = {}
        for row in self.rows:
            self.by_formula.setdefault(row["formula"], row)  # H2O: the liquid
        self.tables = {name: json.loads((folder / f"raw/{file}_dGf_vs_T.json").read_text())
                       for name, file in (("NIST", "nist_janaf"), ("FREED", "freed"))}
        self.tables = {name: {composition(k): (k, v) for k, v in table.items()} for name, table in self.tables.items()}

    def entropy(self, formula):
        """Formation entropy [kJ/(mol K)] of a row that has both numbers."""
        row = self.by_formula[formula]
        return (float(row["dHf298_kJ_per_mol_fu"]) - float(row["dGf298_kJ_per_mol_fu"])) / ROOM

    def sum_entropy(self, parts):
        return sum(n * self.entropy(f) for f, n in parts.items())

    def table(self, row):
        """{T: kJ/mol} of a grade A row whose stored table agrees with its room-temperature value, else {} and why."""
        which = "NIST" if "NIST file" in row["source_dGf"] else "FREED" if "FREED file" in row["source_dGf"] else ""
        if not which or row["grade"] != "A":
            return {}, ""
        found = self.tables[which].get(composition(row["formula"]))
        if found is None:
            return {}, "no stored table"
        key, values = found
        scale = KJ_PER_EV * sum(parse(row["formula"]).values()) / sum(parse(key).values())
        enthalpy, gibbs = float(row["dHf298_kJ_per_mol_fu"]), float(row["dGf298_kJ_per_mol_fu"])
        expected = gibbs + (gibbs - enthalpy) / ROOM * (300.0 - ROOM)
        difference = values["300"] * scale - expected
        if abs(difference) > 0.3:
            return {}, f"stored table differs by {difference:.1f} kJ/mol: not used"
        return {t: values[str(t)] * scale for t in TEMPERATURES if str(t) in values}, ""


OXIDE_SUMS = {  # solids from solids: the entropies of the sides are taken as equal (Kopp's rule)
    "Li4SiO4": {"Li2O": 2, "SiO2": 1}, "Li2ZrO3": {"Li2O": 1, "ZrO2": 1}, "LiNbO3": {"Li2O": 0.5, "Nb2O5": 0.5},
    "NaCrO2": {"Na2O": 0.5, "Cr2O3": 0.5}, "Li3PO4": {"Li2O": 1.5, "P2O5": 0.5},
    "LiFePO4": {"Li2O": 0.5, "FeO": 1, "P2O5": 0.5}, "FePO4": {"Fe2O3": 0.5, "P2O5": 0.5},
    "LiMn2O4": {"Li2O": 0.5, "Mn2O3": 0.5, "MnO2": 1},
    "Li2BH6N": {"LiBH4": 1, "LiNH2": 1}, "Li4BH10N3": {"LiBH4": 1, "LiNH2": 3}, "Li2NH": {"LiNH2": 0.5, "Li3N": 0.5},
}
TEST_SUMS = {  # the same rule where the answer is tabulated
    "LiBO2": {"Li2O": 0.5, "B2O3": 0.5}, "Li2B4O7": {"Li2O": 1, "B2O3": 2}, "LiB3O5": {"Li2O": 0.5, "B2O3": 1.5},
    "NaBO2": {"Na2O": 0.5, "B2O3": 0.5}, "Na2B4O7": {"Na2O": 1, "B2O3": 2}, "LiAlO2": {"Li2O": 0.5, "Al2O3": 0.5},
    "NaAlO2": {"Na2O": 0.5, "Al2O3": 0.5}, "Li2SiO3": {"Li2O": 1, "SiO2": 1}, "Li2Si2O5": {"Li2O": 1, "SiO2": 2},
    "Na2SiO3": {"Na2O": 1, "SiO2": 1}, "Li2TiO3": {"Li2O": 1, "TiO2": 1}, "LiFeO2": {"Li2O": 0.5, "Fe2O3": 0.5},
    "Na2ZrO3": {"Na2O": 1, "ZrO2": 1}, "LiPO3": {"Li2O": 0.5, "P2O5": 0.5}, "Fe3O4": {"FeO": 1, "Fe2O3": 1},
    "Mn3O4": {"MnO": 1, "Mn2O3": 1},
}
SESQUIOXIDES = ["Ti2O3", "V2O3", "Cr2O3", "Mn2O3", "Fe2O3"]
DIOXIDES = ["TiO2", "VO2", "MnO2"]
EXCHANGE_ANIONS = ["H", "BH4", "OH", "F", "Cl", "Br", "I", "BO2"]
BORON_HYDRIDES = {"LiBH4": 4, "NaBH4": 4, "LiAlH4": 4, "B10H14": 14}


class EntropyRules:
    """Formation entropies [kJ/(mol K)] of rows that have an enthalpy only, with uncertainty and the rule in words."""

    def __init__(self, gibbs):
        self.gibbs = gibbs
        errors = [(gibbs.entropy(f) - gibbs.sum_entropy(parts)) / sum(parse(f).values())
                  for f, parts in TEST_SUMS.items()]
        self.sum_error = math.sqrt(statistics.fmean(e * e for e in errors))  # per atom
        self.alkali = mean_and_spread([gibbs.entropy("Li" + a) - gibbs.entropy("Na" + a) for a in EXCHANGE_ANIONS])
        pairs = [("MgH2", "NaH"), ("MgF2", "NaF"), ("MgCl2", "NaCl"), ("MgBr2", "NaBr"), ("MgI2", "NaI")]
        self.magnesium = mean_and_spread([gibbs.entropy(m) - 2 * gibbs.entropy(n) for m, n in pairs])
        self.hydride = mean_and_spread([gibbs.entropy(f) / n for f, n in BORON_HYDRIDES.items()])
        print(f"entropy rules: sums of solids ± {1e3 * self.sum_error:.1f} J/(K mol atoms) over {len(errors)} tests; "
              f"Na→Li {1e3 * self.alkali[0]:.1f} ± {1e3 * self.alkali[1]:.1f} J/(K mol); 2 Na→Mg "
              f"{1e3 * self.magnesium[0]:.1f} ± {1e3 * self.magnesium[1]:.1f}; per H {1e3 * self.hydride[0]:.1f} ± "
              f"{1e3 * self.hydride[1]:.1f}")

    def estimate(self, formula):
        gibbs = self.gibbs
        if formula in REMARKS:
            notes.append(REMARKS[formula])
        if formula == "LiNH2":
            return (gibbs.entropy("NaNH2") + self.alkali[0], self.alkali[1],
                    "that of NaNH2 with the mean change Na to Li over H, BH4, OH, F, Cl, Br, I, BO2")
        if formula == "Li2S":
            return (gibbs.entropy("Na2S") + 2 * self.alkali[0], 2 * self.alkali[1],
                    "that of Na2S with twice the mean change Na to Li over H, BH4, OH, F, Cl, Br, I, BO2")
        if formula in OXIDE_SUMS:
            parts = OXIDE_SUMS[formula]
            entropy, variance = 0.0, (self.sum_error * sum(parse(formula).values())) ** 2
            for part, count in parts.items():
                value, spread = ((gibbs.entropy(part), 0.0) if gibbs.by_formula[part]["dGf298_kJ_per_mol_fu"]
                                 else self.estimate(part)[:2])
                entropy += count * value
                variance += (count * spread) ** 2
            words = " + ".join(f"{count:g} {part}" if count != 1 else part for part, count in parts.items())
            return entropy, math.sqrt(variance), f"sum of the solids {words} (Kopp's rule)"
        if formula in ("LiCoO2", "LiNiO2"):
            value, spread = mean_and_spread([gibbs.entropy(f) for f in SESQUIOXIDES])
            return (gibbs.entropy("Li2O") / 2 + value / 2,
                    math.hypot(spread / 2, 4 * self.sum_error),
                    "half Li2O and half the mean of " + ", ".join(SESQUIOXIDES) + " (Kopp's rule)")
        if formula == "CoO2":
            value, spread = mean_and_spread([gibbs.entropy(f) for f in DIOXIDES])
            return value, spread, "mean of " + ", ".join(DIOXIDES)
        if formula == "MgB2H8":
            return (2 * gibbs.entropy("NaBH4") + self.magnesium[0], self.magnesium[1],
                    "that of 2 NaBH4 with the mean change 2 Na to Mg over H, F, Cl, Br, I")
        hydrogens = parse(formula).get("H", 0.0)
        if "B" in parse(formula) and hydrogens:
            return (hydrogens * self.hydride[0], hydrogens * self.hydride[1],
                    f"{hydrogens:g} times the mean per hydrogen of " + ", ".join(BORON_HYDRIDES))
        raise SystemExit(f"no rule for the entropy of {formula}")


def state_of(row):
    return row["phase"] if row["phase"] in ("gas", "liquid") else "solid"


REGRADED = {
    ("H2O", "liquid"): ("B", "CODATA value; the stored table mixes liquid and gas, so there is no stored check"),
    ("H2O", "gas"): ("B", "CODATA value; the stored table mixes liquid and gas, so there is no stored check"),
    ("PH3", "gas"): ("X", "JANAF 22.9 against 5.4 (NBS 1982): the tables disagree by 17.5 kJ/mol"),
}


REMARKS = {"FeB": "enthalpy and Gibbs energy are of different sources: that of the latter has -59 kJ/mol for the enthalpy"}


def gibbs_table(gibbs):
    rules, out, with_table, estimated = EntropyRules(gibbs), [], 0, 0
    for row in gibbs.rows:
        formula, phase, grade = row["formula"], row["phase"], row["grade"]
        notes = [row["note"]] if row["note"] and row["note"] != "X" else []
        enthalpy, value = row["dHf298_kJ_per_mol_fu"], row["dGf298_kJ_per_mol_fu"]
        uncertainty, estimate = float(row["uncertainty_kJ"]), grade == "C"
        table, why = gibbs.table(row)
        if why:
            notes.append(why)
        source_g = "reference" if grade == "ref" else source_id(row["source_dGf"]) if row["source_dGf"] else ""
        if (formula, phase) in REGRADED:
            grade, reason = REGRADED[formula, phase]
            notes.append(reason)
            table = table if grade == "A" else {}
        with_table += bool(table)
        if "memory" in row["source_dHf"]:
            notes.append("enthalpy recalled from the paper, not checked against a stored copy")
        if row["source_dHf"].startswith("C:"):
            notes.insert(0, "enthalpy estimated: " + row["source_dHf"].removeprefix("C:").strip().replace(" (memory)", ""))
        if not value:
            entropy, spread, words = rules.estimate(formula)
            value = f"{float(enthalpy) - ROOM * entropy:.1f}"
            uncertainty = math.hypot(uncertainty, ROOM * spread)
            notes.append(f"dGf from dHf and an estimated formation entropy of {1e3 * entropy:.0f}({1e3 * spread:.0f}) "
                         f"J/(K mol): {words}")
            estimate, source_g = True, "closo"
            estimated += 1
            if grade in ("A", "B"):
                grade = "C"
        if formula in REMARKS:
            notes.append(REMARKS[formula])
        if formula == "LiNH2":  # the collected -144 kJ/mol does not follow from the entropy it names
            notes = [n for n in notes if "estimate)" not in n]
        out.append([formula, phase, state_of(row), enthalpy, value]
                   + [f"{table[t]:.2f}" if t in table else "" for t in TEMPERATURES]
                   + [f"{uncertainty:.3g}", grade, "yes" if estimate else "", source_id(row["source_dHf"]), source_g,
                      "; ".join(notes)])
    print(f"gibbs: {len(out)} rows, {with_table} with tables over temperature, {estimated} with estimated entropy")
    return out


# ---------------------------------------------------------------- hydrogen corrections

BONDS = [
    ("hydride", ["LiH", "NaH", "MgH2"]), ("AlH4", ["LiAlH4"]), ("BH4", ["LiBH4", "NaBH4"]), ("cage", ["B2H6", "B10H14"]),
    ("NH2", ["LiNH2", "NaNH2"]), ("NH", ["Li2NH"]), ("NH3", ["NH3"]), ("CH", ["CH4"]), ("OH", ["LiOH", "NaOH", "Mg(OH)2"]),
]


def hydrogen_table(gibbs, static):
    out = []
    for environment, formulas in BONDS:
        shifts = []
        for formula in formulas:
            enthalpy = float(gibbs.by_formula[formula]["dHf298_kJ_per_mol_fu"])
            shifts.append((enthalpy - KJ_PER_EV * static.energy(formula)) / parse(formula)["H"])
        mean = statistics.fmean(shifts)
        spread = f"{statistics.stdev(shifts) / KJ_PER_EV:.4f}" if len(shifts) > 1 else ""
        fitted = "; ".join(f"{f} {s / KJ_PER_EV:+.4f}" for f, s in zip(formulas, shifts))
        out.append([environment, f"{mean / KJ_PER_EV:.4f}", spread, fitted, "closo"])
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared/data/thermo")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "data/energies")
    parser.add_argument("--verify", action="store_true", help="also solve the hulls from the written rows alone")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    static = StaticSet(arguments.shared)
    gibbs = GibbsRows(arguments.shared, static)
    read_caesium(arguments.shared)

    write(arguments.out / "gibbs.csv",
          ["Tabulated Gibbs energies of formation per formula unit, 1 bar; columns and grades: README.md."],
          ["formula", "phase", "state", "dHf298_kJ_per_mol", "dGf298_kJ_per_mol"]
          + [f"dGf_{t}K_kJ_per_mol" for t in TEMPERATURES]
          + ["uncertainty_kJ_per_mol", "grade", "estimate", "source_dHf", "source_dGf", "note"], gibbs_table(gibbs))
    write(arguments.out / "hydrogen_bonds.csv",
          ["Enthalpy at 298 K minus static energy, per hydrogen by its bond; made by tools/make_energy_tables.py."],
          ["environment", "per_hydrogen_eV", "spread_eV", "fitted_on", "source"], hydrogen_table(gibbs, static))
    write(arguments.out / "estimates.csv",
          ["Phases that the computed set lacks, estimated from phases of it; made by tools/make_energy_tables.py."],
          ["formula", "phase", "e_form_eV", "uncertainty_eV", "source", "estimate", "note"], static_estimates(static))
    chosen = choose_static(static)
    write(arguments.out / "static.csv",
          ["Computed static formation energies, ground state per composition; CC BY 4.0, see README.md."],
          ["formula", "e_form_eV_per_atom", "e_decomp_eV_per_atom", "source", "note"],
          [[e["formula"], e["energy"], e["listed"], "mp2019", e["origin"]] for e in chosen])
    if arguments.verify:
        verify_static(chosen)


if __name__ == "__main__":
    main()
