"""This is the place where two people use the house at once, in every order chance finds, and neither sees the other."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.care import export, log, medicine_cards, people, records, sessions, settings_of, sources, today, trends
from core.care.desk_views import PanelQuery
from core.care.views import RecordQuery, TrendQuery
from core.domain.people import Actor, Preferences, Role
from core.errors import HealthboardError
from core.ports import Ports, Store
from tests.care.given import add_account, clock, event, ports_with, signed_in
from tests.care.house import OTHER_CANARY, OWN_CANARY, House, build
from tests.care.stores import STORES

Step = Callable[[Ports, Actor, str], Any]


def say(key: str, **facts: object) -> str:
    return key


def _open_all(ports: Ports, actor: Actor, person_id: str) -> list[Any]:
    shelf = records.shelf(ports, actor, person_id)
    return [records.one(ports, actor, person_id, record.record_id) for record in shelf.records]


STEPS: tuple[Step, ...] = (
    lambda p, a, who: today.view(p, a, who),
    lambda p, a, who: records.browse(p, a, who, RecordQuery(text="note")),
    lambda p, a, who: records.browse(p, a, who, RecordQuery(group="vitals", sort="oldest")),
    _open_all,
    lambda p, a, who: [records.original(p, a, who, r.record_id) for r in records.shelf(p, a, who).records],
    lambda p, a, who: trends.view(p, a, who, TrendQuery("hr")),
    lambda p, a, who: medicine_cards.view(p, a, who),
    lambda p, a, who: sources.overview(p, a, who),
    lambda p, a, who: [sources.ledger_lines(p, a, who, one.import_id) for one in sources.ledgers(p, a, who)],
    lambda p, a, who: log.who_looked(p, a, who),
    lambda p, a, who: people.panel(p, a, PanelQuery()),
    lambda p, a, who: people.open_person(p, a, who),
    lambda p, a, who: sessions.landing(p, a),
    lambda p, a, who: (settings_of.save(p, a, Preferences(weight="[lb_av]")), settings_of.load(p, a)),
    lambda p, a, who: export.bundle(p, a, who).content,
    lambda p, a, who: export.summary_pdf(p, a, who, say, "en").content,
)


def _reaching(house: House, actor: Actor, wanted: str, theirs: str, ids: dict[str, list[str]]) -> Iterator[Step]:
    """What somebody curious tries with ids they should not know: all of it must fail."""
    for record_id in ids[theirs]:
        yield lambda p, a, who, r=record_id: records.one(p, a, wanted, r)
        yield lambda p, a, who, r=record_id: records.original(p, a, wanted, r)
    yield lambda p, a, who: today.view(p, a, theirs)
    yield lambda p, a, who: sources.ledgers(p, a, theirs)


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> House:
    store: Store = request.getfixturevalue(request.param)
    return build(ports_with(store))


def test_two_hundred_interleavings_of_two_sessions_leak_nothing(house: House) -> None:
    ports = house.ports
    one = house.actors[Role.PATIENT]
    two = signed_in(ports, add_account(ports, Role.PATIENT, "second", persons=(house.other,)))
    ids = {who: [r.record_id for r in ports.store.records(who, event())] for who in (house.own, house.other)}
    sides = ((one, house.own, house.other, OWN_CANARY, OTHER_CANARY), (two, house.other, house.own, OTHER_CANARY, OWN_CANARY))
    seen = {OWN_CANARY: 0, OTHER_CANARY: 0}
    for seed in range(200):
        chance = random.Random(seed)
        for _ in range(6):
            actor, mine, theirs, canary, foreign = chance.choice(sides)
            clock(ports).wait(seconds=1)
            if chance.random() < 0.2:
                step = chance.choice(list(_reaching(house, actor, mine, theirs, ids)))
                with pytest.raises(HealthboardError) as refused:
                    step(ports, actor, mine)
                assert foreign not in repr(refused.value)
                continue
            answer = repr(chance.choice(STEPS)(ports, actor, mine))
            assert foreign not in answer
            assert theirs not in answer
            seen[canary] += canary in answer
        sessions.touch(ports, one)
        sessions.touch(ports, two)
    assert min(seen.values()) > 100
