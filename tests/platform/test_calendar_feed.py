"""The calendar a telephone fetches: by its secret address alone, through the whole server."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.api import Door, routes
from core.care import feeds, reminder_book
from core.care.access import COMMAND_LINE
from core.domain.doses import DoseAnswer, DoseState, Plan, PlannedDose
from core.front import StartPageMiddleware, StartPages
from core.headers import Guard, SecurityMiddleware
from core.ports import Ports
from tests.care.given import add_person, clock, event, ports_with


@pytest.fixture
def ports() -> Ports:
    return ports_with()


@pytest.fixture
def person(ports: Ports) -> str:
    return add_person(ports)


@pytest.fixture
def client(ports: Ports) -> TestClient:
    guard = Guard(("localhost",), False, (), lambda session_id: False)
    pages = StartPages({"en": b"<html>front page</html>", "zh_Hans": b"<html></html>"}, ())
    around = [Middleware(SecurityMiddleware, guard=guard), Middleware(StartPageMiddleware, pages=pages)]
    return TestClient(Starlette(routes=routes(Door(lambda: ports, False)), middleware=around), base_url="http://localhost")


def planned(ports: Ports, person: str, *hours: int) -> tuple[PlannedDose, ...]:
    now = clock(ports).now()
    doses = tuple(PlannedDose(f"m1/0@{n}", "m1", "Metformin 500 mg", now + timedelta(hours=n), "UTC") for n in hours)
    ports.store.put_plan(person, Plan(now, now + timedelta(hours=48), doses, (), now + timedelta(hours=1)), event())
    return doses


def events(body: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def test_the_secret_address_gives_the_coming_doses_and_nothing_of_their_names(client: TestClient, ports: Ports, person: str) -> None:
    doses = planned(ports, person, 2, 10, 26)
    made = feeds.make(ports, COMMAND_LINE, person, "My phone")
    answer = client.get(made.path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert [one.start for one in events(answer.content)] == [one.at for one in doses]
    assert b"Metformin" not in answer.content
    head = client.head(made.path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])


def test_a_telephone_that_has_it_already_is_told_so_until_something_changes(client: TestClient, ports: Ports, person: str) -> None:
    planned(ports, person, 2, 10)
    path = feeds.make(ports, COMMAND_LINE, person, "My phone", "names").path
    tag = client.get(path).headers["etag"]
    clock(ports).wait(minutes=5)
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    dose = ports.store.doses(person, clock(ports).now(), clock(ports).now() + timedelta(days=1), event())[0]
    ports.store.answer_dose(person, dose.dose_id, DoseAnswer(DoseState.TAKEN, clock(ports).now()), event())
    after = client.get(path, headers={"if-none-match": tag})
    assert (after.status_code, len(events(after.content))) == (200, 1)


def test_doses_that_ended_vanish(client: TestClient, ports: Ports, person: str) -> None:
    planned(ports, person, 2, 10)
    path = feeds.make(ports, COMMAND_LINE, person, "My phone").path
    planned(ports, person, 10)
    assert len(events(client.get(path).content)) == 1


def test_a_revoked_address_answers_as_one_that_never_was(client: TestClient, ports: Ports, person: str) -> None:
    made = feeds.make(ports, COMMAND_LINE, person, "My phone")
    kept = feeds.make(ports, COMMAND_LINE, person, "Tablet")
    feeds.revoke(ports, COMMAND_LINE, person, made.feed.feed_id)
    revoked, unknown = client.get(made.path), client.get(f"/calendar/{'A' * 43}.ics")
    assert (revoked.status_code, revoked.content) == (unknown.status_code, unknown.content) == (404, unknown.content)
    assert client.get("/calendar/short.ics").status_code == 404
    assert client.get(kept.path).status_code == 200
    assert [one.label for one in feeds.listed(ports, COMMAND_LINE, person)] == ["Tablet"]


def test_each_reading_leaves_a_line_in_the_trail_and_the_time_it_was_read(client: TestClient, ports: Ports, person: str) -> None:
    made = feeds.make(ports, COMMAND_LINE, person, "My phone")
    assert feeds.listed(ports, COMMAND_LINE, person)[0].seen_at is None
    client.get(made.path)
    assert feeds.listed(ports, COMMAND_LINE, person)[0].seen_at == clock(ports).now()
    lines = [one.event for one in ports.store.audit_of(person, event()) if one.event.actor_id.startswith("calendar:")]
    assert {(one.action, one.purpose, one.actor_id) for one in lines} == {("view_record", "system", f"calendar:{made.feed.feed_id}")}


def test_the_secret_is_in_nothing_that_is_kept(ports: Ports, person: str) -> None:
    made = feeds.make(ports, COMMAND_LINE, person, "My phone")
    assert made.secret not in repr(made)
    assert made.secret not in repr(feeds.listed(ports, COMMAND_LINE, person))
    assert made.secret not in repr(ports.store.audit_of(person, event()))


def test_a_damaged_drawer_is_said_and_no_empty_calendar_is_given(client: TestClient, ports: Ports, person: str) -> None:
    path = feeds.make(ports, COMMAND_LINE, person, "My phone").path
    ports.store.put_in_drawer(person, "reminders", b"{", event())
    assert (client.get(path).status_code, client.get(path).json()) == (503, {"error": "drawer_damaged"})
    reminder_book.start_over(ports, COMMAND_LINE, person)
    assert client.get(path).status_code == 200
