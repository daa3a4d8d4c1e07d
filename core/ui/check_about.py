"""This is the place where a person says what they know about the spot, and sends the photo."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import people, photo_checks
from core.care.check_entries import Sent
from core.care.check_views import ChecksView
from core.domain.checks import COINS, SYMPTOMS, CheckKind, KeptCheck, SkinFacts, Spot
from core.ui import help_signs
from core.ui.changing import tried
from core.ui.check_sending import Sending, bump, change
from core.ui.markup import h2, note
from core.ui.session import Visit

SKIN_TYPES = (1, 2, 3, 4, 5, 6)
ANSWERS = ("yes", "no", "unsure")
BESIDE = ("none", "card", *COINS)
"""What may lie beside a wound; the printed square is found by itself, a coin only where it is named."""


def draw(visit: Visit, view: ChecksView, sending: Sending) -> None:
    """The questions of the kind, a word to the team, and the button that sends."""
    t = visit.t
    if sending.kind is CheckKind.SKIN:
        st.html(h2(t("photo.questions")) + note(t("photo.questions_note")))
        with st.container(key="card_ask_skin_type"):
            names = {one: t(f"skin_type.{one}") for one in SKIN_TYPES}
            known = last_skin_type(view)
            st.radio(t("photo.skin_type"), (*SKIN_TYPES, 0), format_func=lambda one: names.get(one) or t("photo.dont_know"), key="photo_skin_type", index=SKIN_TYPES.index(known) if known else None)
        with st.container(key="card_symptoms"):
            for code in SYMPTOMS:
                st.segmented_control(t("symptom." + code), ANSWERS, format_func=lambda one: t("photo.answer_" + one), key=f"ask_symptom_{code}")
    if sending.kind is CheckKind.WOUND:
        st.selectbox(t("photo.beside"), BESIDE, format_func=lambda one: t("coin." + one), key="photo_beside", help=t("photo.beside_help"))
    said = st.text_area(t("photo.note"), key="photo_note", max_chars=500, placeholder=t("photo.note_example." + sending.kind))
    help_signs.found(visit, sending.person_id, said)
    with st.container(key="tools_photo", horizontal=True):
        st.button(t("photo.send"), key="photo_send", type="primary", icon=":material/send:", on_click=send, args=(visit, view, sending))
    st.html(note(t("photo.send_note")))


def last_skin_type(view: ChecksView) -> int | None:
    """What the person said of their skin last: it needs no second question."""
    checks = sorted((check for line in view.spots for check in line.checks), key=lambda one: one.submitted_at, reverse=True)
    return next((one.facts.skin_type for one in checks if one.facts is not None and one.facts.skin_type), None)


def facts(visit: Visit, view: ChecksView, sending: Sending) -> SkinFacts | None:
    """What was answered; what was not stays open."""
    if sending.kind is not CheckKind.SKIN:
        return None
    state = st.session_state
    symptoms = {code: state[f"ask_symptom_{code}"] == "yes" for code in SYMPTOMS if state.get(f"ask_symptom_{code}") in ("yes", "no")}
    place = sending.where.place if sending.where else next((line.spot.place for line in view.spots if line.spot.spot_id == sending.spot_id), "")
    age = people.open_person(visit.ports, visit.who, sending.person_id).age_years
    return SkinFacts(age, place, state.get("photo_skin_type") or None, symptoms)


def send(visit: Visit, view: ChecksView, sending: Sending) -> None:
    """Keep the photo and hand it to the team; where that is refused, everything that was typed stays."""
    if sending.looked is not None:
        tried(visit.t("photo.sent"), partial(_send, visit, view, sending))


def _send(visit: Visit, view: ChecksView, sending: Sending) -> KeptCheck:
    ports, who, person_id = visit.ports, visit.who, sending.person_id
    spot_id, where = sending.spot_id, sending.where
    given = facts(visit, view, sending)
    if not spot_id and where is not None:
        spot = Spot("", person_id, sending.kind, where.place, where.view, where.x, where.y, sending.label)
        spot_id = photo_checks.add_spot(ports, who, person_id, spot).spot_id
        change(spot_id=spot_id)  # should sending fail now, the next try has its spot
    looked = sending.looked
    note_ = str(st.session_state.get("photo_note", "")).strip()
    beside = st.session_state.get("photo_beside")
    sent = Sent(
        spot_id=spot_id, facts=given, note=note_, answers=sending.answers, anyway=bool(looked and not looked.quality.ok),
        taken_at=looked.taken_at if looked else None, coin=beside if beside in COINS else "",
    )  # fmt: skip
    kept = photo_checks.submit(ports, who, person_id, sending.kind, looked.content if looked else b"", sent=sent)
    bump()
    change(spot_id=spot_id, kept=kept)
    return kept
