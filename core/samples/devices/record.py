"""This is the place where the record of a told life is asked what its devices must agree with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

_GOOD = ("final", "amended")


def observations(home: bytes, loinc: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(instant in s since 1970, Observation) of every usable observation of that code, as the file has them."""
    for entry in orjson.loads(home)["entry"]:
        body = entry["resource"]
        if body["resourceType"] == "Observation" and body["status"] in _GOOD and body["code"]["coding"][0]["code"] == loinc:
            when = body.get("effectiveDateTime") or body["effectivePeriod"]["start"]
            yield round(datetime.fromisoformat(when).timestamp()), body


def values(home: bytes, loinc: str, unit: str) -> dict[int, float]:
    """Instant -> value of the numbers in that unit."""
    found = {}
    for at, body in observations(home, loinc):
        amount = body.get("valueQuantity", {})
        if amount.get("code") == unit:
            found[at] = amount["value"]
    return found


def pressures(home: bytes) -> dict[int, tuple[float, float]]:
    """Instant -> (systolic, diastolic) of every panel whose halves are both there."""
    found = {}
    for at, body in observations(home, "85354-9"):
        halves = {part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"] for part in body["component"] if "valueQuantity" in part}
        if {"8480-6", "8462-4"} <= set(halves):
            found[at] = (halves["8480-6"], halves["8462-4"])
    return found
