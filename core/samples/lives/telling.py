"""This is the place where a life's first lines become a person with a birthday."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from core.samples.chart import Someone
from core.samples.physiology import age_in_years


class Told(NamedTuple):
    """The first lines of a life: `born` is (age today, month, day of birth); `name` is (family, given) where it isn't the
    last and first word of the English name."""

    slug: str
    name_en: str
    name_zh: str
    born: tuple[int, int, int]
    female: bool
    zone: str
    story_en: str
    story_zh: str
    address: tuple[str, str, str, str]
    contact: tuple[str, str, str] = ("", "", "")
    chinese: bool = False


def someone(told: Told, today: date) -> Someone:
    """The person: the birthday stays the same all year, the age is as told."""
    age, month, day = told.born
    birth = date(today.year - age, month, day)
    if age_in_years(birth, today) < age:
        birth = date(today.year - age - 1, month, day)
    words = told.name_en.split()
    family, given = (words[0], tuple(words[1:])) if told.chinese else (words[-1], tuple(words[:-1]))
    number = 100 + sum(map(ord, told.slug)) % 100
    phone = f"+86-555-0{number}" if told.chinese else f"+1-555-0{number}"
    return Someone(
        told.slug, told.name_en, told.name_zh, family, given, birth, told.female, told.zone, told.chinese, phone,
        told.address, told.story_en, told.story_zh, told.contact,
    )  # fmt: skip
