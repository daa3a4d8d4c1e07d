"""This is the place where the quality gate is measured: how many good photos pass, and how many of those made poor on purpose are refused.

    python -m models.training.gate --data DIR [--out DIR] [--document FILE]

DIR is the folder of images/pad-ufes-20 and images/fuseg-256. The limits in models/image_check/quality.py were set on one half of the people ("set"); the
figures are those of the other half ("report"). No TensorFlow. The photos stay where they are; only numbers are written.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from core.domain.checks import CheckKind
from models.cards import ARTIFACTS
from models.image_check.measuring import measured, without_bars
from models.training.degrading import DEGRADATIONS, LEVELS, degraded
from models.training.gate_report import Measured, document, report
from models.training.strangers import frozen

SEED = 20261127
BLOCK = 25
"""Foot-ulcer photos name no person, and those of one visit have neighbouring numbers: blocks of so many go to one half together."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A good photo: `half` "set" or "report", `skin_type` 1 to 6 (0 not known)."""

    path: Path
    kind: CheckKind
    person: str
    half: str
    skin_type: int = 0


def photos(data: Path, every: int) -> Iterator[Photo]:
    """The photos of both kinds; of the wounds each `every`-th."""
    folder = data / "images" / "pad-ufes-20"
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            path = next((folder / "images").glob(f"{row['pid']}.*"))
            kind_of_skin = int(float(row["fitspatrick"])) if row["fitspatrick"] else 0
            yield Photo(path, CheckKind.SKIN, row["patient_id"], half_of(row["patient_id"]), kind_of_skin)
    for at, path in enumerate(sorted((data / "images" / "fuseg-256" / "train" / "images").iterdir())):
        if at % every == 0:
            block = f"block {at // BLOCK}"
            yield Photo(path, CheckKind.WOUND, block, half_of(block))


def half_of(person: str) -> str:
    """Which half a person belongs to, for good."""
    return "set" if hashlib.sha256(f"{SEED} {person}".encode()).digest()[0] % 2 else "report"


def measure(photo: Photo, number: int) -> Iterator[Measured]:
    """The photo as it is, and in every degradation and step."""
    with Image.open(photo.path) as opened:
        pixels = without_bars(np.asarray(opened.convert("RGB")))
    about = (photo.kind, photo.person, photo.half, photo.skin_type)
    yield Measured(*about, "good", "", measured(pixels))
    for name in DEGRADATIONS:
        for level in LEVELS:
            poor = degraded(pixels, name, level, np.random.default_rng([SEED, number]))
            yield Measured(*about, name, level, measured(poor))


def main(argv: list[str] | None = None) -> int:
    """Measure, write report.json and the document; 1 where a bar is missed."""
    given = _arguments(argv)
    if given.measures and given.measures.exists():
        rows = [Measured.of(one) for one in json.loads(given.measures.read_text(encoding="utf-8"))]
    else:
        every = list(enumerate(photos(given.data, given.every)))
        rows = [row for number, photo in tqdm(every, desc="photos", file=sys.stderr) for row in measure(photo, number)]
        for one in tqdm(list(frozen(given.strangers)), desc="strangers", file=sys.stderr):
            values = measured(one.pixels)
            rows += [Measured(kind, one.family, "report", 0, "stranger", "", values) for kind in (CheckKind.SKIN, CheckKind.WOUND)]
        if given.measures:
            given.measures.write_text(json.dumps([row.plain() for row in rows]), encoding="utf-8")
    found = report(rows)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "report.json").write_text(json.dumps(found, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    text = document(found)
    if given.document:
        given.document.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(found["kinds"][kind]["report"]["bars_met"] for kind in found["kinds"]) else 1


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.gate", description="Measure the quality gate on photos made poor step by step."
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder with images/pad-ufes-20 and images/fuseg-256")
    parser.add_argument(
        "--out", type=Path, default=ARTIFACTS / "gate", help="where report.json goes (default: models/artifacts/gate)"
    )
    parser.add_argument("--document", type=Path, help="where the same is written for people (docs/models/GATE.md)")
    parser.add_argument("--every", type=int, default=5, help="of the wound photos each N-th (default: 5)")
    parser.add_argument("--strangers", type=int, default=8, help="pictures of each family that is no skin (default: 8)")
    parser.add_argument("--measures", type=Path, help="a file the measures are kept in, to judge them again without measuring")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
