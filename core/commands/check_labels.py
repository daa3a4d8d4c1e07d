"""This is the place where `check-labels` is: photos that clinicians decided, written as a folder that training reads."""

from __future__ import annotations

import csv
from argparse import Namespace
from pathlib import Path
from typing import Any

from core.care import check_labels
from core.care.access import COMMAND_LINE
from core.care.check_labels import Labelled
from core.commands.answer import Answer, note, table
from core.domain.checks import SYMPTOMS, CheckKind
from core.errors import BadInput
from core.ports import Ports

COLUMNS = (
    "pid",
    "source",
    "patient_id",
    "lesion_id",
    "age",
    "gender",
    "fitspatrick",
    "region",
    "diagnostic",
    *SYMPTOMS,
    "overruled",
    "said",
)
"""Those of PAD-UFES-20 that are known here, under its names, and what the check had said."""


def show(ports: Ports, given: Namespace) -> Answer:
    """Write images/ and labels.csv. Raises BadInput where something lies there already."""
    folder: Path = given.out
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput("file_exists", place=str(folder), need="a folder that is empty or not there")
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []

    def keep(found: Labelled, content: bytes) -> None:
        (images / f"{found.name}.jpg").write_bytes(content)
        rows.append(_row(found))

    done = check_labels.export(ports, COMMAND_LINE, CheckKind(given.kind), keep)
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: str(row["pid"])))  # by an alias: the order tells nothing
    note("These are photos of people who allowed training with them. Keep them where records may be kept; who takes it back later is in no later export.")
    document = {
        "kind": given.kind,
        "out": str(folder),
        "photos": done.photos,
        "people": done.people,
        "labels": dict(done.labels),
        "left_out": dict(done.left_out),
    }
    return Answer(document, _lines(document))


def _row(found: Labelled) -> dict[str, Any]:
    facts = found.facts
    said = {name: facts.symptoms[name] for name in SYMPTOMS if name in facts.symptoms}
    return {
        "pid": found.name, "source": "reviewed", "patient_id": found.person, "lesion_id": found.spot, "age": "" if facts.age is None else facts.age,
        "gender": found.sex.upper() if found.sex in ("female", "male") else "", "fitspatrick": "" if facts.skin_type is None else float(facts.skin_type),
        "region": facts.place.upper(), "diagnostic": found.label, **said, "overruled": found.overruled, "said": found.said,
    }  # fmt: skip


def _lines(document: dict[str, Any]) -> list[str]:
    head = f"{document['photos']} photos of {document['people']} people in {document['out']}"
    labels = [[label, str(count)] for label, count in document["labels"].items()]
    left = [[why.replace("_", " "), str(count)] for why, count in document["left_out"].items() if count]
    return [
        head,
        *(table([["LABEL", "PHOTOS"], *labels]) if labels else []),
        *(table([["LEFT OUT", "CHECKS"], *left]) if left else []),
    ]
