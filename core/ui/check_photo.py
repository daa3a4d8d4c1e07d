"""This is the place where the photo is taken or chosen, and where it is said at once whether it is good enough and what to do if not."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import photo_checks
from core.domain.checks import CheckKind
from core.errors import HealthboardError
from core.ui import shell
from core.ui.check_pictures import LARGE, figure, shown
from core.ui.check_sending import Sending, change
from core.ui.check_words import reasons
from core.ui.incident import tell
from core.ui.markup import box, h2, note
from core.ui.session import Visit

TYPES = ("jpg", "jpeg", "png", "webp")
MOST_MB = 20
_ROUND = "photo_round"
ADVICE = ("light", "sharp", "near", "plain")


def draw(visit: Visit, sending: Sending) -> None:
    """Before the photo how to take it, after it what it is like."""
    t = visit.t
    st.html(h2(t("photo.take." + sending.kind)))
    if sending.looked is None:
        guidance(visit, sending)
        take(visit, sending)
    else:
        judged(visit, sending)


def guidance(visit: Visit, sending: Sending) -> None:
    """How to take a good photo, in four lines."""
    t = visit.t
    lines = [t("photo.how_" + one) for one in ADVICE]
    if sending.kind is CheckKind.WOUND:
        lines.append(t("photo.how_marker"))
    st.html('<ul class="plain advice">' + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>" + note(t("photo.private")))
    if sending.kind is CheckKind.WOUND:
        sheet = photo_checks.marker_sheet(visit.ports, visit.who, sending.person_id)
        st.download_button(t("photo.marker"), sheet, "healthboard-marker.pdf", "application/pdf", key="photo_marker", icon=":material/print:", on_click="ignore")


def take(visit: Visit, sending: Sending) -> None:
    """The camera, or a photo there is."""
    t, at = visit.t, int(st.session_state.get(_ROUND, 0))
    way = st.segmented_control(
        t("photo.way"), ("camera", "file"), format_func=lambda one: t("photo.way_" + one), default="camera", required=True, key="photo_way", label_visibility="collapsed",
    )  # fmt: skip
    with st.container(key="photo_source"):
        if way == "file":
            given = st.file_uploader(t("photo.choose_file"), TYPES, key=f"photo_file_{at}", max_upload_size=MOST_MB)
        else:
            st.html(f'<style>.st-key-photo_source{{--camera-word:"{t("photo.camera_take")}"}}</style>')
            given = st.camera_input(t("photo.camera"), key=f"photo_camera_{at}")
            st.html(note(t("photo.camera_note")))
    if given is None:
        return
    try:
        look_at(visit, sending, given.getvalue())
    except HealthboardError as error:
        st.session_state[_ROUND] = at + 1  # the next one starts with an empty field
        tell(t, error)
        st.button(t("photo.another"), key="photo_again", icon=":material/refresh:")
        return
    st.rerun()


def judged(visit: Visit, sending: Sending) -> None:
    """The photo with what is wrong with it; another one, or on with this one."""
    t, looked = visit.t, sending.looked
    if looked is None:
        return
    with st.container(key="photo_judged", horizontal=True):
        st.html(figure(shown(looked.content, LARGE), t("photo.yours"), missing=t("photo.unreadable")))
        with st.container(key="photo_verdict"):
            if looked.quality.ok:
                st.html(box("fine", t("photo.good"), t("photo.good_next")))
            else:
                st.html(box("watch", t("photo.poor"), t("photo.poor_next")) + reasons(t, looked.quality))
            with st.container(key="tools_photo", horizontal=True):
                good = looked.quality.ok
                st.button(t("photo.another"), key="photo_again", type="secondary" if good else "primary", icon=":material/refresh:", on_click=again, args=(visit, sending))
                label = t("photo.go_on" if good else "photo.anyway")
                st.button(label, key="photo_use", type="primary" if good else "secondary", icon=":material/arrow_forward:", on_click=use, args=(visit,))


def again(visit: Visit, sending: Sending) -> None:
    """Throw this one away and take another."""
    st.session_state[_ROUND] = int(st.session_state.get(_ROUND, 0)) + 1
    change(looked=None)
    shell.say(visit.t("photo.take." + sending.kind))


def use(visit: Visit) -> None:
    change(step="about")
    shell.say(visit.t("photo.step_about"))


def look_at(visit: Visit, sending: Sending, content: bytes) -> None:
    """Have a photo cleaned and judged; nothing is kept by that."""
    looked = photo_checks.look(visit.ports, visit.who, sending.person_id, sending.kind, content)
    change(looked=looked)
    shell.say(visit.t("photo.good" if looked.quality.ok else "photo.poor"))
