"""This is the place where an event leads from one step of a visit at a kiosk (core/kiosk/steps.py) to the next. Pure.

`after(state, event) -> state` is all there is. Three things always hold, whatever events come: START_OVER, IDLE, LOST and REFUSED lead to WELCOME with nothing left of
anybody; SUMMARY is never reached without today's consent; going back loses no answer. Which steps are shown is decided by what is due (`Due`), and
without a server by what can be done without one; what is left out is said with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from core.errors import BadInput
from core.kiosk.steps import COUNTED, ORDER, ROWS, TABLE, Due, due_of, due_offline, left_out, shown
from core.kiosk.terms import Collected, Step

__all__ = [
    "COUNTED", "ENDS", "ORDER", "ROWS", "TABLE", "Due", "Event", "State", "What", "after", "due_of", "due_offline", "keep", "left_out", "may", "place", "shown",
]  # fmt: skip


class What(StrEnum):
    """What can happen."""

    BEGIN = "begin"
    KNOWN = "known"
    CONSENT = "consent"
    NEXT = "next"
    SKIP = "skip"
    BACK = "back"
    ALARM = "alarm"
    ALARM_SEEN = "alarm_seen"
    NEEDS_PERSON = "needs_person"
    SENT = "sent"
    REFUSED = "refused"
    START_OVER = "start_over"
    IDLE = "idle"
    LOST = "lost"


ENDS = frozenset({What.REFUSED, What.START_OVER, What.IDLE, What.LOST})
"""What ends a visit from anywhere, with nothing kept."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `collected` and `due` with KNOWN; `answers` (fields of Collected that the step gives) with NEXT; `codes` with ALARM (signs of
    core/emergency) and SENT (one: "sent" or "queued"); `at` (a time) with CONSENT as `answers["consented_at"]`."""

    what: What
    collected: Collected | None = field(default=None, repr=False)
    due: Due | None = None
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Where a visit is. `collected` all that was said so far; `done` the steps that were answered, `skipped` those passed over; `alarm` the signs whose screen is shown
    over everything; `outcome` "sent" or "queued"; `ended` why the visit before this one ended early ("" it didn't)."""

    step: Step = Step.WELCOME
    due: Due = field(default_factory=Due)
    collected: Collected | None = field(default=None, repr=False)
    done: frozenset[Step] = frozenset()
    skipped: frozenset[Step] = frozenset()
    alarm: tuple[str, ...] = ()
    outcome: str = ""
    ended: str = ""
    asked_for_person: bool = False

    @property
    def wiped(self) -> bool:
        """Whether nothing of anybody is in it."""
        return self == State(ended=self.ended)

    @property
    def consented(self) -> bool:
        return self.collected is not None and self.collected.consented_at is not None


def place(state: State) -> tuple[int, int]:
    """(3, 9): the third of nine. (0, n) on WELCOME, (n, n) once done. Before anybody is known, it isn't known how many are left: all but what is then said count."""
    steps = [step for step in shown(state.due) if step in COUNTED]
    if state.step is Step.WELCOME:
        return 0, len(steps)
    return (len(steps), len(steps)) if state.step is Step.DONE else (steps.index(state.step) + 1, len(steps))


def may(state: State, what: What) -> bool:
    """Whether a button for it has a meaning now."""
    return what in ENDS or after(state, Event(what)) != state


def after(state: State, event: Event) -> State:
    """The state that follows. What can't be in this state changes nothing. Raises BadInput for answers a step doesn't give: that is a mistake of the program."""
    if event.what in ENDS:
        return State(ended=event.what.value if state.step is not Step.DONE else "")
    if state.alarm and event.what not in (What.ALARM_SEEN, What.ALARM, What.NEEDS_PERSON):
        return state
    return _HANDLERS[event.what](state, event)


def keep(state: State, answers: Mapping[str, Any]) -> State:
    """The answers of the step one is in as they are now, without leaving it (so that going back, or an alarm, loses none)."""
    if state.collected is None or not answers:
        return state
    given = TABLE[state.step].gives
    for name in answers:
        if name not in given:
            raise BadInput("bad_input", place=name, need=f"an answer of {state.step}")
    added = dict(answers)
    if "danger" in added:  # what was measured as one isn't taken back by an answer
        added["danger"] = _each_once((*state.collected.danger, *added["danger"]))
    return replace(state, collected=replace(state.collected, **added))


def _go(state: State, by: int) -> State:
    steps = shown(state.due)
    return replace(state, step=steps[steps.index(state.step) + by])


def _may_go_on(state: State) -> bool:
    """Whether NEXT leads on: WELCOME, WHO and CONSENT have events of their own, SUMMARY is left once something became of the visit."""
    return state.step not in (Step.WELCOME, Step.WHO, Step.CONSENT, Step.SUMMARY) or (
        state.step is Step.SUMMARY and bool(state.outcome)
    )


def _begin(state: State, _event: Event) -> State:
    return State(step=Step.WHO, asked_for_person=state.asked_for_person) if state.step is Step.WELCOME else state


def _known(state: State, event: Event) -> State:
    """Somebody is known, or said who they are while nobody could be asked."""
    if (
        state.step is not Step.WHO
        or event.collected is None
        or event.due is None
        or event.due.server != bool(event.collected.ticket)
    ):
        return state
    collected = replace(event.collected, consented_at=None, needs_person=event.collected.needs_person or state.asked_for_person)
    return _go(State(step=Step.WHO, due=event.due, collected=collected, asked_for_person=state.asked_for_person), 1)


def _consent(state: State, event: Event) -> State:
    at = event.answers.get("consented_at")
    if state.step is not Step.CONSENT or state.collected is None or at is None:
        return state
    agreed = replace(state, collected=replace(state.collected, consented_at=at), done=state.done | {Step.CONSENT})
    return _go(agreed, 1)


def _next(state: State, event: Event) -> State:
    if not _may_go_on(state):
        return state
    if state.step is Step.DONE:
        return State()
    kept = keep(state, event.answers)
    return _go(replace(kept, done=kept.done | {kept.step}, skipped=kept.skipped - {kept.step}), 1)


def _skip(state: State, _event: Event) -> State:
    """Passing a step over takes back what was answered in it."""
    row = TABLE[state.step]
    if not row.may_skip or state.collected is None:
        return state
    empty = {one.name: _empty(one) for one in fields(Collected) if one.name in row.gives}
    passed = replace(
        state, collected=replace(state.collected, **empty), done=state.done - {row.step}, skipped=state.skipped | {row.step}
    )
    return _go(passed, 1)


def _back(state: State, event: Event) -> State:
    """To the step before, answers kept. Never behind the consent into somebody else's recognition, and not once something was sent."""
    if state.step in (Step.WELCOME, Step.CONSENT, Step.DONE) or state.outcome:
        return state
    if state.step is Step.WHO:
        return State(asked_for_person=state.asked_for_person)
    return _go(keep(state, event.answers), -1)


def _alarm(state: State, event: Event) -> State:
    """A sign that needs help at once: over whatever is shown. It is kept with what is sent."""
    if not event.codes or state.step in (Step.WELCOME, Step.DONE):
        return state
    alarm = _each_once((*state.alarm, *event.codes))
    if state.collected is None or state.outcome:
        return replace(state, alarm=alarm)
    return replace(
        state,
        alarm=alarm,
        collected=replace(state.collected, danger=_each_once((*state.collected.danger, *event.codes)), needs_person=True),
    )


def _alarm_seen(state: State, _event: Event) -> State:
    return replace(state, alarm=())


def _needs_person(state: State, _event: Event) -> State:
    if state.step is Step.DONE:
        return state
    collected = (
        replace(state.collected, needs_person=True) if state.collected is not None and not state.outcome else state.collected
    )
    return replace(state, collected=collected, asked_for_person=True)


def _sent(state: State, event: Event) -> State:
    if state.step is not Step.SUMMARY or state.outcome or not event.codes:
        return state
    return replace(state, outcome=event.codes[0])


def _each_once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _empty(one: Any) -> Any:
    return one.default_factory() if callable(one.default_factory) else one.default


_HANDLERS = {
    What.BEGIN: _begin, What.KNOWN: _known, What.CONSENT: _consent, What.NEXT: _next, What.SKIP: _skip, What.BACK: _back, What.ALARM: _alarm,
    What.ALARM_SEEN: _alarm_seen, What.NEEDS_PERSON: _needs_person, What.SENT: _sent,
}  # fmt: skip
