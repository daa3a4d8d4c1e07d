"""This is the place where a task is drawn: what, whose, until when, what was done with it, and what can be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from html import escape

import streamlit as st

from core.care import tasks
from core.care.kiosk_apply import LEFT_OUT
from core.care.task_views import KINDS, MOVES, NewTask, Task, TaskLine, TaskStep
from core.care.tasks import Change
from core.care.worklist_views import WorkLine
from core.domain.time import PartialTime
from core.ui.changing import tried
from core.ui.markup import tag
from core.ui.session import Visit

Team = Sequence[tuple[str, str]]
_AT_ONCE = ("start", "done", "pause")
"""What needs neither a reason nor a choice."""


def show(visit: Visit, line: TaskLine, team: Team) -> None:
    """One task with what can be done about it."""
    t, names = visit.t, dict(team)
    with st.container(key=f"card_task_{line.task_id}"):
        st.html(head(visit, line))
        with st.container(key=f"tools_task_{line.task_id}", horizontal=True, vertical_alignment="bottom"):
            for what in (one for one in _AT_ONCE if line.task.state in MOVES[one][0]):
                st.button(t(f"task.move.{what}"), key=f"task_{what}_{line.task_id}", on_click=change, args=(visit, line, what))
            with st.popover(
                t("task.history") if line.task.state in ("done", "dropped") else t("button.more"), key=f"task_more_{line.task_id}"
            ):
                _more(visit, line, names)


def head(visit: Visit, line: TaskLine) -> str:
    t, task = visit.t, line.task
    words = t("task.kind." + task.kind) if task.kind in KINDS else task.kind
    moved = sum(one.what == "move" for one in task.steps)
    chips = [tag(t("task.state." + task.state), "clock" if task.state in ("open", "doing") else "check")]
    chips += [tag(t("task.late"), "soon", "soon")] if line.late else []
    chips += [tag(_whose(visit, line), "unknown" if line.nobody else "person", "unknown" if line.nobody else "plain")]
    chips += [tag(t("task.moved_times", n=moved), "info")] if moved else []
    due = t("task.due_at", when=t.moment(task.due)) if task.due else ""
    said = f"{words} · {_text(visit, task)}" if task.text else words
    who = f"{line.person_name} · " if line.person_name else ""
    return f'<p class="task"><strong>{escape(who + said)}</strong> <small>{escape(due)}</small><br>{" ".join(chips)}</p>'


def _text(visit: Visit, task: Task) -> str:
    """What it says; of what was said at a kiosk also how that is to be read."""
    t = visit.t
    if task.because == LEFT_OUT:
        return t("task.from_kiosk.left_out", what=", ".join(t.first("task.left_out." + one, "task.left_out.other") for one in task.text.split("; ")))
    if task.because.startswith("kiosk_"):
        return t("task.from_kiosk." + task.because.removeprefix("kiosk_"), what=task.text)
    return task.text


def _whose(visit: Visit, line: TaskLine) -> str:
    t = visit.t
    if not line.nobody:
        return t("task.owner_has", name=line.owner_name)
    return t("task.nobody_left", name=line.left) if line.left else t("task.nobody")


def _more(visit: Visit, line: TaskLine, names: Mapping[str, str]) -> None:
    """The history, and what needs a reason or a choice."""
    t, key = visit.t, line.task_id
    st.html("<ul>" + "".join(f"<li>{escape(step(visit, one, names))}</li>" for one in line.task.steps) + "</ul>")
    can = [one for one in ("hand", "move", "drop", "reopen") if line.task.state in MOVES[one][0]]
    if set(can) - {"hand"}:
        st.text_input(t("task.why"), key=f"task_why_{key}", max_chars=200, help=t("task.why_help"))
    if "hand" in can:
        others = [one for one in ("", *names) if one != line.task.owner]
        st.selectbox(
            t("task.hand_to"), others, key=f"task_to_{key}", format_func=lambda one: names.get(one) or t("task.owner_nobody")
        )
    if "move" in can:
        st.date_input(t("task.move_to"), key=f"task_day_{key}", value=visit.now.astimezone(t.zone).date() + timedelta(days=1))
    with st.container(key=f"tools_task_more_{key}", horizontal=True):
        for what in can:
            st.button(t(f"task.move.{what}"), key=f"task_{what}_{key}", on_click=change, args=(visit, line, what))


def step(visit: Visit, one: TaskStep, names: Mapping[str, str]) -> str:
    t = visit.t
    to = names.get(one.to, one.to)
    if one.what == "move" and (when := PartialTime.parse(one.to)):
        to = t.moment(when)
    what = t("task.step." + ("hand_nobody" if one.what == "hand" and not one.to else one.what), name=one.name or one.by, to=to)
    said = t("task.step.why", what=what, why=one.why) if one.why else what
    return f"{t.moment(one.at)} · {said}"


def change(visit: Visit, line: TaskLine, what: str) -> None:
    state, key = st.session_state, line.task_id
    day = state.get(f"task_day_{key}")
    due = datetime.combine(day, time(17, 0), visit.t.zone) if what == "move" and day else None
    to = (state.get(f"task_to_{key}") or "") if what == "hand" else ""
    how = Change(what, to, due, str(state.get(f"task_why_{key}") or ""))
    tried(visit.t("task.said_changed"), partial(tasks.change, visit.ports, visit.who, line.person_id, line.task_id, how))


def new(visit: Visit, line: WorkLine, team: Team, token: str) -> None:
    """The form of a new task."""
    t, names = visit.t, dict(team)
    mine = [*names].index(visit.who.account_id) + 1 if visit.who.account_id in names else 0
    with st.container(key="tools_task_new", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(t("task.kind"), KINDS, key="task_kind", width=200, format_func=lambda one: t("task.kind." + one))
        st.selectbox(
            t("task.owner"),
            ["", *names],
            index=mine,
            key="task_owner",
            width=200,
            format_func=lambda one: names.get(one) or t("task.owner_nobody"),
        )
        st.date_input(
            t("task.due_day"), key="task_due_day", value=visit.now.astimezone(t.zone).date() + timedelta(days=1), width=150
        )
        st.time_input(t("task.due_time"), key="task_due_time", value=time(12, 0), width=120)
    st.text_input(t("task.text"), key="task_text", max_chars=200)
    st.button(t("task.add"), key="task_add", type="primary", icon=":material/add_task:", on_click=add, args=(visit, line, token))


def add(visit: Visit, line: WorkLine, token: str) -> None:
    state = st.session_state
    due = datetime.combine(state["task_due_day"], state["task_due_time"], visit.t.zone)
    because = line.reasons[0].rule if line.reasons else ""
    made = NewTask(state["task_kind"], state["task_owner"] or "", due, str(state.get("task_text") or ""), because)
    if tried(visit.t("task.said_added"), partial(tasks.make, visit.ports, visit.who, line.person_id, made, f"{token}{_count()}")):
        state["hb.worklist_tasks"] = _count() + 1
        state["task_text"] = ""


def _count() -> int:
    """How many tasks this form has made: a second click on the same button makes no second task, another task does."""
    found = st.session_state.get("hb.worklist_tasks", 0)
    return found if isinstance(found, int) else 0


def panel(visit: Visit, found: Sequence[TaskLine]) -> None:
    """Every open task within reach, what is late first: none of them falls off because its time is over."""
    t = visit.t
    late, nobody = sum(one.late for one in found), sum(one.nobody for one in found)
    said = [t("worklist.tasks_title", n=len(found)) if found else t("worklist.tasks_none")]
    said += [t("worklist.tasks_late", n=late)] if late else []
    said += [t("worklist.tasks_nobody", n=nobody)] if nobody else []
    with st.expander(" · ".join(said), icon=":material/assignment:", key="wl_tasks"):
        for one in found:
            st.html(head(visit, one))
