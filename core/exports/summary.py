"""This is the place where the one-page summary is put together: what stands on it, in which order, and what gives way first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.domain.records import Contact, SourceMark, Value
from core.domain.time import PartialTime
from core.exports.page import Block, Measure, Page, Row
from core.exports.written import Say, day_text, values_text

_ALL = 300
_MEASURES = (
    Measure(10, _ALL, 200), Measure(9, _ALL, 200), Measure(8.5, _ALL, 140), Measure(8, _ALL, 110), Measure(7.5, _ALL, 110),
    Measure(8, 24, 110), Measure(8, 16, 100), Measure(7.5, 12, 90), Measure(7, 8, 70),
)  # fmt: skip
"""From generous to tight; the first that fits one page is taken. From the sixth on lists are cut, and say so."""


class Who(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def birth_date(self) -> str: ...
    @property
    def gender(self) -> str: ...
    @property
    def contacts(self) -> tuple[Contact, ...]: ...
    @property
    def synthetic(self) -> bool: ...


class Line(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def when(self) -> str: ...
    @property
    def detail(self) -> tuple[tuple[str, str], ...]: ...


class KnownAllergies(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def lines(self) -> Sequence[Line]: ...


class NewestValue(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def values(self) -> tuple[Value, ...]: ...
    @property
    def when(self) -> str: ...
    @property
    def stale(self) -> bool: ...
    @property
    def sources(self) -> tuple[SourceMark, ...]: ...


class Emergency(Protocol):
    @property
    def blood_group(self) -> str: ...
    @property
    def implants(self) -> Sequence[Line]: ...


class Summary(Protocol):
    """What a summary says: the Today view of a person (core/care/views.py), as far as it is read here."""

    @property
    def made_at(self) -> datetime: ...
    @property
    def person(self) -> Who: ...
    @property
    def problems(self) -> Sequence[Line]: ...
    @property
    def medicines(self) -> Sequence[Line]: ...
    @property
    def allergies(self) -> KnownAllergies: ...
    @property
    def readings(self) -> Sequence[NewestValue]: ...
    @property
    def emergency(self) -> Emergency: ...


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands on the page: two columns above, the readings below."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    readings: Block


def summary_pdf(summary: Summary, words: Say, language: str, font_path: Path | None = None) -> bytes:
    """One A4 page as PDF, its font embedded as far as used. What has no room is counted on the page, never dropped unsaid;
    allergies are cut last."""
    page = Page.begin(language, font_path, summary.made_at, words("summary.title"))
    content = _content(summary, words)
    fitting = (m for m in _MEASURES if page.fits((content.left, content.right), content.readings, m))
    measure = next(fitting, _MEASURES[-1])
    who = summary.person
    page.head(
        words("summary.title"),
        who.name or words("person.no_name"),
        _about(summary, words),
        words("summary.synthetic") if who.synthetic else "",
    )
    page.columns(content.left, content.right, measure)
    page.table(content.readings, measure)
    page.foot(
        words("summary.made", when=words.moment(summary.made_at)), words("summary.page", page=1, pages=1), words("summary.advice")
    )
    return page.finish()


def _about(summary: Summary, t: Say) -> str:
    who, parts = summary.person, []
    born = PartialTime.parse(who.birth_date)
    if born:
        parts = [f"{t('emergency.born')} {t.day(born)}", t.years_old(born, summary.made_at)]
    else:
        parts = [t("person.no_birth_date")]
    if who.gender:
        parts.append(t.first("gender." + who.gender, "gender.unknown"))
    return " · ".join(parts)


def _content(summary: Summary, t: Say) -> _Content:
    none = t("today.none_recorded")
    allergies = summary.allergies
    known = tuple(_line(line, t, "reaction", "criticality") for line in allergies.lines)
    if allergies.state != "listed":
        known = (t("allergies." + allergies.state),)
    left = [
        Block(t("today.allergies"), known, lasting=True),
        Block(t("today.problems"), tuple(_since(line, t) for line in summary.problems) or (none,)),
    ]
    card = _card(summary, t)
    if card:
        left.append(Block(t("emergency.title"), card))
    medicines = tuple(_line(line, t, "dosage") for line in summary.medicines) or (none,)
    rows = tuple(_reading(reading, summary.made_at, t) for reading in summary.readings)
    readings = Block(
        t("today.readings"), () if rows else (t("today.no_readings"),), rows=rows, more=lambda n: t("today.more_in_records", n=n)
    )
    more = tuple(_with_more(block, t) for block in left)
    return _Content(more, (_with_more(Block(t("today.medicines"), medicines), t),), readings)


def _with_more(block: Block, t: Say) -> Block:
    return Block(block.title, block.lines, block.rows, block.lasting, lambda n: t("today.more_in_records", n=n))


def _line(line: Line, t: Say, *keys: str) -> str:
    said = [text for key, text in line.detail if key in keys and text]
    return " – ".join((line.title or t("value.unnamed"), *said))


def _since(line: Line, t: Say) -> str:
    title = line.title or t("value.unnamed")
    return f"{title} ({day_text(t, line.when)})" if line.when else title


def _card(summary: Summary, t: Say) -> tuple[str, ...]:
    contacts = [
        " ".join(filter(None, (one.name, f"({one.relationship})" if one.relationship else "", one.phone)))
        for one in summary.person.contacts
    ]
    card = [f"{t('emergency.contacts')}: {said}" for said in contacts if said]
    if summary.emergency.blood_group:
        card.append(f"{t('emergency.blood_group')}: {summary.emergency.blood_group}")
    card.extend(f"{t('emergency.implants')}: {line.title}" for line in summary.emergency.implants)
    return tuple(card)


def _reading(reading: NewestValue, now: datetime, t: Say) -> Row:
    when = PartialTime.parse(reading.when)
    age = t.age(when, now) if when else ""
    day = t.day(when) if when else ""
    said = day if age == day else f"{day} · {age}"
    mark = f" · {t('summary.stale')}" if reading.stale else ""
    sources = ", ".join(source.label or t("source." + source.kind) for source in reading.sources)
    label = t(reading.label) if t.has(reading.label) else reading.label.partition(".")[2]
    return Row((label, values_text(t, reading.values), said + mark, sources))
