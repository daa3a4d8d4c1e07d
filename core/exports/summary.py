"""This is the place where the one-page summary is put together: what stands on it, in which order, and what gives way first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.domain.records import Contact, PersonName, SourceMark, Value
from core.domain.time import PartialTime
from core.exports.letters import missing
from core.exports.page import Block, Measure, Page, Row
from core.exports.written import Say, day_text, values_text

_ALL = 300
_MEASURES = (
    *(Measure(size, _ALL, length, _ALL) for size, length in ((10, 200), (9, 200), (8.5, 140), (8, 110), (7.5, 110))),
    Measure(8, 24, 110, 40), Measure(8, 16, 100, 40), Measure(7.5, 12, 90, 40), Measure(7, 8, 70, 40),
    Measure(7, 6, 60, 24), Measure(7, 4, 50, 12), Measure(7, 2, 40, 8), Measure(7, 1, 30, 4),
)  # fmt: skip
"""From generous to tight; the first that fits one page is taken. From the sixth on lists are cut, and say so; the last fits
whatever the record holds: no list has more than five short lines."""
_CRITICALITY = {"high": "summary.criticality_high", "low": "summary.criticality_low"}


class Who(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def names(self) -> tuple[PersonName, ...]: ...
    @property
    def birth_date(self) -> str: ...
    @property
    def gender(self) -> str: ...
    @property
    def deceased(self) -> str: ...
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
    @property
    def sources(self) -> tuple[SourceMark, ...]: ...


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
    allergies are cut last. Raises BadInput `font_missing` where the fonts have not the letters of the language or of the name."""
    page = Page.begin(language, font_path, summary.made_at, words("summary.title"))
    content = _content(summary, words)
    fitting = (m for m in _MEASURES if page.fits((content.left, content.right), content.readings, m))
    measure = next(fitting, _MEASURES[-1])
    page.head(
        words("summary.title"),
        _name(summary.person, page, words),
        _about(summary, words),
        words("summary.synthetic") if summary.person.synthetic else "",
    )
    page.columns(content.left, content.right, measure)
    page.table(content.readings, measure)
    made = words("summary.made", when=words.moment(summary.made_at))
    page.foot(
        (made, _sources(summary, words), words("summary.advice")), words("summary.page", page=1, pages=1), words("summary.boxes")
    )
    return page.finish()


def _name(who: Who, page: Page, t: Say) -> str:
    """The first of a person's names that can be printed whole: a page about a box is about nobody."""
    names = [name for name in (who.name, *(other.text for other in who.names)) if name]
    if not names:
        return t("person.no_name")
    said = next((name for name in names if page.letters.says(name)), "")
    if not said:
        raise missing("a font with the letters of this person's name")
    return said


def _sources(summary: Summary, t: Say) -> str:
    """Who says what stands on the page."""
    marks = [mark for line in (*summary.allergies.lines, *summary.problems, *summary.medicines) for mark in line.sources]
    marks.extend(mark for reading in summary.readings for mark in reading.sources)
    names = dict.fromkeys(_source(mark, t) for mark in marks)
    return t("summary.sources", names=", ".join(names)) if names else ""


def _source(mark: SourceMark, t: Say) -> str:
    return mark.label or t("source." + mark.kind)


def _about(summary: Summary, t: Say) -> str:
    who, parts = summary.person, []
    born = PartialTime.parse(who.birth_date)
    if born:
        parts = [f"{t('emergency.born')} {t.day(born)}"] + ([] if who.deceased else [t.years_old(born, summary.made_at)])
    else:
        parts = [t("person.no_birth_date")]
    if who.deceased:
        died = PartialTime.parse(who.deceased)
        parts.append(t("summary.died", when=t.day(died)) if died else t("summary.deceased"))
    if who.gender:
        parts.append(t.first("gender." + who.gender, "gender.unknown"))
    return " – ".join(parts)


def _content(summary: Summary, t: Say) -> _Content:
    none = t("today.none_recorded")
    allergies = summary.allergies
    known = tuple(_allergy(line, t) for line in allergies.lines)
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


def _allergy(line: Line, t: Say) -> str:
    danger = _CRITICALITY.get(dict(line.detail).get("criticality", ""), "")
    return f"{_line(line, t, 'reaction')} ({t(danger)})" if danger else _line(line, t, "reaction")


def _since(line: Line, t: Say) -> str:
    title = line.title or t("value.unnamed")
    return f"{title} ({day_text(t, line.when)})" if line.when else title


def _card(summary: Summary, t: Say) -> tuple[str, ...]:
    contacts = [
        " ".join(filter(None, (one.name, f"({one.relationship})" if one.relationship else "", one.phone)))
        for one in summary.person.contacts
    ]
    card = [f"{t('emergency.blood_group')}: {summary.emergency.blood_group}"] if summary.emergency.blood_group else []
    card.extend(f"{t('emergency.contacts')}: {said}" for said in contacts if said)
    card.extend(f"{t('emergency.implants')}: {line.title}" for line in summary.emergency.implants)
    return tuple(card)


def _reading(reading: NewestValue, now: datetime, t: Say) -> Row:
    when = PartialTime.parse(reading.when)
    age = t.age(when, now) if when else ""
    day = t.day(when) if when else reading.when
    said = day if age in ("", day) else f"{day} – {age}"
    if reading.stale:
        said += f" ({t('summary.stale')})"
    sources = ", ".join(_source(mark, t) for mark in reading.sources)
    label = t(reading.label) if t.has(reading.label) else reading.label.partition(".")[2]
    return Row((label, values_text(t, reading.values), said, sources))
