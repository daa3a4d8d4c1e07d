"""This is the place where a person says which spot it is: one they photographed before, or a new place on the drawing of the body."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.care.check_views import ChecksView, SpotLine
from core.ui import check_body, shell
from core.ui.check_body import Where
from core.ui.check_sending import Sending, change
from core.ui.check_words import place_of, spot_name
from core.ui.markup import h2, note
from core.ui.session import Visit

NEW = "new"


def choose(visit: Visit, view: ChecksView, sending: Sending) -> None:
    """Which spot: one of those there are, or a new place on the drawing of the body."""
    t = visit.t
    mine = [line for line in view.spots if line.spot.kind == sending.kind and line.spot.closed_at is None]
    picked = which(visit, mine, sending) if mine else NEW
    if picked == NEW:
        place(visit, sending)
    ready = picked != NEW or sending.where is not None
    if not ready:
        st.html(note(t("photo.place_first")))
    with st.container(key="tools_photo", horizontal=True):
        st.button(
            t("photo.go_on"), key="photo_go_on", type="primary", icon=":material/arrow_forward:", disabled=not ready,
            on_click=placed, args=(visit, "" if picked == NEW else picked),
        )  # fmt: skip


def which(visit: Visit, mine: Sequence[SpotLine], sending: Sending) -> str:
    """The spots there are, by name, and a new one."""
    t = visit.t
    names = {line.spot.spot_id: spot_name(t, line.spot) + (f" ({place_of(t, line.spot)})" if line.spot.label else "") for line in mine}
    names[NEW] = t("photo.new_spot")
    with st.container(key="card_ask_spot"):
        picked = st.radio(t("photo.which." + sending.kind), list(names), format_func=lambda one: names[one], key="photo_spot", index=0)
    return str(picked or NEW)


def place(visit: Visit, sending: Sending) -> None:
    """The drawing and the list that says the same; a name of one's own."""
    t = visit.t
    with st.container(key="card_place"):
        st.html(h2(t("photo.where." + sending.kind)) + note(t("photo.where_note")))
        view = st.segmented_control(
            t("photo.side_of_body"), check_body.VIEWS, format_func=lambda one: t("photo.view_" + one), default="front", required=True, key="photo_view",
        ) or "front"  # fmt: skip
        with st.container(key="place_both", horizontal=True):
            check_body.picker(t, view, sending.where, tapped)
            with st.container(key="place_list"):
                options = check_body.choices(view)
                current = check_body.code_of(sending.where) if sending.where and sending.where.view == view else None
                key = f"photo_place_{view}"
                st.session_state[key] = current if current in options else None
                st.selectbox(
                    t("photo.place"), options, key=key, format_func=lambda one: check_body.choice_named(t, view, one), placeholder=t("photo.place_choose"),
                    on_change=listed, args=(view,),
                )  # fmt: skip
                if sending.where is not None:
                    st.html(note(t("photo.placed", place=check_body.named(t, sending.where))))
                st.text_input(t("photo.label"), key="photo_label", max_chars=60, placeholder=t("photo.label_example." + sending.kind))


def tapped(where: Where) -> None:
    """A tap on the drawing."""
    change(where=where)


def listed(view: str) -> None:
    """A choice from the list: the middle of that place; another tap within it stays where it is."""
    code = st.session_state.get(f"photo_place_{view}")
    change(where=check_body.middle(view, str(code)) if code in check_body.choices(view) else None)


def placed(visit: Visit, spot_id: str) -> None:
    """On to the photo."""
    change(step="photo", spot_id=spot_id, label=str(st.session_state.get("photo_label", "")).strip())
    shell.say(visit.t("photo.step_photo"))
