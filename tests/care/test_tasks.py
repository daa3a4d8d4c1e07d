"""Tasks of the team: none vanishes, whatever its time, its owner or its paper come to; who is late is told, and told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.care import letters, task_letters, tasks, worklist
from core.care.access import COMMAND_LINE
from core.care.task_views import MOVES, STILL_OPEN, NewTask, TaskLine
from core.care.tasks import Change
from core.care.worklist_views import WorklistShelf, WorkQuery
from core.domain.papers import PaperKind
from core.domain.people import Role
from core.errors import BadInput, Conflict, HealthboardError, NotFound, NotPermitted
from tests.care.given import add_account, clock, event, ports_with
from tests.care.house import House, build
from tests.care.stores import STORES

LEASE = timedelta(minutes=2)


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> House:
    return build(ports_with(request.getfixturevalue(request.param)))


def me(house: House) -> str:
    return house.accounts[Role.COORDINATOR].account_id


def due(house: House, **after: int) -> datetime:
    return house.ports.clock.now() + timedelta(**(after or {"days": 1}))


def made(house: House, owner: str | None = None, **after: int) -> TaskLine:
    new = NewTask("call", me(house) if owner is None else owner, due(house, **after), "about the weight", "weight_week")
    return tasks.make(house.ports, house.actors[Role.COORDINATOR], house.own, new)


def change(house: House, line: TaskLine, what: str, **more: object) -> TaskLine:
    return tasks.change(house.ports, house.actors[Role.COORDINATOR], house.own, line.task_id, Change(what, **more))  # type: ignore[arg-type]


def rules_of(house: House) -> dict[str, str]:
    found = worklist.worklist(house.ports, COMMAND_LINE, WorkQuery(), WorklistShelf())
    (line,) = (one for one in found.lines if one.person_id == house.own)
    return {one.rule: one.lane for one in line.reasons}


def colleague(house: House) -> str:
    other = add_account(house.ports, Role.COORDINATOR, "second")
    house.ports.store.update_account(replace(other, panels=(house.panel.panel_id,)), event())
    house.ports.store.save_panel(replace(house.panel, coordinators=(me(house), other.account_id)), event())
    return other.account_id


def test_a_task_is_kept_with_who_made_it_why_and_until_when(house: House) -> None:
    line = made(house)
    (kept,) = tasks.of_person(house.ports, house.actors[Role.COORDINATOR], house.own)
    assert kept.task == line.task
    assert (kept.task.kind, kept.task.text, kept.task.because, kept.owner_name) == (
        "call",
        "about the weight",
        "weight_week",
        line.owner_name,
    )
    assert [(one.what, one.by) for one in kept.task.steps] == [("made", me(house))]
    assert not kept.late


def test_two_clicks_on_one_form_make_one_task(house: House) -> None:
    coordinator, new = house.actors[Role.COORDINATOR], NewTask("call", me(house), due(house))
    tasks.make(house.ports, coordinator, house.own, new, "token")
    tasks.make(house.ports, coordinator, house.own, new, "token")
    assert len(tasks.of_person(house.ports, coordinator, house.own)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "nonsense"), ("owner", "somebody else"), ("due", None), ("due", timedelta(days=400)), ("due", timedelta(0))],
)
def test_what_cannot_be_is_refused(house: House, field: str, value: object) -> None:
    when = house.ports.clock.now() + value if isinstance(value, timedelta) else value
    new = replace(NewTask("call", me(house), due(house)), **{field: when})  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        tasks.make(house.ports, house.actors[Role.COORDINATOR], house.own, new)


def test_dropping_and_moving_need_a_reason_and_an_end_is_an_end(house: House) -> None:
    line = made(house)
    for what in ("drop", "move"):
        with pytest.raises(BadInput, match="reason_needed"):
            change(house, line, what, due=due(house, days=3))
    change(house, line, "drop", why="moved away")
    with pytest.raises(Conflict, match="task_ended"):
        change(house, line, "done")
    with pytest.raises(BadInput, match="reason_needed"):
        change(house, line, "reopen")
    again = change(house, line, "reopen", why="came back")
    assert [one.what for one in again.task.steps] == ["made", "drop", "reopen"]
    with pytest.raises(NotFound):
        tasks.change(house.ports, COMMAND_LINE, house.own, "no such", Change("done"))


def test_a_late_task_rises_and_stays_until_somebody_does_it_whoever_looked(house: House) -> None:
    line = made(house, hours=2)
    assert rules_of(house)["task_planned"] == "waiting"
    clock(house.ports).wait(minutes=121)
    assert rules_of(house)["task_late"] == "week"
    clock(house.ports).wait(days=2)
    assert rules_of(house)["task_late"] == "today"
    listed = worklist.worklist(house.ports, COMMAND_LINE, WorkQuery(), WorklistShelf())
    seen = next(one for one in listed.lines if one.person_id == house.own)
    worklist.review(house.ports, COMMAND_LINE, house.own, [one.mark for one in seen.reasons])
    assert rules_of(house)["task_late"] == "today"
    tasks.change(house.ports, COMMAND_LINE, house.own, line.task_id, Change("done"))
    assert not {"task_late", "task_planned"} & set(rules_of(house))


def test_it_is_handed_over_to_who_looks_after_the_person_and_to_nobody_else(house: House) -> None:
    line, other = made(house), colleague(house)
    assert change(house, line, "hand", to=other).owner_name
    with pytest.raises(BadInput, match="task_owner"):
        change(house, line, "hand", to=house.accounts[Role.PATIENT].account_id)
    assert change(house, line, "hand", to="").nobody


def test_a_task_whose_owner_is_gone_is_nobodys_and_says_who_had_it(house: House) -> None:
    other = colleague(house)
    line = made(house, owner=other)
    assert not line.nobody
    house.ports.store.update_account(replace(house.ports.store.account(other), disabled=True), event())
    (kept,) = tasks.of_person(house.ports, house.actors[Role.COORDINATOR], house.own)
    assert kept.nobody
    assert kept.left == house.ports.store.account(other).display_name
    assert rules_of(house)["task_nobody"] == "week"


def test_a_task_that_cannot_be_read_is_said_and_can_only_be_dropped(house: House) -> None:
    line = made(house)
    paper = house.ports.store.paper(house.own, PaperKind.TASK, line.task_id, event())
    house.ports.store.put_papers(house.own, [replace(paper, body=b"{")], event())
    (kept,) = tasks.of_person(house.ports, house.actors[Role.COORDINATOR], house.own)
    assert kept.task.state == "damaged"
    assert "broken" in rules_of(house)
    with pytest.raises(BadInput, match="paper_damaged"):
        change(house, line, "done")
    assert change(house, line, "drop", why="cannot be read").task.state == "dropped"


def test_only_the_team_of_the_person_sees_them(house: House) -> None:
    made(house)
    for role in (Role.PATIENT, Role.CAREGIVER, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            tasks.of_person(house.ports, house.actors[role], house.own)
    with pytest.raises(NotPermitted):
        tasks.of_person(house.ports, house.actors[Role.COORDINATOR], house.other)


def written_to(house: House) -> list[str]:
    return [one.letter.audience for one in letters.of(house.ports.store, (house.own,), event())]


def test_who_is_late_is_written_to_then_everybody_who_looks_after_the_person(house: House) -> None:
    made(house, hours=1)
    assert task_letters.run_late(house.ports, COMMAND_LINE, "w", LEASE) == 0
    clock(house.ports).wait(hours=1, minutes=1)
    assert task_letters.run_late(house.ports, COMMAND_LINE, "w", LEASE) == 1
    assert written_to(house) == [f"account:{me(house)}"]
    assert task_letters.run_late(house.ports, COMMAND_LINE, "w", LEASE) == 0
    clock(house.ports).wait(days=1)
    assert task_letters.run_late(house.ports, COMMAND_LINE, "w", LEASE) == 1
    assert sorted(written_to(house)) == sorted([f"account:{me(house)}", f"account:{me(house)}", "coordinator"])


def test_of_a_task_that_nobody_has_every_coordinator_is_written_to_and_of_one_that_ended_nobody(house: House) -> None:
    made(house, owner="", hours=1)
    ended = made(house, hours=1)
    change(house, ended, "done")
    clock(house.ports).wait(hours=2)
    assert task_letters.run_late(house.ports, COMMAND_LINE, "w", LEASE) == 1
    assert written_to(house) == ["coordinator"]


def test_a_worker_that_died_between_task_and_letter_leaves_neither(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made(house, hours=1)
    clock(house.ports).wait(hours=2)

    def killed(*_given: object, **_more: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(type(house.ports.store), "settle_papers", killed)
        task_letters.run_late(house.ports, COMMAND_LINE, "w1", LEASE)
    assert written_to(house) == []
    clock(house.ports).wait(minutes=3)
    assert task_letters.run_late(house.ports, COMMAND_LINE, "w2", LEASE) == 1
    assert len(written_to(house)) == 1


class Life(RuleBasedStateMachine):
    """Whatever is done in whatever order: an open task is on the worklist, and one ends by `done` or `drop` alone."""

    @initialize()
    def begin(self) -> None:
        self.house = build(ports_with())
        self.line = tasks.make(self.house.ports, COMMAND_LINE, self.house.own, NewTask("call", me(self.house), due(self.house)))
        self.ended = False

    @rule(
        what=st.sampled_from([*MOVES]),
        why=st.sampled_from(["", "because"]),
        to=st.sampled_from(["", "me", "stranger"]),
        days=st.integers(-1, 4),
    )
    def act(self, what: str, why: str, to: str, days: int) -> None:
        how = Change(what, me(self.house) if to == "me" else to, due(self.house, days=days) if days else None, why)
        try:
            self.line = tasks.change(self.house.ports, COMMAND_LINE, self.house.own, self.line.task_id, how)
        except HealthboardError as error:
            assert error.code in ("reason_needed", "task_due", "task_owner", "task_ended")
            return
        self.ended = what in ("done", "drop") or (self.ended and what != "reopen")

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        clock(self.house.ports).wait(hours=hours)
        task_letters.run_late(self.house.ports, COMMAND_LINE, "w", LEASE)

    @invariant()
    def it_is_there_until_it_has_ended(self) -> None:
        (kept,) = tasks.of_person(self.house.ports, COMMAND_LINE, self.house.own)
        assert (kept.task.state in STILL_OPEN) is not self.ended
        there = {"task_planned", "task_late", "task_nobody"} & set(rules_of(self.house))
        assert bool(there) is not self.ended


Life.TestCase.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)
TestLife = Life.TestCase
