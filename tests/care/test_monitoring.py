"""The ledger of remote monitoring: which days count, what is written down and struck, and what a damaged drawer does not become."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.care import manual, monitoring, series_choices
from core.care.access import COMMAND_LINE, Action, require
from core.care.manual import Entry
from core.care.monitoring import Work
from core.care.placing import Whose
from core.errors import BadInput, Conflict, NotFound
from core.ports import Ports
from tests.care.given import add_person, bring, clock, parcel, ports_with


@pytest.fixture
def ports() -> Ports:
    return ports_with()


def device(ports: Ports, *rows: str) -> str:
    """A person whose devices sent these rows."""
    content, person = "time,value,unit,signal,device\n" + "\n".join(rows) + "\n", add_person(ports)
    bring(ports, parcel(content.encode(), "scale.csv"), whose=Whose(person))
    return person


def test_days_are_the_persons_own_and_each_counts_once(ports: Ports) -> None:
    person = device(
        ports, "2026-11-02T23:30:00Z,80,kg,weight,Scale", "2026-11-02T12:00:00Z,81,kg,weight,Scale", "2026-11-05T12:00:00Z,60,/min,hr,Cuff",
        "2026-10-31T23:30:00Z,80,kg,weight,Scale", "2026-11-07T12:00:00Z,5000,{steps},steps,Watch",
    )  # fmt: skip
    series_choices.set_zone(ports, COMMAND_LINE, person, "Europe/Berlin")
    view = monitoring.month(ports, COMMAND_LINE, person, 2026, 11)
    assert view.days == (date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 5))
    assert (view.devices, view.counted.codes, view.zone) == (("Cuff", "Scale"), (("99445", 1),), "Europe/Berlin")
    assert monitoring.month(ports, COMMAND_LINE, person, 2026, 10).days == ()


def test_what_was_typed_is_no_day_of_a_device(ports: Ports) -> None:
    person = add_person(ports)
    at = clock(ports).now() - timedelta(hours=1)
    manual.keep(ports, COMMAND_LINE, person, Entry("weight", {"weight": 80.0}, at, {"weight": "kg"}), confirmed=True)
    assert monitoring.month(ports, COMMAND_LINE, person, at.year, at.month).days == ()


def test_work_is_written_struck_and_still_read(ports: Ports) -> None:
    person, today = add_person(ports), clock(ports).now().date()
    monitoring.write(ports, COMMAND_LINE, person, Work(today, 15, False, "  Called\n the pharmacy "))
    wrong = monitoring.write(ports, COMMAND_LINE, person, Work(today, 200, True))
    monitoring.strike(ports, COMMAND_LINE, person, wrong.entry_id)
    view = monitoring.month(ports, COMMAND_LINE, person, today.year, today.month)
    assert (view.minutes, view.live, len(view.entries)) == (15, False, 2)
    assert {one.note for one in view.entries} == {"Called the pharmacy", ""}
    assert "no_live_contact" in view.counted.why
    with pytest.raises(Conflict):
        monitoring.strike(ports, COMMAND_LINE, person, wrong.entry_id)
    with pytest.raises(NotFound):
        monitoring.strike(ports, COMMAND_LINE, person, "nothing")


@pytest.mark.parametrize(("days", "minutes", "note"), [(2, 5, ""), (-70, 5, ""), (0, 0, ""), (0, -3, ""), (0, 241, ""), (0, True, ""), (0, 5, "x" * 301)])
def test_what_cannot_be_is_not_kept(ports: Ports, days: int, minutes: int, note: str) -> None:
    person, now = add_person(ports), clock(ports).now()
    with pytest.raises(BadInput):
        monitoring.write(ports, COMMAND_LINE, person, Work((now + timedelta(days=days)).date(), minutes, False, note))
    assert monitoring.month(ports, COMMAND_LINE, person, now.year, now.month).entries == ()


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (10**9, 1)])
def test_a_month_that_is_none(ports: Ports, year: int, month: int) -> None:
    with pytest.raises(BadInput):
        monitoring.month(ports, COMMAND_LINE, add_person(ports), year, month)


def test_a_damaged_ledger_is_said_to_be_and_never_written_over(ports: Ports) -> None:
    person, now = add_person(ports), clock(ports).now()
    grant = require(ports, COMMAND_LINE, Action.KEEP_LEDGER, person)
    ports.store.put_in_drawer(person, monitoring.DRAWER, b"[{", grant.event("test"))
    for what in (lambda: monitoring.month(ports, COMMAND_LINE, person, now.year, now.month), lambda: monitoring.write(ports, COMMAND_LINE, person, Work(now.date(), 5))):
        with pytest.raises(BadInput, match="drawer_damaged"):
            what()
    assert ports.store.drawer(person, monitoring.DRAWER, grant.event("test")) == b"[{"


def test_the_newest_month_of_the_calendar_is_one_too(ports: Ports) -> None:
    assert monitoring.month(ports, COMMAND_LINE, add_person(ports), 9998, 12).counted.why == ("year_not_known",)
