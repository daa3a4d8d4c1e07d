"""This is the place where the sample people are made once for all their tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import pytest

from core.samples import SamplePerson, generate

TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Shelf:
    """The people of one day, with their files read back."""

    people: tuple[SamplePerson, ...]
    bundles: dict[tuple[str, str], dict[str, Any]]

    def resources(self, slug: str = "", file: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(slug, file, resource) of every entry, of one person and file where they are named."""
        for (owner, name), bundle in self.bundles.items():
            if slug in ("", owner) and file in ("", name):
                for entry in bundle["entry"]:
                    yield owner, name, entry["resource"]

    def observations(self, slug: str, loinc: str) -> list[dict[str, Any]]:
        """Every observation of that person and code, each fact once."""
        found = {}
        for _, _, resource in self.resources(slug):
            if resource["resourceType"] == "Observation" and resource["code"]["coding"][0]["code"] == loinc:
                value = resource.get("valueQuantity", {})
                if resource["subject"]["reference"] == "Patient/somebody-else":
                    continue
                if value.get("system") and "comparator" not in value:
                    found[(resource["effectiveDateTime"], value["value"])] = resource
        return [found[key] for key in sorted(found)]


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    people = generate(TODAY)
    bundles = {(person.slug, file.name): orjson.loads(file.content) for person in people for file in person.files}
    return Shelf(people, bundles)
