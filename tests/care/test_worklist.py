"""The coordinator's worklist: nobody of the panel is lost, a look moves down only what was looked at, and strangers see nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.care import requests, worklist, worklist_marks
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.care.worklist_views import Look, WorkLine, WorklistShelf, WorklistView, WorkQuery
from core.domain.people import Role
from core.errors import BadInput, NotFound, NotPermitted, StoreDamaged
from core.worklist.terms import LANES
from tests.care.given import NOW, add_person, bring, bundle, clock, event, parcel, patient, ports_with
from tests.care.house import House, build
from tests.care.stores import STORES


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> House:
    return build(ports_with(request.getfixturevalue(request.param)))


def measured(house: House, code: str, value: float, unit: str, day: int, person_id: str = "") -> None:
    told: dict[str, Any] = {
        "resourceType": "Observation", "id": f"{code}-{day}-{value}", "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": (NOW - timedelta(days=day)).isoformat(),
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip
    file = parcel(bundle(patient("p1", "Own", "CANARY-OWN"), told, base="https://own.example/fhir"), "more.json", "clinic")
    bring(house.ports, file, whose=Whose(person_id or house.own))


def seen(house: House, kept: WorklistShelf | None = None, **query: Any) -> WorklistView:
    return worklist.worklist(house.ports, house.actors[Role.COORDINATOR], WorkQuery(**query), kept or WorklistShelf())


def line(house: House, kept: WorklistShelf | None = None) -> WorkLine:
    (found,) = (one for one in seen(house, kept).lines if one.person_id == house.own)
    return found


def more_people(house: House, count: int) -> tuple[str, ...]:
    added = tuple(add_person(house.ports, f"More{at}", "Casey") for at in range(count))
    house.ports.store.save_panel(replace(house.panel, persons=(house.own, *added)), event())
    return added


def test_everybody_of_the_panel_is_there_once_and_nobody_else(house: House) -> None:
    added = more_people(house, 3)
    view = seen(house)
    assert sorted(one.person_id for one in view.lines) == sorted((house.own, *added))
    assert tuple(lane for lane, _ in view.counts) == LANES
    assert sum(count for _, count in view.counts) == view.total == 4
    assert {one.lane for one in view.lines if one.person_id in added} == {"never"}


def test_a_red_value_comes_first_with_its_rule_source_and_age(house: House) -> None:
    more_people(house, 2)
    measured(house, "59408-5", 86, "%", 1)
    first = seen(house).lines[0]
    assert (first.person_id, first.lane) == (house.own, "now")
    reason = first.reasons[0]
    assert (reason.rule, reason.status, reason.says.facts["value"], reason.at) == (
        "vital_red",
        "verified",
        86,
        NOW - timedelta(days=1),
    )
    assert "NEWS" in reason.source


def test_a_weight_that_jumped_is_for_today_and_never_its_own_baseline(house: House) -> None:
    measured(house, "29463-7", 90.7, "kg", 2)
    measured(house, "29463-7", 93.0, "kg", 1)
    found = {one.rule: one for one in line(house).reasons}
    assert found["weight_week"].says.facts["value"] == pytest.approx(2.3)
    assert line(house).lane == "today"


def test_what_was_asked_waits_and_rises_when_it_is_late(house: House) -> None:
    requests.ask(house.ports, house.actors[Role.PATIENT], house.own, "refill", requests.About("m1", "Metformin"))
    assert line(house).lane == "week"
    clock(house.ports).wait(days=2, minutes=1)
    later = worklist.worklist(house.ports, COMMAND_LINE, WorkQuery(), WorklistShelf())
    (found,) = (one for one in later.lines if one.person_id == house.own)
    assert found.lane == "today"
    assert found.reasons[0].rule == "request_refill"


def test_a_look_moves_down_what_was_seen_can_be_undone_and_ends_with_new_evidence(house: House) -> None:
    kept, coordinator = WorklistShelf(), house.actors[Role.COORDINATOR]
    measured(house, "59408-5", 86, "%", 1)
    before = line(house, kept)
    look = worklist.review(house.ports, coordinator, house.own, [one.mark for one in before.reasons], "called, doing better")
    after = line(house, kept)
    assert (after.lane, after.look) == ("waiting", look)
    assert after.reasons[0].known
    worklist.undo(house.ports, coordinator, house.own, look.look_id)
    assert line(house, kept).lane == "now"
    assert worklist.looks(house.ports, coordinator, house.own)[0].undone_at == NOW
    worklist.review(house.ports, coordinator, house.own, [one.mark for one in before.reasons])
    assert line(house, kept).lane == "waiting"
    measured(house, "59408-5", 85, "%", 0)
    assert line(house, kept).lane == "now"


def test_a_look_at_nothing_in_particular_hides_nothing(house: House) -> None:
    measured(house, "59408-5", 86, "%", 1)
    worklist.review(house.ports, house.actors[Role.COORDINATOR], house.own, ())
    assert line(house).lane == "now"


def test_an_undo_of_what_is_not_there_and_too_long_a_note_are_refused(house: House) -> None:
    coordinator = house.actors[Role.COORDINATOR]
    with pytest.raises(NotFound):
        worklist.undo(house.ports, coordinator, house.own, "nothing")
    with pytest.raises(BadInput):
        worklist.review(house.ports, coordinator, house.own, (), "x" * 2000)
    with pytest.raises(BadInput):
        worklist.review(house.ports, coordinator, house.own, ["x" * 100])
    with pytest.raises(BadInput):
        seen(house, lane="elsewhere")


def test_a_person_whose_reading_fails_is_listed_with_the_reason(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    added = more_people(house, 1)
    real = type(house.ports.store).records

    def damaged(self: Any, person_id: str, *given: Any, **more: Any) -> Any:
        if person_id == house.own:
            raise StoreDamaged("record_damaged")
        return real(self, person_id, *given, **more)

    monkeypatch.setattr(type(house.ports.store), "records", damaged)
    found = line(house)
    assert (found.lane, found.reasons[0].rule, found.reasons[0].says.facts["why"]) == ("data", "broken", "record_damaged")
    assert seen(house).total == 1 + len(added)


def test_a_damaged_profile_takes_nobody_else_away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    added = more_people(house, 2)
    real = type(house.ports.store).person

    def none(*given: Any, **more: Any) -> Any:
        raise StoreDamaged("profile_damaged")

    def one(self: Any, person_id: str, *given: Any) -> Any:
        return none() if person_id == added[0] else real(self, person_id, *given)

    monkeypatch.setattr(type(house.ports.store), "people", none)
    monkeypatch.setattr(type(house.ports.store), "person", one)
    view = seen(house)
    assert view.total == 3
    assert next(one.lane for one in view.lines if one.person_id == added[0]) == "data"


def test_who_is_in_the_panel_and_not_in_the_store_is_said_and_not_left_out(house: House) -> None:
    house.ports.store.save_panel(replace(house.panel, persons=(house.own, "gone")), event())
    assert next(one.lane for one in seen(house).lines if one.person_id == "gone") == "data"


def test_a_drawer_that_cannot_be_read_is_a_reason(house: House) -> None:
    house.ports.store.put_in_drawer(house.own, worklist_marks.DRAWER, b"{", event())
    assert "broken" in {one.rule for one in line(house).reasons}


def test_of_those_who_have_not_changed_nothing_is_read_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    more_people(house, 4)
    kept = WorklistShelf()
    seen(house, kept)
    asked: list[str] = []
    real = type(house.ports.store).records
    monkeypatch.setattr(
        type(house.ports.store),
        "records",
        lambda self, person_id, *a, **k: asked.append(person_id) or real(self, person_id, *a, **k),
    )
    seen(house, kept)
    assert asked == []
    house.ports.store.put_in_drawer(house.own, "anything", b"new", event())
    seen(house, kept)
    assert set(asked) == {house.own}


def test_filters_show_fewer_and_count_all(house: House) -> None:
    added = more_people(house, 3)
    assert [one.person_id for one in seen(house, text="more1").lines] == [added[1]]
    view = seen(house, lane="never", page_size=2, page=2)
    assert (view.found, view.pages, len(view.lines), view.total) == (3, 2, 1, 4)
    assert seen(house, panel_id="no-such-panel").total == 0


def test_it_can_be_asked_as_of_another_moment(house: House) -> None:
    measured(house, "59408-5", 86, "%", 1)
    at = NOW - timedelta(days=3)
    then = worklist.worklist(house.ports, COMMAND_LINE, WorkQuery(), WorklistShelf(), at=at)
    (found,) = (one for one in then.lines if one.person_id == house.own)
    assert found.lane != "now"
    assert then.made_at == at


def test_nobody_but_the_team_sees_it_and_a_look_needs_the_panel(house: House) -> None:
    for role in (Role.PATIENT, Role.CAREGIVER, Role.ADMINISTRATOR, Role.KIOSK):
        with pytest.raises(NotPermitted):
            worklist.worklist(house.ports, house.actors[role], WorkQuery(), WorklistShelf())
    with pytest.raises(NotPermitted):
        worklist.review(house.ports, house.actors[Role.COORDINATOR], house.other, ())
    assert house.other not in {one.person_id for one in seen(house).lines}


_look = st.builds(
    Look, st.text(max_size=5), st.just(NOW), st.text(max_size=5), st.text(max_size=5), st.text(max_size=9), st.lists(st.text(max_size=9), max_size=3).map(tuple),
    st.one_of(st.none(), st.just(datetime(2026, 11, 22, tzinfo=UTC))),
)  # fmt: skip


@given(st.lists(_look, max_size=4))
def test_looks_come_back_as_they_were_kept(kept: list[Look]) -> None:
    assert worklist_marks.read(worklist_marks.written(kept)) == tuple(kept)


@given(
    st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.one_of(st.none(), st.text(), st.integers()),
            lambda one: st.lists(one) | st.dictionaries(st.sampled_from(["version", "looks", "id", "at", "seen"]), one),
        ).map(lambda one: json.dumps(one).encode()),
    )
)
def test_a_drawer_is_read_or_refused_and_nothing_else(body: bytes) -> None:
    try:
        worklist_marks.read(body)
    except BadInput as error:
        assert error.code == "drawer_damaged"
