"""This is the place where the sample people are made: pure, from a day and a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import orjson

from core.samples.chart import Chart
from core.samples.lives import LIVES
from core.samples.lives.telling import someone
from core.samples.packing import bundle

SEED = 20260101
"""The seed of the people who ship with the project."""


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One FHIR file: its name ("hospital.json"), its bytes, and who wrote it, as that place calls itself."""

    name: str
    content: bytes
    source: str = ""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One synthetic person: names and a one-line story in both languages, and the files of their sources."""

    slug: str
    name_en: str
    name_zh: str
    story_en: str
    story_zh: str
    files: tuple[SampleFile, ...]


def generate(today: date, seed: int = SEED) -> tuple[SamplePerson, ...]:
    """Every sample person, their five years ending just before the first instant (UTC) of `today`."""
    people = []
    for life in LIVES:
        person = someone(life.who, today)
        chart = Chart(person, life.desks, today, seed)
        life.tell(chart)
        files = tuple(
            SampleFile(f"{desk.name}.json", bundle(chart, desk), chart.words(*desk.organization) or desk.organization[0])
            for desk in life.desks
        )
        people.append(SamplePerson(person.slug, person.name_en, person.name_zh, person.story_en, person.story_zh, files))
    return tuple(people)


def manifest(people: tuple[SamplePerson, ...], today: date, seed: int) -> bytes:
    """`people.json`: who they are, which files are theirs, and from which day and seed they were made."""
    rows = [
        {
            "slug": person.slug,
            "name": {"en": person.name_en, "zh-Hans": person.name_zh},
            "story": {"en": person.story_en, "zh-Hans": person.story_zh},
            "files": [f"{person.slug}/{file.name}" for file in person.files],
        }
        for person in people
    ]
    document = {"synthetic": True, "generated_on": today.isoformat(), "seed": seed, "people": rows}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"
