from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.kiosk.flow import (
    COUNTED,
    ENDS,
    ORDER,
    TABLE,
    Due,
    Event,
    State,
    What,
    after,
    due_of,
    due_offline,
    keep,
    left_out,
    may,
    place,
    shown,
)
from core.kiosk.terms import Clinic, Collected, Measure, Proof, Step, ToConfirm, Welcomed
from tests.kiosk.given import AT, pressure

CLINIC = Clinic("House", b"\0" * 32)
ALL = Due(True, True, True, True, (Measure.WEIGHT,), ("phq-9",), True)
KNOWN = Collected("v1", "k1", AT, "en", ticket="t")
UNPROVEN = Collected("v1", "k1", AT, "en", proof=Proof("code", code="x"))
AGREED = Event(What.CONSENT, answers={"consented_at": AT})
GIVES = {
    Step.CONTACT: {"contact": {"phone": "same"}}, Step.MEDICINES: {"medicines": {"m": "no"}}, Step.ALLERGIES: {"allergies": {"a": "yes"}},
    Step.MEASURE: {"readings": (pressure(120, 80),)}, Step.QUESTIONS: {"questionnaires": {"phq-9": {}}}, Step.DANGER: {"danger": ("chest_pain",)},
}  # fmt: skip


def through(state: State, *events: Event) -> State:
    for event in events:
        state = after(state, event)
    return state


def begun(due: Due = ALL, who: Collected = KNOWN) -> State:
    return through(State(), Event(What.BEGIN), Event(What.KNOWN, who, due), AGREED)


def test_a_whole_visit_goes_through_every_step_in_order_and_ends_wiped() -> None:
    state, seen = begun(), [Step.WELCOME, Step.WHO, Step.CONSENT]
    while state.step is not Step.SUMMARY:
        seen.append(state.step)
        state = after(state, Event(What.NEXT, answers=GIVES.get(state.step, {})))
    assert (*seen, Step.SUMMARY, Step.DONE) == ORDER
    assert after(state, Event(What.NEXT)) == state, "nobody leaves before something became of the visit"
    state = through(state, Event(What.SENT, codes=("queued",)), Event(What.NEXT))
    assert state.step is Step.DONE and state.outcome == "queued"
    assert after(state, Event(What.NEXT)) == State() and after(state, Event(What.IDLE)) == State()


def test_back_loses_no_answer_and_what_was_passed_over_is_empty() -> None:
    state = after(begun(), Event(What.NEXT, answers=GIVES[Step.CONTACT]))
    state = after(state, Event(What.BACK, answers=GIVES[Step.MEDICINES]))
    assert state.step is Step.CONTACT and state.collected is not None
    assert state.collected.contact == {"phone": "same"} and state.collected.medicines == {"m": "no"}
    state = after(state, Event(What.SKIP))
    assert state.step is Step.MEDICINES and state.collected is not None
    assert state.collected.contact == {} and state.skipped == {Step.CONTACT}


def test_without_a_server_what_needs_one_is_left_out_and_that_is_said() -> None:
    due = due_offline(CLINIC)
    assert shown(due) == (Step.WELCOME, Step.WHO, Step.CONSENT, Step.MEASURE, Step.DANGER, Step.SUMMARY, Step.DONE)
    assert {why for _, why in left_out(due)} == {"no_server"} and len(left_out(due)) == 5
    assert begun(due, UNPROVEN).step is Step.MEASURE
    assert through(State(), Event(What.BEGIN), Event(What.KNOWN, UNPROVEN, ALL)).step is Step.WHO, "no server said that"


def test_what_is_due_decides_which_steps_there_are() -> None:
    welcomed = Welcomed("t", "v1", "M••••", contact=(ToConfirm("phone", "•••• 0133"),), photo="", measures=(Measure.WEIGHT,))
    due = due_of(welcomed, CLINIC)
    assert left_out(due) == ((Step.QUESTIONS, "not_due"), (Step.PHOTO, "not_due"))
    assert due.measures == (Measure.WEIGHT,) and due_of(replace(welcomed, measures=()), CLINIC).measures == CLINIC.measures


def test_a_sign_of_danger_is_over_everything_is_kept_and_is_not_taken_back() -> None:
    state = after(begun(), Event(What.ALARM, codes=("high_pressure",)))
    assert state.alarm == ("high_pressure",) and after(state, Event(What.NEXT)) == state
    state = after(state, Event(What.ALARM_SEEN))
    assert not state.alarm and state.collected is not None and state.collected.needs_person
    while state.step is not Step.DANGER:
        state = after(state, Event(What.NEXT))
    state = after(state, Event(What.NEXT, answers={"danger": ("chest_pain",)}))
    assert state.collected is not None and state.collected.danger == ("high_pressure", "chest_pain")


def test_an_answer_of_another_step_is_a_mistake_that_is_said() -> None:
    with pytest.raises(BadInput):
        keep(begun(), {"readings": ()})
    with pytest.raises(BadInput):
        keep(begun(), {"consented_at": AT})


def test_whoever_asked_for_a_person_before_anybody_was_known_is_still_heard() -> None:
    state = through(State(), Event(What.NEEDS_PERSON), Event(What.BEGIN), Event(What.KNOWN, KNOWN, ALL))
    assert state.collected is not None and state.collected.needs_person


def test_buttons_that_mean_nothing_are_known() -> None:
    assert may(State(), What.BEGIN) and not may(State(), What.BACK) and not may(State(), What.NEXT)
    assert may(begun(), What.SKIP) and may(begun(), What.BACK) and may(begun(), What.START_OVER)


EVENTS = st.builds(
    Event,
    st.sampled_from(What),
    st.sampled_from([None, KNOWN, UNPROVEN, replace(KNOWN, consented_at=AT - timedelta(days=1))]),
    st.builds(Due, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.sampled_from([(), (Measure.PULSE,)]), st.sampled_from([(), ("x",)]), st.booleans()),
    st.sampled_from([{}, {"consented_at": AT}]),
    st.sampled_from([(), ("sent",), ("low_oxygen",)]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(EVENTS, st.booleans()), max_size=40), st.sampled_from(sorted(ENDS)))
def test_whatever_happens_one_can_end_it_wiped_and_never_comes_to_the_summary_without_consent(
    steps: list[tuple[Event, bool]], end: What
) -> None:
    state = State()
    for event, fitting in steps:
        answers = GIVES.get(state.step, {}) if fitting and event.what in (What.NEXT, What.BACK) else {}
        if event.what is What.CONSENT:
            answers = dict(event.answers)
        before = state
        state = after(state, replace(event, answers=answers))
        position, of = place(state)
        assert 0 <= position <= of and state.step in shown(state.due)
        if ORDER.index(state.step) > ORDER.index(Step.CONSENT):
            assert state.consented
        if event.what is What.BACK and state.collected is not None and before.collected is not None:
            assert replace(state.collected, **answers) == replace(before.collected, **answers)
        if ORDER.index(state.step) <= ORDER.index(Step.WHO):
            assert state.collected is None and not state.done
        assert after(state, Event(end)).wiped
    assert State().wiped and not begun().wiped


def test_every_step_has_its_row_and_every_answer_one_step() -> None:
    assert set(TABLE) == set(Step) == {*COUNTED, Step.WELCOME, Step.DONE}
    given = [name for row in TABLE.values() for name in row.gives]
    assert len(given) == len(set(given))
