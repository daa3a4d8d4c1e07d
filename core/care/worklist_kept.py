"""This is the place where what was gathered of a person is kept from one session to the next, sealed in their own drawer, so that a panel opens in seconds.

It says of which revision of the person and of which day (UTC) it is; of any other it is not used. The revision is read before the gathering: what changes
meanwhile has a newer one. Laying it down is quiet (it does not move the person on), and what can't be read counts as not there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from core.care.access import Grant
from core.care.worklist_facts import gathered
from core.care.worklist_views import Gathered
from core.domain.records import Person
from core.domain.targets import family_for
from core.errors import HealthboardError
from core.ports import Ports

LOG = logging.getLogger("healthboard.care")
DRAWER = "worked_out.worklist."
EDITION = 1
"""Of the rules and shapes behind it: another one makes everything be gathered anew. To be raised with every change of what `gathered` finds."""
AT_ONCE = 500

Key = tuple[int, int, str]
"""Of which revision, which day, and by whose limits (a family of standards, from the reader's language)."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    edition: int
    revision: int
    day: int
    gathered: Gathered


def key_of(revision: int, now: datetime, language: str) -> Key:
    return revision, now.toordinal(), family_for(language)


def fetch(ports: Ports, grant: Grant, wanted: Mapping[str, Key]) -> dict[str, Gathered]:
    """What of these people is kept and still holds."""
    found: dict[str, Gathered] = {}
    for family in dict.fromkeys(key[2] for key in wanted.values()):
        mine: Sequence[str] = tuple(person_id for person_id, key in wanted.items() if key[2] == family)
        for start in range(0, len(mine), AT_ONCE):
            some = mine[start : start + AT_ONCE]
            for person_id, body in ports.store.drawers(some, DRAWER + family, grant.event("worklist")).items():
                kept = _opened(body)
                if kept is not None and (kept.edition, kept.revision, kept.day) == (EDITION, *wanted[person_id][:2]):
                    found[person_id] = kept.gathered
    return found


def anew(ports: Ports, grant: Grant, person: Person, now: datetime, language: str) -> Gathered:
    """Gather, and keep it for the next session; as it will be read then. Where it can't be kept it is used all the same."""
    revision, day, family = key_of(person.revision, now, language)
    made = gathered(ports, grant, person, now, language)
    try:
        body = msgspec.msgpack.encode(_Kept(EDITION, revision, day, made))
        ports.store.put_in_drawer(person.person_id, DRAWER + family, body, grant.event("worklist"), quiet=True)
    except HealthboardError as error:
        LOG.warning("What the worklist found out can't be kept: %s", error.code)
        return made
    except (TypeError, ValueError, OverflowError):  # a number of the record that no format holds
        return made
    opened = _opened(body)
    return made if opened is None else opened.gathered


def _opened(body: bytes) -> _Kept | None:
    try:
        return msgspec.msgpack.decode(body, type=_Kept)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
