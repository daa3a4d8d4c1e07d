"""This is the place where it stands what each button of a kiosk does: an event of core/kiosk/flow.py, and what has to be asked of the server for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import BadInput, HealthboardError, NotFound, NotPermitted, SourceUnavailable
from core.kiosk import flow
from core.kiosk.flow import Event, What
from core.kiosk.sending import QUEUED
from core.kiosk.terms import Clinic, Collected, Proof, Step, Welcomed
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import CLINIC, SPOKEN, Stay, forget_widgets, move, say, stay, touched, watch, wipe

UNKNOWN_HERE = "kiosk_not_recognised"
FALLBACK_SECONDS = (60, 15)


def clinic(house: KioskHouse) -> Clinic | None:
    """What the clinic wants, asked anew; the last known where nobody answers; None where this kiosk can't be used."""
    try:
        st.session_state[CLINIC] = house.hello()
    except (SourceUnavailable, BadInput):
        pass
    except NotPermitted:
        st.session_state.pop(CLINIC, None)
    found = st.session_state.get(CLINIC)
    return found if isinstance(found, Clinic) else None


def begin(house: KioskHouse, language: str) -> None:
    """Somebody touched their language."""
    one = stay()
    found = clinic(house)
    if found is None:
        return
    one.clinic, one.language = found, language
    st.session_state[SPOKEN] = language
    move(one, flow.after(one.state, Event(What.BEGIN)))
    watch(one, found.idle_seconds)


def identify(house: KioskHouse, proof: Proof) -> None:
    """Ask who this is. Whatever is wrong is said in the same words; without a server one may go on with what was typed."""
    one = stay()
    forget_widgets()
    try:
        welcomed = house.server.identify(proof, one.language)
    except NotFound:
        one.failed += 1
        say(one, "watch", "kiosk.who_unknown")
    except NotPermitted:
        say(one, "soon", "kiosk.not_allowed")
    except (SourceUnavailable, BadInput):
        one.proof, one.screen = proof, "offline"
    else:
        _known(house, one, welcomed)


def go_on_alone(house: KioskHouse) -> None:
    """Without a server: what can be measured is measured, and the server finds out later whose it is."""
    one = stay()
    if one.clinic is None:
        return
    visit = Collected(f"k-{uuid.uuid4().hex}", house.kiosk_id, house.now(), one.language, "", one.proof)
    one.proof = None
    move(one, flow.after(one.state, Event(What.KNOWN, collected=visit, due=flow.due_offline(one.clinic))))


def consent(house: KioskHouse) -> None:
    one = stay()
    move(one, flow.after(one.state, Event(What.CONSENT, answers={"consented_at": house.now()})))


def refuse() -> None:
    """No consent: nothing is kept."""
    wipe("refused")


def start_over() -> None:
    wipe("start_over")


def idle() -> None:
    """Nobody touched anything."""
    if stay().on:
        wipe("idle")


def finish() -> None:
    wipe("finished")


def forward(answers: Mapping[str, Any] | None = None) -> None:
    forget_widgets()
    one = stay()
    move(one, flow.after(one.state, Event(What.NEXT, answers=answers or {})))


def skip() -> None:
    forget_widgets()
    one = stay()
    move(one, flow.after(one.state, Event(What.SKIP)))


def back() -> None:
    """One page back within the step, else to the step before. No answer is lost."""
    forget_widgets()
    one = stay()
    if one.screen:
        one.screen = ""
    elif one.page:
        one.page, one.notice = one.page - 1, ("", "")
    elif one.step is Step.WHO:
        wipe("start_over")
    else:
        move(one, flow.after(one.state, Event(What.BACK)))


def page(by: int) -> None:
    one = stay()
    forget_widgets()
    one.page, one.notice, one.tries = one.page + by, ("", ""), 0


def show(screen: str) -> None:
    """Something instead of the step: help, "start over?"."""
    stay().screen = screen


def answer(field: str, key: str, given: object) -> None:
    """One answer of the step, kept at once."""
    one = stay()
    collected = one.state.collected
    if collected is None:
        return
    before: Mapping[str, object] = getattr(collected, field)
    one.state = flow.keep(one.state, {field: {**before, key: given}})


def put(field: str, value: object) -> None:
    """All answers of one field."""
    one = stay()
    one.state = flow.keep(one.state, {field: value})


def call(house: KioskHouse, why: str) -> bool:
    """Call the desk, and say whether somebody was reached."""
    one = stay()
    ticket = one.state.collected.ticket if one.state.collected else ""
    try:
        house.server.call_desk(why, ticket)
    except HealthboardError:
        one.called = "failed"
    else:
        one.called = "called"
    return one.called == "called"


def person(house: KioskHouse) -> None:
    """ "I need a person"."""
    one = stay()
    reached = call(house, "not_recognised" if one.step is Step.WHO and one.failed else "asked")
    if one.on:
        one.state = flow.after(one.state, Event(What.NEEDS_PERSON))
    say(one, "fine" if reached else "soon", "kiosk.person_called" if reached else "kiosk.person_failed")


def alarm(house: KioskHouse, codes: tuple[str, ...]) -> None:
    """A sign that needs help at once: its screen, and the desk is called before anything else happens."""
    one = stay()
    one.screen, one.notice = "", ("", "")
    one.state = flow.after(one.state, Event(What.ALARM, codes=codes))
    if one.state.alarm:
        call(house, "danger")


def calm() -> None:
    """Go on after the emergency screen."""
    one = stay()
    one.state = flow.after(one.state, Event(What.ALARM_SEEN))


def send(house: KioskHouse) -> None:
    """Seal what was collected and hand it over; what became of it is said. What could be neither sent nor kept stays here until the stay ends."""
    one = stay()
    collected = one.state.collected
    if collected is None or one.clinic is None or one.state.outcome or one.step is not Step.SUMMARY or not one.state.consented:
        return
    try:
        handed = house.hand_over(one.clinic, replace(collected, finished_at=house.now()))
    except HealthboardError:
        say(one, "soon", "kiosk.send_failed")
        return
    one.receipt = handed.receipt.state if handed.receipt else QUEUED
    link = handed.receipt.link if handed.receipt else ""
    one.link = f"{house.address}{link}" if link.startswith("/") else link
    move(one, flow.after(one.state, Event(What.SENT, codes=(handed.state,))))
    one.state, one.welcomed = replace(one.state, collected=None), None  # it is sealed: the kiosk needs none of it any more


def alive() -> None:
    """The browser says that somebody touches it."""
    one = stay()
    if one.on:
        touched(one, seconds(one)[0])


def seconds(one: Stay) -> tuple[int, int]:
    """(until a stay ends, before that the warning)."""
    return (one.clinic.idle_seconds, one.clinic.warn_seconds) if one.clinic else FALLBACK_SECONDS


def _known(house: KioskHouse, one: Stay, welcomed: Welcomed) -> None:
    if one.clinic is None:
        return
    one.welcomed = welcomed
    visit = Collected(welcomed.visit_id, house.kiosk_id, house.now(), one.language, welcomed.ticket)
    move(one, flow.after(one.state, Event(What.KNOWN, collected=visit, due=flow.due_of(welcomed, one.clinic))))
