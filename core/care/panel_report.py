"""This is the place where a coordinator learns how a panel is as a whole, and what work it will be; and enters the hours there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from core.care import check_models, panel_papers, panel_work, worklist
from core.care.access import Action, Grant, reach, require
from core.care.panel_facts import Told, everybody, known_of
from core.care.panel_views import Known, PanelReport, PanelShelf
from core.care.worklist_views import WorklistShelf, WorklistView, WorkQuery
from core.domain.people import Actor, Panel
from core.errors import NotFound
from core.panel.burden import Raised, burden, in_time
from core.panel.capacity import Hours
from core.panel.cohorts import cohorts
from core.panel.shares import counted, gaps
from core.panel.terms import DAY, UNKNOWN, Row
from core.ports import Ports
from core.worklist.terms import REVIEWED_LANES

EVERYBODY = 1_000_000_000
IN_TIME = 2 * DAY
"""Somebody should have looked at what a person asked or sent within so long (house)."""
BANDS = (("0_50", 0.0, 0.5), ("50_80", 0.5, 0.8), ("80_90", 0.8, 0.9), ("90_100", 0.9, 1.01))


@dataclass(slots=True)
class Shelves:
    """What one session has read of its people: for the figures, and for the worklist."""

    panel: PanelShelf
    worklist: WorklistShelf


def report(
    ports: Ports, actor: Actor, panel_id: str, kept: Shelves, *, at: datetime | None = None, told: Told | None = None
) -> PanelReport:
    """The figures of one panel ("": of everybody within reach). Raises NotFound for a panel that is none of one's own, BadInput for hours that can't be read."""
    grant = require(ports, actor, Action.VIEW_PANEL_REPORT)
    now = at or ports.clock.now()
    panels = _panels(ports, grant)
    people = everybody(ports, grant, _within(ports, grant, panels, panel_id))
    gone = {one for one, person in people.items() if person is not None and person.profile.deceased}
    people = {one: person for one, person in people.items() if one not in gone}
    preferences = ports.store.preferences(actor.account_id)
    known = known_of(ports, grant, people, (kept.panel, now, preferences.language, told))
    listed = worklist.worklist(ports, actor, WorkQuery(panel_id=panel_id, page_size=EVERYBODY), kept.worklist, at=now)
    papers = panel_papers.papers_of(ports, grant, tuple(people))
    asked, happened = panel_work.asked_of(ports, grant, tuple(people), papers)
    rows = _rows(known, listed, asked, now)
    since = _since(known, (*asked, *papers.alerts))
    hours = panel_work.hours_read(ports.store.house_document(panel_work.document_of(panel_id))) if panel_id else None
    looks = panel_work.looks_of(kept.worklist.read[one][1].looks for one in people if one in kept.worklist.read)
    happened = replace(
        happened,
        times={**happened.times, "review": looks},
        waiting={**happened.waiting, "review": sum(bool(row.pressing) for row in rows)},
    )
    return PanelReport(
        panel_id, tuple((one.panel_id, one.name) for one in panels), now, len(rows), len(gone),
        sum(bool(row.broken) for row in rows), papers.damaged, papers.watched, counted(rows), _shares(rows), listed.counts, cohorts(rows), gaps(rows),
        burden(asked, since, now.timestamp()), burden(papers.alerts, since, now.timestamp()) if papers.watched else None, check_models.lines(ports, actor),
        panel_work.work_of(happened, known, (hours, preferences.timezone), now),
    )  # fmt: skip


def fresh(ports: Ports, actor: Actor, panel_id: str) -> str:
    """What stays the same while the people of a panel and their records do: a report that is held may be shown again as long as this is so. Raises as `report`."""
    grant = require(ports, actor, Action.VIEW_PANEL_REPORT)
    within = _within(ports, grant, _panels(ports, grant), panel_id) or ()
    return sha256("|".join(f"{one}:{ports.store.revision(one)}" for one in within).encode()).hexdigest()


def panels_of(ports: Ports, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The panels whose report one may ask for: id and name."""
    grant = require(ports, actor, Action.VIEW_PANEL_REPORT)
    return tuple((one.panel_id, one.name) for one in _panels(ports, grant))


def save_hours(ports: Ports, actor: Actor, panel_id: str, hours: Hours) -> None:
    """Keep the staff hours of each weekday and the minutes that things take, for everybody who works on the panel. Raises BadInput, NotFound; Conflict where a
    colleague was faster."""
    grant = require(ports, actor, Action.PLAN_PANEL_HOURS)
    if not panel_id or panel_id not in {one.panel_id for one in _panels(ports, grant)}:
        raise NotFound("no_such_panel", panel=panel_id)
    name = panel_work.document_of(panel_id)
    body = panel_work.hours_written(panel_work.checked(hours), ports.clock.now(), actor.display_name or actor.account_id)
    ports.store.put_house_document(name, body, grant.event(panel_id), was=ports.store.house_document(name))


def _panels(ports: Ports, grant: Grant) -> tuple[Panel, ...]:
    if grant.account is None:
        return ports.store.panels(None)
    return ports.store.panels(grant.account.panels) if grant.account.panels else ()


def _within(ports: Ports, grant: Grant, panels: Sequence[Panel], panel_id: str) -> tuple[str, ...] | None:
    within = None if grant.account is None else reach(ports, grant.account)
    if not panel_id:
        return within
    chosen = next((one for one in panels if one.panel_id == panel_id), None)
    if chosen is None:
        raise NotFound("no_such_panel", panel=panel_id)
    return chosen.persons if within is None else tuple(one for one in within if one in chosen.persons)


def _rows(known: Mapping[str, Known], listed: WorklistView, asked: Sequence[Raised], now: datetime) -> list[Row]:
    """Each person with what the worklist says, and whether what they asked was looked at in time."""
    lines = {one.person_id: one for one in listed.lines}
    mine = panel_papers.by_person(asked)
    found = []
    for person_id, one_known in known.items():
        line = lines.get(person_id)
        found.append(
            replace(
                one_known.row,
                reasons=len(line.reasons) if line else 0,
                pressing=line.lane in REVIEWED_LANES if line else None,
                in_time=in_time(mine.get(person_id, ()), now.timestamp(), IN_TIME),
            )
        )
    return found


def _since(known: Mapping[str, Known], raised: Sequence[Raised]) -> dict[str, float]:
    """From when on each person is here: since they were added, or since the first thing that is kept of them."""
    found = {person_id: one.since for person_id, one in known.items()}
    for one in raised:
        found[one.person_id] = min(one.raised_at, found.get(one.person_id, one.raised_at))
    return found


def _shares(rows: Sequence[Row]) -> tuple[tuple[str, int], ...]:
    """The PDC of every medicine that has one, in bands; then how many people have none."""
    shares = [share for row in rows for share in row.shares]
    bands = tuple((name, sum(low <= share < high for share in shares)) for name, low, high in BANDS)
    return (*bands, (UNKNOWN, sum(not row.shares for row in rows)))
