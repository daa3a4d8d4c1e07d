"""What the worklist keeps between sessions is used only while it holds; filters hide nobody; alerts, messages and who has whom are on the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.care import alerts, tasks, threads, visit_papers, worklist, worklist_kept, worklist_ready, worklist_sorting
from core.care.access import COMMAND_LINE, Action, require
from core.care.task_views import NewTask
from core.care.thread_views import Draft
from core.care.worklist_views import MINE, NOBODY, Gathered, WorklistShelf, WorklistView, WorkQuery
from core.domain.papers import Paper, PaperKind
from core.domain.people import Role
from core.domain.visits import Visit
from core.errors import BadInput, NotPermitted
from tests.care.given import NOW, add_account, clock, event, ports_with
from tests.care.house import House, build
from tests.care.stores import STORES
from tests.care.test_worklist import measured, more_people


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> House:
    return build(ports_with(request.getfixturevalue(request.param)))


def seen(house: House, **query: Any) -> WorklistView:
    return worklist.worklist(house.ports, house.actors[Role.COORDINATOR], WorkQuery(**query), WorklistShelf())


def lines_of(view: WorklistView, person_id: str) -> Any:
    (found,) = (one for one in view.lines if one.person_id == person_id)
    return found


def read_of(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose records are read from now on."""
    asked: list[str] = []
    real = type(house.ports.store).records
    monkeypatch.setattr(
        type(house.ports.store),
        "records",
        lambda self, person_id, *a, **k: asked.append(person_id) or real(self, person_id, *a, **k),
    )
    return asked


def test_the_next_session_reads_nobodys_record_and_says_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(house, "59408-5", 86, "%", 1)
    more_people(house, 3)
    first, revision = seen(house), house.ports.store.revision(house.own)
    asked = read_of(house, monkeypatch)
    again = seen(house)
    assert asked == []
    assert again == first
    assert house.ports.store.revision(house.own) == revision


def test_what_has_changed_or_is_of_another_day_is_read_again_and_a_new_value_counts_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    more_people(house, 2)
    seen(house)
    measured(house, "59408-5", 86, "%", 1)
    asked = read_of(house, monkeypatch)
    assert lines_of(seen(house), house.own).lane == "now"
    assert set(asked) == {house.own}
    asked.clear()
    clock(house.ports).wait(days=1)
    worklist.worklist(house.ports, COMMAND_LINE, WorkQuery(), WorklistShelf())
    assert house.own in asked


def test_what_is_kept_is_not_used_for_another_moment_nor_when_it_is_damaged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(house)
    asked = read_of(house, monkeypatch)
    worklist.worklist(house.ports, COMMAND_LINE, WorkQuery(), WorklistShelf(), at=NOW - timedelta(days=2))
    assert house.own in asked
    asked.clear()
    family = worklist_kept.key_of(1, NOW, "")[2]
    house.ports.store.put_in_drawer(house.own, worklist_kept.DRAWER + family, b"\xff", event(), quiet=True)
    seen(house)
    assert house.own in asked


def test_the_worker_prepares_a_few_at_a_time_until_all_is_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    more_people(house, 4)
    ready, done = worklist_ready.Ready(), []
    for _ in range(6):
        done.append(worklist_ready.keep_ready(house.ports, COMMAND_LINE, ready, 2))
    assert sum(done) == 5
    assert max(done) == 2
    assert done[-1] == 0
    asked = read_of(house, monkeypatch)
    assert seen(house).total == 5
    assert asked == []
    house.ports.store.put_in_drawer(house.own, "anything", b"new", event())
    assert sum(worklist_ready.keep_ready(house.ports, COMMAND_LINE, ready, 2) for _ in range(3)) == 1


@given(st.binary(max_size=80))
def test_any_bytes_are_what_was_kept_or_nothing(body: bytes) -> None:
    found = worklist_kept._opened(body)
    assert found is None or isinstance(found.gathered, Gathered)


def test_the_filters_leave_nobody_uncounted(house: House) -> None:
    added, coordinator = more_people(house, 3), house.actors[Role.COORDINATOR]
    me = house.accounts[Role.COORDINATOR].account_id
    measured(house, "59408-5", 86, "%", 1)
    worklist_sorting.save_tags(house.ports, coordinator, house.panel.panel_id, ("home visit", "  new   here "))
    worklist_sorting.tag(house.ports, coordinator, added[0], ("home visit",))
    worklist_sorting.assign(house.ports, coordinator, added[1], me)
    by_tag = seen(house, tag="home visit")
    assert [one.person_id for one in by_tag.lines] == [added[0]]
    assert by_tag.tags == ("home visit", "new here")
    assert (by_tag.total, dict(by_tag.outside)["now"], sum(n for _, n in by_tag.outside)) == (4, 1, 3)
    assert [one.person_id for one in seen(house, assignee=MINE).lines] == [added[1]]
    assert {one.person_id for one in seen(house, assignee=NOBODY).lines} == {house.own, added[0], added[2]}
    tasks.make(house.ports, coordinator, added[2], NewTask("call", me, NOW + timedelta(days=1)))
    assert {one.person_id for one in seen(house, assignee=MINE).lines} == {added[1], added[2]}
    assert seen(house, panel="another").found == 0
    assert seen(house, panel=house.panel.panel_id).found == 4


@settings(max_examples=25, deadline=None)
@given(
    text=st.sampled_from(["", "more1", "nobody"]), lane=st.sampled_from(["", "now", "never"]), tag=st.sampled_from(["", "x", "y"]),
    assignee=st.sampled_from(["", MINE, NOBODY, "stranger"]), panel=st.sampled_from(["", "p"]),
)  # fmt: skip
def test_shown_and_left_out_come_to_everybody(text: str, lane: str, tag: str, assignee: str, panel: str) -> None:
    house = _small()
    view = seen(house, text=text, lane=lane, tag=tag, assignee=assignee, panel=panel)
    assert view.found + sum(n for _, n in view.outside) == view.total == sum(n for _, n in view.counts) == 3


_HOUSES: list[House] = []


def _small() -> House:
    if not _HOUSES:
        _HOUSES.append(build(ports_with()))
        added = more_people(_HOUSES[0], 2)
        worklist_sorting.save_tags(_HOUSES[0].ports, COMMAND_LINE, _HOUSES[0].panel.panel_id, ("x",))
        worklist_sorting.tag(_HOUSES[0].ports, COMMAND_LINE, added[0], ("x",))
    return _HOUSES[0]


def test_tags_are_of_the_list_of_ones_own_panel_and_stay_with_who_has_them(house: House) -> None:
    coordinator = house.actors[Role.COORDINATOR]
    with pytest.raises(BadInput):
        worklist_sorting.tag(house.ports, coordinator, house.own, ("invented",))
    with pytest.raises(NotPermitted):
        worklist_sorting.save_tags(house.ports, coordinator, "somebody else's", ("x",))
    with pytest.raises(BadInput):
        worklist_sorting.save_tags(house.ports, coordinator, house.panel.panel_id, ("x" * 41,))
    worklist_sorting.save_tags(house.ports, coordinator, house.panel.panel_id, ("x",))
    worklist_sorting.tag(house.ports, coordinator, house.own, ("x",))
    worklist_sorting.save_tags(house.ports, coordinator, house.panel.panel_id, ())
    assert lines_of(seen(house), house.own).tags == ("x",)
    assert "x" in seen(house).tags


def test_who_was_given_to_a_colleague_that_left_is_nobodys_and_it_is_said(house: House) -> None:
    other = add_account(house.ports, Role.COORDINATOR, "second")
    house.ports.store.update_account(replace(other, panels=(house.panel.panel_id,)), event())
    me = house.accounts[Role.COORDINATOR].account_id
    house.ports.store.save_panel(replace(house.panel, coordinators=(me, other.account_id)), event())
    worklist_sorting.assign(house.ports, COMMAND_LINE, house.own, other.account_id)
    assert lines_of(seen(house), house.own).assigned == other.account_id
    house.ports.store.save_panel(house.panel, event())
    line = lines_of(seen(house, assignee=NOBODY), house.own)
    assert (line.assigned, line.assigned_name) == ("", "")
    with pytest.raises(BadInput, match="task_owner"):
        worklist_sorting.assign(house.ports, COMMAND_LINE, house.own, other.account_id)


def test_an_open_alert_is_a_reason_that_no_look_moves_down(house: House) -> None:
    alerts.raise_flag(house.ports, COMMAND_LINE, house.own, ("chest_pain",), "message:1")
    line = lines_of(seen(house), house.own)
    assert (line.lane, line.reasons[0].rule, line.reasons[0].says.facts["flag"]) == ("now", "alert_now", "chest_pain")
    assert line.due == NOW + timedelta(minutes=30)
    worklist.review(house.ports, house.actors[Role.COORDINATOR], house.own, [one.mark for one in line.reasons])
    assert lines_of(seen(house), house.own).lane == "now"


def test_a_desk_that_cannot_be_read_is_a_reason_and_takes_nobody_else_away(house: House) -> None:
    added = more_people(house, 2)
    house.ports.store.put_papers(house.own, [Paper(house.own, PaperKind.DESK, "desk", "open", NOW, b"{")], event())
    found = seen(house)
    assert "broken" in {one.rule for one in lines_of(found, house.own).reasons}
    assert found.total == 1 + len(added)


def test_a_message_waits_is_late_after_its_promise_and_an_answer_is_the_last_contact(house: House) -> None:
    patient, coordinator = house.actors[Role.PATIENT], house.actors[Role.COORDINATOR]
    sent = threads.begin(house.ports, patient, house.own, Draft("token-of-one", "When may I come?", "A visit"))
    waiting = {one.rule: one for one in lines_of(seen(house), house.own).reasons}
    assert {"message_waits", "message_late"} & set(waiting)
    threads.reply(house.ports, coordinator, house.own, sent.thread_id, Draft("token-of-two", "Tomorrow.", ""))
    line = lines_of(seen(house), house.own)
    assert not {"message_waits", "message_late"} & {one.rule for one in line.reasons}
    assert (line.contact_kind, line.contact_at) == ("message", NOW)


def test_a_visit_of_which_nobody_has_said_whether_it_took_place_is_a_reason(house: House) -> None:
    for key, state in (("open", "booked"), ("over", "done"), ("off", "cancelled")):
        at = NOW - timedelta(days=2)
        house.ports.store.put_papers(house.own, [Paper(house.own, PaperKind.VISIT, key, state, at, b"{}")], event())
    line = lines_of(seen(house), house.own)
    assert [one.rule for one in line.reasons].count("visit_unsaid") == 1
    assert (line.contact_kind, line.contact_at) == ("visit", NOW - timedelta(days=2))


def test_what_is_gathered_comes_back_as_it_was_kept(house: House) -> None:
    measured(house, "29463-7", 90.7, "kg", 2)
    measured(house, "29463-7", 93.0, "kg", 1)
    grant = require(house.ports, COMMAND_LINE, Action.VIEW_WORKLIST)
    person = house.ports.store.person(house.own, event())
    made = worklist_kept.anew(house.ports, grant, person, NOW, "")
    key = worklist_kept.key_of(person.revision, NOW, "")
    assert worklist_kept.fetch(house.ports, grant, {house.own: key}) == {house.own: made}
    assert worklist_kept.fetch(house.ports, grant, {house.own: (key[0] + 1, *key[1:])}) == {}


def test_that_another_time_is_asked_for_is_a_reason_until_the_visit_is_changed(house: House) -> None:
    asked, quiet = Visit("clinic", "UTC", 30, wish="a Monday, please"), Visit("clinic", "UTC", 30)
    for key, visit in (("asked", asked), ("quiet", quiet)):
        paper = visit_papers.laid(house.own, key, replace(visit, state="booked", start=NOW + timedelta(days=3)), NOW)
        house.ports.store.put_papers(house.own, [paper], event())
    found = [one for one in lines_of(seen(house), house.own).reasons if one.rule == "visit_wish"]
    assert [one.says.facts["title"] for one in found] == ["a Monday, please"]
