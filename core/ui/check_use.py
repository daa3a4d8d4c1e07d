"""This is the place where a person says whether their photos may be used to make the checks better, and takes that back."""

from __future__ import annotations

import streamlit as st

from core.care import photo_use
from core.ui import check_sending
from core.ui.changing import attempt
from core.ui.markup import h2, note
from core.ui.session import Reading, Visit


def draw(visit: Visit, reading: Reading) -> None:
    """What holds now, what it means, and the one button that changes it. Only for the person whose photos they are."""
    if not visit.own:
        return
    t = visit.t
    held = reading.view("photo_use", check_sending.turn(), lambda: photo_use.view(visit.ports, visit.who, reading.person_id))
    with st.container(key="card_photo_use"):
        st.html(h2(t("photo_use.title")) + note(t("photo_use.about")))
        if held.since is None:
            st.html(note(t("photo_use.never_said")))
        else:
            st.html(note(t("photo_use.allowed" if held.allowed else "photo_use.not_allowed", day=t.day(held.since))))
        label = t("photo_use.take_back" if held.allowed else "photo_use.allow")
        st.button(label, key="photo_use", icon=":material/block:" if held.allowed else ":material/check:", on_click=_say, args=(visit, reading.person_id, not held.allowed))


def _say(visit: Visit, person_id: str, allowed: bool) -> None:
    said = visit.t("photo_use.said_yes" if allowed else "photo_use.said_no")
    attempt(said, lambda: photo_use.say(visit.ports, visit.who, person_id, allowed), "photo_use")
    check_sending.bump()
