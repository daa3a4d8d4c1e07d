"""This is the place where the team's templates stand: messages to be sent again and again, in every language, with places that are filled from a fixed list.

Those that come with the house are words of the catalogue; what coordinators write instead, or add, lies in a document of the house.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from core.care import thread_hours
from core.care.access import Action, Grant, require
from core.care.thread_views import Filled, Template
from core.domain.papers import PaperKind
from core.domain.people import Actor, Role
from core.domain.time import PartialTime
from core.errors import BadInput, Conflict, NotFound
from core.ports import Ports, Say, Store

DOCUMENT = "messages.templates"
SHIPPED = ("check_in", "readings_needed", "refill_ready", "results_ready", "before_visit", "please_call")
"""Templates that come with the house (`template.<key>.subject`, `template.<key>.text`)."""
PLACES = ("name", "date", "team", "next_visit")
"""What may stand in braces, and is filled when the message is written."""
LANGUAGES = ("en", "zh_Hans")
MOST_TEMPLATES, MOST_SUBJECT, MOST_TEXT = 60, 120, 2000
_HOLE = re.compile(r"\{([^{}]*)\}")
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
_AHEAD = frozenset({"proposed", "pending", "booked", "arrived", "checked-in", ""})


@dataclass(frozen=True, slots=True)
class _Own:
    key: str
    subjects: dict[str, str]
    texts: dict[str, str]
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Document:
    templates: tuple[_Own, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Shelf:
    """The templates there are, with the bytes they were read from (`raw`)."""

    templates: tuple[Template, ...]
    raw: bytes = field(default=b"", repr=False)


def listed(ports: Ports, actor: Actor) -> Shelf:
    """Every template: the house's own first. Raises BadInput (document_damaged)."""
    require(ports, actor, Action.EDIT_TEMPLATES)
    return _shelf(ports)


def filled(ports: Ports, actor: Actor, person_id: str, key: str) -> Filled:
    """A template as this person would get it, in their language. Raises NotFound; BadInput (template_unfilled) naming what isn't known."""
    grant = require(ports, actor, Action.ANSWER_MESSAGE, person_id)
    template = next((one for one in _shelf(ports).templates if one.key == key), None)
    if template is None:
        raise NotFound("template_not_found", template=key)
    language = language_of_person(ports.store, person_id, grant)
    facts = _facts(ports, actor, person_id, grant, language)
    return Filled(key, _filled(template.subjects[language], facts), _filled(template.texts[language], facts), language)


def save(ports: Ports, actor: Actor, template: Template, was: bytes) -> None:
    """Keep a template, a new one or other words for one there is. Raises BadInput; Conflict where somebody else changed them meanwhile."""
    grant = require(ports, actor, Action.EDIT_TEMPLATES)
    own = _looked_at(template, actor.display_name or actor.account_id)
    before = _document(was)
    others = tuple(one for one in before.templates if one.key != own.key)
    if len(others) >= MOST_TEMPLATES:
        raise BadInput("too_many_entries", place="templates", need=MOST_TEMPLATES)
    _put(ports, grant, replace(before, templates=(*others, own)), was)


def forget(ports: Ports, actor: Actor, key: str, was: bytes) -> None:
    """Take away what was written: one of the house's has its own words again, another one is gone. Raises Conflict."""
    grant = require(ports, actor, Action.EDIT_TEMPLATES)
    before = _document(was)
    _put(ports, grant, replace(before, templates=tuple(one for one in before.templates if one.key != key)), was)


def language_of_person(store: Store, person_id: str, grant: Grant) -> str:
    """What a person reads: as they chose it here, else as their record says, else the first there are words in."""
    event = grant.event("language")
    own = [one for one in store.accounts(event) if one.role is Role.PATIENT and person_id in one.persons and not one.disabled]
    chosen = [store.preferences(one.account_id).language for one in own]
    for language in (*chosen, *store.person(person_id, event).profile.languages):
        found = next((one for one in LANGUAGES if language and one[:2] == language[:2].lower()), None)
        if found:
            return found
    return LANGUAGES[0]


def _shelf(ports: Ports) -> Shelf:
    raw = ports.store.house_document(DOCUMENT)
    own = {one.key: one for one in _document(raw).templates}
    house = [_shipped(ports, key, own.pop(key, None)) for key in SHIPPED]
    added = [Template(one.key, one.subjects, one.texts, changed_by=one.by) for one in own.values()]
    return Shelf((*house, *added), raw)


def _shipped(ports: Ports, key: str, own: _Own | None) -> Template:
    if own is not None:
        return Template(key, own.subjects, own.texts, True, True, own.by)
    said = {language: _words(ports, language) for language in LANGUAGES}
    subjects = {language: say(f"template.{key}.subject") for language, say in said.items()}
    return Template(key, subjects, {language: say(f"template.{key}.text") for language, say in said.items()}, True)


def _document(raw: bytes) -> _Document:
    """Raises BadInput (document_damaged)."""
    if not raw:
        return _Document()
    try:
        found = msgspec.json.decode(raw, type=_Document)
    except msgspec.DecodeError:
        raise BadInput("document_damaged", place="templates", need="restore a backup") from None
    if any(set(LANGUAGES) - set(one.subjects) or set(LANGUAGES) - set(one.texts) for one in found.templates):
        raise BadInput("document_damaged", place="templates", need="restore a backup")
    return found


def _put(ports: Ports, grant: Grant, document: _Document, was: bytes) -> None:
    if ports.store.house_document(DOCUMENT) != was:
        raise Conflict("document_changed", place=DOCUMENT)
    ports.store.put_house_document(DOCUMENT, msgspec.json.encode(document), grant.event("templates"), was=was)


def _looked_at(template: Template, by: str) -> _Own:
    """Raises BadInput for a key, a text or a place that can't be."""
    if not _KEY.fullmatch(template.key):
        raise BadInput("template_key", place="key", need="a-z, 0-9, _")
    for language in LANGUAGES:
        subject, text = template.subjects.get(language, "").strip(), template.texts.get(language, "").strip()
        if not subject or not text or len(subject) > MOST_SUBJECT or len(text) > MOST_TEXT:
            raise BadInput("template_words", place=language, need=MOST_TEXT)
        unknown = [hole for hole in _HOLE.findall(subject + text) if hole not in PLACES]
        if unknown or any(mark in _HOLE.sub("", subject + text) for mark in "{}"):
            raise BadInput("template_places", place=language, need=" ".join(f"{{{one}}}" for one in PLACES))
    return _Own(template.key, _stripped(template.subjects), _stripped(template.texts), by)


def _stripped(words: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in words.items() if language in LANGUAGES}


def _facts(ports: Ports, actor: Actor, person_id: str, grant: Grant, language: str) -> Mapping[str, str]:
    hours = thread_hours.offices(ports.store, ports.clock.now()).hours
    say = _words(ports, language, hours.zone if hours else "")
    now = ports.clock.now()
    booked = ports.store.papers((person_id,), grant.event("next_visit"), kinds=(PaperKind.VISIT,), states=("booked",))
    ahead: list[tuple[datetime, PartialTime | datetime]] = [(one.at, one.at) for one in booked if one.at > now]
    for record in ports.store.records(person_id, grant.event("next_visit"), kinds=("Appointment",)):
        start = PartialTime.parse(record.item.start)
        if start is not None and start.until > now and record.item.status in _AHEAD:
            ahead.append((start.earliest, start))
    visit = min(ahead, key=lambda one: one[0])[1] if ahead else None
    panels = [one.name for one in ports.store.panels() if person_id in one.persons]
    return {
        "name": ports.store.person(person_id, grant.event("name")).profile.name,
        "date": say.day(_local(now, hours.zone if hours else "")),
        "team": (actor.display_name if actor.role is Role.COORDINATOR else "") or (panels[0] if panels else ""),
        "next_visit": say.moment(visit) if visit is not None else "",
    }


def _local(now: datetime, zone: str) -> datetime:
    return now.astimezone(ZoneInfo(zone)) if zone else now


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """Raises BadInput where something that has to stand there isn't known: a gap is never sent."""

    def put(hole: re.Match[str]) -> str:
        said = facts.get(hole.group(1), "")
        if not said:
            raise BadInput("template_unfilled", place=hole.group(1), need="write it yourself, or take another template")
        return said

    return _HOLE.sub(put, text)


def _words(ports: Ports, language: str, zone: str = "") -> Say:
    """Raises BadInput where this house was built without words."""
    if ports.words is None:
        raise BadInput("bad_input", place="words", need="words")
    return ports.words(language, ZoneInfo(zone) if zone else UTC)
