"""This is the place where a coordinator plans what is to be done about a person: who looks after them, their tags, and the tasks about them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

import streamlit as st

from core.care import tasks, worklist_sorting
from core.care.task_views import STILL_OPEN
from core.care.worklist_sorting import Choices
from core.care.worklist_views import WorkLine
from core.ui import worklist_keys, worklist_tasks
from core.ui.changing import refused, tried
from core.ui.markup import h3, note
from core.ui.session import Visit, here

_OPEN, _TOKEN = "hb.worklist_plan", "hb.worklist_token"
_WHO, _TAGS = "wl_plan_who", "wl_plan_tags"


def begin(person_id: str) -> None:
    close()
    worklist_keys.mark(person_id)
    st.session_state[_OPEN], st.session_state[_TOKEN] = person_id, uuid4().hex


def close() -> None:
    for key in [key for key in st.session_state if key in (_OPEN, _TOKEN) or str(key).startswith(("wl_plan_", "task_"))]:
        del st.session_state[key]


def dialog(visit: Visit, lines: Sequence[WorkLine]) -> None:
    """The dialog, while it is open."""
    line = next((one for one in lines if one.person_id == st.session_state.get(_OPEN)), None)
    if line is not None:
        st.dialog(line.name or visit.t("person.no_name"), width="large", on_dismiss=close)(form)(line)


def form(line: WorkLine) -> None:
    visit = here()
    t = visit.t
    refused(t)
    found = worklist_sorting.choices(visit.ports, visit.who, line.person_id)
    sort(visit, line, found)
    of = tasks.of_person(visit.ports, visit.who, line.person_id)
    still = [one for one in of if one.task.state not in ("done", "dropped")]
    st.html(h3(t("task.open", n=len(still)) if still else t("task.none")))
    for one in still:
        worklist_tasks.show(visit, one, found.team)
    with st.expander(t("task.new"), icon=":material/add_task:", key="task_new", expanded=not still):
        worklist_tasks.new(visit, line, found.team, str(st.session_state.get(_TOKEN, "")))
    ended = [one for one in of if one.task.state not in (*STILL_OPEN, "damaged")]
    if ended:
        with st.expander(t("task.ended", n=len(ended)), key="task_over"):
            for one in ended:
                worklist_tasks.show(visit, one, found.team)


def sort(visit: Visit, line: WorkLine, found: Choices) -> None:
    t, names = visit.t, dict(found.team)
    now = found.now.assigned if found.now.assigned in names else ""
    if line.left:
        st.html(note(t("worklist.with_left", name=line.left)))
    with st.container(key="tools_wl_plan", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("worklist.assignee"), ["", *names], index=["", *names].index(now), key=_WHO, width=240,
            format_func=lambda one: names.get(one) or t("worklist.with_nobody"),
        )  # fmt: skip
        if found.tags:
            st.multiselect(t("worklist.plan_tags"), found.tags, default=list(found.now.tags), key=_TAGS, width=360)
        st.button(t("worklist.plan_save"), key="wl_plan_save", icon=":material/check:", on_click=save, args=(visit, line))
    if not found.tags:
        st.html(note(t("worklist.plan_tags_none")))


def save(visit: Visit, line: WorkLine) -> None:
    state, name = st.session_state, line.name or visit.t("person.no_name")

    def both() -> None:
        worklist_sorting.assign(visit.ports, visit.who, line.person_id, state.get(_WHO) or "")
        if _TAGS in state:
            worklist_sorting.tag(visit.ports, visit.who, line.person_id, state[_TAGS])

    tried(visit.t("worklist.said_sorted", name=name), both)


def lists(visit: Visit) -> None:
    """The tags of one's own panels, to be changed."""
    t = visit.t
    with st.expander(t("worklist.tags_title"), icon=":material/sell:", key="wl_tags"):
        st.html(note(t("worklist.tags_note")))
        for panel_id, name, tags in worklist_sorting.own_lists(visit.ports, visit.who):
            key = f"wl_tags_{panel_id}"
            st.text_area(t("worklist.tags_of", panel=name), value="\n".join(tags), key=key, height=120)
            st.button(t("worklist.tags_save"), key=f"wl_tags_save_{panel_id}", on_click=save_list, args=(visit, panel_id, key))


def save_list(visit: Visit, panel_id: str, key: str) -> None:
    lines = str(st.session_state.get(key, "")).splitlines()
    tried(visit.t("worklist.said_tags"), partial(worklist_sorting.save_tags, visit.ports, visit.who, panel_id, lines))
