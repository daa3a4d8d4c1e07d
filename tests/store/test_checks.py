"""Checks, their photos, spots and switches: kept once, moved by the table, sealed, verified, gone with the person. Both databases, and the plain store."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as listening

from core.domain.checks import (
    CHECK_MOVES,
    Area,
    CheckKind,
    CheckResult,
    CheckState,
    Declined,
    Finding,
    KeptCheck,
    ModelRef,
    Quality,
    SkinFacts,
    Spot,
    Step,
)
from core.errors import Conflict, NotFound, StoreDamaged
from core.settings import load_settings
from core.store import SqlStore, open_store
from tests.care.memory_store import MemoryStore
from tests.store.conftest import DATABASES
from tests.store.given import EVENT, NOW, later, profile, run

MODEL = ModelRef("skin", "1", "d1", "edge")
FOUND = Finding("show_soon", 0.8, (("MEL", 0.7), ("NEV", 0.3)), Area(0.1, 2.0, "card"))
RESULT = CheckResult(CheckKind.SKIN, Quality((), {"sharpness": 12.5}), FOUND, 0.4, MODEL)
DECLINED = CheckResult(CheckKind.SKIN, Quality(("too_dark",)), Declined("poor_quality", ("too_dark",)), leaning=FOUND)


@pytest.fixture(params=["plain", *DATABASES])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The reference store, and the real one on each database."""
    if request.param == "plain":
        yield MemoryStore()
        return
    url = request.getfixturevalue("databases").new() if request.param == "postgresql" else ""
    made = open_store(load_settings(home=tmp_path / "home", database_url=url))
    yield made
    made.close()


@pytest.fixture
def person(kept: Any) -> str:
    return kept.add_person(profile(), EVENT).person_id


def photo(person_id: str, content: bytes = b"photo", **more: Any) -> KeptCheck:
    digest = hashlib.sha256(content).hexdigest()
    given = {"state": CheckState.WAITING_REVIEW, "submitted_at": NOW, "submitted_by": "ada", "result": RESULT, **more}
    return KeptCheck("", person_id, CheckKind.SKIN, digest=digest, **given)


def put(kept: Any, check: KeptCheck, content: bytes = b"photo", overlay: bytes = b"heat") -> KeptCheck:
    return kept.put_check(check, content, overlay, EVENT)


def moved(check: KeptCheck, state: CheckState, **more: Any) -> KeptCheck:
    return replace(check, state=state, steps=(*check.steps, Step(state, later(len(check.steps) + 1), "co", "coordinator")), **more)


def test_everything_of_a_check_comes_back(kept: Any, person: str) -> None:
    facts = SkinFacts(61, "nose", 2, {"itch": True, "bleed": False})
    given = photo(
        person,
        facts=facts,
        note="note",
        taken_at=NOW,
        answers="c0",
        overlay="heat",
        spot_id="s1",
        steps=(Step(CheckState.WAITING_REVIEW, NOW, "a", "b", "c", "d", "e"),),
    )
    made = put(kept, given)
    assert made == replace(given, check_id=made.check_id)
    assert kept.check(person, made.check_id, EVENT) == made
    declined = put(kept, photo(person, b"other", result=DECLINED, submitted_at=later(1)), b"other", b"")
    assert kept.checks((person,), EVENT) == (declined, made), "the newest first"
    assert kept.check_content(person, made.check_id, EVENT) == b"photo"
    assert (kept.check_overlay(person, made.check_id, EVENT), kept.check_overlay(person, declined.check_id, EVENT)) == (
        b"heat",
        b"",
    )


def test_the_same_photo_of_the_same_spot_is_one_check(kept: Any, person: str) -> None:
    first = put(kept, photo(person))
    assert put(kept, photo(person, submitted_at=later(9), note="again")) == first
    assert put(kept, photo(person, spot_id="elsewhere")).check_id != first.check_id
    other = kept.add_person(profile("Ben"), EVENT).person_id
    assert put(kept, photo(other)).check_id != first.check_id
    assert len(kept.checks((person, other, "nobody"), EVENT)) == 3


def test_a_photo_that_was_withdrawn_may_come_again(kept: Any, person: str) -> None:
    first = put(kept, photo(person))
    kept.change_check(moved(first, CheckState.WITHDRAWN), CheckState.WAITING_REVIEW, EVENT)
    second = put(kept, photo(person))
    assert second.check_id != first.check_id
    assert put(kept, photo(person)) == second


def test_lists_are_of_the_kinds_and_states_asked_for(kept: Any, person: str) -> None:
    skin = put(kept, photo(person))
    wound = put(kept, replace(photo(person, state=CheckState.WAITING_MODEL), kind=CheckKind.WOUND))
    assert kept.checks((person,), EVENT, kinds=(CheckKind.WOUND,)) == (wound,)
    assert kept.checks((person,), EVENT, states=(CheckState.WAITING_REVIEW, CheckState.CONFIRMED)) == (skin,)
    assert kept.checks_without_answer(10) == ((person, wound.check_id),)
    assert kept.checks_without_answer(10, (CheckKind.SKIN,)) == ()


def test_those_without_an_answer_are_given_the_oldest_first(kept: Any, person: str) -> None:
    waiting = [
        put(kept, photo(person, bytes([at]), state=CheckState.WAITING_MODEL, submitted_at=later(-at)), bytes([at]))
        for at in range(3)
    ]
    assert [check_id for _, check_id in kept.checks_without_answer(2)] == [waiting[2].check_id, waiting[1].check_id]


def test_only_the_moves_of_the_table_are_kept(kept: Any, person: str) -> None:
    for state, to in itertools.product(CheckState, CheckState):
        check = put(kept, photo(person, f"{state} {to}".encode(), state=state))
        if to is state or to in CHECK_MOVES[state]:
            assert kept.change_check(moved(check, to), state, EVENT).state is to
        else:
            with pytest.raises(Conflict, match="check_moved"):
                kept.change_check(moved(check, to), state, EVENT)
            assert kept.check(person, check.check_id, EVENT) == check


def test_who_comes_late_changes_nothing(kept: Any, person: str) -> None:
    check = put(kept, photo(person))
    first = kept.change_check(moved(check, CheckState.OVERRULED), CheckState.WAITING_REVIEW, EVENT)
    for late, was in (
        (moved(check, CheckState.CONFIRMED), CheckState.WAITING_REVIEW),
        (replace(check, state=CheckState.OVERRULED), CheckState.OVERRULED),
    ):
        with pytest.raises(Conflict, match="check_moved"):
            kept.change_check(late, was, EVENT)
    revised = kept.change_check(moved(first, CheckState.OVERRULED), CheckState.OVERRULED, EVENT)
    with pytest.raises(Conflict, match="check_moved"):  # same state, but the history they know is not the one there is
        kept.change_check(
            replace(first, steps=(*first.steps, Step(CheckState.OVERRULED, later(2), "another", "coordinator"))),
            CheckState.OVERRULED,
            EVENT,
        )
    assert kept.check(person, check.check_id, EVENT) == revised


def test_a_result_that_came_later_takes_its_place_with_its_picture(kept: Any, person: str) -> None:
    check = put(kept, photo(person, state=CheckState.WAITING_MODEL, result=DECLINED), overlay=b"")
    answered = kept.change_check(
        moved(check, CheckState.WAITING_REVIEW, result=RESULT), CheckState.WAITING_MODEL, EVENT, overlay=b"late heat"
    )
    assert kept.check(person, check.check_id, EVENT).result == answered.result == RESULT
    assert kept.check_overlay(person, check.check_id, EVENT) == b"late heat"
    assert kept.check_content(person, check.check_id, EVENT) == b"photo"


def test_what_belongs_to_somebody_else_is_not_found(kept: Any, person: str) -> None:
    other = kept.add_person(profile("Ben"), EVENT).person_id
    check, spot = put(kept, photo(person)), kept.put_spot(Spot("", person, CheckKind.SKIN, "nose", "front", 0.5, 0.5), EVENT)
    for ask in (kept.check, kept.check_content, kept.check_overlay):
        with pytest.raises(NotFound):
            ask(other, check.check_id, EVENT)
    with pytest.raises(NotFound):
        kept.change_check(replace(moved(check, CheckState.CONFIRMED), person_id=other), CheckState.WAITING_REVIEW, EVENT)
    with pytest.raises(NotFound):
        kept.put_spot(replace(spot, person_id=other), EVENT)
    assert kept.spots(other, EVENT) == ()
    with pytest.raises(NotFound):
        put(kept, photo("nobody"))


def test_a_spot_is_kept_and_changed(kept: Any, person: str) -> None:
    first = kept.put_spot(Spot("", person, CheckKind.WOUND, "foot", "back", 0.25, 0.75, "heel", NOW), EVENT)
    second = kept.put_spot(Spot("", person, CheckKind.SKIN, "nose", "front", 0.5, 0.5, "", later(1)), EVENT)
    closed = kept.put_spot(replace(first, closed_at=later(5)), EVENT)
    assert kept.spots(person, EVENT) == (closed, second)


def test_a_switch_stands_as_it_was_set_last(kept: Any) -> None:
    assert kept.model_switches() == {}
    kept.switch_model("wound", True, EVENT)
    kept.switch_model("rhythm", True, EVENT)
    kept.switch_model("wound", False, EVENT)
    assert kept.model_switches() == {"wound": False, "rhythm": True}


def test_a_change_is_seen_by_who_asks_for_the_revision(kept: Any, person: str) -> None:
    seen = [kept.revision(person)]
    check = put(kept, photo(person))
    seen.append(kept.revision(person))
    kept.change_check(moved(check, CheckState.CONFIRMED), CheckState.WAITING_REVIEW, EVENT)
    seen.append(kept.revision(person))
    assert seen[0] < seen[1] < seen[2]


# ------------------------------------------------------------------------------------------------------- the real store alone


def test_of_many_who_decide_at_once_one_does(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    check = put(store, photo(person))

    def decide(number: int) -> bool:
        step = Step(CheckState.CONFIRMED, NOW, f"co{number}", "coordinator")
        try:
            store.change_check(replace(check, state=step.state, steps=(step,)), CheckState.WAITING_REVIEW, EVENT)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(decide, range(8))) == 1
    assert len(store.check(person, check.check_id, EVENT).steps) == 1


def test_the_same_photo_sent_by_many_at_once_is_one_check(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    with ThreadPoolExecutor(4) as pool:
        assert len({one.check_id for one in pool.map(lambda _: put(store, photo(person)), range(8))}) == 1
    assert run(store, "SELECT count(*) FROM check_media") == [(1,)]


def test_a_check_without_its_photo_is_never_kept(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    nothing: Any = None
    with pytest.raises(TypeError):  # as if it were killed between the two rows
        store.put_check(photo(person), nothing, b"", EVENT)
    assert store.checks((person,), EVENT) == ()
    assert put(store, photo(person)).check_id


def test_a_list_reads_no_photo(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    put(store, photo(person))
    said: list[str] = []
    listening.listen(store._vault.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: said.append(statement))
    assert len(store.checks((person,), EVENT)) == 1
    assert said
    assert not [one for one in said if "check_media" in one]


def test_nothing_of_a_check_can_be_read_and_all_of_it_is_verified_and_erased(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    put(store, photo(person, b"CANARY photo", note="CANARY note"), b"CANARY photo", b"CANARY heat")
    store.put_spot(Spot("", person, CheckKind.SKIN, "nose", "front", 0.5, 0.5, "CANARY"), EVENT)
    store.switch_model("skin", True, EVENT)
    tables = ("checks", "check_media", "spots", "model_switches")
    for table in tables:
        assert b"CANARY" not in b"".join(
            bytes(cell) for row in run(store, f"SELECT * FROM {table}") for cell in row if isinstance(cell, bytes | memoryview)
        )
    found = store.verify()
    assert (found["ok"], *(found[table] for table in tables)) == (1, 1, 1, 1, 1)
    store.erase_person(person, EVENT)
    assert [run(store, f"SELECT count(*) FROM {table}") for table in tables] == [[(0,)], [(0,)], [(0,)], [(1,)]]


def test_a_photo_in_the_place_of_another_is_found_out(store: SqlStore) -> None:
    people = [store.add_person(profile(name), EVENT).person_id for name in ("Ada", "Ben")]
    first, second = (
        put(store, photo(people[0], content, submitted_at=NOW + timedelta(minutes=at)), content)
        for at, content in enumerate((b"one", b"two"))
    )
    run(
        store,
        "UPDATE check_media SET sealed_content = (SELECT o.sealed_content FROM check_media o WHERE o.check_id = :other) WHERE check_id = :mine",
        other=second.check_id,
        mine=first.check_id,
    )
    with pytest.raises(StoreDamaged, match="cell_damaged"):
        store.check_content(people[0], first.check_id, EVENT)
    assert store.verify()["damaged"] == 1


def test_a_photo_that_is_not_what_its_check_says_is_found_out(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    put(store, photo(person), b"something else")
    assert store.verify()["first_damaged"].startswith("check_media/")


def test_a_switch_that_was_moved_to_another_model_switches_nothing(store: SqlStore) -> None:
    store.switch_model("skin", True, EVENT)
    run(store, "UPDATE model_switches SET name = 'wound'")
    with pytest.raises(StoreDamaged, match="cell_damaged"):
        store.model_switches()
