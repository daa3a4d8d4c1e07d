"""This is the place where the facts of one life are collected before each desk writes them down in its own way."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Body = dict[str, Any]
"""A resource without id, meta and resolved references; a reference is written "@key of a fact"."""

PATIENT = "@patient"


@dataclass(frozen=True, slots=True)
class Someone:
    """The person a life belongs to. `pinyin` is the Latin writing of a Chinese name, else empty."""

    slug: str
    name_en: str
    name_zh: str
    family: str
    given: tuple[str, ...]
    birth: date
    female: bool
    zone: str
    chinese: bool
    phone: str
    address: tuple[str, str, str, str]
    story_en: str
    story_zh: str
    contact: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class Desk:
    """One source of records: where its ids live, who runs it, how it numbers and packs its records.

    `ids` is "hash", "key" or "uuid"; `bundle` is the Bundle type; `number` is the identifier system of its patients.
    """

    name: str
    base: str
    organization: tuple[str, str]
    clinician: tuple[str, str]
    specialty: tuple[str, str, str]
    ids: str = "hash"
    bundle: str = "collection"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is true of the person, and the desks that wrote it down."""

    key: str
    body: Body
    desks: tuple[str, ...]
    meta: Mapping[str, Any] | None = None
    record_id: str = ""


@dataclass(slots=True)
class Chart:
    """The facts of one life while it is being told; lives inside one call of `generate` and is shared by nobody."""

    person: Someone
    desks: tuple[Desk, Desk]
    today: date
    seed: int
    facts: list[Fact] = field(default_factory=list)

    @property
    def both(self) -> tuple[str, ...]:
        return tuple(desk.name for desk in self.desks)

    @property
    def main(self) -> str:
        """The desk where the person is treated."""
        return self.desks[0].name

    @property
    def side(self) -> str:
        """The other desk: at home or the second practice."""
        return self.desks[1].name

    def stream(self, name: str) -> random.Random:
        """Chance for one purpose: more draws here never change another purpose."""
        return random.Random(f"{self.seed}/{self.person.slug}/{name}")  # noqa: S311  (no secret is drawn from it)

    def add(self, key: str, body: Body, *desks: str) -> str:
        """Write a fact down (at the main desk unless told); the answer refers to it."""
        self.facts.append(Fact(key, body, desks or (self.main,)))
        return f"@{key}"

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def working_day(self, ago: int) -> date:
        """A day the clinic is open: a weekend moves to the Friday before."""
        day = self.day(ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def at(self, day: date, clock: str = "09:00") -> str:
        """The FHIR instant of a local clock time ("HH:MM" or "HH:MM:SS") with the offset valid there on that day."""
        moment = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(self.person.zone))
        return moment.isoformat()

    def words(self, english: str, chinese: str) -> str:
        return chinese if self.person.chinese else english
