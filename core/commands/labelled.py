"""This is the place where answers of a check are held against a clinic's own labels: sensitivity, specificity and AUROC, with intervals, and how much was answered."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import BadInput, FileRefused

TIMES = 1000
SEED = 20261127
YES = frozenset({"1", "true", "yes", "positive"})
NO = frozenset({"0", "false", "no", "negative", "other", "none", "normal"})


@dataclass(frozen=True, slots=True)
class Label:
    """A row of the labels: the file's name as it was given, the number of the segment or of the picture's row (None: all of the file), the label in lower
    case, and whose it is ("" not said)."""

    file: str
    part: int | None
    label: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled item: whether it is a case, the probability the model gave (None: none), what was decided (None: declined), and its unit of resampling."""

    case: bool
    probability: float | None
    flagged: bool | None
    unit: str


def labels(path: Path) -> tuple[Label, ...]:
    """Columns file and label; segment and person where there are some. Raises FileRefused."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise BadInput("no_such_file", place=str(path), need="a file that can be read") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefused("not_text", place=str(path), need="a table as UTF-8 text") from error
    found = []
    for at, row in enumerate(rows, start=2):
        named = {str(key).strip().lower(): str(value or "").strip() for key, value in row.items()}
        if not named.get("file") or not named.get("label"):
            raise FileRefused("labels_unreadable", place=f"{path.name} row {at}", need="a file and a label")
        part = named.get("segment", "")
        if part and not part.isdecimal():
            raise FileRefused("labels_unreadable", place=f"{path.name} row {at}", need="a segment's number, from 0")
        found.append(Label(named["file"], int(part) if part else None, named["label"].lower(), named.get("person", "")))
    if not found:
        raise FileRefused("labels_unreadable", place=path.name, need="a heading with file and label, and rows")
    return tuple(found)


def case_of(every: Sequence[Label], classes: Sequence[str], cases: frozenset[str]) -> Callable[[Label], bool]:
    """How a label is read: a class by its name or, where numbers above 1 occur, by its place; else yes or no. Raises FileRefused for what is neither."""
    by_place = any(one.label.isdecimal() and int(one.label) > 1 for one in every)
    names = [name.lower() for name in classes]
    wanted = {name.lower() for name in cases}

    def read(one: Label) -> bool:
        if by_place and one.label.isdecimal() and int(one.label) < len(names):
            return names[int(one.label)] in wanted
        if one.label in names:
            return one.label in wanted
        if not by_place and one.label in YES | NO:
            return one.label in YES
        raise FileRefused("labels_unreadable", place=f"label {one.label[:20]}", need="one of " + ", ".join([*names, "1", "0"]))

    return read


def scores(items: Sequence[Scored]) -> dict[str, Any]:
    """Sensitivity and specificity of what was decided (what was declined is counted beside), AUROC of every item with a probability. Intervals: 95 % by
    drawing whole units (people, or files) again, 1000 times; null where there are fewer than two units, no case, or nothing but cases."""
    units, place = np.unique([one.unit for one in items], return_inverse=True) if items else (np.array([]), np.array([], int))
    case = np.array([one.case for one in items], dtype=bool)
    said = np.array([np.nan if one.flagged is None else float(one.flagged) for one in items])
    p = np.array([np.nan if one.probability is None else one.probability for one in items])
    measures: dict[str, Callable[[np.ndarray], float]] = {
        "sensitivity": lambda rows: _mean(said[rows][case[rows]]),
        "specificity": lambda rows: 1 - _mean(said[rows][~case[rows]]),
        "auroc": lambda rows: auroc(case[rows], p[rows]),
    }
    members = [np.flatnonzero(place == unit) for unit in range(len(units))]
    random = np.random.default_rng(SEED)
    draws = (
        [np.concatenate([members[unit] for unit in random.integers(0, len(units), len(units))]) for _ in range(TIMES)]
        if len(units) > 1
        else []
    )
    found = {
        name: _interval(measure(np.arange(len(items))), [measure(rows) for rows in draws]) for name, measure in measures.items()
    }
    declined = int(np.isnan(said).sum())
    return {
        "items": len(items),
        "units": len(units),
        "cases": int(case.sum()),
        "answered": len(items) - declined,
        "declined": declined,
        **found,
    }


def auroc(case: np.ndarray, p: np.ndarray) -> float:
    """The share of (case, other) pairs in which the case has the higher probability, a tie counting half; NaN where there is no pair."""
    known = ~np.isnan(p)
    case, p = case[known], p[known]
    _, place = np.unique(p, return_inverse=True)
    cases, others = np.bincount(place, weights=case), np.bincount(place, weights=~case)
    pairs = cases.sum() * others.sum() if len(p) else 0
    return float((cases * (np.cumsum(others) - others / 2)).sum() / pairs) if pairs else float("nan")


def _mean(values: np.ndarray) -> float:
    values = values[~np.isnan(values)]
    return float(values.mean()) if len(values) else float("nan")


def _interval(value: float, drawn: Sequence[float]) -> dict[str, float | None]:
    kept = np.array([one for one in drawn if not np.isnan(one)])
    if np.isnan(value):
        return {"value": None, "low": None, "high": None}
    low, high = np.percentile(kept, [2.5, 97.5]) if drawn and len(kept) * 2 >= len(drawn) else (np.nan, np.nan)
    return {
        "value": round(value, 4),
        "low": None if np.isnan(low) else round(float(low), 4),
        "high": None if np.isnan(high) else round(float(high), 4),
    }
