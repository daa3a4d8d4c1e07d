"""This is the place where facts and tables are made up for the tests of advice."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

from core.advice.table import ADVICE, AdviceTable
from core.advice.terms import Fact
from core.medications.tables import load
from core.rules import ShippedTables

AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def table() -> AdviceTable:
    return load(ShippedTables().read, (ADVICE,)).of(ADVICE)


def fact(text: str) -> Fact:
    """ "key=value@days!state"; "?" is no value."""
    whole, _, state = text.partition("!")
    whole, _, days = whole.partition("@")
    key, _, value = whole.partition("=")
    return Fact(key, state or "used", None if value == "?" else float(value), days=int(days) if days else None, origin="record")


def facts(text: str) -> dict[str, Fact]:
    return {one.key: one for one in map(fact, text.split())}


def golden() -> list[dict[str, str]]:
    with (Path(__file__).parent / "golden.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
