"""This is the place where the people somebody may see are listed, searched and opened."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from core.care.access import Action, reach, require
from core.care.desk_views import PanelLine, PanelQuery, PanelView
from core.care.lines import age_at, folded, person_view
from core.care.views import PersonView
from core.domain.people import Actor, Panel
from core.domain.records import Person
from core.ports import Ports

STALE_AFTER = timedelta(days=30)


def panel(ports: Ports, actor: Actor, query: PanelQuery) -> PanelView:
    """A page of the people within reach that match."""
    grant = require(ports, actor, Action.LIST_PEOPLE)
    now = ports.clock.now()
    panels = _panels(ports, grant.account.panels if grant.account else None)
    within = None if grant.account is None else reach(ports, grant.account)
    chosen = next((one for one in panels if one.panel_id == query.panel_id), None)
    if query.panel_id:
        inside = set(chosen.persons) if chosen else set()
        within = tuple(p for p in within if p in inside) if within is not None else tuple(inside)
    people = ports.store.people(within, grant.event("panel"))
    lines = sorted((_line(p, panels, now) for p in people if _fits(p, query, now)), key=_order(query))
    if query.sort in ("newest", "oldest"):
        lines.sort(key=lambda line: line.last_at.timestamp() if line.last_at else 0.0, reverse=query.sort == "newest")
    size, page = max(1, query.page_size), max(1, query.page)
    cut = tuple(lines[(page - 1) * size : page * size])
    names = tuple((one.panel_id, one.name) for one in panels)
    return PanelView(query, names, cut, len(lines), len(people), max(1, ceil(len(lines) / size)), now)


def open_person(ports: Ports, actor: Actor, person_id: str) -> PersonView:
    """Who it is: the head of a record that is opened. The look is written down."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    return person_view(ports.store.person(person_id, grant.event("open")), ports.clock.now())


def _panels(ports: Ports, panel_ids: tuple[str, ...] | None) -> tuple[Panel, ...]:
    return ports.store.panels(panel_ids) if panel_ids is None or panel_ids else ()


def _line(person: Person, panels: tuple[Panel, ...], now: datetime) -> PanelLine:
    profile = person.profile
    return PanelLine(
        person.person_id,
        profile.name,
        profile.birth_date,
        age_at(profile.birth_date, profile.deceased, now)[0],
        profile.gender,
        person.synthetic or profile.synthetic,
        tuple(one.name for one in panels if person.person_id in one.persons),
        sum(count for _, count in person.record_counts),
        person.quarantined,
        person.last_at,
    )


def _fits(person: Person, query: PanelQuery, now: datetime) -> bool:
    profile = person.profile
    if query.gender and profile.gender != query.gender:
        return False
    if not _age_fits(age_at(profile.birth_date, profile.deceased, now)[0], query):
        return False
    wanted = {
        "quarantined": person.quarantined > 0,
        "stale": person.last_at is not None and now - person.last_at > STALE_AFTER,
        "never": person.last_at is None,
    }
    if not wanted.get(query.only, True):
        return False
    names = [text for name in profile.names for text in (name.text, name.family, *name.given)]
    text = folded(" ".join((*names, profile.birth_date, *(value for _, value in profile.identifiers))))
    return all(word in text for word in folded(query.text).split())


def _age_fits(age: int | None, query: PanelQuery) -> bool:
    if query.age_from is None and query.age_to is None:
        return True
    if age is None:
        return False
    return (query.age_from is None or age >= query.age_from) and (query.age_to is None or age <= query.age_to)


def _order(query: PanelQuery):  # type: ignore[no-untyped-def]
    if query.sort == "age":
        return lambda line: (line.age_years is None, line.age_years or 0, folded(line.name))
    return lambda line: (not line.name, folded(line.name), line.person_id)
