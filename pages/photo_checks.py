"""This is the place where a person sends a photo of a skin spot or a wound, sees how it changes, and reads what their team answered."""

import streamlit as st

from core.care import photo_checks
from core.domain.checks import PHOTO_KINDS
from core.ui import check_send, check_sending, check_spots, check_tabs, check_use
from core.ui.changing import refused
from core.ui.check_sending import Sending
from core.ui.markup import h3, head, note
from core.ui.session import Reading, Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    check_spots.follow(visit)
    held = (check_sending.turn(), int(visit.now.timestamp() // 60))
    view = reading.view("photo_checks", held, lambda: photo_checks.view(visit.ports, visit.who, reading.person_id))
    sending = check_sending.opened(reading.person_id)
    if sending is not None and view.may_send:
        st.html(head(t("photo.title." + sending.kind), t("photo.question_send")))
        st.button(t("photo.back"), key="photo_back", type="tertiary", icon=":material/arrow_back:", on_click=check_sending.back, args=(sending,))
        check_send.draw(visit, view, sending)
        return
    line = check_spots.opened(view)
    if line is not None:
        st.html(head(check_spots.spot_name(t, line.spot), t("photo.question_spot")))
        st.button(t("photo.back_to_list"), key="photo_back", type="tertiary", icon=":material/arrow_back:", on_click=check_spots.close_spot)
        refused(t)
        check_spots.draw(visit, reading, view, line)
        return
    st.html(head(t("nav.photo_checks"), t("photo_checks.question" if visit.own else "photo_checks.question_other")))
    check_tabs.draw(visit, "photo_checks")
    refused(t)
    check_spots.unseen(visit, reading, view.unseen)
    if view.may_send:
        start(visit, reading)
    else:
        st.html(note(t("photo.read_only")))
    check_spots.listed(visit, reading, view)
    check_use.draw(visit, reading)


def start(visit: Visit, reading: Reading) -> None:
    """The two kinds of photo, and when not to wait for anybody's answer."""
    t = visit.t
    with st.container(key="photo_start", horizontal=True):
        for kind in PHOTO_KINDS:
            with st.container(key=f"card_start_{kind}"):
                st.html(h3(t("check_kind." + kind)) + note(t("photo.about." + kind)))
                label = t("photo.start." + kind)
                st.button(label, key=f"start_{kind}", type="primary", icon=":material/photo_camera:", on_click=check_sending.begin, args=(visit, Sending(reading.person_id, kind)))
    st.html(note(t("photo.urgent")))


page(here())
