"""This is the place where the pulse segments are read, doubted and shared out by person: whom the model learns from, and whom it is tested on once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.domain.checks import RHYTHM_CLASSES
from models.signal_check.preparing import LENGTH, standardised

FILE = "wearable/ppg-arrhythmia/ppg_10s_100hz.npz"
AF = RHYTHM_CLASSES.index("af")
ECTOPIC = tuple(RHYTHM_CLASSES.index(name) for name in ("pvc", "pac"))
SEED = 20221
TEST_PEOPLE = 8
FOLDS = 4


class DataRefused(Exception):
    """The data cannot be used: says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Pulses:
    """Segments with their rhythm and person: `raw` (n, 1000) as published, `x` float32 (n, 1000) standardised, `label` (n,) 0 to 5, `person` (n,)."""

    raw: np.ndarray
    x: np.ndarray
    label: np.ndarray
    person: np.ndarray

    def __len__(self) -> int:
        return len(self.label)

    def of(self, rows: np.ndarray) -> Pulses:
        return Pulses(self.raw[rows], self.x[rows], self.label[rows], self.person[rows])

    @property
    def af(self) -> np.ndarray:
        """(n,) of 0/1: atrial fibrillation, or any other rhythm."""
        return (self.label == AF).astype(int)


def read(folder: Path) -> tuple[Pulses, dict[str, object]]:
    """The segments and what was found in looking them through. Raises DataRefused: a missing file, other arrays, a segment that two people share."""
    path = folder / FILE
    if not path.is_file():
        raise DataRefused(f"there is no {FILE} in the data folder")
    with np.load(path, allow_pickle=False) as found:
        if missing := {"ppg", "label", "subject"} - set(found.files):
            raise DataRefused(f"{path.name} lacks {sorted(missing)}")
        raw, label, person = found["ppg"], found["label"].astype(int), found["subject"].astype(str)
    if raw.ndim != 2 or raw.shape[1] != LENGTH or not len(raw) == len(label) == len(person):
        raise DataRefused(f"{path.name}: ppg has to be (n, {LENGTH}), label and subject (n,)")
    if not np.isin(label, np.arange(len(RHYTHM_CLASSES))).all() or not np.isfinite(raw).all():
        raise DataRefused(f"{path.name}: a label outside 0 to {len(RHYTHM_CLASSES) - 1}, or a sample that is no number")
    keep, found_twice = _once(raw, label, person)
    flat = np.ptp(raw[keep].astype(float), axis=1) == 0
    keep = keep[~flat]
    seen = {
        "segments": len(raw),
        "people": len(np.unique(person)),
        "twice": found_twice,
        "flat": int(flat.sum()),
        "sha256": _digest(path),
    }
    return Pulses(raw[keep], standardised(raw[keep]), label[keep], person[keep]), seen


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _once(raw: np.ndarray, label: np.ndarray, person: np.ndarray) -> tuple[np.ndarray, int]:
    """Row numbers without repeats, and how many repeats there were. The same segment of two people, or with two labels, is no accident of copying."""
    first: dict[bytes, int] = {}
    for row, segment in enumerate(raw):
        known = first.setdefault(hashlib.sha256(segment.tobytes()).digest(), row)
        if person[known] != person[row]:
            raise DataRefused(f"segments {known} and {row} are the same, but of two people")
        if label[known] != label[row]:
            raise DataRefused(f"segments {known} and {row} are the same, but have two labels")
    rows = np.array(sorted(first.values()), dtype=int)
    return rows, len(raw) - len(rows)


def shared_out(pulses: Pulses) -> tuple[np.ndarray, np.ndarray]:
    """(people to learn from, people to test on once). People are ordered by their share of AF; of each run of four neighbours one is drawn for the
    test, so that people with much, some and no AF are in both parts."""
    names = np.unique(pulses.person)
    share = np.array([pulses.af[pulses.person == name].mean() for name in names])
    ordered = names[np.argsort(share, kind="stable")]
    random = np.random.default_rng(SEED)
    test = np.array(sorted(str(random.choice(group)) for group in np.array_split(ordered, min(TEST_PEOPLE, len(ordered)))))
    return np.setdiff1d(names, test), test


def folds(pulses: Pulses, count: int = FOLDS) -> np.ndarray:
    """(n,) the fold of each segment; a person is in one fold alone. Dealt out by the number of AF segments, so that each fold has some."""
    names = np.unique(pulses.person)
    weight = np.array([pulses.af[pulses.person == name].sum() for name in names])
    random = np.random.default_rng(SEED + 1)
    place: dict[str, int] = {}
    for group in np.array_split(names[np.argsort(-weight, kind="stable")], int(np.ceil(len(names) / count))):
        place |= {str(name): int(fold) for name, fold in zip(group, random.permutation(count), strict=False)}
    return np.array([place[str(name)] for name in pulses.person])
