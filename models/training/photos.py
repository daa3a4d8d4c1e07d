"""This is the place where the phone photos of skin spots are read and checked: unreadable, twice there, one person in two parts.

The data are PAD-UFES-20 (Pacheco, Data in Brief 2020;32:106221, CC BY 4.0), never part of this repository.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from core.domain.checks import BODY_PLACES, SKIN_CLASSES, SKIN_SOON, SYMPTOMS, SkinFacts

FOLDER = "images/pad-ufes-20"
SEED = 20
TEST_SHARE = 0.25
SIDE_AT_LEAST = 64
NEAR = 6
"""Bits of 256 by which the difference hashes of two photos may differ and still be one picture."""


class DataRefused(Exception):
    """The photos cannot be trained with: says which file and why, never whose."""


@dataclass(frozen=True, eq=False, slots=True)
class Photo:
    """One photo: `pixels` uint8 (h, w, 3), whose (`person`), what a clinician says it is (`label` of SKIN_CLASSES), what was said of it (`facts`), `sex`."""

    name: str
    person: str
    label: str
    facts: SkinFacts
    sex: str
    pixels: np.ndarray
    digest: str

    @property
    def soon(self) -> bool:
        return self.label in SKIN_SOON


@dataclass(frozen=True, eq=False, slots=True)
class Photos:
    """All photos that may be used, and what was left out and why (counts by reason)."""

    all: tuple[Photo, ...]
    left_out: Mapping[str, int]

    @property
    def person(self) -> np.ndarray:
        return np.array([one.person for one in self.all])

    @property
    def soon(self) -> np.ndarray:
        return np.array([float(one.soon) for one in self.all])

    @property
    def label(self) -> np.ndarray:
        """(n,) place in SKIN_CLASSES."""
        return np.array([SKIN_CLASSES.index(one.label) for one in self.all])


def read(data: Path, reviewed: Path | None = None) -> Photos:
    """The photos of `data`/images/pad-ufes-20 (or of a folder with labels.csv and images/), and those of a labels export of reviewed checks, if given.
    Raises DataRefused where there is no table, a column is missing, or one photo is there under two people."""
    root = data / FOLDER if (data / FOLDER).is_dir() else data
    found, left_out = _rows(root)
    if reviewed is not None:
        more, also = _rows(reviewed)
        found, left_out = found + more, {key: left_out.get(key, 0) + also.get(key, 0) for key in {*left_out, *also}}
    return _checked(found, left_out)


def _rows(root: Path) -> tuple[list[Photo], dict[str, int]]:
    table = root / "labels.csv"
    try:
        rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError) as error:
        raise DataRefused(f"{table.name}: cannot be read") from error
    if not rows or not {"pid", "patient_id", "diagnostic"} <= rows[0].keys():
        raise DataRefused(f"{table.name}: needs the columns pid, patient_id, diagnostic")
    found, left_out = [], {"unreadable": 0, "too_small": 0, "other_label": 0}
    for row in rows:
        if row["diagnostic"] not in SKIN_CLASSES:
            left_out["other_label"] += 1
            continue
        try:
            content = _content(root, row["pid"])
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
                pixels = np.asarray(opened.convert("RGB"))
        except (OSError, ValueError, SyntaxError):
            left_out["unreadable"] += 1
            continue
        if min(pixels.shape[:2]) < SIDE_AT_LEAST:
            left_out["too_small"] += 1
            continue
        digest = hashlib.sha256(pixels.tobytes()).hexdigest()
        found.append(
            Photo(row["pid"], row["patient_id"], row["diagnostic"], _facts(row), _sex(row.get("gender", "")), pixels, digest)
        )
    return found, left_out


def _content(root: Path, pid: str) -> bytes:
    for ending in (".jpg", ".jpeg", ".png"):
        path = root / "images" / f"{pid}{ending}"
        if path.is_file():
            return path.read_bytes()
    raise FileNotFoundError(pid)


def _facts(row: Mapping[str, str]) -> SkinFacts:
    """What was written down; UNK and empty stay unanswered."""
    place = row.get("region", "").strip().lower()
    said = {name: row.get(name, "").strip().lower() for name in SYMPTOMS}
    return SkinFacts(
        _whole(row.get("age", "")),
        place if place in BODY_PLACES else "",
        _whole(row.get("fitspatrick", "")),
        {name: word == "true" for name, word in said.items() if word in ("true", "false")},
    )


def _whole(text: str) -> int | None:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None


def _sex(text: str) -> str:
    return text.strip().lower() if text.strip().lower() in ("female", "male") else ""


def _checked(found: Sequence[Photo], left_out: dict[str, int]) -> Photos:
    """Each picture once; the same (or nearly the same) picture under two people stops everything, since no split by person would then hold."""
    kept: list[Photo] = []
    hashes: list[np.ndarray] = []
    left_out |= {"twice": 0, "nearly_twice": 0}
    for one in found:
        mine = difference_hash(one.pixels)
        near = [n for n, other in enumerate(hashes) if int((mine != other).sum()) <= NEAR]
        others = [n for n in near if kept[n].person != one.person]
        if others:
            raise DataRefused(f"{one.name}: the same picture as {kept[others[0]].name}, of another person")
        if any(kept[n].digest == one.digest for n in near):
            left_out["twice"] += 1
            continue
        left_out["nearly_twice"] += bool(near)  # kept: another photo of the same spot, in the same part
        kept.append(one)
        hashes.append(mine)
    if not kept:
        raise DataRefused("no photo that can be used")
    return Photos(tuple(kept), left_out)


def difference_hash(pixels: np.ndarray) -> np.ndarray:
    """(256,) bool: whether each cell of a 16 x 16 picture is brighter than its left neighbour; nearly the same for a resized or re-encoded copy."""
    small = np.asarray(Image.fromarray(pixels).convert("L").resize((17, 16), Image.Resampling.BOX), dtype=np.int16)
    return (small[:, 1:] > small[:, :-1]).ravel()


def test_part(photos: Photos) -> np.ndarray:
    """(n,) bool: the people kept back to the end: a quarter of those with a spot to show soon and of the others, drawn by a fixed seed."""
    random = np.random.default_rng(SEED)
    kept: set[str] = set()
    people = np.unique(photos.person)
    worst = {person: photos.soon[photos.person == person].max() for person in people}
    for state in (0.0, 1.0):
        group = [person for person in people if worst[person] == state]
        kept |= set(random.permutation(group)[: round(TEST_SHARE * len(group))].tolist())
    return np.isin(photos.person, sorted(kept))


def folds(photos: Photos, count: int, seed: int) -> np.ndarray:
    """(n,) fold of each photo: people stay whole, and those with the rarer diagnoses are dealt out first so that each fold has its share."""
    random = np.random.default_rng(seed)
    order = {label: n for n, label in enumerate(("MEL", "SCC", "SEK", "ACK", "NEV", "BCC"))}
    people = np.unique(photos.person)
    rarest = {person: min(order[one.label] for one in photos.all if one.person == person) for person in people}
    place, turn = {}, 0
    for label in range(len(order)):
        for person in random.permutation([person for person in people if rarest[person] == label]):
            place[str(person)] = turn % count
            turn += 1
    return np.array([place[person] for person in photos.person.tolist()])


def subset(photos: Photos, chosen: np.ndarray) -> Photos:
    """Those of a boolean mask."""
    return Photos(tuple(one for one, yes in zip(photos.all, chosen, strict=True) if yes), photos.left_out)
