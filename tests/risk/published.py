"""This is the place where published examples are read: tables of shared/clinical by the names of their columns, applied through the command line's function."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.commands.risk import on_file

CLINICAL = Path(__file__).resolve().parents[3] / "shared" / "clinical"


def _there(name: str) -> Path:
    path = CLINICAL / name
    if not path.is_file():
        pytest.skip(f"no published examples at {path}")
    return path


def rows(name: str) -> list[dict[str, str]]:
    """A table of published examples."""
    with _there(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scores(name: str) -> list[tuple[dict[str, Any], float]]:
    """Inputs and expected points of one score of score_vectors.csv."""
    found = [(json.loads(row["inputs"]), float(row["expected"])) for row in rows("score_vectors.csv") if row["score"] == name]
    assert found
    return found


def of_scores_json(name: str) -> list[tuple[dict[str, Any], float]]:
    """Inputs and expected value of one score of scores.json."""
    vectors = json.loads(_there("scores.json").read_text(encoding="utf-8"))[name]["vectors"]
    return [({key: value for key, value in one.items() if key != "expected"}, float(one["expected"])) for one in vectors]


def applied(equation: str, people: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, str]]:
    """The people written to a table, an equation applied by the command, and the table of answers."""
    names = list(dict.fromkeys(name for one in people for name in one))
    given, out = folder / "people.csv", folder / "answers.csv"
    with given.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(people)
    on_file(Namespace(equation=equation, table=given, out=out, list=False, json=False, usage=pytest.fail))
    with out.open(encoding="utf-8", newline="") as file:
        answers = list(csv.DictReader(file))
    assert len(answers) == len(people)
    return answers
