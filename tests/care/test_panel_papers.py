"""Alerts, messages and visits of a panel: what somebody took, what ended by itself, what still waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alerts.desk import Desk
from core.alerts.states import Alert, Entry, Kind, State
from core.care import alert_desk, panel_papers
from core.care.access import COMMAND_LINE, Action, require
from core.care.alert_desk import Looked
from core.care.thread_papers import thread_paper
from core.domain.papers import Paper, PaperKind
from core.domain.threads import OPEN, PERSON, TEAM, WAITING_TEAM, Head, Thread, Writer
from core.panel.burden import burden
from core.trends.judgement import Severity
from tests.care.given import NOW, event
from tests.care.house import House, build


@pytest.fixture
def house() -> House:
    return build()


def alert(number: int, *kinds: tuple[Kind, int], days: int = 3) -> Alert:
    """Raised so many days ago; each entry so many hours later."""
    at = NOW - timedelta(days=days)
    entries = tuple(Entry(at + timedelta(hours=hours), kind, State.RAISED, Severity.ACT_SOON) for kind, hours in kinds)
    state = State.RESOLVED if {Kind.RESOLVED, Kind.RECOVERED} & {kind for kind, _ in kinds} else State.RAISED
    return Alert(f"a{number}", "pressure", "high", "sbp", state, Severity.ACT_SOON, at, at, 1.0, 1.0, 1.0, ("r",), timeline=entries)


def counted(house: House) -> panel_papers.Counted:
    grant = require(house.ports, COMMAND_LINE, Action.VIEW_PANEL_REPORT)
    return panel_papers.papers_of(house.ports, grant, (house.own,))


def kept(house: House, *papers: Paper) -> None:
    house.ports.store.put_papers(house.own, papers, event())


def test_an_end_by_itself_is_no_look() -> None:
    taken = panel_papers.raised("p", alert(1, (Kind.RAISED, 0), (Kind.ACKNOWLEDGED, 4), (Kind.RESOLVED, 9)))
    recovered = panel_papers.raised("p", alert(2, (Kind.RAISED, 0), (Kind.RECOVERED, 9)))
    ended = panel_papers.raised("p", alert(3, (Kind.RAISED, 0), (Kind.RESOLVED, 9)))
    assert taken.acknowledged_at == taken.raised_at + 4 * 3600
    assert (recovered.acknowledged_at, recovered.resolved_at) == (None, recovered.raised_at + 9 * 3600)
    assert ended.acknowledged_at == ended.resolved_at
    found = burden([taken, recovered], {"p": 0.0}, NOW.timestamp())
    assert (found.open, found.unseen, found.half_seen_after) == (0, 0, pytest.approx(4.0))
    assert burden([recovered], {"p": 0.0}, NOW.timestamp()).half_seen_after is None


def test_open_and_ended_alerts_are_counted_once_each(house: House) -> None:
    desk = Desk((alert(1, (Kind.RAISED, 0)), alert(2, (Kind.RAISED, 0), (Kind.RESOLVED, 2))))
    paper = Paper(house.own, PaperKind.DESK, alert_desk.KEY, "open", NOW, b"")
    laid, more = alert_desk.laid(paper, (Desk(), desk), NOW, Looked(NOW))
    kept(house, laid, *(one for one in more if one.kind is PaperKind.ALERT))
    found = counted(house)
    assert (len(found.alerts), found.watched, found.damaged) == (2, 1, 0)
    assert sorted(one.resolved_at is None for one in found.alerts) == [False, True]


def test_nobody_watched_is_not_no_alerts(house: House) -> None:
    assert counted(house) == panel_papers.Counted()


def test_a_message_waits_until_the_team_writes(house: House) -> None:
    writer = Writer("acc", "Own", "patient", PERSON)
    hours = [(PERSON, 50), (PERSON, 49), (TEAM, 40), (PERSON, 10)]
    heads = tuple(Head(f"m{at}", side, "acc", NOW - timedelta(hours=ago)) for at, (side, ago) in enumerate(hours))
    thread = Thread("Dizzy", heads[0].at, writer, WAITING_TEAM, heads)
    kept(
        house,
        thread_paper(house.own, "t1", thread, None),
        thread_paper(house.own, "t2", replace(thread, state=OPEN, heads=heads[:1]), None),
    )
    found = counted(house)
    waits = sorted((NOW.timestamp() - one.raised_at) / 3600 for one in found.written)
    assert waits == [10, 50, 50]
    assert (found.waiting, len(found.messages)) == (1, 4)


def test_a_damaged_paper_is_counted_and_takes_nothing_away(house: House) -> None:
    kept(
        house,
        Paper(house.own, PaperKind.DESK, alert_desk.KEY, "open", NOW, b"{"),
        Paper(house.own, PaperKind.VISIT, "v1", "booked", NOW + timedelta(days=1), b"{}"),
        Paper(house.own, PaperKind.VISIT, "v2", "cancelled", NOW, b"{}"),
    )
    found = counted(house)
    assert (found.damaged, found.visits) == (1, ((house.own, (NOW + timedelta(days=1)).timestamp()),))
