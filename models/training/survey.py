"""This is the place where the survey table is read, people are kept or left out by named rules, and a third is put aside for the end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

DIGEST = "bac6d1b9cfb4b96d3bb2cb0a11ff4a9dc1044343083634cd367c27247d10ffcb"
"""SHA-256 of the table the shipped files were made from: NHANES 2009-2010 (US National Center for Health Statistics, public domain)."""
PLACES = ("nhanes_2009_10.csv", "nhanes_2009_10/nhanes_2009_10.csv", "tabular/nhanes_2009_10.csv")
SEED = 20092010
UNITS_HELD_BACK = 10
INPUTS = ("age", "sex", "bmi", "physically_active", "smoked_100", "smoker", "sbp", "dbp", "pulse", "sleep_hours", "sleep_trouble")
"""Everything a person can answer or measure at home that the table holds for adults. Left out: cholesterol and urine (a laboratory's), general
health and mood (a diagnosis changes them), income and schooling (not a body's), alcohol (a fourth unanswered), pregnancies (half the
people), race and ethnicity (never an input; figures are reported by it)."""


class DataRefused(Exception):
    """The data cannot be used: says what is wrong and what is needed."""


@dataclass(frozen=True, eq=False, slots=True)
class People:
    """Columns of people with everything known. `x` has a column for each of INPUTS; `unit` names stratum and sampling unit; `years_told` is NaN
    for those never told, and where the age at diagnosis is unknown."""

    x: pd.DataFrame
    y: np.ndarray
    unit: np.ndarray
    weight: np.ndarray
    group: np.ndarray
    years_told: np.ndarray

    def __len__(self) -> int:
        return len(self.y)

    def of(self, chosen: np.ndarray) -> People:
        """The people of a boolean mask (or of row numbers)."""
        return People(self.x.iloc[chosen] if chosen.dtype != bool else self.x[chosen], *(part[chosen] for part in self._columns()))

    def _columns(self) -> tuple[np.ndarray, ...]:
        return self.y, self.unit, self.weight, self.group, self.years_told


def find(folder: Path) -> Path:
    """The table in a folder. Raises DataRefused."""
    for place in PLACES:
        if (folder / place).is_file():
            return folder / place
    raise DataRefused(f"no {PLACES[0]} in {folder}: give the folder that holds it with --data")


def read(path: Path, *, any_data: bool = False) -> pd.DataFrame:
    """The whole table. Raises DataRefused for another table than the one the shipped files were made from (unless `any_data`), or an unfit one."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != DIGEST and not any_data:
        raise DataRefused(f"{path.name} has SHA-256 {digest[:12]}..., expected {DIGEST[:12]}...; --any-data trains on it all the same")
    table = pd.read_csv(path)
    wanted = {"ID", "Age", "Gender", "Diabetes", "PregnantNow", "BMI", "SDMVSTRA", "SDMVPSU", "WTMEC2YR"}
    if not wanted <= set(table.columns) or not table["ID"].is_unique:
        raise DataRefused(f"{path.name} needs one row for each person and the columns {', '.join(sorted(wanted))}")
    return table


def _yes(column: pd.Series) -> pd.Series:
    return column.map({"Yes": 1.0, "No": 0.0})


def _inputs(table: pd.DataFrame) -> pd.DataFrame:
    ever = _yes(table["Smoke100"])
    return pd.DataFrame(
        {
            "age": table["Age"].astype(float),
            "sex": table["Gender"].map({"male": 1.0, "female": 0.0}),
            "bmi": table["BMI"],
            "physically_active": _yes(table["PhysActive"]),
            "smoked_100": ever,
            "smoker": _yes(table["SmokeNow"]).where(ever != 0, 0.0),  # asked only of those who ever smoked 100
            "sbp": table["BPSysAve"],
            "dbp": table["BPDiaAve"].where(table["BPDiaAve"] >= 30),  # 0: sounds heard down to zero, which no home device reports
            "pulse": table["Pulse"],
            "sleep_hours": table["SleepHrsNight"],
            "sleep_trouble": _yes(table["SleepTrouble"]),
        }
    )[list(INPUTS)]


def people(table: pd.DataFrame) -> tuple[People, dict[str, int | float]]:
    """Who is in, and how many were left out by which rule, in the order of the rules."""
    counts: dict[str, int | float] = {"rows": len(table)}
    left = table
    rules = (
        ("under_20", left["Age"] >= 20),
        ("age_80_or_more_top_coded", left["Age"] < 80),
        ("pregnant", left["PregnantNow"] != "Yes"),
        ("label_unknown", left["Diabetes"].isin(["Yes", "No"])),
    )
    for name, kept in rules:
        counts[name] = int((~kept.loc[left.index]).sum())
        left = left[kept.loc[left.index]]
    x = _inputs(left)
    whole = x.notna().all(axis=1)
    counts["an_input_unknown"] = int((~whole).sum())
    label = left["Diabetes"] == "Yes"
    counts["an_input_unknown_share_told"] = round(float(label[~whole].mean()), 4)
    left, x, label = left[whole], x[whole], label[whole]
    counts["kept"], counts["kept_told"] = len(left), int(label.sum())
    unit = left["SDMVSTRA"].astype(str) + "-" + left["SDMVPSU"].astype(str)
    told = np.where(label, left["Age"] - left["DiabetesAge"], np.nan)
    kept_people = People(
        x.reset_index(drop=True), label.to_numpy(dtype=float), unit.to_numpy(dtype=str), left["WTMEC2YR"].to_numpy(dtype=float),
        left["Race1"].to_numpy(dtype=str), told.astype(float),
    )  # fmt: skip
    return kept_people, counts


def held_back(unit: np.ndarray) -> np.ndarray:
    """The people (mask) of one sampling unit in each of ten strata, drawn by a fixed seed: the test part."""
    random = np.random.default_rng(SEED)
    by_stratum: dict[str, list[str]] = {}
    for name in np.unique(unit):
        by_stratum.setdefault(str(name).split("-")[0], []).append(str(name))
    strata = sorted(by_stratum)
    chosen = sorted(random.permutation(strata)[: min(UNITS_HELD_BACK, len(strata) - 1)])
    taken = [by_stratum[stratum][int(random.integers(len(by_stratum[stratum])))] for stratum in chosen]
    return np.isin(unit, taken)


def folds(unit: np.ndarray, count: int = 5) -> np.ndarray:
    """A fold number for each person; a sampling unit is in one fold as a whole."""
    names = np.random.default_rng(SEED + 1).permutation(np.unique(unit))
    place = {name: position % count for position, name in enumerate(names)}
    return np.array([place[name] for name in unit])
