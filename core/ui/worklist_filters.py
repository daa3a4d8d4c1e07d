"""This is the place where a coordinator chooses whom the worklist shows, and is told of how many it doesn't."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.care.worklist_views import MINE, NOBODY, WorklistView, WorkQuery
from core.ui import address
from core.ui.markup import note
from core.ui.session import Visit
from core.worklist.terms import LANES, NOW, TODAY, WEEK

TEXT, LANE, TAG, ASSIGNEE, PANEL = "worklist_text", "lane", "worklist_tag", "whose", "panel"
_KEPT = "hb.choice."
_PRESSING = (NOW, TODAY, WEEK)


def asked() -> WorkQuery:
    """What was chosen up to now: the controls themselves are drawn once it is known what there is to choose."""
    state = st.session_state
    for name in (LANE, ASSIGNEE, PANEL):
        seen = st.query_params.get(name, "")
        if name not in state:
            state[name] = seen or state.get(_KEPT + name, "")
        elif seen != state.get("hb.address." + name, ""):
            state[name] = seen
    for name in (TEXT, TAG):
        if name not in state:
            state[name] = state.get(_KEPT + name, "")
    lane = state[LANE] if state[LANE] in LANES else ""
    return WorkQuery(lane, state[TEXT] or "", tag=state[TAG] or "", assignee=state[ASSIGNEE] or "", panel=state[PANEL] or "")


def draw(visit: Visit, view: WorklistView) -> bool:
    """The controls. True: what had been chosen is not to be had any more, and was let go of."""
    t = visit.t
    members = dict(view.team)
    others = [one for one in members if one != visit.who.account_id]
    whose: Mapping[str, str] = {
        "": t("worklist.assignee_all"), MINE: t("worklist.assignee_mine"), NOBODY: t("worklist.assignee_nobody"), **{one: members[one] for one in others},
    }  # fmt: skip
    panels = {"": t("worklist.panel_all"), **dict(view.panels)}
    tags = {"": t("worklist.tag_all"), **{one: one for one in view.tags}}
    lanes = {one: t("worklist.lane_" + (one or "all")) for one in ("", *LANES)}
    gone = [
        name
        for name, options in ((LANE, lanes), (ASSIGNEE, whose), (PANEL, panels), (TAG, tags))
        if st.session_state[name] not in options
    ]
    for name in gone:
        st.session_state[name] = ""
    with st.container(key="tools_worklist", horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            t("worklist.search"),
            key=TEXT,
            type="search",
            placeholder=t("worklist.search_hint"),
            icon=":material/search:",
            width=260,
        )
        _coded(LANE, t("worklist.lane"), lanes)
        _coded(ASSIGNEE, t("worklist.assignee"), whose)
        if len(panels) > 2:
            _coded(PANEL, t("worklist.panel"), panels)
        if view.tags:
            _chosen(TAG, t("worklist.tag"), tags)
    st.session_state[_KEPT + TEXT] = text or ""
    return bool(gone)


def _coded(name: str, label: str, options: Mapping[str, str]) -> None:
    address.after(name, _box(name, label, options), "")


def _chosen(name: str, label: str, options: Mapping[str, str]) -> None:
    """Words of the team's own stay out of the address."""
    st.session_state[_KEPT + name] = _box(name, label, options)


def _box(name: str, label: str, options: Mapping[str, str]) -> str:
    said: Callable[[str], str] = lambda one: options.get(one, one)  # noqa: E731
    return st.selectbox(label, list(options), format_func=said, key=name, width=190) or ""


def clear() -> None:
    for name in (TEXT, LANE, TAG, ASSIGNEE, PANEL):
        st.session_state[name] = ""
        st.session_state[_KEPT + name] = ""


def told(visit: Visit, view: WorklistView) -> None:
    """How many are shown of how many, and how many of the pressing ones the filters leave out."""
    t, query = visit.t, view.query
    if not (query.lane or query.text or query.tag or query.assignee or query.panel):
        return
    st.html(note(" ".join((t("worklist.shown_of", shown=view.found, n=view.total), _outside(visit, view.outside)))))
    st.button(t("worklist.clear"), key="wl_clear", type="tertiary", icon=":material/filter_alt_off:", on_click=clear)


def _outside(visit: Visit, outside: Sequence[tuple[str, int]]) -> str:
    t = visit.t
    left = [t("worklist.outside_lane", count=n, lane=t("worklist.lane_" + lane)) for lane, n in outside if lane in _PRESSING and n]
    return t("worklist.outside", lanes=t("list.and").join(left)) if left else t("worklist.outside_none")
