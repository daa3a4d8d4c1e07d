"""This is the place where an administrator says how the clinic's kiosks work: what is measured, how people are known, where the desk is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.care import kiosk_secrets
from core.care.access import Action, require
from core.care.kiosk_papers import Document, change, load, start_over
from core.care.kiosk_registry import Hand
from core.care.medicine_entries import known, text_within
from core.domain.people import Actor
from core.errors import BadInput
from core.kiosk.terms import Clinic, Measure
from core.ports import Ports
from core.questionnaires.instruments import BY_KEY

FACTORS = ("phone_last4", "postcode", "none")
LIMITS = {
    "idle_seconds": (20, 300),
    "warn_seconds": (5, 60),
    "code_minutes": (10, 7 * 24 * 60),
    "link_minutes": (15, 24 * 60),
    "form_days": (0, 366),
}
MOST_NAME, MOST_DESK = 80, 120


@dataclass(frozen=True, slots=True)
class Settings:
    """How kiosks work here. `desk`: where it is, in the clinic's own words. `forms` are asked for where the last answer is older than `form_days`.
    `code_minutes`: how long a check-in code may be used; `link_minutes`: how long what a visit sent can be taken home."""

    name: str = ""
    factor: str = "phone_last4"
    measures: tuple[Measure, ...] = (Measure.BLOOD_PRESSURE, Measure.WEIGHT, Measure.OXYGEN, Measure.TEMPERATURE)
    desk: str = ""
    languages: tuple[str, ...] = ()
    idle_seconds: int = 60
    warn_seconds: int = 15
    code_minutes: int = 24 * 60
    link_minutes: int = 60
    forms: tuple[str, ...] = ()
    form_days: int = 14
    version: int = 1

    def with_numbers(self, numbers: Mapping[str, int]) -> Settings:
        """With these of LIMITS in place of what they were."""
        return replace(self, **{name: numbers[name] for name in LIMITS if name in numbers})  # type: ignore[arg-type]


DOCUMENT: Document[Settings] = Document("kiosk.clinic", Settings())


def settings(ports: Ports, actor: Actor) -> Settings:
    """What was set. Raises BadInput (document_damaged)."""
    require(ports, actor, Action.MANAGE_KIOSKS)
    return load(ports.store, DOCUMENT)


def save(ports: Ports, actor: Actor, new: Settings) -> Settings:
    """Keep how kiosks work from now on. Raises BadInput."""
    grant = require(ports, actor, Action.MANAGE_KIOSKS)
    checked = looked_at(new)
    return change(ports.store, DOCUMENT, grant.event("kiosk_clinic"), lambda before: checked)


def forget(ports: Ports, actor: Actor) -> None:
    """Back to how it is where nothing was set: the way on from a damaged document."""
    grant = require(ports, actor, Action.MANAGE_KIOSKS)
    start_over(ports.store, DOCUMENT, grant.event("kiosk_clinic"))


def told(hand: Hand) -> Clinic:
    """What a kiosk is told about the house."""
    here = load(hand.ports.store, DOCUMENT)
    key = kiosk_secrets.of_house(hand.ports.store, hand.event(what="kiosk_key")).public
    return Clinic(here.name, key, here.factor, here.measures, here.desk, here.languages, here.idle_seconds, here.warn_seconds)


def looked_at(new: Settings) -> Settings:
    """The settings as they may be kept. Raises BadInput."""
    known(new.factor, FACTORS, "factor")
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(new, name) <= most:
            raise BadInput("bad_choice", place=name, need=f"{least} to {most}")
    if new.warn_seconds >= new.idle_seconds:
        raise BadInput("bad_choice", place="warn_seconds", need="less than idle_seconds")
    for form in new.forms:
        known(form, tuple(BY_KEY), "forms")
    return replace(
        new, name=text_within(new.name, "name", MOST_NAME), desk=text_within(new.desk, "desk", MOST_DESK), measures=_each_once(new.measures),
        forms=_each_once(new.forms), languages=tuple(text_within(one, "languages", 20) for one in _each_once(new.languages)[:20]),
    )  # fmt: skip


def _each_once(of: Sequence[str]) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys(of))
