"""This is the place where tests of messages get a house with hours and words, and somebody who writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from core.care import thread_hours, threads
from core.care.access import COMMAND_LINE
from core.care.thread_views import Draft, Sent
from core.domain.office import OfficeHours
from core.domain.people import Role
from core.ports import Ports
from core.ui.words import words
from tests.care.given import ports_with
from tests.care.given_checks import ToldModels
from tests.care.house import House, build

WEEK = ((time(9), time(17)),) * 5 + (None, None)
LONDON = OfficeHours("Europe/London", WEEK, 8 * 60)


def with_words(ports: Ports) -> Ports:
    return replace(ports, words=words, checks=ToldModels())


def house_of(store: object = None, hours: OfficeHours | None = LONDON) -> House:
    """Two people, an account of every role, office hours from Monday to Friday."""
    built = build(with_words(ports_with(store)))  # type: ignore[arg-type]
    if hours is not None:
        thread_hours.save(built.ports, COMMAND_LINE, hours, b"")
    return built


def begin(house: House, text: str = "May I take it with milk?", role: Role = Role.PATIENT, **more: object) -> Sent:
    draft = Draft(**{"token": f"token-{text}", "text": text, "subject": "A question", **more})  # type: ignore[arg-type]
    return threads.begin(house.ports, house.actors[role], house.own, draft)


def reply(house: House, thread_id: str, text: str, role: Role = Role.COORDINATOR, **more: object) -> Sent:
    draft = Draft(**{"token": f"token-{role}-{text}", "text": text, **more})  # type: ignore[arg-type]
    return threads.reply(house.ports, house.actors[role], house.own, thread_id, draft)
