"""This is the place where it is tested that the demo's devices come in whole, count once, and that every gap in them is explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from core import demo
from core.care import glucose_day, home_readings, missing, series, trends
from core.care.access import COMMAND_LINE, Action, require
from core.domain.ledger import Outcome
from core.ports import Ports
from core.settings import Settings
from core.wiring import build


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    made = build(Settings(home=tmp_path_factory.mktemp("devices"), demo=True))
    demo.fill(made)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def people(ports: Ports) -> dict[str, str]:
    event = require(ports, COMMAND_LINE, Action.ADD_PERSON).event("test")
    return {one.profile.name: one.person_id for one in ports.store.people(None, event)}


@pytest.fixture(scope="module")
def today(ports: Ports) -> date:
    return ports.clock.now().date()


MARGARET, JIANGUO, AISHA = "Margaret Ellis", "王建国", "Aisha Okafor"


def test_every_ledger_sums_and_nothing_is_refused(ports: Ports, people: dict[str, str]) -> None:
    event = require(ports, COMMAND_LINE, Action.ADD_PERSON).event("test")
    for name in (MARGARET, JIANGUO, AISHA):
        sources = {one.source_id: one for one in ports.store.sources(people[name], event)}
        streams = ports.store.streams(people[name], event)
        for source_id in {one.source_id for one in streams}:
            [ledger] = [one for one in ports.store.ledgers(people[name], event) if one.source_id == source_id]
            counts = dict(ledger.counts)
            assert counts[Outcome.STORED.value] == sum(one.samples for one in streams if one.source_id == source_id) > 100
            assert sum(counts.values()) - counts[Outcome.STORED.value] == (1 if name == AISHA else 0)
            assert sources[source_id].samples == counts[Outcome.STORED.value]


def test_everybody_has_a_zone(ports: Ports, people: dict[str, str]) -> None:
    assert len(people) == 9
    assert all(ports.store.series_choices(person_id).zone for person_id in people.values())


@pytest.mark.parametrize(("name", "day_steps"), [(AISHA, 19_000), (JIANGUO, 13_500), (MARGARET, 9_000)])
def test_watch_and_phone_do_not_count_the_same_steps_twice(
    ports: Ports, people: dict[str, str], today: date, name: str, day_steps: int
) -> None:
    made = series.table(ports, COMMAND_LINE, people[name], "steps", (today - timedelta(days=40), today), "1d")
    assert len(made.value) > 35
    assert max(made.value) < day_steps
    assert (sum(count for _, _, count in made.discarded) > 100) == (name != MARGARET)


def test_what_record_and_device_both_tell_counts_once(ports: Ports, people: dict[str, str]) -> None:
    kept = trends.shelf(ports, COMMAND_LINE, people[MARGARET])
    average = home_readings.view(ports, COMMAND_LINE, people[MARGARET], kept).average
    assert average.code == "pressure.average"
    assert average.facts["n"] == 24
    sensed = series.table(ports, COMMAND_LINE, people[JIANGUO], "cgm_glucose", (None, None), "1d")
    assert max(sensed.count) == 288
    assert sum(count for _, _, count in sensed.discarded) > 1200


def test_the_typical_glucose_day_is_drawn(ports: Ports, people: dict[str, str]) -> None:
    kept = trends.shelf(ports, COMMAND_LINE, people[JIANGUO])
    found = glucose_day.view(ports, COMMAND_LINE, people[JIANGUO], kept)
    assert found.declined is None
    assert found.curves is not None
    assert sum(share.percent for share in found.shares) == pytest.approx(100, abs=0.3)


@pytest.mark.parametrize(
    ("name", "signal", "expected"),
    [
        (MARGARET, "steps", {"sync_failed": 1}),
        (JIANGUO, "sleep_stage", {"not_worn": 2, "consent_withdrawn": 3}),
        (JIANGUO, "cgm_glucose", {"sync_failed": 1}),
        (AISHA, "rhr", {"not_connected": 5, "not_worn": 3, "sync_failed": 1}),
    ],
)
def test_every_gap_has_its_reason(
    ports: Ports, people: dict[str, str], today: date, name: str, signal: str, expected: dict[str, int]
) -> None:
    """Of the last ninety days, or as far as the device goes back."""
    since = {JIANGUO: 20 if signal == "cgm_glucose" else 44}.get(name, 90)
    found = missing.calendar(ports, COMMAND_LINE, people[name], signal, today - timedelta(days=since), today - timedelta(days=2))
    assert {state: found.counts.get(state, 0) for state in expected} == expected
    assert found.counts["received"] > 0.7 * (since - 1)


def test_filling_again_leaves_no_second_trace(ports: Ports, people: dict[str, str]) -> None:
    event = require(ports, COMMAND_LINE, Action.ADD_PERSON).event("test")
    before = {name: ports.store.sync_events(person_id, event) for name, person_id in people.items()}
    assert demo.fill(ports) == demo.Filled()
    assert {name: ports.store.sync_events(person_id, event) for name, person_id in people.items()} == before


def test_the_store_holds_little_more(ports: Ports, tmp_path: Path) -> None:
    event = require(ports, COMMAND_LINE, Action.ADD_PERSON).event("test")
    ports.store.backup(tmp_path / "all.backup", event)
    assert (tmp_path / "all.backup").stat().st_size < 40_000_000
