"""This is the place where a pulse recording is handed in, and where it is said what the check saw in it: never more than "needs an ECG"."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import signal_checks
from core.care.check_views import ChecksView
from core.domain.checks import CheckKind, Finding, KeptCheck
from core.ui import check_spots
from core.ui.changing import tried
from core.ui.check_receipt import hint_words, offered
from core.ui.check_sending import bump
from core.ui.check_words import hint, reasons
from core.ui.markup import box, empty, h2, note
from core.ui.session import Reading, Visit

TYPES = ("npz", "csv", "json")
MOST_MB = 20
_ROUND, _SENT = "pulse_round", "hb.pulse_sent"


def send(visit: Visit, reading: Reading, view: ChecksView) -> None:
    """The file, its rate, the button; then what became of it."""
    t = visit.t
    sent = st.session_state.get(_SENT)
    if isinstance(sent, tuple) and sent and sent[0].person_id == reading.person_id:
        receipt(visit, view, sent)
        return
    offered(visit, view, CheckKind.RHYTHM)
    with st.container(key="card_pulse"):
        st.html(h2(t("pulse.send")) + note(t("pulse.about")))
        given = st.file_uploader(t("pulse.choose"), TYPES, key=f"pulse_file_{int(st.session_state.get(_ROUND, 0))}", max_upload_size=MOST_MB)
        rate = st.number_input(t("pulse.rate"), min_value=25, max_value=1000, value=None, step=1, key="pulse_rate", help=t("pulse.rate_help"), placeholder="100")
        do = partial(_send, visit, reading, given.name, given.getvalue(), float(rate) if rate else None) if given else None
        st.button(t("pulse.go"), key="pulse_go", type="primary", icon=":material/send:", disabled=do is None, on_click=_try, args=(visit, do))
    st.html(note(t("pulse.urgent")))


def _try(visit: Visit, do: partial[object] | None) -> None:
    if do is not None:
        tried(visit.t("photo.sent"), do)


def _send(visit: Visit, reading: Reading, name: str, content: bytes, rate: float | None) -> object:
    kept = signal_checks.submit(visit.ports, visit.who, reading.person_id, name, content, rate)
    st.session_state[_SENT] = tuple(kept)
    st.session_state[_ROUND] = int(st.session_state.get(_ROUND, 0)) + 1
    bump()
    return kept


def receipt(visit: Visit, view: ChecksView, sent: tuple[KeptCheck, ...]) -> None:
    """What the check saw, and what to do."""
    t = visit.t
    st.html(box("fine" if view.has_team else "watch", t("pulse.sent" if view.has_team else "photo.kept"), t("photo.sent_next" if view.has_team else "photo.no_team_next")))
    for check in sent:
        answered(visit, view, check)
    st.button(t("photo.done"), key="pulse_done", type="primary", icon=":material/check:", on_click=done)


def done() -> None:
    st.session_state.pop(_SENT, None)


def answered(visit: Visit, view: ChecksView, check: KeptCheck) -> None:
    """One recording: what is said of it, the pulse, what was wrong with it, the limits."""
    t, found = visit.t, check.result
    research = next((one.research for one in view.offered if one.kind is CheckKind.RHYTHM), False)
    if isinstance(found.answer, Finding) and found.answer.decision == "possible_irregular":
        st.html(box("soon", t("pulse.irregular"), hint(t, found)))
    with st.container(key=f"card_pulse_{check.check_id}"):
        st.html(hint_words(t, check, research=research))
        if found.pulse is not None:
            st.html(note(t("pulse.rate_said", n=round(found.pulse))))
        if not found.quality.ok:
            st.html(reasons(t, found.quality))


def past(visit: Visit, reading: Reading, view: ChecksView) -> None:
    """Earlier recordings with where they stand."""
    t = visit.t
    mine = [one for one in view.loose if one.kind is CheckKind.RHYTHM]
    st.html(h2(t("pulse.past")))
    if not mine:
        st.html(empty(t("pulse.none"), t("pulse.none_next" if view.may_send else "photo.none_other")))
    research = next((one.research for one in view.offered if one.kind is CheckKind.RHYTHM), False)
    for check in mine:
        check_spots.told(visit, reading, view, check, research=research)
